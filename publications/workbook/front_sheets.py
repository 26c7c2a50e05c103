"""The cover of the workbook: whose figures these are, how far they can be trusted, how they may be used."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from catalogue.model import Catalogue, is_valid
from publications.standing import Standing
from publications.tables.figures import Figures
from publications.tables.shape import NO_FIGURE, NONE_ARISING, NOT_COMPUTED, SEVERITIES
from publications.wording import format_time
from publications.workbook.chart_place import pixels, points
from publications.workbook.formats import HEADER_FILL, FormatBook, lines_needed
from publications.workbook.printing import set_up_page
from transforms.numbers_vi import format_date, format_number

TITLE = "BẢNG TỔNG HỢP SỐ LIỆU THI ĐUA"
ASSUMED = " (giả định)"
READING = (
    f"{NO_FIGURE} chưa có số liệu (không phải là 0);  {NONE_ARISING} không phát sinh;  {NOT_COMPUTED} không có số "
    "chung của Cụm;  * chưa được xác nhận;  chữ nghiêng: số ước;  ¹⁾ chú thích dưới bảng"
)
_VALUE_WIDTH = 84.0
_WIDTHS = (2.0, 30.0, _VALUE_WIDTH, 2.0)


def cluster_name(catalogue: Catalogue, period_code: str) -> str:
    """The cluster's full name in a period."""
    unit = catalogue.province_in(catalogue.cluster_id, period_code)
    return unit.full_name if unit is not None else catalogue.form.organisation


def write_cover(
    sheet: Any,
    formats: FormatBook,
    figures: Figures,
    made_at: dt.datetime,
    standing: Standing,
    links: dict[str, str],
) -> None:
    """Whose figures these are, of what period, made when, and how far they can be trusted; `links` by their words."""
    entry = figures.catalogue.calendar[figures.period_code]
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    lines: list[tuple[int, str, dict[str, Any], int]] = [
        (2, cluster_name(figures.catalogue, figures.period_code).upper(), {"font_size": 14, "bold": True}, 24),
        (3, TITLE, {"font_size": 22, "bold": True}, 36),
        (4, entry.name, {"font_size": 16}, 26),
    ]
    if standing.is_draft:
        size = 18 if standing.seal_no is None else 14
        lines.append((5, standing.headline, {"font_size": size, "bold": True, "font_color": "#C00000"}, 28))
    for place, text, properties, tall in lines:
        sheet.merge_range(place, 1, place, 2, text, formats.get(align="center", **properties))
        sheet.set_row(place, tall)
    label = formats.bordered(bg_color=HEADER_FILL, indent=1, align="left", valign="top")
    value = formats.bordered(text_wrap=True, indent=1, align="left", valign="top")
    row, height = 7, 200.0
    for name, text in _cover_facts(figures, made_at, standing):
        sheet.write_string(row, 1, name, label)
        sheet.write_string(row, 2, text, value)
        needed = 15 * lines_needed(text, _VALUE_WIDTH) + 3
        sheet.set_row(row, needed)
        height += needed
        row += 1
    row += 1
    for words, target in links.items():
        sheet.write_url(row, 1, f"internal:'{target}'!A1", formats.link(12), f"→ {words}")
        sheet.set_row(row, 17)
        row += 1
    extent = (points(sum(pixels(width) for width in _WIDTHS)), height + 17 * len(links))
    set_up_page(sheet, row - 1, 3, size=extent)


def _cover_facts(figures: Figures, made_at: dt.datetime, standing: Standing) -> list[tuple[str, str]]:
    catalogue, period_code = figures.catalogue, figures.period_code
    entry = catalogue.calendar[period_code]
    chair = catalogue.chair_of(period_code)
    is_chair_assumed = any(
        m.role == "chair" and m.is_assumed and is_valid(m.valid_from, m.valid_to, period_code)
        for m in catalogue.memberships
    )
    mark = ASSUMED if is_chair_assumed else ""
    expected, missing = len(figures.members), len(figures.members) - figures.submitted_count
    submitted = f"{figures.submitted_count}/{expected}" + (
        f" (còn {missing} tỉnh chưa có báo cáo dùng được)" if missing else ""
    )
    found = [(f"Phát hiện: {name}", _count(figures.count_findings(code))) for code, name in SEVERITIES.items()]
    windows = (
        f"thống kê: {format_date(entry.starts_on)} – {format_date(entry.ends_on)};  hành chính: "
        f"{format_date(entry.admin_starts_on)} – {format_date(entry.admin_ends_on)}"
    )
    return [
        ("Kỳ báo cáo", f"{entry.name} (mã {period_code})"),
        ("Khung số liệu", windows),
        ("Cụm trưởng", (chair.name if chair else "chưa rõ") + mark),
        ("Hạn gửi báo cáo", format_date(entry.due_on) + (ASSUMED if entry.is_assumed else "")),
        ("Số tỉnh đã gửi báo cáo", submitted),
        *found,
        *([("Tình trạng", "dự thảo, chưa duyệt")] if standing.is_draft else []),
        *standing.facts(),
        ("Lập lúc", format_time(made_at)),
        ("Danh mục, phần mềm", f"danh mục chỉ tiêu bản {catalogue.content_hash[:12]}; thidua {_version()}"),
        ("Cách đọc", READING),
        ("Sử dụng", _use(figures, standing)),
        ("Bản cho máy đọc", "thư mục csv và parquet đặt cạnh tệp này, mô tả trong datapackage.json"),
        ("Nơi liên hệ", f"Văn phòng Cụm trưởng, {chair.full_name}{mark}" if chair else "Văn phòng Cụm trưởng"),
    ]


def _use(figures: Figures, standing: Standing) -> str:
    """What the figures may be used for, and how to name their source."""
    if figures.banner:
        return "Số giả lập để thử hệ thống; không dùng làm số liệu."
    if standing.is_draft:
        return "Bản dự thảo để các tỉnh đối chiếu trước khi họp Cụm; chưa trích dẫn làm số liệu chính thức."
    name, period = cluster_name(figures.catalogue, figures.period_code), figures.catalogue.calendar[figures.period_code]
    return f"Được dùng lại khi ghi nguồn: {name}, {TITLE.lower()} {period.name}, bản chốt số {standing.seal_no}."


def _version() -> str:
    try:
        return version("thidua")
    except PackageNotFoundError:
        return ""


def _count(count: int) -> str:
    return format_number(Decimal(count))
