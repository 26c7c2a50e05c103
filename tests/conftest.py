"""What holds for all tests: slow files go first, two looks at a file lie a moment apart, CI draws equal examples."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

os.environ.setdefault("THIDUA_SETTLE_SECONDS", "0.1")

# A developer's run tries properties with new examples each time; a check of a commit must not depend on luck.
settings.register_profile("steady", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests go first, so that the quick ones fill up both workers' time at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in slow)
