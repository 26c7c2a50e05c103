"""Figures in words: as they were written, and what a blank one means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.model import Catalogue
from publications.wording import legal_text
from transforms.numbers_vi import format_number
from transforms.observation import Change, Observation, name_place

_STATES = {"blank": "(để trống)", "none_arising": "không phát sinh", "not_yet_available": "chưa có số liệu"}
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def show_observation(catalogue: Catalogue, observation: Observation | None) -> str:
    """A figure in Vietnamese form with its unit where that is short, an unreadable text in quotes, a state in words."""
    if observation is None:
        return "(không có dòng này)"
    if observation.state == "unreadable":
        return f"“{legal_text(observation.raw_text)}” (không đọc được)"
    if observation.value is None:
        return _STATES.get(observation.state, legal_text(observation.raw_text))
    indicator = catalogue.indicators[observation.indicator_code]
    shown = format_number(observation.value)
    shown += "%" if indicator.unit_code == "percent" else ""
    raw = legal_text(observation.raw_text)
    if raw and not _PLAIN_NUMBER.fullmatch(raw) and raw.replace(" ", "") != shown:
        shown = f"{shown} (ghi “{raw}”)"
    return f"{shown}, ước tính" if observation.is_estimated else shown


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One figure that differs between two versions, as it is shown."""

    label: str
    unit: str
    before: str
    after: str
    sheet: str
    cell: str

    @property
    def place(self) -> str:
        """Where the figure stands, in words; blank where it stands nowhere."""
        return f"{self.sheet} · {name_place(self.cell)}" if self.cell else ""


def rows_of_changes(catalogue: Catalogue, changes: Iterable[Change]) -> list[ChangeRow]:
    """The changes in the order of the form, each with where the new figure stands."""
    positions = {code: n for n, code in enumerate(catalogue.indicators)}
    rows = []
    for change in sorted(changes, key=lambda c: positions.get(c.indicator_code, len(positions))):
        indicator = catalogue.indicators[change.indicator_code]
        at = change.after or change.before
        sheet, cell = ("", "") if at is None else (legal_text(at.sheet), legal_text(at.cell))
        before, after = (show_observation(catalogue, o) for o in (change.before, change.after))
        unit = catalogue.unit_of(indicator).name
        rows.append(ChangeRow(f"{indicator.number}. {indicator.label}", unit, before, after, sheet, cell))
    return rows
