"""Cells that name a unit of the cluster and nothing else, as they head columns, rows, blocks and sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalogue.model import Catalogue
from transforms.heading_text import declares_no_data, periods_in
from transforms.identification import find_province
from transforms.observation import Cell
from transforms.text import clean_text, fold

LONGEST_NAME = 60
_LEAD = re.compile(r"\s*(?:\(?\d{1,2}[.):]+|[ivx]{1,5}[.):]+|[a-z][.)]+)\s*", re.IGNORECASE)
_BULLET = re.compile(r"\s*[-+*•–]\s*")
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_TIME = re.compile(r"\b(?:quy|thang|nam)\b|\b20\d\d\b")


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit by its name. `time` is a time in brackets behind it: "Hà Nam (quý III)".

    `is_listed` says that it is an item of a list, such as addressees; `is_total` that only a word such as "Cộng" names
    the cluster.
    """

    province_id: str
    is_declared: bool = False
    time: str = ""
    is_listed: bool = False
    is_total: bool = False

    def is_of(self, catalogue: Catalogue, period_code: str) -> bool:
        """Whether nothing behind the name says that the figures are of another time than the period."""
        return not self.time or periods_in(catalogue, self.time) == [period_code]


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell that names a unit."""

    unit: UnitName
    cell: Cell


@lru_cache(maxsize=16384)
def name_unit(catalogue: Catalogue, text: str) -> UnitName | None:
    """The unit that a text names, the cluster also by words such as "Tổng cộng"; None for any other text."""
    if len(text) > LONGEST_NAME:
        return None
    if _any_name(catalogue).search(fold(text).replace(" ", "")) is None:
        return None
    plain = _BULLET.sub("", text, count=1) if (listed := _BULLET.match(text) is not None) else text
    plain = _LEAD.sub("", plain, count=1) if find_province(catalogue, plain) is None else plain
    province_id = find_province(catalogue, plain)
    bracket = _BRACKETS.search(plain)
    is_total = province_id is None
    if province_id is None:
        if fold(_BRACKETS.sub("", plain)) not in _total_words(catalogue):
            return None
        province_id = catalogue.cluster_id
    time = bracket[1] if bracket is not None and _TIME.search(fold(bracket[1])) else ""
    is_declared = declares_no_data(plain)
    return UnitName(province_id, is_declared, "" if is_declared else clean_text(time), listed, is_total)


@lru_cache(maxsize=8)
def _any_name(catalogue: Catalogue) -> re.Pattern[str]:
    """Any name of a unit, or word for the cluster, within a folded text without spaces."""
    texts = [text for p in catalogue.provinces for text in (p.name, p.full_name, p.province_id)]
    names = {fold(text) for text in (*texts, *(a.alias for a in catalogue.province_aliases))} | _total_words(catalogue)
    return re.compile("|".join(sorted(re.escape(name.replace(" ", "")) for name in names)))


def named_cells(catalogue: Catalogue, cells: Mapping[tuple[int, int], Cell]) -> list[NamedCell]:
    """The cells of a sheet that name a unit, from the top."""
    found = []
    for _, cell in sorted(cells.items()):
        if cell.kind == "text" and (unit := name_unit(catalogue, cell.raw)) is not None:
            found.append(NamedCell(unit, cell))
    return found


def is_beside_units(catalogue: Catalogue, text: str) -> bool:
    """Whether a text stands for no unit of the cluster, such as the whole country or an average."""
    return fold(text) in _words(catalogue, "beside_units")


def _total_words(catalogue: Catalogue) -> frozenset[str]:
    return _words(catalogue, "cluster_total")


@lru_cache(maxsize=8)
def _words(catalogue: Catalogue, kind: str) -> frozenset[str]:
    return frozenset(fold(word.phrase) for word in catalogue.words if word.kind == kind)
