"""What each sheet of a file of several units holds: its tables and their kind, whose and of when they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.grid_search import Grid, find_grids
from transforms.heading_text import declares_no_data, name_period, name_province, periods_in
from transforms.identification import find_period
from transforms.long_list import LongList, find_long_list
from transforms.observation import Cell
from transforms.sender import texts_around
from transforms.sheets import Workbook
from transforms.table_rows import Table
from transforms.table_search import find_tables
from transforms.text import fold
from transforms.unit_blocks import Block, find_blocks
from transforms.unit_columns import UnitColumns, find_unit_columns, has_period_columns
from transforms.unit_names import NamedCell, UnitName, name_unit, named_cells


@dataclass
class Survey:
    """A sheet: the cells and the title that name units, its tables by kind, and whose and of when it is itself.

    `has_periods` says that its half-years are parted by columns, `is_from_sentence` that no label names its unit;
    `quarrel` is why its own unit or period is unclear.
    """

    sheet: str
    named: list[NamedCell]
    title: UnitName | None
    title_period: str
    tables: list[Table] = field(default_factory=list)
    columns: list[UnitColumns] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    long_list: LongList | None = None
    lines: list[Cell] = field(default_factory=list)
    unit: UnitName | None = None
    unit_cell: Cell | None = None
    period: str = ""
    period_cell: Cell | None = None
    is_labelled: bool = False
    has_periods: bool = False
    is_from_sentence: bool = False
    quarrel: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether its tables are all of one unit."""
        return bool(self.tables) and not (self.columns or self.grids or self.blocks or self.long_list is not None)

    def regions(self) -> list[Table]:
        """Every table of it, of any kind."""
        found = [*self.tables, *(grid.table for grid in self.grids), *(one.table for one in self.columns)]
        return [*found, self.long_list.table] if self.long_list is not None else found


def survey_sheet(catalogue: Catalogue, workbook: Workbook, sheet: str) -> Survey:
    """What names units on a sheet, at a glance."""
    period = find_period(sheet)
    named = named_cells(catalogue, workbook.cells[sheet])
    return Survey(sheet, named, name_unit(catalogue, sheet), period if period in catalogue.calendar and period else "")


def look_closer(catalogue: Catalogue, workbook: Workbook, survey: Survey, *, is_thorough: bool) -> None:
    """Finds the tables of a sheet and their kind."""
    cells, sheet = workbook.cells[survey.sheet], survey.sheet
    survey.long_list = find_long_list(catalogue, cells, sheet, survey.named)
    if survey.long_list is None:
        survey.tables = find_tables(catalogue, cells, sheet)
        survey.columns = find_unit_columns(cells, survey.tables, survey.named)
        taken = {row for one in survey.columns for row in range(one.table.top, one.table.end)}
        named = [one for one in survey.named if one.cell.row not in taken]
        is_single = is_thorough and not survey.tables
        survey.grids = find_grids(catalogue, cells, sheet, named, is_single=is_single)
        inner = {row for grid in survey.grids for row in range(grid.table.header_rows[0], grid.table.end)}
        survey.tables = [table for table in survey.tables if not inner.intersection(range(table.first, table.end))]
        if survey.columns:
            survey.tables = [t for t in survey.tables if not taken.intersection(range(t.first, t.end))]
    survey.lines = list(texts_around(workbook, survey.regions(), [sheet]))
    if survey.tables and not survey.columns and not survey.grids:
        survey.blocks = find_blocks(catalogue, workbook, sheet, survey.tables, survey.named, survey.lines)


def settle_periods(catalogue: Catalogue, workbook: Workbook, surveys: list[Survey]) -> None:
    """The half-year of every sheet: by its lines, its title, the cover before it, the file, or its headers."""
    carried, common = "", set()
    for survey in surveys:
        beside = _beside(workbook, survey)
        named = name_period(catalogue, survey.lines, beside)
        if named.only is not None:
            survey.period, survey.period_cell = named.only
            survey.is_labelled = named.is_labelled
            if survey.title_period and survey.title_period != survey.period:
                survey.quarrel = "tên trang và lời trong trang ghi hai kỳ khác nhau"
        survey.has_periods = len(named.found) > 1
        survey.period = survey.period or survey.title_period
        if not survey.regions():
            carried = survey.period or carried
        elif not survey.period and not survey.has_periods:
            survey.period = carried
        common |= {survey.period} - {""}
    for survey in surveys:
        if survey.period or survey.has_periods or not survey.regions():
            pass
        elif len(common) == 1:
            survey.period = next(iter(common))
        else:
            _settle_by_headers(catalogue, workbook, survey)
        if not survey.period and survey.regions():
            survey.has_periods = True
            cells = workbook.cells[survey.sheet]
            if survey.is_plain and all(has_period_columns(catalogue, cells, table) for table in survey.tables):
                survey.columns = [UnitColumns(table, None) for table in survey.tables]
                survey.tables = []


def _settle_by_headers(catalogue: Catalogue, workbook: Workbook, survey: Survey) -> None:
    cells = workbook.cells[survey.sheet]
    headers = {
        period
        for table in survey.regions()
        for (row, _), cell in cells.items()
        if row in table.header_rows
        for period in periods_in(catalogue, cell.raw)
    }
    survey.period = headers.pop() if len(headers) == 1 else ""


def settle_units(catalogue: Catalogue, workbook: Workbook, surveys: list[Survey]) -> None:
    """The unit of every sheet: by its title, its lines, the cover before it, or the file's one sender."""
    spoken: dict[str, tuple[UnitName, Cell]] = {}
    for survey in surveys:
        found = _name_sender(catalogue, survey, _beside(workbook, survey))
        if found is not None:
            spoken[survey.sheet] = (UnitName(found[0], declares_no_data(found[1].raw)), found[1])
    tabled = [s for s in surveys if s.is_plain]
    everywhere = {spoken[s.sheet][0].province_id if s.sheet in spoken else "" for s in tabled}
    are_titled = len({s.title.province_id for s in tabled if s.title is not None}) > 1
    carried: tuple[UnitName, Cell] | None = None
    for survey in surveys:
        own = spoken.get(survey.sheet)
        if survey.title is not None:
            survey.unit, survey.unit_cell = survey.title, Cell(survey.sheet, 0, 0, "text", survey.sheet)
            if own is not None and own[0].province_id != survey.title.province_id and len(everywhere) > 1:
                survey.quarrel = "tên trang và lời trong trang ghi hai đơn vị khác nhau"
        elif own is not None:
            survey.unit, survey.unit_cell = own
        elif survey.regions() and carried is not None and not are_titled:
            survey.unit, survey.unit_cell = carried
        if not survey.regions() and survey.unit is not None and survey.unit_cell is not None:
            carried = (survey.unit, survey.unit_cell)
    senders = {unit.province_id: (unit, cell) for unit, cell in spoken.values()}
    for survey in surveys:
        if survey.regions() and survey.unit is None and len(senders) == 1 and not are_titled:
            survey.unit, survey.unit_cell = next(iter(senders.values()))


def _name_sender(catalogue: Catalogue, survey: Survey, beside: dict[Cell, Cell]) -> tuple[str, Cell] | None:
    """The unit that the lines of a sheet name; those above its tables first. The form's own heading names nobody."""
    lines = [cell for cell in survey.lines if fold(cell.raw) != fold(catalogue.form.organisation)]
    top = min((min([table.first, *table.header_rows]) for table in survey.regions()), default=0)
    above = name_province(catalogue, [cell for cell in lines if cell.row < top], beside)
    named = above if above.found else name_province(catalogue, lines, beside)
    survey.is_from_sentence = not named.is_labelled
    return named.only


def _beside(workbook: Workbook, survey: Survey) -> dict[Cell, Cell]:
    cells = workbook.cells[survey.sheet]
    return {c: cells[c.row, c.column + 1] for c in survey.lines if (c.row, c.column + 1) in cells}
