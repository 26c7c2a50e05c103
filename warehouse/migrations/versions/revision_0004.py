"""Operation: runs, what they changed, the closing of half-years, and two more dates of the calendar."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT, WHOLE, DAY = sa.Text(), sa.Integer(), sa.Date()
MOMENT = sa.DateTime(timezone=True)


def key(name: str) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, primary_key=True, autoincrement=False)


def required(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.add_column("dim_period", optional("opens_on", DAY))
    op.add_column("dim_period", optional("closes_on", DAY))
    op.create_table(
        "fact_run",
        key("run_key"),
        required("run_id", TEXT),
        required("kind", TEXT),
        optional("period_code", TEXT),
        required("trigger", TEXT),
        required("started_at", MOMENT),
        optional("ended_at", MOMENT),
        required("state", TEXT),
        optional("message", TEXT),
        required("host", TEXT),
        required("software", TEXT),
        optional("flow_run_id", TEXT),
        optional("new_files", WHOLE),
        optional("open_critical", WHOLE),
        optional("open_warning", WHOLE),
    )
    op.create_table(
        "fact_run_change",
        required("run_id", TEXT),
        required("position", WHOLE),
        required("kind", TEXT),
        optional("province_id", TEXT),
        required("text", TEXT),
    )
    op.create_table(
        "fact_closing",
        key("closing_key"),
        required("closing_id", TEXT),
        required("period_code", TEXT),
        required("step", TEXT),
        required("figures_digest", TEXT),
        required("findings_digest", TEXT),
        required("happened_at", MOMENT),
        optional("decided_by", TEXT),
        optional("reason", TEXT),
        optional("flow_run_id", TEXT),
        optional("seal_no", WHOLE),
        optional("manifest_hash", TEXT),
    )
