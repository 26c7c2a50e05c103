"""Whoever reads the published copy is never locked out and never reads half a load, however often it is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.readers import measure

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_no_read_fails_or_is_torn_while_loads_are_published(tmp_path: Path) -> None:
    met, _ = measure(tmp_path, publishes=60, readers=2, pause=0.5)
    assert [(m.failed, m.torn) for m in met] == [([], []), ([], [])]
    assert min(m.count for m in met) >= 3 and max(m.copies for m in met) >= 3
