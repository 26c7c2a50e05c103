"""Where everything stands on the form: the same placement serves the writer and the reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from catalogue.form import Form
from catalogue.model import Catalogue, Indicator
from transforms.observation import cell_address

COVER_FIRST_ROW = 4
COVER_LABEL_COLUMN = 1
COVER_VALUE_COLUMN = 2
HEADER_ROW = 4
FIRST_ROW = 6  # the row between holds the column numbers


@dataclass(frozen=True, slots=True)
class Slot:
    """One input cell: the field of an indicator, or a field of the cover. Row and column count from zero."""

    name: str
    sheet: str
    row: int
    column: int
    field: str
    indicator_code: str

    @property
    def address(self) -> str:
        return cell_address(self.row, self.column)


def section_sheet(section_code: str, name: str) -> str:
    """The name of a section's sheet; within the 31 characters that a workbook allows."""
    return f"{section_code}. {name}"[:31]


def field_column(form: Form, field: str) -> int:
    """The zero-based column of a field of the form."""
    return next(n for n, f in enumerate(form.fields) if f.name == field)


def indicators_by_section(catalogue: Catalogue, period_code: str) -> dict[str, list[Indicator]]:
    """The indicators of a period under the code of their section, in the order of the form."""
    found: dict[str, list[Indicator]] = {s.section_code: [] for s in catalogue.sections}
    for indicator in catalogue.indicators_of(period_code):
        found[indicator.section_code].append(indicator)
    return {code: sorted(rows, key=lambda i: i.position) for code, rows in found.items() if rows}


@lru_cache(maxsize=4)
def form_sheets(catalogue: Catalogue) -> frozenset[str]:
    """The names of all sheets that the form has in any period."""
    sections = (section_sheet(s.section_code, s.name) for s in catalogue.sections)
    return frozenset((catalogue.form.cover_sheet, catalogue.form.instructions_sheet, *sections))


@lru_cache(maxsize=64)
def place(catalogue: Catalogue, period_code: str) -> tuple[Slot, ...]:
    """Every input cell of the form of a period, with its workbook-scoped name."""
    form = catalogue.form
    slots = [
        Slot(cover.name, form.cover_sheet, COVER_FIRST_ROW + n, COVER_VALUE_COLUMN, cover.name, "")
        for n, cover in enumerate(form.cover)
    ]
    names = {s.section_code: s.name for s in catalogue.sections}
    inputs = [(column, field) for column, field in enumerate(form.fields) if field.prefix]
    for section_code, indicators in indicators_by_section(catalogue, period_code).items():
        sheet = section_sheet(section_code, names[section_code])
        for offset, indicator in enumerate(indicators):
            for column, field in inputs:
                if field.name == "basis" and not indicator.is_growth:
                    continue
                name = f"{field.prefix}{indicator.indicator_code}"
                slots.append(Slot(name, sheet, FIRST_ROW + offset, column, field.name, indicator.indicator_code))
    return tuple(slots)
