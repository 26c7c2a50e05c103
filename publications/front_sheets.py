"""The sheets before the tables: cover and contents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from catalogue.model import Catalogue, is_valid
from publications.figures import Figures
from publications.formats import GREY, HEADER_FILL, LINK, FormatBook
from publications.printing import set_up_page
from publications.standing import Standing
from publications.tables import SEVERITIES, PublishedTable
from publications.wording import format_time
from transforms.numbers_vi import format_date, format_number

TITLE = "BẢNG TỔNG HỢP SỐ LIỆU THI ĐUA"
ASSUMED = " (giả định)"


def cluster_name(catalogue: Catalogue, period_code: str) -> str:
    """The cluster's full name in a period."""
    unit = catalogue.province_in(catalogue.cluster_id, period_code)
    return unit.full_name if unit is not None else catalogue.form.organisation


def write_cover(
    sheet: Any, formats: FormatBook, figures: Figures, made_at: dt.datetime, standing: Standing, contents_sheet: str
) -> None:
    """Whose figures these are, of what period, made when, and how far they can be trusted."""
    entry = figures.catalogue.calendar[figures.period_code]
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, 2, 62)
    sheet.set_column(3, 3, 4)
    lines: list[tuple[int, str, dict[str, Any], int]] = [
        (2, cluster_name(figures.catalogue, figures.period_code).upper(), {"font_size": 14, "bold": True}, 24),
        (4, TITLE, {"font_size": 22, "bold": True}, 36),
        (5, entry.name, {"font_size": 16}, 26),
    ]
    if standing.is_draft:
        size = 18 if standing.seal_no is None else 14
        lines.append((7, standing.headline, {"font_size": size, "bold": True, "font_color": "#C00000"}, 28))
    for row, text, properties, height in lines:
        sheet.merge_range(row, 1, row, 2, text, formats.get(align="center", **properties))
        sheet.set_row(row, height)
    label = formats.bordered(font_size=12, bg_color=HEADER_FILL, indent=1)
    value = formats.bordered(font_size=12, text_wrap=True, indent=1)
    row = 9
    for name, text in _cover_facts(figures, made_at, standing):
        sheet.write_string(row, 1, name, label)
        sheet.write_string(row, 2, text, value)
        sheet.set_row(row, 21 if len(text) < 62 else 38)
        row += 1
    sheet.write_url(row + 1, 1, f"internal:'{contents_sheet}'!A1", formats.link(12), "→ Mục lục")
    set_up_page(sheet, row + 1, 3)


def _cover_facts(figures: Figures, made_at: dt.datetime, standing: Standing) -> list[tuple[str, str]]:
    catalogue, period_code = figures.catalogue, figures.period_code
    entry = catalogue.calendar[period_code]
    chair = catalogue.chair_of(period_code)
    is_chair_assumed = any(
        m.role == "chair" and m.is_assumed and is_valid(m.valid_from, m.valid_to, period_code)
        for m in catalogue.memberships
    )
    expected, missing = len(figures.members), len(figures.members) - figures.submitted_count
    submitted = f"{figures.submitted_count}/{expected}" + (
        f" (còn {missing} tỉnh chưa có báo cáo dùng được)" if missing else ""
    )
    found = [(f"Phát hiện: {name}", _count(figures.count_findings(code))) for code, name in SEVERITIES.items()]
    return [
        ("Kỳ báo cáo", f"{entry.name} (mã {period_code})"),
        ("Cụm trưởng", (chair.name if chair else "chưa rõ") + (ASSUMED if is_chair_assumed else "")),
        ("Hạn gửi báo cáo", format_date(entry.due_on) + (ASSUMED if entry.is_assumed else "")),
        ("Số tỉnh đã gửi báo cáo", submitted),
        *found,
        *standing.facts(),
        ("Lập lúc", format_time(made_at)),
        ("Danh mục chỉ tiêu", f"bản {catalogue.content_hash[:12]}"),
    ]


def _count(count: int) -> str:
    return format_number(Decimal(count))


def write_contents(
    sheet: Any, formats: FormatBook, tables: Sequence[PublishedTable], sheets: Sequence[str], others: dict[str, str]
) -> None:
    """Every table with a link to its sheet; `others` maps the titles of further sheets to their names."""
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, 72)
    sheet.set_column(2, 2, 28)
    sheet.write_string(0, 0, "Mục lục", formats.get(bold=True, font_size=14))
    header = formats.bordered(bold=True, align="center", bg_color=HEADER_FILL)
    for column, text in enumerate(("Số", "Bảng", "Trang tính")):
        sheet.write_string(2, column, text, header)
    link = formats.bordered(font_color=LINK, underline=1, indent=1)
    row = 3
    entries = [(str(n), table.title, name) for n, (table, name) in enumerate(zip(tables, sheets, strict=True), 1)]
    for number, title, name in [*entries, *(("", title, name) for title, name in others.items())]:
        sheet.write_string(row, 0, number, formats.bordered(align="center"))
        sheet.write_url(row, 1, f"internal:'{name}'!A1", link, title)
        sheet.write_string(row, 2, name, formats.bordered(font_color=GREY, indent=1))
        sheet.set_row(row, 18)
        row += 1
    set_up_page(sheet, row, 2)
