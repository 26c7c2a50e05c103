"""A workbook in the making: its sheets, its named input cells, and what is to stand in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import xlsxwriter

from catalogue.model import CalendarEntry, Catalogue, Indicator, Province
from transforms.placement import Slot, place
from transforms.template.checks import reference
from transforms.template.styles import FormStyles, FormWorksheet

FormValue = Decimal | int | str | dt.date


class FormBook:
    """The workbook of one period's form; raises ValueError for a period or a name that the form does not have."""

    def __init__(
        self, catalogue: Catalogue, period_code: str, target: Any, values: Mapping[str, FormValue], *, is_cluster: bool
    ) -> None:
        entry = catalogue.calendar.get(period_code)
        if entry is None:
            raise ValueError(f"no period {period_code} in the calendar")
        self.catalogue = catalogue
        self.period_code = period_code
        self.entry: CalendarEntry = entry
        self.slots: dict[str, Slot] = {slot.name: slot for slot in place(catalogue, period_code)}
        unknown = sorted(set(values) - set(self.slots))
        if unknown:
            raise ValueError(f"no such cell on the form of {period_code}: {', '.join(unknown)}")
        self._values = values
        self._is_cluster = is_cluster
        self.workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
        self.workbook.worksheet_class = FormWorksheet
        self.styles = FormStyles(self.workbook)

    @property
    def units(self) -> tuple[Province, ...]:
        """Who reports in the period: the members, then the whole cluster."""
        cluster = self.catalogue.province_in(self.catalogue.cluster_id, self.period_code)
        return (*self.catalogue.members_of(self.period_code), *((cluster,) if cluster is not None else ()))

    @property
    def wanted_word(self) -> str:
        """What is said of the figures that must not be left out: a unit's required ones, the cluster's announced."""
        return "Cụm công bố" if self._is_cluster else "bắt buộc"

    def is_wanted(self, indicator: Indicator) -> bool:
        """Whether a figure must not be left out of this copy of the form."""
        return indicator.is_announced if self._is_cluster else indicator.is_required

    @property
    def footer(self) -> str:
        """What stands at the foot of every page."""
        return f"Mẫu biểu thi đua, phiên bản {self.catalogue.form.version} · kỳ {self.period_code}"

    def add_sheet(self, name: str) -> Any:
        return self.workbook.add_worksheet(name)

    def text(self, name: str) -> str:
        """What is to stand in a cell as text; empty where nothing is."""
        return str(self._values.get(name, ""))

    def fill(self, sheet: Any, slot: Slot, cell_format: Any) -> None:
        """Writes an input cell: its value where there is one, its format and its workbook-scoped name."""
        value = self._values.get(slot.name)
        place_at = (slot.row, slot.column)
        if value is None or value == "":
            sheet.write_blank(*place_at, None, cell_format)
        elif isinstance(value, str):
            sheet.write_string(*place_at, value, cell_format)
        elif isinstance(value, dt.date):
            sheet.write_datetime(*place_at, value, cell_format)
        else:
            sheet.write_number(*place_at, value, cell_format)
        self.workbook.define_name(slot.name, f"={reference(slot, '')}")

    def close(self) -> None:
        """Writes the file; equal content gives equal bytes, so the stamp is the period's and not the clock's."""
        self.workbook.set_properties(
            {
                "title": f"{self.catalogue.form.title.capitalize()} {self.entry.name}",
                "author": self.catalogue.form.organisation,
                "company": self.catalogue.form.organisation,
                "comments": f"Phiên bản mẫu biểu {self.catalogue.form.version}",
                "created": dt.datetime.combine(self.entry.starts_on, dt.time()),
            }
        )
        self.workbook.close()
