"""Our form taken apart, and tables that provinces draw themselves."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import openpyxl
from papers import TITLE, rows_of, write_csv, write_docx, write_xlsx
from papers_of_formats import FORM
from settling import settle

RURAL, ECONOMY = "A. Nông thôn mới", "D. Kinh tế"
Change = Callable[[Any], object]


def make() -> Iterator[tuple[str, bytes]]:
    """(path in the corpus, content) of every file of this part."""
    for name, changes in _FORMS.items():
        yield f"layouts/{name}.xlsx", settle(_changed(*changes))
    for name, (grid, merged) in _TABLES.items():
        rows = [*([line] for line in TITLE), *rows_of(grid)]
        yield f"layouts/{name}.xlsx", settle(write_xlsx({"Sheet1": rows}, merged))
    yield "layouts/free-table.csv", write_csv([*([line] for line in TITLE), *rows_of(_UNITS)])
    money = rows_of("TT | Nội dung | Thực hiện\n1 | Thu ngân sách nhà nước | '9.200.000\n2 | Tạo việc làm mới | '8.700")
    lines = (*TITLE, "Kết quả cụ thể như sau:", "Đơn vị tính: triệu đồng")
    yield "layouts/free-report.docx", settle(write_docx(lines, money))
    cover = [[line] for line in TITLE]
    yield "layouts/cover-sheet-apart.xlsx", settle(write_xlsx({"Trang 1": cover, "Biểu": rows_of(_UNITS)}))


def _changed(*changes: Change) -> bytes:
    """The form of Hưng Yên after changes; without its instructions, which would only take space."""
    book = openpyxl.load_workbook(io.BytesIO(FORM))
    for change in (lambda b: b.remove(b["Hướng dẫn"]), *changes):
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rename_and_reverse(book: Any) -> None:
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"Trang {number}"
    book._sheets = book._sheets[::-1]


def _drop_names(book: Any) -> None:
    for name in list(book.defined_names):
        del book.defined_names[name]


def _write(sheet: str, address: str, value: Any) -> Change:
    return lambda book: book[sheet].__setitem__(address, value)


def _version(book: Any) -> None:
    [(sheet, address)] = book.defined_names["m_form_version"].destinations
    book[sheet][address.replace("$", "")] = "0.9"


_FORMS: dict[str, Sequence[Change]] = {
    "form-saved-by-another-program": [],
    "form-rows-and-columns-inserted": [
        lambda b: b[ECONOMY].insert_cols(3),
        lambda b: b[ECONOMY].insert_rows(8, 2),
        _drop_names,
    ],
    "form-sheets-renamed-and-reordered": [_rename_and_reverse, _drop_names],
    "form-of-another-version": [_version],
    "form-header-renamed": [_write(ECONOMY, "D5", "Cột này")],
    "form-value-column-deleted": [lambda b: b[RURAL].delete_cols(4)],
    "form-row-of-its-own": [_write(ECONOMY, "B30", "Diện tích rừng trồng mới"), _write(ECONOMY, "D30", 1200)],
}

_UNITS = """
TT | Nội dung | ĐVT | Thực hiện
1 | Tổng vốn đầu tư toàn xã hội | triệu đồng | 17103000
2 | Tổng thu ngân sách nhà nước | nt | 9200000
3 | Giải nhất | giải | x
4 | Giải nhì | '" | 12
5 | Giải ba | -"- | …
6 | Giải khuyến khích | như trên |
"""
_TABLES: dict[str, tuple[str, Sequence[str]]] = {
    "ditto-marks-x-and-dots": (_UNITS, ()),
    "header-over-merged-cells-and-column-numbers": (
        """
TT | Chỉ tiêu | ĐVT | Kết quả thực hiện | | So sánh
 | | | 6 tháng đầu năm 2020 | 6 tháng đầu năm 2021 |
A | B | C | (1) | (2) | (3)=(2)/(1)
1 | GRDP | % | 5.1 | 5.75 |
2 | Thu ngân sách nhà nước | triệu đồng | 8000000 | 9200000 | 115
""",
        ("A3:A4", "B3:B4", "C3:C4", "D3:E3"),
    ),
    "unit-line-above": (
        """
 | | | Đơn vị: triệu đồng
TT | Nội dung | Kết quả thực hiện | Ghi chú
1 | Tổng vốn đầu tư toàn xã hội | 17103000 |
2 | Tổng thu ngân sách nhà nước | 9200000 |
3 | Số xã đạt chuẩn NTM | 139 |
""",
        (),
    ),
    "plan-and-last-year-beside": (
        """
STT | Chỉ tiêu | Đơn vị | Kế hoạch 2021 | Cùng kỳ 2020 | Thực hiện 6 tháng đầu năm 2021 | Tỷ lệ %
1 | Thu ngân sách nhà nước trên địa bàn | tỷ đồng | 16000 | 8000 | 9200 | 57.5
2 | Tạo việc làm mới | người | 20000 | 9000 | 8700 | 43.5
""",
        (),
    ),
    "estimates-in-the-header": (
        """
Chỉ tiêu | ĐVT | Ước thực hiện 6 tháng đầu năm 2021 | Ước cả năm 2021
Thu ngân sách nhà nước | tỷ đồng | 9200 | 16000
Tạo việc làm mới | lao động | 8700 | 20000
""",
        (),
    ),
    "parts-below-a-heading": (
        """
Nội dung | Kết quả
Số lao động được tạo việc làm mới | 8700
Bằng khen cấp tỉnh |
- Tập thể | 12
- Cá nhân | 40
Cờ thi đua cấp tỉnh: tập thể | 3
""",
        (),
    ),
    "two-tables-beside-each-other": (
        """
Nội dung | Thực hiện | | Nội dung | Thực hiện
Tổng số xã | 139 | | Giải nhất | 1
Số xã đạt chuẩn NTM | 138 | | Giải nhì | 12
""",
        (),
    ),
    "signatures-notes-and-scratch-numbers": (
        """
Số: 05/BC-UBND | | | Hưng Yên, ngày 05 tháng 7 năm 2021
TT | Nội dung | Thực hiện | | 4321
1 | Tổng số xã | 139
2 | Số xã đạt chuẩn NTM | 138 | | 77
Ghi chú: số liệu do Sở Nông nghiệp cung cấp
Nơi nhận: | | CHỦ TỊCH
- Như trên; | | Nguyễn Văn A
""",
        (),
    ),
    "label-that-is-only-nearly-one": (
        """
Nội dung | Thực hiện
Tổng số xã | 139
Số doanh nghiệp mới đăng ký thành lập | 650
Diện tích rừng trồng mới | 1200
""",
        (),
    ),
    "two-columns-that-could-be-the-figures": (
        """
Nội dung | Kết quả | Thực hiện
Tổng số xã | 139 | 140
Số xã đạt chuẩn NTM | 138 | 139
""",
        (),
    ),
    "money-without-a-unit": ("Nội dung | Thực hiện\nTổng số xã | 139\nThu ngân sách nhà nước | 9200", ()),
    "figures-as-people-write-them": (
        """
Nội dung | Thực hiện
Thu ngân sách nhà nước | 9,2 nghìn tỷ đồng
Số lượt khách du lịch | ước đạt 2,37 triệu lượt
Thu ngân sách nhà nước so với cùng kỳ | bằng 92% cùng kỳ
Số xã đạt chuẩn NTM | '138/139
PAR Index: hạng | '17/63
""",
        (),
    ),
    "nothing-of-ours": ("Nội dung | Thực hiện\nSố cuộc họp | 12\nSố văn bản | 40", ()),
}
