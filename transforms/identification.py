"""Which reporting unit and which half-year a text names."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from catalogue.model import Catalogue
from transforms.text import clean_text, fold

_UNIT_PREFIX = re.compile(
    r"^(?:uy ban nhan dan|ubnd|so noi vu|ban thi dua khen thuong|ban td kt)?\s*"
    r"(?:tinh|(?P<city>thanh pho|tp)|t)?\s+(?=\S)"
)
_DATE = re.compile(r"(?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?(\d{4})$")
_ASIDE = re.compile(r"\s*\([^)]*\)\s*$")
_CODE = re.compile(r"^(\d{4})\s*[-_/ ]?\s*h\s*([12])$", re.IGNORECASE)
_HALF_OF_YEAR = re.compile(r"\b(?:0?6|sau) ?t(?:hang)?(?: (dau|cuoi))?(?: cua)?(?: nam)? (20\d\d)$")
_HALF_NUMBER = re.compile(r"(?:ky|nua nam|ban nien)(?: thu)? (1|2|i|ii|dau|cuoi)(?: nam)? (\d{4})$")


@lru_cache(maxsize=8)
def _names(catalogue: Catalogue) -> dict[str, str]:
    found: dict[str, str] = {}
    for province in catalogue.provinces:
        for text in (province.name, province.full_name, province.province_id):
            found[_squeeze(text)] = province.province_id
    for alias in catalogue.province_aliases:
        found.setdefault(_squeeze(alias.alias), alias.province_id)
    return found


def _squeeze(text: str) -> str:
    return fold(text).replace(" ", "")


def find_province(catalogue: Catalogue, text: str, period_code: str | None = None) -> str | None:
    """The province_id that a text names by name, alias, prefixed name or (for `period_code`) official code.

    What stands in brackets behind a name is left aside: "Nam Định (chưa có số liệu)". A city that is
    no province itself names none: "TP Nam Định" is a part of Nam Định.
    """
    names = _names(catalogue)
    folded = fold(text)
    for candidate in (folded, fold(_ASIDE.sub("", text))):
        prefix = _UNIT_PREFIX.match(candidate)
        for name in (candidate, candidate[prefix.end() :] if prefix is not None else candidate):
            found = names.get(name.replace(" ", ""))
            is_city = name != candidate and prefix is not None and prefix["city"] is not None
            if found is not None and not (is_city and found not in cities(catalogue)):
                return found
    if period_code is not None and re.fullmatch(r"\d{1,2}", folded):
        for province_id in dict.fromkeys(p.province_id for p in catalogue.provinces):
            version = catalogue.province_in(province_id, period_code)
            if version is not None and version.province_code == folded.zfill(2):
                return province_id
    return None


@lru_cache(maxsize=8)
def cities(catalogue: Catalogue) -> frozenset[str]:
    """The units that are cities themselves."""
    return frozenset(p.province_id for p in catalogue.provinces if fold(p.full_name).startswith("thanh pho "))


def find_period(text: str) -> str | None:
    """The half-year that a text names, as a code: "2021H1", "6 tháng đầu năm 2021"; None where it names none."""
    cleaned = clean_text(text)
    code = _CODE.match(cleaned)
    if code:
        return f"{code[1]}H{code[2]}"
    folded = fold(cleaned)
    half = _HALF_OF_YEAR.search(folded) or _HALF_NUMBER.search(folded)
    if half is None:
        return None
    return f"{half[2]}H{1 if half[1] in (None, 'dau', '1', 'i') else 2}"


def find_date(text: str) -> dt.date | None:
    """The day that a text names, such as "05/7/2021" or "ngày 05 tháng 7 năm 2021"; None where it names none."""
    match = _DATE.search(fold(text))
    if match is None:
        return None
    try:
        return dt.date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
