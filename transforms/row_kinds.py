"""Which of several rows for one thing holds the period's figures: rows are judged by the words that columns are."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.model import Catalogue
from transforms.observation import Cell, Problem, cell_address
from transforms.sheets import is_figure
from transforms.table_header import Cells, Column, classify

_NOT_THE_FIGURES = ("plan", "previous", "comparison", "year")


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """The row of figures, or None; the texts of the rows set aside, or of the rivals where none is chosen."""

    row: int | None
    aside: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    is_estimated: bool = False


def choose_row(catalogue: Catalogue, texts: Mapping[int, Sequence[str]], period: str) -> ChosenRow:
    """The row of the period's figures among rows by their own texts; a row without text is one that it could be."""
    known = {
        row: classify(catalogue, list(parts), period) if parts else Column("", "", 1) for row, parts in texts.items()
    }
    if len(known) == 1:
        able = {row: column for row, column in known.items() if column.kind not in _NOT_THE_FIGURES}
    else:
        able = {row: column for row, column in known.items() if column.kind in ("", "value")}
    best = [row for row, column in able.items() if column.strength == max(c.strength for c in able.values())]
    if len(best) > 1:
        return ChosenRow(None, rivals=tuple(known[row].text or f"dòng {row + 1}" for row in best))
    chosen = best[0] if best else None
    aside = tuple(column.text for row, column in known.items() if row != chosen)
    return ChosenRow(chosen, aside, is_estimated=chosen is not None and known[chosen].is_estimated)


def rows_below_labels(
    cells: Cells, span: tuple[int, int], labelled: Mapping[int, Cell], value: int, silent: Container[int | None]
) -> dict[int, dict[int, list[str]]]:
    """For each label over several rows (merged, or said again) these rows with their texts left of the figures.

    A row without a label belongs to the one right above it if it has a figure and a text of its own.
    """
    found: dict[int, dict[int, list[str]]] = {}
    last, group = -2, -1
    for row in sorted({row for row, _ in cells if row >= min(labelled, default=0)}):
        held = [cells[row, c] for c in range(span[0], value) if c not in silent and (row, c) in cells]
        texts = [c.raw for c in held if c.kind == "text" and not is_figure(c)]
        label = labelled.get(row)
        is_same = group >= 0 and row == last + 1 and bool(texts) and (row, value) in cells
        if label is None and not is_same:
            group = -1
            continue
        if label is not None and not (is_same and label.raw == labelled[group].raw):
            group = row
        found.setdefault(group, {})[row] = texts
        last = row
    return {row: rows for row, rows in found.items() if len(rows) > 1}


def tell_rows_aside(sheet: str, row: int, column: int, texts: Iterable[str]) -> Problem:
    """Rows of plans and of other periods are told together, as such columns are."""
    told = ", ".join(f"dòng “{text}”" for text in dict.fromkeys(texts))
    return Problem("columns_not_used", "", sheet, cell_address(row, column), told)


def tell_rival_rows(sheet: str, row: int, column: int, rivals: Sequence[str]) -> Problem:
    """Rows any of which could hold the figures; none of them is taken."""
    told = ", ".join(f"“{text}”" for text in dict.fromkeys(rivals))
    detail = f"{len(rivals)} dòng có thể chứa số liệu ({told})"
    return Problem("value_column_unclear", "", sheet, cell_address(row, column), told, "", detail)
