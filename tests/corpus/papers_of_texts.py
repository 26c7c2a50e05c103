"""Old fonts and encodings, Unicode in all its forms, and names as they come."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from papers import TITLE, Value, rows_of, write_csv, write_xlsx
from papers_of_formats import LINES, PAPER
from settling import settle
from writers import encode_legacy
from writers import write_csv as write_lines

FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}
PERIOD_LINE = "BÁO CÁO KẾT QUẢ THI ĐUA 6 THÁNG ĐẦU NĂM 2021"
RATES = "Nội dung | ĐVT | Thực hiện\nTổng số xã | xã | 139\nTỷ lệ hộ nghèo | % | 2.5"


def make() -> Iterator[tuple[str, bytes]]:
    """(path in the corpus, content) of every file of this part."""
    for name, data in (*_fonts(), *_forms(), *_names()):
        yield f"texts/{name}", settle(data)


def _old(text: str, encoding: str) -> str:
    """The characters that an old font shows as the text; its capitals without tone are those of the small font."""
    return encode_legacy(text, encoding).decode("cp1252")


def _fonts() -> Iterator[tuple[str, bytes]]:
    for encoding in FONTS:
        yield f"{encoding}-by-font.xlsx", _in_fonts(lambda number, own=encoding: own)  # type: ignore[misc]
        yield f"{encoding}-without-font.xlsx", _in_fonts(lambda number, own=encoding: own, shown=False)  # type: ignore[misc]
        text = write_lines([["" if v is None else str(v) for v in row] for row in LINES], ";").decode()
        yield f"{encoding}.csv", encode_legacy(text, encoding)
    yield "fonts-mixed-by-cell.xlsx", _in_fonts(lambda number: ("tcvn3", "vni", None)[number % 3])
    yield "fonts-mixed-in-a-cell.xlsx", _in_runs()


def _in_fonts(choose: Callable[[int], str | None], *, shown: bool = True) -> bytes:
    """The small table with the font, and so the encoding, that each text's number gets."""
    book = openpyxl.Workbook()
    sheet = book.active
    number = 0
    for r, row in enumerate(PAPER, 1):
        for c, value in enumerate(row, 1):
            cell = sheet.cell(r, c, value)
            if isinstance(value, str):
                number += 1
                encoding = choose(number)
                if encoding:
                    cell.value = _old(value, encoding)
                    if shown:
                        cell.font = Font(name=FONTS[encoding])
    return _saved(book)


def _in_runs() -> bytes:
    """Half of a label in TCVN3, half in Unicode, as after a correction on a new machine."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in PAPER:
        sheet.append(list(row))
    old, new = TextBlock(InlineFont(rFont=".VnTime"), _old("Tổng số", "tcvn3")), InlineFont(rFont="Times New Roman")
    sheet["B4"] = CellRichText(old, TextBlock(new, " xã"))
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _mapped(change: Callable[[str], str]) -> list[Sequence[Value]]:
    return [[change(v) if isinstance(v, str) else v for v in row] for row in PAPER]


def _halfway(text: str) -> str:
    """Letters with hat or hook whole, tone marks behind them, as Windows-1258 keyboards write."""
    pieces = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = [p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323"]
        rest = "".join(p for p in parts if p not in tones)
        pieces.append(unicodedata.normalize("NFC", rest) + "".join(tones))
    return "".join(pieces)


def _forms() -> Iterator[tuple[str, bytes]]:
    yield "decomposed.xlsx", write_xlsx({"Biểu": _mapped(lambda text: unicodedata.normalize("NFD", text))})
    yield "half-composed.xlsx", write_xlsx({"Biểu": _mapped(_halfway)})
    yield "icelandic-d.xlsx", write_xlsx({"Biểu": _mapped(lambda text: text.replace("Đ", "Ð").replace("đ", "ð"))})
    spaced = _mapped(lambda text: "\u200b" + text.replace(" ", "\u00a0") + "\ufeff ")
    yield "spaces-that-do-not-break-or-show.xlsx", write_xlsx({"Biểu": spaced})
    i_for_y = rows_of(RATES.replace("ỷ lệ", "ỉ lệ"))
    yield "i-for-y.xlsx", write_xlsx({"Biểu": [["TỈNH HƯNG YÊN"], [PERIOD_LINE], *i_for_y]})
    tones = [["Nội dung", "ĐVT", "Thực hiện"], ["Thu ngân sách nhà nước", "tỷ đồng", 9200]]
    tones.append(["Tốc độ tăng giá trị sản xuất nông, lâm nghiệp và thuỷ sản", "%", 3.2])
    yield "tone-mark-on-the-other-vowel.xlsx", write_xlsx({"Biểu": [["TỈNH HƯNG YÊN"], [PERIOD_LINE], *tones]})
    wide = [["Nội dung", "ĐVT", "Thực hiện"], ["Tổng số xã", "xã", "１３９"], ["Tỷ lệ hộ nghèo", "％", "２，５"]]
    yield "full-width-digits.xlsx", write_xlsx({"Biểu": [*([line] for line in TITLE), *wide]})
    minus = [
        ["Nội dung", "ĐVT", "Thực hiện"],
        ["Số doanh nghiệp thành lập mới so với cùng kỳ", "%", "−7,5"],
        ["Số lượt khách du lịch so với cùng kỳ", "%", "–43,8"],
        ["Thu ngân sách nhà nước so với cùng kỳ", "%", "\u00a0-2,5 "],
    ]
    yield "minus-signs-of-word.xlsx", write_xlsx({"Biểu": [*([line] for line in TITLE), *minus]})


def _names() -> Iterator[tuple[str, bytes]]:
    names = {
        "people-s-committee": "UBND tỉnh Nam Định",
        "t-with-a-dot": "T. Nam Định",
        "people-s-committee-in-full": "ỦY BAN NHÂN DÂN TỈNH NAM ĐỊNH",
        "province-not-of-the-cluster": "Đắc Lắc",
        "declared-without-figures": "Nam Định (chưa có số liệu)",
        "another-quarter": "Hà Tây (quý III)",
        "own-name-and-half-year": "Nam Định (quý II và 6 tháng đầu năm 2021)",
        "own-name-another-quarter": "Nam Định (quý III)",
    }
    for name, shown in names.items():
        rows = rows_of(RATES)
        if name == "declared-without-figures":
            rows = [rows[0], *(row[:2] for row in rows[1:])]
        cover: list[Sequence[Value]] = [["Đơn vị báo cáo", shown], ["Kỳ báo cáo", "6 tháng đầu năm 2021"]]
        yield f"name-{name}.xlsx", write_xlsx({"Biểu": [*cover, *rows]})
    yield (
        "name-of-another-period.csv",
        write_csv([["UBND tỉnh Nam Định"], ["Kết quả quý III năm 2021"], *rows_of(RATES)]),
    )
