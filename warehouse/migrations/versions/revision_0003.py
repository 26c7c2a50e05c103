"""The conversation: rulings, explanations, files written, revisions, and what a finding knows beside its message."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT, WHOLE, FLAG = sa.Text(), sa.Integer(), sa.Boolean()
MOMENT = sa.DateTime(timezone=True)
FIGURE = sa.Numeric(38, 10)

FINDING_TEXTS = (
    *("finding_id", "figure_hash", "status", "explanation", "suspect_indicator", "suspect_sheet"),
    *("suspect_cell", "slip", "proposed", "alike", "impact"),
)


def key(name: str) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, primary_key=True, autoincrement=False)


def required(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.add_column("fact_observation", optional("previous_value", FIGURE))
    op.add_column("fact_observation", optional("previous_text", TEXT))
    op.add_column("fact_observation", optional("previous_cell", TEXT))
    op.add_column("dim_reading", optional("has_list", FLAG))
    op.add_column("bridge_assessment_submission", optional("is_taken", FLAG))
    for name in FINDING_TEXTS:
        op.add_column("fact_finding", optional(name, TEXT))
    op.add_column("fact_finding", optional("impact_weight", FIGURE))
    op.create_table(
        "fact_ruling",
        key("ruling_key"),
        required("ruling_id", TEXT),
        required("kind", TEXT),
        required("period_code", TEXT),
        optional("province_id", TEXT),
        required("reason", TEXT),
        required("decided_by", TEXT),
        required("decided_at", MOMENT),
        optional("submission_id", TEXT),
        optional("rule_code", TEXT),
        optional("finding_id", TEXT),
        optional("figure_hash", TEXT),
        optional("valid_to", TEXT),
        optional("revokes", TEXT),
    )
    op.create_table(
        "fact_explanation",
        required("reading_key", WHOLE),
        required("position", WHOLE),
        required("finding_id", TEXT),
        required("figure_hash", TEXT),
        required("text", TEXT),
        optional("sheet", TEXT),
        optional("cell", TEXT),
    )
    op.create_table(
        "fact_written_file",
        key("written_key"),
        required("sha256", TEXT),
        required("province_id", TEXT),
        required("period_code", TEXT),
        required("name", TEXT),
        required("place", TEXT),
        required("kind", TEXT),
        required("content_hash", TEXT),
        required("written_at", MOMENT),
        optional("submission_id", TEXT),
        required("is_at_home", FLAG),
    )
    op.create_table(
        "fact_revision",
        required("assessment_key", WHOLE),
        required("position", WHOLE),
        required("province_key", WHOLE),
        required("indicator_key", WHOLE),
        required("earlier_period", TEXT),
        required("value_then", FIGURE),
        required("value_now", FIGURE),
        required("submission_key", WHOLE),
        optional("sheet", TEXT),
        optional("cell", TEXT),
        optional("raw_text", TEXT),
    )
