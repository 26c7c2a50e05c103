"""Province and half-year of a file without a cover, from the lines around its tables; several are a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from catalogue.model import Catalogue
from transforms.identification import cities, find_period, find_province
from transforms.lexicon import lexicon_of
from transforms.observation import Cell
from transforms.text import clean_text, fold

LONG = 150  # letters from which a text is a sentence of a narrative, believed only where no heading speaks
_HALF = re.compile(
    r"\b(?:0?6|sau) ?t(?:hang)? (dau|cuoi)(?: cua)?(?: nam)?(?: (\d{4}))?\b|\b(\d{4}) ?h([12])\b"
    r"|\b(?:0?6|sau) ?t(?:hang)?(?: cua)?(?: nam)? (20\d\d)\b"  # "6 tháng năm 2021" are the first, as statisticians say
)
_YEAR = re.compile(r"\bnam (\d{4})\b")
_OTHER_BEFORE = re.compile(
    r"\b(?:cung ky|so voi|so|phuong huong|giai phap|ke hoach)(?: (?:nhiem vu|cua|thuc hien))?\s*$"
)
_OTHER_LATER = re.compile(r"\b(?:cung ky|so voi|phuong huong|giai phap|ke hoach|nhiem vu|muc tieu|trong tam)\b")
_ADDRESSEE = re.compile(r"^(?:kinh gui|noi nhan|gui|dong kinh gui)\b")
_OFFICE = "uy ban nhan dan|ubnd|so noi vu|ban thi dua khen thuong|tinh"
_CITY = "thanh pho|tp"
_LETTERHEAD = re.compile(r"(?:uy ban nhan dan|ubnd) tinh [a-z]+(?: [a-z]+){1,3}")
_NO_DATA = re.compile(r"\((?:[^()]*\b)?(?:chua|khong) (?:co|gui|bao cao)")
_BRACKETS = re.compile(r"\(([^()]+)\)")
_OTHER_TIME = re.compile(r"\b(?:quy (?:i|ii|iii|iv|[1-4])|thang (?:1[0-2]|0?[1-9])|(?:0?[39]|ba|chin) thang|ca nam)\b")


@dataclass(frozen=True, slots=True)
class Named:
    """What texts name: the codes or ids found, each with the first cell that names it, and whether a label did so."""

    found: tuple[tuple[str, Cell], ...] = ()
    is_labelled: bool = False

    @property
    def only(self) -> tuple[str, Cell] | None:
        return self.found[0] if len(self.found) == 1 else None


def name_period(catalogue: Catalogue, texts: Iterable[Cell], following: dict[Cell, Cell] | None = None) -> Named:
    """The half-years of the calendar that texts name; a labelled line is believed before all, headings before prose."""
    cells = list(texts)
    labelled = [
        (code, cell)
        for text, cell in _labelled(catalogue, "m_period", cells, following or {})
        for code in periods_in(catalogue, text)[:1]
    ]
    if labelled:
        return Named(_first_of_each(labelled), True)
    for is_long in (False, True):
        found = [
            (code, cell)
            for cell in cells
            if (len(cell.raw) > LONG) == is_long
            for code in periods_in(catalogue, cell.raw)
        ]
        if found:
            return Named(_first_of_each(found))
    return Named()


def periods_in(catalogue: Catalogue, text: str) -> list[str]:
    """The half-years that a text reports on: a base of comparison and tasks ahead do not count."""
    folded, found, end = fold(text), [], 0
    whole = find_period(text)
    if whole in catalogue.calendar and len(folded) < 25:
        return [whole] if whole else []
    for match in _HALF.finditer(folded):
        between = folded[end : match.start()]
        is_other = _OTHER_BEFORE.search(between) or (end and _OTHER_LATER.search(between))
        end = match.end()
        if is_other:
            continue
        year = match[2] or match[3] or match[5]
        if year is None and (later := _YEAR.search(folded, match.end())) is not None:
            year = later[1]
        half = match[4] or ("2" if match[1] == "cuoi" else "1")
        if year is not None and (code := f"{year}H{half}") in catalogue.calendar and code not in found:
            found.append(code)
    return found


def name_province(catalogue: Catalogue, texts: Iterable[Cell], following: dict[Cell, Cell] | None = None) -> Named:
    """The units of the cluster that texts name; addressees of a letter do not count."""
    cells = _without_addressees(texts)
    labelled = [
        (found, cell)
        for text, cell in _labelled(catalogue, "m_province", cells, following or {})
        if (found := find_province(catalogue, text)) is not None
    ]
    if labelled:
        return Named(_first_of_each(labelled), True)
    anywhere, names = _patterns(catalogue)
    for is_long in (False, True):
        mentions: list[tuple[str, Cell]] = []
        for cell in cells:
            if (len(cell.raw) > LONG) != is_long:
                continue
            whole = None if cell.raw.isdecimal() else find_province(catalogue, cell.raw)
            matches = [names[next(filter(None, m.groups()))] for m in anywhere.finditer(fold(cell.raw))]
            mentions.extend((name, cell) for name in ([whole] if whole else matches))
        if mentions:
            return Named(_first_of_each(mentions))
    return Named()


def _without_addressees(texts: Iterable[Cell]) -> list[Cell]:
    """The texts but "Kính gửi", what stands at its right, and the lines of its list ("- UBND tỉnh …") below it."""
    kept: list[Cell] = []
    addressed: tuple[str, int] | None = None
    for cell in texts:
        is_beside = (cell.sheet, cell.row) == addressed
        is_listed = (cell.sheet, cell.row - 1) == addressed and cell.raw.startswith(("-", "+", "•"))
        if is_beside or is_listed or _ADDRESSEE.match(fold(cell.raw)):
            addressed = cell.sheet, cell.row
        else:
            kept.append(cell)
    return kept


def name_stranger(
    catalogue: Catalogue, texts: Iterable[Cell], following: dict[Cell, Cell] | None = None
) -> Cell | None:
    """The cell that the cover's own label calls the sender, or a letterhead, whoever that is; with the name alone."""
    texts = list(texts)
    label = fold(next(c for c in catalogue.form.cover if c.name == "m_province").label)
    cells = [cell for cell in texts if fold(cell.raw.partition(":")[0]) == label]
    for text, cell in _labelled(catalogue, "m_province", cells, following or {}):
        return replace(cell, raw=clean_text(text))
    return next((cell for cell in _without_addressees(texts) if _LETTERHEAD.fullmatch(fold(cell.raw))), None)


def declares_no_data(text: str) -> bool:
    """Whether a name cell says that there is nothing to report yet: "Nam Định (chưa có số liệu)"."""
    folded = "(" + "(".join(fold(part) for part in clean_text(text).split("(")[1:])
    return _NO_DATA.match(folded) is not None


def time_in_brackets(text: str) -> str:
    """What stands in brackets behind a name where it tells of another time than a half-year: "Nam Định (quý III)"."""
    for aside in _BRACKETS.findall(clean_text(text)):
        folded = fold(aside)
        if _OTHER_TIME.search(folded) and not _HALF.search(folded):
            return str(aside)
    return ""


def _first_of_each(found: Iterable[tuple[str, Cell]]) -> tuple[tuple[str, Cell], ...]:
    first: dict[str, Cell] = {}
    for code, cell in found:
        first.setdefault(code, cell)
    return tuple(first.items())


def _labelled(
    catalogue: Catalogue, name: str, cells: list[Cell], following: dict[Cell, Cell]
) -> Iterable[tuple[str, Cell]]:
    """The texts behind a label of the cover, in the same cell after a colon or in the cell at the right."""
    cover = next(c for c in catalogue.form.cover if c.name == name)
    labels = {fold(text) for text in (cover.label, *cover.aliases)}
    if name == "m_province":
        labels.add("don vi")
    for cell in cells:
        label, colon, rest = cell.raw.partition(":")
        if fold(label) not in labels:
            continue
        if colon and fold(rest):
            yield rest, cell
        elif cell in following:
            yield following[cell].raw, following[cell]


@lru_cache(maxsize=4)
def _patterns(catalogue: Catalogue) -> tuple[re.Pattern[str], dict[str, str]]:
    """An office or a date line with a name; and the units by folded name. The cluster is none of them."""
    names = {fold(p.name): p.province_id for p in catalogue.provinces if not p.is_cluster}
    any_name = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    city = "|".join(re.escape(name) for name, province_id in names.items() if province_id in cities(catalogue))
    pattern = rf"\b(?:{_OFFICE}) ({any_name})\b|\b(?:{_CITY}) ({city})\b|^(?:(?:{_CITY}) )?({any_name}) ngay\b"
    return re.compile(pattern), names


def is_numbering_of_document(text: str) -> bool:
    """Whether a text is the number of a document or its date line: "Số: 105/BC-UBND"."""
    return re.match(r"số\s*:?\s*\d*\s*/", clean_text(text).casefold()) is not None


def is_titled(catalogue: Catalogue, text: str) -> bool:
    """Whether a text above a table is a heading that names a half-year or is left aside by name."""
    return bool(_HALF.search(fold(text))) or bool(lexicon_of(catalogue).ignored_as(text))
