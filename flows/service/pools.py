"""The work pool through which everything that is on a schedule runs."""

from __future__ import annotations

POOL = "thidua"
POOL_TYPE = "thidua-warm"
