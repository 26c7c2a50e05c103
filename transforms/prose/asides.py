"""Numbers that are no figures by their shape alone: dates, documents, spans of years, the numbers of sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.prose.text import Passage

DATE, DOCUMENT, SPAN, SECTION, NAME = "ngày tháng", "số văn bản", "giai đoạn", "số mục", "tên gọi"
TIME = "thời gian"
_YEAR = r"(?:19|20)\d\d"
HALF = re.compile(
    r"(?:\b(?:0?6|sáu) tháng (đầu|cuối)(?: của)?(?: năm)?|\bnửa (đầu|cuối)(?: của)? năm)"
    r"(?:(?: năm)? ((?:19|20)\d\d))?\b",
    re.IGNORECASE,
)
_SHAPES = (
    (DATE, re.compile(rf"(?<![\d,.])\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?{_YEAR}(?!\d)")),
    (DATE, re.compile(rf"(?i:ngày\s)\d{{1,2}}(?i:\stháng\s)\d{{1,2}}(?:(?i:\snăm\s){_YEAR})?(?!\d)")),
    (DATE, re.compile(rf"(?<![\d,./])(?:0?[1-9]|1[0-2])/{_YEAR}(?!\d)")),
    (DATE, re.compile(r"(?i:\b(?:ngày|sáng|chiều|hết|đến|trước|sau|từ)\s)\d{1,2}/\d{1,2}(?![\d/])(?!\s*[%\w])")),
    (DATE, re.compile(r"(?i:\bngày\s)\d{1,2}/\d{1,2}(?![\d/])")),
    (DOCUMENT, re.compile(r"\d+(?:/\d{4})?\s?[-/]\s?[A-ZĐ]{2}\w*(?:\s?[-/]\s?[A-ZĐ]\w*)*")),
    (DOCUMENT, re.compile(r"(?i:\bsố\s*:?\s*)\d+\s*/")),
    (DATE, re.compile(rf"(?i:\bquý\s)(?:I{{1,3}}|IV|[1-4])\s?/\s?{_YEAR}(?!\d)")),
    (SPAN, re.compile(rf"(?<![\d,./]){_YEAR}\s?[-–—]\s?{_YEAR}(?!\d)")),
    (TIME, re.compile(rf"(?i:\b(?:năm|cùng kỳ)\s){_YEAR}(?![\d,.]\d)")),
    (DATE, re.compile(rf"\((?:{_YEAR})\)")),
    (
        NAME,
        re.compile(r"(?i:\b(?:trang|đoạn|dòng|cột|hình|chú thích)\s(?:số\s)?)\d{1,3}(?![\d.,]*[\d%/])"),
    ),
    (NAME, re.compile(r"\d+\s?/\s?\d+(?=\s*(?i:giờ))|(?<![^\W\d_])24/7\b")),
)
_SECTION = re.compile(
    r"\s*(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)](?=\s)|\d{1,2}(?:\.\d{1,2}){1,3}\s(?=[A-ZĐÀ-Ỹ])|\(\d{1,2}\)\s)"
)
_ITEM = re.compile(r"(?<!\w)\(?(\d{1,2})\)(?=\s)")
_BEFORE_ITEM = (":", ";", ",", ".")
_GLUED_BEFORE = re.compile(r"[^\W\d_]\d[\d.,]*|[^\W\d_]-\d+(?![\d,.%])")


def find_asides(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of the stretches of a passage's text whose numbers are no figures; they may overlap."""
    for kind, pattern in _SHAPES:
        for match in pattern.finditer(passage.text):
            yield match.start(), match.end(), kind
    for match in _GLUED_BEFORE.finditer(passage.text):
        yield match.start(), match.end(), NAME
    for start, end in _items(passage.text):
        yield start, end, SECTION
    for start in _block_starts(passage):
        section = _SECTION.match(passage.text, start)
        if section is not None:
            yield start, section.end(), SECTION


def _items(text: str) -> Iterator[tuple[int, int]]:
    """The numbers of items within a sentence: "…: (1) GRDP tăng 8%; (2) thu ngân sách …"."""
    found = [match for match in _ITEM.finditer(text) if text[: match.start()].rstrip()[-1:] in ("", *_BEFORE_ITEM)]
    numbers = [int(match[1]) for match in found]
    if len(found) > 1 and numbers == list(range(1, len(found) + 1)):
        yield from (match.span() for match in found)


def _block_starts(passage: Passage) -> Iterator[int]:
    before = None
    for place, (block, start, _) in enumerate(passage.origins):
        if block >= 0 and block != before and start == 0:
            yield place
        before = block if block >= 0 else before
