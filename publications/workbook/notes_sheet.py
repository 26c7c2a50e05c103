"""The sheet that says how to read the tables: signs, ranking, rounding, data windows, what is assumed."""

from __future__ import annotations

from typing import Any

from catalogue.model import CalendarEntry, is_valid
from publications.standing import Standing, noted_findings
from publications.tables.figures import Figures
from publications.tables.shape import MOST_UNITS, NO_FIGURE, NONE_ARISING, NOT_COMPUTED, WHOLE_CLUSTER
from publications.wording import join_names, one_line
from publications.workbook.chart_place import pixels, points
from publications.workbook.formats import DISPUTED_FILL, FormatBook, lines_needed
from publications.workbook.printing import set_up_page
from transforms.numbers_vi import format_date

DISPUTED, ESTIMATED = "* trên nền màu", "Chữ nghiêng"

SIGNS = {
    NO_FIGURE: (
        "Phải có số liệu nhưng chưa có: tỉnh chưa gửi báo cáo, để trống ô hoặc báo chưa có số liệu. "
        "Không có nghĩa là 0."
    ),
    NONE_ARISING: "Tỉnh báo không phát sinh. Được tính là 0 khi cộng và khi xếp hạng.",
    NOT_COMPUTED: (
        "Không có số chung của Cụm: các tỷ lệ không rõ tử số và mẫu số, tốc độ tăng và thứ hạng không cộng được, "
        "cũng không lấy bình quân các tỉnh."
    ),
    "Ô trống": "Chỉ tiêu không bắt buộc, tỉnh không báo cáo.",
    ESTIMATED: "Số ước tính, hoặc số toàn Cụm có ít nhất một số ước tính.",
    DISPUTED: (
        "Số có lỗi phải sửa, chưa được xác nhận. Vẫn ghi như tỉnh báo cáo; chú thích dưới bảng nói rõ lỗi, "
        "và số của Cụm khi không kể số đó."
    ),
    "¹⁾ ²⁾": "Số của chú thích dưới bảng. Ô có chú thích vẫn là con số, vẫn tính toán được.",
}

CONVENTIONS = {
    "Thứ hạng": (
        "Xếp theo chỉ tiêu chính của bảng, tốt nhất đứng đầu; bằng nhau thì cùng hạng và bỏ qua hạng sau (1, 2, 2, 4). "
        "Tỉnh không có số liệu ghi cuối, không có hạng."
    ),
    "Toàn Cụm": (
        "Số đếm và số tiền: các tỉnh cộng lại. Tỷ lệ: tính lại từ tổng tử số và tổng mẫu số, không lấy bình quân. "
        "Nơi các tỉnh không báo cáo thì ghi số Cụm trưởng công bố, có chú thích."
    ),
    "Tính lại (công thức)": (
        "Dòng chữ nghiêng dưới dòng Toàn Cụm: công thức của bảng tính cộng lại các dòng của tỉnh, hoặc tính lại tỷ lệ "
        "từ các số cộng đó. Khớp với dòng Toàn Cụm thì số của Cụm đúng bằng các số trong bảng."
    ),
    "Biểu đồ": (
        "Vẽ chỉ tiêu xếp hạng của bảng, thứ tự như trong bảng; tỉnh chưa có số liệu không có thanh, thanh gạch chéo "
        f"là số chưa được xác nhận. Không vẽ thứ hạng, và không vẽ khi bảng có trên {MOST_UNITS} tỉnh."
    ),
    "Nguồn từng số": (
        "Trang “nguon-so-lieu” ghi mỗi số lấy từ tệp nào, trang nào, ô nào, nguyên văn trong ô; số của Cụm ghi cách "
        "tính. Ở đầu mỗi bảng có liên kết đến đó."
    ),
    "Đọc bằng máy": (
        "Phần số liệu của mỗi trang là một bảng có tên (bang_…), mỗi dòng một đơn vị, mỗi cột một chỉ tiêu, "
        "không có ô gộp; dòng Toàn Cụm đứng ngoài bảng."
    ),
    "Đơn vị tính": "Ghi ở góc phải trên bảng, hoặc trong tiêu đề cột khi các cột khác đơn vị.",
    "Làm tròn": "Bảng hiển thị số đã làm tròn; trong ô và trong các tệp csv, parquet là số đầy đủ.",
    "Dấu phân cách": (
        "Dấu hàng nghìn và dấu thập phân trong ô theo thiết lập vùng của máy người đọc; máy đặt vùng Việt Nam "
        "hiển thị 1.234,5. Chú thích luôn viết theo cách của Việt Nam."
    ),
}


def write_notes(
    sheet: Any, formats: FormatBook, figures: Figures, standing: Standing, contents_sheet: str, footer: str
) -> None:
    """All notes that hold for every table of the period."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, "Ghi chú chung", formats.get(bold=True, font_size=14))
    sheet.set_row(0, 22)
    sheet.write_url(1, 0, f"internal:'{contents_sheet}'!A1", formats.link(9), "← Mục lục")
    styles: dict[str, dict[str, Any]] = {ESTIMATED: {"italic": True}, DISPUTED: {"bg_color": DISPUTED_FILL}}
    row, height = 3, 22.0 + 2 * 15
    for name, text in {**SIGNS, **CONVENTIONS, **_period_notes(figures), **_approval_notes(figures, standing)}.items():
        style = formats.bordered(
            bold=True, align="left", valign="top", text_wrap=True, indent=1, **styles.get(name, {})
        )
        sheet.write_string(row, 0, name, style)
        sheet.write_string(row, 1, text, formats.bordered(text_wrap=True, align="left", valign="top", indent=1))
        needed = 15 * lines_needed(text, 100) + 5
        sheet.set_row(row, needed)
        height += needed
        row += 1
    set_up_page(sheet, row - 1, 1, footer, (points(pixels(24) + pixels(100)), height))


def _period_notes(figures: Figures) -> dict[str, str]:
    catalogue, period_code = figures.catalogue, figures.period_code
    entry = catalogue.calendar[period_code]
    notes = {"Khung số liệu thống kê": _statistics_window(entry), "Khung số liệu hành chính": _office_window(entry)}
    notes["Lịch của kỳ"] = (
        f"Hạn gửi báo cáo {format_date(entry.due_on)}, họp Cụm {format_date(entry.meets_on)}"
        f"{': ngày giả định, không văn bản nào ghi' if entry.is_assumed else ''}."
    )
    sources = {
        m.source: None
        for m in catalogue.memberships
        if m.is_assumed and is_valid(m.valid_from, m.valid_to, period_code)
    }
    if sources:
        notes["Thành viên Cụm"] = f"Danh sách thành viên hoặc Cụm trưởng có chỗ là giả định ({'; '.join(sources)})."
    waived: dict[tuple[str, str], list[str]] = {}
    for row in figures.findings:
        if row.get("status") == "waived":
            waived.setdefault((row["rule_title"], row["explanation"] or ""), []).append(
                row["province_name"] or WHOLE_CLUSTER
            )
    if waived:
        items = [
            f"{t} – {join_names(list(dict.fromkeys(names)))}: {one_line(why)}" for (t, why), names in waived.items()
        ]
        notes["Quy tắc được miễn"] = f"{'; '.join(items)}."
    return notes


def _approval_notes(figures: Figures, standing: Standing) -> dict[str, str]:
    """What was approved although it stood open; one row for each, so that a long list stays readable."""
    if not (standing.is_final and standing.is_noted):
        return {}
    noted = noted_findings(figures)
    head = (
        f"Số liệu được duyệt khi còn {len(noted)} phát hiện chưa khép lại; người duyệt đã biết và ghi nhận các phát "
        f"hiện dưới đây. Lý do: {one_line(standing.reason) or 'không ghi'}"
    )
    return {"Duyệt kèm ghi chú": head, **{f"Ghi nhận {n}": text for n, text in enumerate(noted, start=1)}}


def _statistics_window(entry: CalendarEntry) -> str:
    return f"Từ {format_date(entry.starts_on)} đến hết {format_date(entry.ends_on)}."


def _office_window(entry: CalendarEntry) -> str:
    return (
        f"Từ {format_date(entry.admin_starts_on)} đến hết {format_date(entry.admin_ends_on)} (chế độ báo cáo của "
        "cơ quan hành chính). Nơi tỉnh không ghi rõ thì không biết số liệu theo khung nào."
    )
