"""A file divided among the units and half-years whose figures it holds: one layout for each, and what is the file's."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.layout import Layout
from transforms.observation import Cell, Problem
from transforms.unit_names import UnitName

Key = tuple[str, str]  # province_id and period_code


@dataclass
class Division:
    """The layouts of the units, in the order of the file, and `whole`: claims and problems of the file as such."""

    shares: dict[Key, Layout] = field(default_factory=dict)
    whole: Layout = field(default_factory=lambda: Layout(is_free=True))

    def share(self, province_id: str, period_code: str, name: Cell | None = None) -> Layout:
        """The layout of a unit's half-year; `name` is the cell that names the unit."""
        layout = self.shares.setdefault((province_id, period_code), Layout(is_free=True))
        if name is not None:
            layout.cover.setdefault("m_province", name)
        return layout

    def declare(self, province_id: str, period_code: str, name: Cell) -> None:
        """Keeps that a unit says of itself that it has no figures yet."""
        self.share(province_id, period_code, name).declared = name

    def add(self, key: Key, layout: Layout) -> None:
        """Adds what was read of a unit elsewhere in the file."""
        share = self.share(*key)
        for code, rows in layout.rows.items():
            share.rows.setdefault(code, []).extend(rows)
        share.problems.extend(layout.problems)
        share.cover.update({name: cell for name, cell in layout.cover.items() if name not in share.cover})
        share.is_free = share.is_free and layout.is_free
        share.claimed |= layout.claimed
        share.cover_sheets |= layout.cover_sheets
        share.aside |= layout.aside
        share.unread |= layout.unread
        for sheet, row in layout.sheets.items():
            share.sheets[sheet] = min(row, share.sheets.get(sheet, row))

    def leave(self, cell: Cell, reason: str, count: int = 0) -> None:
        """Tells a name whose figures are not taken; `count` is how many cells they are."""
        told = f"{count} ô số liệu" if count else "số liệu"
        self.whole.problems.append(Problem("unit_unknown", "", cell.sheet, cell.address, cell.raw, reason, told))

    def merged(self) -> Layout:
        """All layouts as one, for the accounting of the whole file."""
        found = Division()
        for layout in (self.whole, *self.shares.values()):
            found.add(("", ""), layout)
        return found.shares["", ""]


def why_not_taken(catalogue: Catalogue, unit: UnitName | None, period_code: str) -> str:
    """Why the figures under a name are not taken for a period; empty where they are."""
    if not period_code:
        return "không rõ kỳ báo cáo"
    if unit is None:
        return "không phải tên một đơn vị của Cụm"
    if not unit.is_of(catalogue, period_code):
        return "không phải số liệu của kỳ báo cáo"
    units = {p.province_id for p in catalogue.members_of(period_code)} | {catalogue.cluster_id}
    return "" if unit.province_id in units else f"không phải đơn vị của Cụm trong kỳ {period_code}"
