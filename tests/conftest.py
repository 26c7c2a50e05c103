"""What holds for all tests: two looks at a fresh file lie a moment apart, not two seconds."""

from __future__ import annotations

import os

os.environ.setdefault("THIDUA_SETTLE_SECONDS", "0.1")
