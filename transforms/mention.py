"""Province and period of a file without a cover: from labelled lines, else from the sentences that name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from catalogue.model import Catalogue
from transforms.identification import find_period, find_province
from transforms.layout import Layout
from transforms.lexicon import lexicon_of
from transforms.observation import Cell, Problem
from transforms.sheets import Workbook
from transforms.text import fold

_HALF = re.compile(r"\b(?:0?6|sau) thang (?:dau|cuoi)(?: cua)?(?: nam)? \d{4}\b")
_OFFICE = r"(?:uy ban nhan dan|ubnd)(?: tinh| thanh pho| tp)?"
_PLACE = r"(?:tinh|thanh pho|tp)"


def complete_cover(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> None:
    """Fills cover fields that a text has outside its tables; what a sentence tells is told as a problem.

    Labelled lines ("Kỳ báo cáo: …") go first. Of the sentences the first that names a half-year counts, and the first
    that names a people's committee, or else the one province that the text names at all.
    """
    if not workbook.has_prose:
        return
    _take_labelled(catalogue, workbook, layout)
    _set_aside_words(catalogue, workbook, layout)
    texts = list(_texts(workbook, layout))
    if "m_period" not in layout.cover_address:
        named = ((cell, match[0]) for cell in texts for match in _HALF.finditer(fold(cell.raw)))
        for cell, phrase in named:
            entry = catalogue.calendar.get(find_period(phrase) or "")
            if entry is not None:
                _take(layout, "m_period", cell, entry.name, f"kỳ báo cáo là {entry.name}")
                break
    if "m_province" not in layout.cover_address:
        found = _find_office(catalogue, texts)
        if found is not None:
            _take(layout, "m_province", *found, f"đơn vị báo cáo là {found[1]}")


def _set_aside_words(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> None:
    """Around the tables, words without a digit are no figures, and titles of the form are its own."""
    lexicon = lexicon_of(catalogue)
    for sheet in workbook.sheets:
        if sheet not in layout.sheets and sheet not in layout.aside | layout.unread:
            cells = workbook.cells[sheet]
            layout.cover_sheets.add(sheet)
            layout.sheets[sheet] = max((row for row, _ in cells), default=0) + 1
            layout.claimed.update((sheet, *at) for at, cell in cells.items() if lexicon.is_heading(cell.raw))


def _take(layout: Layout, name: str, cell: Cell, meaning: str, told: str) -> None:
    layout.cover[name] = replace(cell, raw=meaning)
    layout.cover_address[name] = (cell.sheet, cell.address)
    layout.claimed.add((cell.sheet, cell.row, cell.column))
    layout.problems.append(Problem("cover_from_text", "", cell.sheet, cell.address, cell.raw, told))


def _take_labelled(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> None:
    """A label of the cover with its value at the right; under another name of the label only a sensible value."""
    for cover in catalogue.form.cover:
        names = {fold(text) for text in (cover.label, *cover.aliases)}
        for label in _texts(workbook, layout):
            value = workbook.cells[label.sheet].get((label.row, label.column + 1))
            if cover.name in layout.cover_address or value is None or fold(label.raw) not in names:
                continue
            if fold(label.raw) == fold(cover.label) or _is_sensible(catalogue, cover.name, value.raw):
                layout.cover[cover.name] = value
                layout.cover_address[cover.name] = (value.sheet, value.address)
                layout.claimed.update((label.sheet, c.row, c.column) for c in (label, value))


def _is_sensible(catalogue: Catalogue, name: str, text: str) -> bool:
    if name == "m_period":
        return find_period(text) in catalogue.calendar
    return name == "m_province" and find_province(catalogue, text) is not None


def _texts(workbook: Workbook, layout: Layout) -> Iterator[Cell]:
    """The texts outside the tables, in the order of the file."""
    for sheet in workbook.sheets:
        end = layout.sheets.get(sheet)
        for (row, _), cell in sorted(workbook.cells[sheet].items()):
            if cell.kind == "text" and (end is None or row < end):
                yield cell


def _find_office(catalogue: Catalogue, texts: list[Cell]) -> tuple[Cell, str] | None:
    office, place, names = _patterns(catalogue)
    for cell in texts:
        match = office.search(fold(cell.raw))
        if match:
            return cell, names[match[1]]
    named = [(cell, match[1]) for cell in texts for match in place.finditer(fold(cell.raw))]
    if len({name for _, name in named}) == 1:
        return named[0][0], names[named[0][1]]
    return None


@lru_cache(maxsize=4)
def _patterns(catalogue: Catalogue) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """What names an office, what names a province, and the provinces by folded name; the cluster is none."""
    names = {fold(p.name): p.name for p in catalogue.provinces if not p.is_cluster}
    any_name = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"\b{_OFFICE} ({any_name})\b"), re.compile(rf"\b{_PLACE} ({any_name})\b"), names
