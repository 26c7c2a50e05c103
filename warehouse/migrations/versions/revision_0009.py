"""Who is asked in each assessment, and which return answers, kept instead of worked out in every question."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT, WHOLE, DAY, FLAG = sa.Text(), sa.Integer(), sa.Date(), sa.Boolean()
MOMENT = sa.DateTime(timezone=True)


def required(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "bridge_assessment_member",
        required("assessment_key", WHOLE),
        required("period_code", TEXT),
        required("same_half_next_year", TEXT),
        required("half_after", TEXT),
        required("half", TEXT),
        required("province_key", WHOLE),
        required("province_id", TEXT),
        optional("extent_since", DAY),
        required("members_digest", TEXT),
        optional("submission_key", WHOLE),
        optional("reading_key", WHOLE),
        optional("verdict", TEXT),
        optional("source", TEXT),
    )
    op.create_table(
        "bridge_period_boundary",
        required("period_code", TEXT),
        required("ends_on", DAY),
        required("drawn_from", DAY),
        optional("drawn_to", DAY),
        required("drawn_id", TEXT),
        required("drawn_code", TEXT),
        required("drawn_name", TEXT),
        required("province_id", TEXT),
        required("province_name", TEXT),
        required("relation", TEXT),
        required("is_member", FLAG),
    )
    op.create_table(
        "bridge_period_drawing",
        required("period_code", TEXT),
        required("ends_on", DAY),
        required("drawn_from", DAY),
        optional("drawn_to", DAY),
        required("drawn_id", TEXT),
        required("drawn_code", TEXT),
        required("drawn_name", TEXT),
        required("is_redrawn", FLAG),
        required("is_cut", FLAG),
        required("expected", WHOLE),
        required("a_name", TEXT),
        required("predecessors", TEXT),
    )
    op.create_table(
        "bridge_assessment_part",
        required("assessment_key", WHOLE),
        required("period_code", TEXT),
        required("ends_on", DAY),
        required("drawn_from", DAY),
        optional("drawn_to", DAY),
        required("drawn_id", TEXT),
        required("province_id", TEXT),
        required("is_redrawn", FLAG),
        optional("reading_key", WHOLE),
        optional("source", TEXT),
    )
    op.create_table(
        "bridge_refusal",
        required("finding_id", TEXT),
        required("figure_hash", TEXT),
        required("refused_from", MOMENT),
        optional("refused_to", MOMENT),
        required("decided_at", MOMENT),
        required("reason", TEXT),
    )
    for name in ("first_assessed_at", "superseded_at"):
        op.add_column("dim_assessment", optional(name, MOMENT))
    op.add_column("fact_finding", optional("explained_at", MOMENT))
    op.add_column("mart_cluster_total", optional("source_mix", TEXT))
    for told_by_the_table in ("members_as_of", "fields_ranked", "map_parts"):
        op.execute(f"DROP MACRO TABLE IF EXISTS {told_by_the_table}")
