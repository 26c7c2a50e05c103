"""The figures of a layout: every row read, disagreements told, hidden errors seen, what is lacking named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from catalogue.model import Catalogue
from transforms.fields import read_row, show_cell
from transforms.figures import evident_style
from transforms.layout import NOT_READ, IndicatorRow, Layout
from transforms.lexicon import lexicon_of
from transforms.merging import merge_contributions
from transforms.numerals import Style
from transforms.observation import Cell, Observation, Problem
from transforms.previous_figures import join_previous
from transforms.workbook import Workbook, look_again, parse_address

_NONE: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
_SHOWN = 6


def gather_figures(
    catalogue: Catalogue, workbook: Workbook, layout: Layout, period_code: str, style: Style | None
) -> tuple[tuple[Observation, ...], list[Problem]]:
    """One observation per indicator of the period, and what was met on the way.

    What a return that declares to have no figures yet leaves blank is not yet available, in the words of its name cell.
    """
    finality = layout.cover.get("m_finality")
    all_estimated = finality is not None and lexicon_of(catalogue).finality.get(finality.raw.casefold()) == "estimate"
    contributions, problems = [], []
    asked = {i.indicator_code for i in catalogue.indicators_of(period_code)}
    for code, rows in layout.rows.items():
        indicator = catalogue.indicators[code]
        for row in rows:
            cells = workbook.cells[row.sheet]
            if code not in asked:
                problems.extend(_report_unasked(row, cells, indicator.label))
                continue
            found, troubles = read_row(
                catalogue, indicator, row, cells, period_code, style, all_estimated=all_estimated
            )
            problems.extend(troubles)
            if "previous" in row.columns:
                found, troubles = join_previous(catalogue, indicator, row, cells, period_code, style, found)
                problems.extend(troubles)
            contributions.extend(found)
    observations, conflicts = merge_contributions(catalogue, period_code, contributions, layout)
    if layout.declared is not None:
        observations = tuple(_not_yet(o, layout.declared) for o in observations)
    return observations, [*problems, *conflicts, *_tell_hidden(workbook, observations)]


def _tell_hidden(workbook: Workbook, observations: Iterable[Observation]) -> list[Problem]:
    """What counts although whoever opens the file does not see it, once for each sheet."""
    found: dict[str, list[str]] = {}
    for observation in observations:
        rows, columns = workbook.hidden_lines.get(observation.sheet, _NONE)
        if not (rows or columns) or observation.value is None:
            continue
        row, column = parse_address(observation.cell)
        if (row in rows or column in columns) and observation.cell not in found.setdefault(observation.sheet, []):
            found[observation.sheet].append(observation.cell)
    return [
        Problem("hidden_figures_counted", "", sheet, cells[0], f"{len(cells)} ô", "", _list_cells(cells))
        for sheet, cells in found.items()
        if cells
    ]


def _list_cells(cells: list[str]) -> str:
    return ", ".join(cells[:_SHOWN]) + (", …" if len(cells) > _SHOWN else "")


def _not_yet(observation: Observation, declared: Cell) -> Observation:
    if observation.state != "blank":
        return observation
    place, text = (declared.sheet, declared.address), declared.raw
    return replace(observation, state="not_yet_available", raw_text=text, sheet=place[0], cell=place[1])


def _report_unasked(row: IndicatorRow, cells: dict[tuple[int, int], Cell], label: str) -> list[Problem]:
    value = cells.get((row.row, row.columns["value"]))
    if value is None:
        return []
    return [Problem("label_unknown", "", row.sheet, row.address("label"), label, "", show_cell(value))]


def style_of(workbook: Workbook, layouts: Iterable[Layout]) -> Style | None:
    """What the figures of some layouts prove together of their writer's dots and commas."""
    styles = set()
    for rows in (rows for layout in layouts for rows in layout.rows.values()):
        for row in rows:
            cell = workbook.cells[row.sheet].get((row.row, row.columns.get("value", -1)))
            if cell is not None and cell.kind == "text":
                styles.add(evident_style(cell.raw))
    styles.discard(None)
    return workbook.style if not styles else styles.pop() if len(styles) == 1 else None


def see_doubtful(data: bytes, workbook: Workbook, layout: Layout) -> Workbook:
    """The workbook with error values and uncached formulas made visible, where they are not the form's own."""
    located = [row for rows in layout.rows.values() for row in rows]
    own = {(row.sheet, row.address(name)) for row in located for name in NOT_READ if name in row.columns}
    left = {row.sheet: min(row.columns.values()) for row in located}
    hidden: set[tuple[str, str]] = set()
    for sheet, addresses in workbook.doubtful.items():
        if sheet in layout.aside or sheet not in workbook.cells:
            continue
        for address in addresses:
            row, column = parse_address(address)
            is_heading = row < layout.sheets.get(sheet, 0) and column == left.get(sheet)
            if (row, column) in workbook.cells[sheet] or (sheet, address) in own:
                continue
            if not is_heading or address in workbook.errors.get(sheet, ()):
                hidden.add((sheet, address))
    if hidden:
        for (sheet, _), cell in look_again(data, hidden).items():
            workbook.cells[sheet][cell.row, cell.column] = cell
    return workbook
