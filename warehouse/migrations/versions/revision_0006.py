"""What the catalogue knows that analysts need: formulas, directions of tables, mergers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TEXT, WHOLE, DAY = sa.Text(), sa.Integer(), sa.Date()
FIGURE = sa.Numeric(38, 10)


def required(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "dim_formula",
        required("indicator_code", TEXT),
        required("formula", TEXT),
        required("decimals", WHOLE),
        optional("factor", FIGURE),
        optional("numerator_code", TEXT),
        optional("denominator_code", TEXT),
    )
    op.create_table(
        "dim_table",
        required("table_code", TEXT),
        required("position", WHOLE),
        required("title", TEXT),
        required("layout", TEXT),
        optional("sort_by", TEXT),
        optional("direction", TEXT),
    )
    op.create_table(
        "bridge_merger",
        required("predecessor_id", TEXT),
        required("successor_id", TEXT),
        required("merged_on", DAY),
    )
