"""A file may hold parts of several units and periods, and may have come from another unit's folder."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("dim_reading", sa.Column("part", sa.Integer(), nullable=True))
    op.add_column("dim_submission", sa.Column("sent_by", sa.Text(), nullable=True))
