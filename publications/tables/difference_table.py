"""What is no longer as it was sealed: one row per figure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from publications.standing import Standing
from publications.tables.figures import Figures
from publications.tables.shape import EMPTY, WHOLE_CLUSTER, Cell, Column, PublishedTable
from publications.wording import legal_text
from transforms.differences import Difference
from transforms.numbers_vi import format_number

DIFFERENCE_TABLE = "so-voi-ban-chot"

COLUMNS = (
    Column("period_code", is_shown=False),
    Column("seal_no", kind="count", is_shown=False),
    Column("province_id", is_shown=False),
    Column("province_name", "Đơn vị", width=13),
    Column("indicator_code", is_shown=False),
    Column("indicator_name", "Chỉ tiêu", width=34),
    Column("unit", "Đơn vị tính", width=12),
    Column("sealed_value", "Bản đã chốt", kind="amount", width=16),
    Column("value", "Hiện nay", kind="amount", width=16),
    Column("difference", "Chênh lệch", kind="amount", width=15),
    Column("sealed_state", is_shown=False),
    Column("state", is_shown=False),
    Column("change", "Thay đổi", width=24),
    Column("file_name", "Tệp của số hiện nay", width=26),
    Column("sheet", "Trang", width=14),
    Column("cell", "Ô", width=7),
)

STATES = {
    "": "không có trong bảng",
    "reported": "tỉnh báo cáo",
    "reported_estimated": "tỉnh báo cáo số ước",
    "derived": "tính lại",
    "derived_estimated": "tính lại từ số ước",
    "disputed": "có lỗi phải sửa",
    "disputed_estimated": "số ước có lỗi phải sửa",
    "none_arising": "không phát sinh",
    "not_yet_available": "chưa có số liệu",
    "blank": "để trống",
    "unreadable": "không đọc được",
    "sum": "cộng các tỉnh",
    "rebuilt": "tính lại",
    "announced": "Cụm trưởng công bố",
    "not_computed": "không tính",
}


def build_difference_table(figures: Figures, standing: Standing) -> PublishedTable:
    """One row per figure that differs from the seal, provinces first, then the cluster's own."""
    return PublishedTable(
        table_code=DIFFERENCE_TABLE,
        title=f"Khác biệt so với bản đã chốt số {standing.seal_no}",
        layout="differences",
        columns=COLUMNS,
        rows=tuple(_row(figures, standing, difference) for difference in standing.differences or ()),
        remark=f"{len(standing.differences or ())} số khác với bản đã chốt. Chênh lệch là số hiện nay trừ số đã chốt.",
    )


def difference_rows(differences: Iterable[Difference]) -> list[dict[str, str]]:
    """The same as words, for the terminal and the run page, with where today's figure stands."""
    return [
        {
            "Đơn vị": d.province_name or WHOLE_CLUSTER,
            "Chỉ tiêu": " ".join(d.indicator_name.split()),
            "Đã chốt": "…" if d.sealed is None else format_number(d.sealed),
            "Hiện nay": "…" if d.now is None else format_number(d.now),
            "Chênh lệch": "" if d.change is None else format_number(d.change),
            "Thay đổi": say_change(d),
            "Ở": " · ".join(part for part in (d.file_name, d.sheet, d.cell) if part),
        }
        for d in differences
    ]


def say_change(difference: Difference) -> str:
    """What became of a figure, in words; nothing where only its value differs."""
    if difference.sealed_state == difference.state:
        return ""
    return f"{_say(difference.sealed_state)} → {_say(difference.state)}"


def _say(state: str) -> str:
    return STATES.get(state, state)


def _row(figures: Figures, standing: Standing, difference: Difference) -> tuple[Cell, ...]:
    return (
        Cell(figures.period_code),
        Cell(standing.seal_no),
        Cell(difference.province_id),
        Cell(legal_text(difference.province_name) or WHOLE_CLUSTER),
        Cell(difference.indicator_code),
        Cell(legal_text(difference.indicator_name)),
        Cell(legal_text(difference.unit)),
        _amount(difference.sealed),
        _amount(difference.now),
        _amount(difference.change),
        Cell(difference.sealed_state),
        Cell(difference.state),
        Cell(say_change(difference)),
        Cell(legal_text(difference.file_name)),
        Cell(legal_text(difference.sheet)),
        Cell(difference.cell),
    )


def _amount(value: Decimal | None) -> Cell:
    """A figure shown with the decimals it has, four at most."""
    if value is None:
        return EMPTY
    exponent = value.normalize().as_tuple().exponent
    return Cell(value, decimals=min(4, max(0, -exponent if isinstance(exponent, int) else 0)))
