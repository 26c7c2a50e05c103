"""Findings name the cell of a workbook as a cell, and the paragraph of a published report as it is."""

from __future__ import annotations

import pytest

from expectations.findings import _name_places

TEMPLATE = "{label} (ô {cell}) khác {other_label} (ô {other_cell})"


@pytest.mark.parametrize(
    ("cell", "told"),
    [("D7", TEMPLATE), ("dòng 46", "{label} ({cell}) khác {other_label} ({other_cell})")],
)
def test_only_what_stands_in_a_cell_is_said_to(cell: str, told: str) -> None:
    assert _name_places(TEMPLATE, cell) == told
