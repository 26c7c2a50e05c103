"""Province and half-year of a text that holds the form's tables without its cover, and the words around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from catalogue.model import Catalogue
from transforms.heading_text import Named, declares_no_data, name_period, name_province
from transforms.identification import find_period, find_province
from transforms.layout import Layout
from transforms.lexicon import lexicon_of
from transforms.observation import Cell, Problem
from transforms.sender import tell_several
from transforms.sheets import Workbook
from transforms.text import fold

_TOLD = {"m_period": ("period_unknown", "kỳ báo cáo"), "m_province": ("province_unknown", "đơn vị báo cáo")}


def complete_cover(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> None:
    """Fills what a text's cover lacks from the lines outside its tables, and sets their plain words aside.

    Labelled lines ("Kỳ báo cáo: …") go first; what a sentence tells is told as a problem. Labels that disagree, and
    several half-years, refuse the file; several provinces in sentences tell nothing.
    """
    if not workbook.has_prose:
        if not layout.cover and not layout.is_free:
            _take_labelled(catalogue, workbook, layout)
        return
    set_aside_words(catalogue, workbook, layout)
    texts = list(_texts(workbook, layout))
    beside = _beside(workbook, texts)
    _take_beside(catalogue, layout, beside)
    if "m_period" not in layout.cover_address:
        periods = {code: entry.name for code, entry in catalogue.calendar.items()}
        _take(layout, "m_period", name_period(catalogue, texts, beside), periods)
    if "m_province" not in layout.cover_address:
        provinces = {p.province_id: p.name for p in catalogue.provinces}
        _take(layout, "m_province", name_province(catalogue, texts, beside), provinces)


def _take_labelled(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> None:
    """The cover's labelled lines where a workbook has no cover, and they stand above its tables instead."""
    texts = [cell for cell in _texts(workbook, layout) if cell.sheet in layout.sheets]
    _take_beside(catalogue, layout, _beside(workbook, texts))


def _beside(workbook: Workbook, texts: list[Cell]) -> dict[Cell, Cell]:
    """The cell at the right of each text that has one."""
    cells = workbook.cells
    return {c: cells[c.sheet][c.row, c.column + 1] for c in texts if (c.row, c.column + 1) in cells[c.sheet]}


def _take_beside(catalogue: Catalogue, layout: Layout, beside: dict[Cell, Cell]) -> None:
    """Fills the cover from cells at the right of its labels."""
    labels = {fold(cover.label): cover.name for cover in catalogue.form.cover}
    found: dict[str, list[Cell]] = {}
    for label, value in beside.items():
        name = labels.get(fold(label.raw), "")
        if name and name not in layout.cover_address:
            found.setdefault(name, []).append(value)
            layout.claimed.update((cell.sheet, cell.row, cell.column) for cell in (label, value))
    for name, values in found.items():
        layout.cover[name] = values[0]
        layout.cover_address[name] = (values[0].sheet, values[0].address)
        meant = {_meaning(catalogue, name, value.raw): value for value in reversed(values)}
        if name in _TOLD and len(meant) > 1:
            told = [(value.raw, value) for value in reversed(meant.values())]
            layout.refusal = layout.refusal or tell_several(*_TOLD[name], told)


def _meaning(catalogue: Catalogue, name: str, text: str) -> str:
    """What a cover's text names, so that two spellings of one name agree."""
    known = find_period(text) if name == "m_period" else find_province(catalogue, text)
    return known or fold(text)


def set_aside_words(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> None:
    """Around the tables, words without a digit are no figures, and titles of the form are its own."""
    lexicon = lexicon_of(catalogue)
    for sheet in workbook.sheets:
        if sheet not in layout.sheets and sheet not in layout.aside | layout.unread:
            cells = workbook.cells[sheet]
            layout.cover_sheets.add(sheet)
            layout.sheets[sheet] = max((row for row, _ in cells), default=0) + 1
            layout.claimed.update((sheet, *at) for at, cell in cells.items() if lexicon.is_heading(cell.raw))


def _take(layout: Layout, name: str, named: Named, names: dict[str, str]) -> None:
    if len(named.found) > 1 and (named.is_labelled or name == "m_period"):
        found = [(names[code], cell) for code, cell in named.found]
        layout.refusal = layout.refusal or tell_several(*_TOLD[name], found)
    if named.only is None:
        return
    code, cell = named.only
    suffix = " (chưa có số liệu)" if name == "m_province" and declares_no_data(cell.raw) else ""
    layout.cover[name] = replace(cell, raw=names[code] + suffix)
    layout.cover_address[name] = (cell.sheet, cell.address)
    layout.claimed.update((cell.sheet, cell.row, column) for column in (cell.column, cell.column + 1))
    if not named.is_labelled:
        told = f"{_TOLD[name][1]} là {names[code]}"
        layout.problems.append(Problem("cover_from_text", "", cell.sheet, cell.address, cell.raw, told))


def _texts(workbook: Workbook, layout: Layout) -> Iterator[Cell]:
    """The texts outside the tables, in the order of the file."""
    for sheet in workbook.sheets:
        end = layout.sheets.get(sheet)
        for (row, _), cell in sorted(workbook.cells[sheet].items()):
            if cell.kind == "text" and (end is None or row < end):
                yield cell
