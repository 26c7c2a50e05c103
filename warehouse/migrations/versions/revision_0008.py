"""What rules were applied to which figures, and whether a figure of the cluster rests on estimates."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXT, WHOLE, FLAG = sa.Text(), sa.Integer(), sa.Boolean()
RATIO: sa.types.TypeEngine[Any] = sa.Double()
FIGURE = sa.Numeric(38, 10)


def required(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "fact_check",
        required("assessment_key", WHOLE),
        required("rule_key", WHOLE),
        optional("province_key", WHOLE),
        required("indicator_key", WHOLE),
        optional("figure", FIGURE),
        optional("measured", RATIO),
        optional("low", RATIO),
        optional("high", RATIO),
        optional("reference", FIGURE),
        required("is_held", FLAG),
    )
    op.create_table(
        "bridge_rule_indicator",
        required("rule_code", TEXT),
        required("subject_code", TEXT),
        required("indicator_code", TEXT),
    )
    op.add_column("mart_cluster_total", optional("is_estimated", FLAG))
    op.execute("UPDATE dim_catalogue SET is_current = FALSE")  # so that the next sync fills what is new here
