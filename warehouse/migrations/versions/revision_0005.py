"""Where a reading's figures come from: a file may say of itself that they are synthetic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("dim_reading", sa.Column("source", sa.Text(), nullable=True))
