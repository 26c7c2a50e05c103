"""What differs from the seal, as rows for the terminal and for the run page."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.differences import Difference
from transforms.numbers_vi import format_number


def difference_rows(differences: Iterable[Difference]) -> list[dict[str, str]]:
    """One row per figure that differs, in Vietnamese, with where today's figure stands."""
    from publications.difference_table import say_change

    return [
        {
            "Đơn vị": d.province_name or "Toàn Cụm",
            "Chỉ tiêu": " ".join(d.indicator_name.split()),
            "Đã chốt": "…" if d.sealed is None else format_number(d.sealed),
            "Hiện nay": "…" if d.now is None else format_number(d.now),
            "Chênh lệch": "" if d.change is None else format_number(d.change),
            "Thay đổi": say_change(d),
            "Ở": " · ".join(part for part in (d.file_name, d.sheet, d.cell) if part),
        }
        for d in differences
    ]
