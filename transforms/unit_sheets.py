"""The sheets of a file of several units into its division: each by the kind of its tables, plain ones by their unit."""

from __future__ import annotations

from catalogue.model import Catalogue
from transforms.division import Division, Key, why_not_taken
from transforms.free_layout import find_layout, unit_around
from transforms.long_list import read_long_list
from transforms.observation import Cell, Problem
from transforms.sheet_survey import Survey
from transforms.sheets import Workbook, is_figure
from transforms.table_rows import Asked
from transforms.unit_blocks import cut, read_blocks
from transforms.unit_columns import read_unit_columns
from transforms.unit_grid import read_grid


def read_survey(catalogue: Catalogue, workbook: Workbook, survey: Survey, division: Division) -> None:
    """Reads a sheet whose tables are of several units; the lines that tell its half-year are claimed and told."""
    sheet, cells = survey.sheet, workbook.cells[survey.sheet]
    _claim_lines(catalogue, survey, division)
    if survey.is_plain or not survey.regions():
        return
    if not _is_timed(survey):
        where = survey.regions()[0]
        detail = f"trang “{sheet}” không ghi rõ kỳ báo cáo"
        division.whole.problems.append(Problem("period_unknown", "", sheet, "", detail=detail))
        division.whole.sheets[sheet] = where.first
        return
    _tell_sender(catalogue, survey, division)
    doubtful = workbook.doubtful.get(sheet, frozenset())
    money = unit_around(workbook, {sheet})
    own = survey.unit.province_id if survey.unit is not None else ""
    asked = Asked("", survey.period, money)
    for found in survey.columns:
        of = asked if found.row is not None else Asked(own, survey.period, money)
        read_unit_columns(catalogue, cells, doubtful, found, of, division, has_periods=survey.has_periods)
    for grid in survey.grids:
        of = asked if grid.names is not None else Asked(own, survey.period, money)
        read_grid(catalogue, cells, grid, of, division, has_periods=survey.has_periods)
    if survey.long_list is not None:
        of = asked if survey.long_list.names is not None else Asked(own, survey.period, money)
        read_long_list(catalogue, cells, survey.long_list, of, division)
    if survey.blocks:
        read_blocks(catalogue, workbook, sheet, survey.blocks, survey.tables, asked, division)


def _tell_sender(catalogue: Catalogue, survey: Survey, division: Division) -> None:
    """Claims the line that names the sender of a sheet whose columns or rows name none, and tells a sentence."""
    names = [found.row for found in survey.columns] + [grid.names for grid in survey.grids]
    names += [survey.long_list.names] if survey.long_list is not None else []
    cell = survey.unit_cell
    if None not in names or survey.unit is None or cell is None:
        return
    division.whole.claimed.add((cell.sheet, cell.row, cell.column))
    if survey.is_from_sentence:
        told = f"đơn vị báo cáo là {name_of(catalogue, survey.unit.province_id)}"
        division.whole.problems.append(Problem("cover_from_text", "", cell.sheet, cell.address, cell.raw, told))


def name_of(catalogue: Catalogue, province_id: str) -> str:
    return next(p.name for p in catalogue.provinces if p.province_id == province_id)


def _is_timed(survey: Survey) -> bool:
    """Whether the half-year is known for the sheet, or stands over its columns or in its rows."""
    is_listed = survey.long_list is not None and survey.long_list.periods is not None
    return bool(survey.period) or is_listed or (survey.has_periods and bool(survey.columns or survey.grids))


def _claim_lines(catalogue: Catalogue, survey: Survey, division: Division) -> None:
    cell, whole = survey.period_cell, division.whole
    if cell is None:
        return
    whole.claimed.update((cell.sheet, cell.row, c) for c in (cell.column, cell.column - 1) if c >= 0)
    is_told = any(p.rule_code == "cover_from_text" and p.observed == cell.raw for p in whole.problems)
    if not survey.is_labelled and not is_told:
        told = f"kỳ báo cáo là {catalogue.calendar[survey.period].name}"
        whole.problems.append(Problem("cover_from_text", "", cell.sheet, cell.address, cell.raw, told))


def read_plain_sheets(catalogue: Catalogue, workbook: Workbook, surveys: list[Survey], division: Division) -> None:
    """Reads the sheets of one unit each by the ordinary reader, all of a unit together; what is unclear is told."""
    groups: dict[Key, list[Survey]] = {}
    for survey in surveys:
        unit, cell = survey.unit, survey.unit_cell
        is_empty = not survey.regions() and survey.title is not None and survey.title.is_declared
        if not survey.is_plain and not is_empty:
            continue
        cells = workbook.cells[survey.sheet]
        if cell is None and survey.period and not survey.quarrel:
            groups.setdefault(("", survey.period), []).append(survey)
            continue
        reason = survey.quarrel or ("" if survey.period else "không rõ kỳ báo cáo")
        reason = reason or why_not_taken(catalogue, unit, survey.period)
        if reason:
            told = cell or next(iter(cells.values()), Cell(survey.sheet, 0, 0, "text", survey.sheet))
            division.whole.claimed.update((survey.sheet, *at) for at in cells)
            division.leave(told, reason, sum(map(is_figure, cells.values())))
            continue
        assert unit is not None
        groups.setdefault((unit.province_id, survey.period), []).append(survey)
    is_anonymous = {key for key in groups if not key[0]}
    if is_anonymous and any(key[0] for key in groups):
        for key in is_anonymous:
            for survey in groups.pop(key):
                cells = workbook.cells[survey.sheet]
                division.whole.claimed.update((survey.sheet, *at) for at in cells)
                told = next(iter(cells.values()))
                division.leave(told, "trang không ghi là của đơn vị nào", sum(map(is_figure, cells.values())))
    for key, members in groups.items():
        _read_group(catalogue, workbook, key, members, division)


def _read_group(catalogue: Catalogue, workbook: Workbook, key: Key, members: list[Survey], division: Division) -> None:
    share = division.share(*key, members[0].unit_cell)
    declared = next((s.unit_cell for s in members if s.unit is not None and s.unit.is_declared), None)
    share.declared = share.declared or declared
    tabled = {s.sheet: workbook.cells[s.sheet] for s in members if s.tables}
    if tabled:
        layout = find_layout(catalogue, cut(workbook, tabled), Asked(*key, unit_around(workbook, set(tabled))))
        if layout.refusal is not None:
            layout.problems = [layout.refusal]
        division.add(key, layout)
    share = division.share(*key)
    for survey in members:
        cell = survey.unit_cell
        if cell is not None and cell.raw != survey.sheet:
            share.claimed.update((cell.sheet, cell.row, c) for c in (cell.column, cell.column - 1) if c >= 0)
