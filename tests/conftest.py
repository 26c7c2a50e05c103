"""What holds for all tests: two looks at a fresh file lie a moment apart; CI draws the same examples each time."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("THIDUA_SETTLE_SECONDS", "0.1")

# A developer's run tries properties with new examples each time; a check of a commit must not depend on luck.
settings.register_profile("steady", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("steady")
