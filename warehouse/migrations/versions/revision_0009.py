"""Who is asked in each assessment, and which return answers, kept instead of worked out in every question."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT, WHOLE, DAY = sa.Text(), sa.Integer(), sa.Date()


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
    op.add_column("mart_cluster_total", optional("source_mix", TEXT))
    for told_by_the_table in ("members_as_of", "fields_ranked"):
        op.execute(f"DROP MACRO TABLE IF EXISTS {told_by_the_table}")
