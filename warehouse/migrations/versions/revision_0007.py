"""Which province of one day's map a province of another day's lies in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TEXT, WHOLE, DAY = sa.Text(), sa.Integer(), sa.Date()


def required(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "bridge_boundary",
        required("reported_from", DAY),
        optional("reported_to", DAY),
        required("drawn_from", DAY),
        optional("drawn_to", DAY),
        required("province_id", TEXT),
        required("province_name", TEXT),
        required("drawn_id", TEXT),
        required("drawn_code", TEXT),
        required("drawn_name", TEXT),
        required("relation", TEXT),
        required("expected", WHOLE),
    )
    op.execute("UPDATE dim_catalogue SET is_current = FALSE")  # so that the next sync fills what is new here
