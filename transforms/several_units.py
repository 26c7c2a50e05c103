"""A file that holds the figures of several units or half-years, divided by sheets, blocks, rows or columns."""

from __future__ import annotations

from catalogue.model import Catalogue
from transforms.division import Division
from transforms.layout import locate_cover
from transforms.observation import Problem, cell_address
from transforms.sheet_survey import Survey, look_closer, settle_periods, settle_units, survey_sheet
from transforms.sheets import Workbook, is_figure
from transforms.text import fold
from transforms.unit_names import NamedCell
from transforms.unit_sheets import read_plain_sheets, read_survey

FEWEST = 2
_REASONS = ("period_unknown", "value_column_unclear", "unit_unknown")


def divide(catalogue: Catalogue, workbook: Workbook, *, is_thorough: bool = False) -> Division | None:
    """The division of a file of several units or half-years; None for any other.

    Without `is_thorough` only a file that names two units, or two half-years as sheets, is looked into; with it also
    a file whose tables the ordinary reader cannot place, and then a single row of figures under indicators counts.
    """
    aside = {sheet for sheet in workbook.sheets if fold(sheet) == fold(catalogue.form.instructions_sheet)}
    surveys = [survey_sheet(catalogue, workbook, sheet) for sheet in workbook.sheets if sheet not in aside]
    if not is_thorough and not _is_suspicious(catalogue, surveys):
        return None
    for survey in surveys:
        look_closer(catalogue, workbook, survey, is_thorough=is_thorough)
    settle_periods(catalogue, workbook, surveys)
    settle_units(catalogue, workbook, surveys)
    division = Division()
    if not _are_several(surveys):
        division.whole.refusal = _refuse_strange(catalogue, workbook, surveys)
        return None if division.whole.refusal is None else division
    division.whole.aside |= aside
    locate_cover(catalogue, workbook, division.whole)
    for survey in surveys:
        read_survey(catalogue, workbook, survey, division)
    read_plain_sheets(catalogue, workbook, surveys, division)
    if not any(layout.rows or layout.declared for layout in division.shares.values()):
        division.whole.refusal = _refuse(catalogue, surveys, division)
    return division


def _is_suspicious(catalogue: Catalogue, surveys: list[Survey]) -> bool:
    """Whether at least two provinces, or two half-years as sheets, are named anywhere."""
    named = {one.unit.province_id for s in surveys for one in s.named if not one.unit.is_listed}
    named |= {s.title.province_id for s in surveys if s.title is not None}
    return len(named - {catalogue.cluster_id}) >= FEWEST or len({s.title_period for s in surveys} - {""}) >= FEWEST


def _are_several(surveys: list[Survey]) -> bool:
    if any(s.columns or s.grids or s.long_list is not None or s.blocks for s in surveys):
        return True
    plain = [s for s in surveys if s.tables]
    units = {s.unit.province_id for s in plain if s.unit is not None}
    return len(units) >= FEWEST or len({s.period for s in plain} - {""}) >= FEWEST


def _refuse(catalogue: Catalogue, surveys: list[Survey], division: Division) -> Problem:
    """Why nothing of a file of several units can be used."""
    names = {p.province_id: p.name for p in catalogue.provinces}
    told = [one for s in surveys for one in s.named]
    units = ", ".join(dict.fromkeys(names[one.unit.province_id] for one in told))
    why = [*division.whole.problems, *(p for layout in division.shares.values() for p in layout.problems)]
    unclear = next((p for p in why if p.rule_code == "value_column_unclear"), None)
    if unclear is not None and len({one.unit.province_id for one in told}) < FEWEST:
        return unclear
    reasons = [p.expected if p.rule_code == "unit_unknown" else p.detail for p in why if p.rule_code in _REASONS]
    reason = next(iter(reasons), "không có số nào đứng rõ ràng dưới tên đơn vị và tên chỉ tiêu")
    return _tell(told, units, reason, surveys)


def _refuse_strange(catalogue: Catalogue, workbook: Workbook, surveys: list[Survey]) -> Problem | None:
    """The refusal of a file in which units stand with figures in one row or column, but no indicator's name does."""
    names = {p.province_id: p.name for p in catalogue.provinces}
    for survey in surveys:
        cells = workbook.cells[survey.sheet]
        figures = [cell for cell in cells.values() if is_figure(cell)]
        right = {row: max(c.column for c in figures if c.row == row) for row in {c.row for c in figures}}
        below = {column: max(c.row for c in figures if c.column == column) for column in {c.column for c in figures}}
        lines: dict[tuple[str, int], list[NamedCell]] = {}
        for one in survey.named:
            cell = one.cell
            if right.get(cell.row, -1) > cell.column:
                lines.setdefault(("column", cell.column), []).append(one)
            if below.get(cell.column, -1) > cell.row:
                lines.setdefault(("row", cell.row), []).append(one)
        for told in lines.values():
            units = list(dict.fromkeys(names[o.unit.province_id] for o in told if not o.unit.is_listed))
            if len(units) >= FEWEST:
                return _tell(told, ", ".join(units), "không thấy tên chỉ tiêu nào của Cụm cạnh các số đó", surveys)
    return None


def _tell(told: list[NamedCell], units: str, reason: str, surveys: list[Survey]) -> Problem:
    sheet, at = (told[0].cell.sheet, told[0].cell.address) if told else (surveys[0].sheet, cell_address(0, 0))
    return Problem("several_units", "", sheet, at, f"{units}; {reason}" if units else reason, "", reason)
