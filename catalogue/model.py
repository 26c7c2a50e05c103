"""The catalogue's rows as frozen values: what is asked, of whom, when, and what must hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from catalogue.arithmetic import Expression
from catalogue.diagnosis import Grouping, Slip
from catalogue.form import Form
from catalogue.phrases import Phrase
from catalogue.report import ReportPlan
from catalogue.tiles import Tile

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Section:
    section_code: str
    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure; `factor` is its size in the base unit named by `quantity`."""

    unit_code: str
    name: str
    quantity: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class UnitAlias:
    alias: str
    quantity: str


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A Vietnamese number word that multiplies: nghìn, triệu, tỷ."""

    word: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase that may stand in a cell and what it means to the reader."""

    kind: str
    phrase: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure that is asked. Bounds are in the indicator's own unit; periods are codes such as 2021H1."""

    indicator_code: str
    section_code: str
    position: int
    label: str
    heading: str
    unit_code: str
    time_kind: str
    aggregation: str
    decimals: int
    is_whole: bool
    low: Decimal | None
    high: Decimal | None
    rank_field: str
    requirement: str
    is_announced: bool
    accompanies: str
    growth_of: str
    fraction_of: str
    table_code: str
    aliases: tuple[str, ...]
    footnote: str
    valid_from: str
    valid_to: str

    @property
    def is_required(self) -> bool:
        """Whether a province that leaves it blank is asked for it."""
        return self.requirement == "required"

    @property
    def is_growth(self) -> bool:
        return self.time_kind == "growth"

    @property
    def number(self) -> str:
        """The number printed beside it on the form, such as A1."""
        return f"{self.section_code}{self.position}"

    def is_valid_in(self, period_code: str) -> bool:
        return is_valid(self.valid_from, self.valid_to, period_code)


@dataclass(frozen=True, slots=True)
class Formula:
    """How an indicator follows from others, rounded half up to `decimals` places where it is derived."""

    indicator_code: str
    formula: Expression
    decimals: int


@dataclass(frozen=True, slots=True)
class TotalPart:
    """One part of a total. Parts left blank may account for at most `max_blank_share` of the total."""

    total_code: str
    part_code: str
    max_blank_share: Decimal


@dataclass(frozen=True, slots=True)
class Ordering:
    smaller_code: str
    larger_code: str
    rule_code: str


@dataclass(frozen=True, slots=True)
class RankField:
    """How many provinces a ranking holds, by the period of the return that reports it."""

    rank_field: str
    valid_from: str
    valid_to: str
    size: int
    is_assumed: bool
    source: str


@dataclass(frozen=True, slots=True)
class Province:
    """One version of a reporting unit; validity is the half-open interval [valid_from, valid_to)."""

    province_id: str
    province_code: str
    name: str
    full_name: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None

    @property
    def is_cluster(self) -> bool:
        return self.kind == "cluster"


@dataclass(frozen=True, slots=True)
class ProvinceAlias:
    alias: str
    province_id: str


@dataclass(frozen=True, slots=True)
class LabelAnswer:
    """What the office decided a label means where it is no name of the catalogue; a blank province is all of them."""

    label: str
    province_id: str
    indicator_code: str
    valid_from: str
    valid_to: str
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Merger:
    predecessor_id: str
    successor_id: str
    merged_on: dt.date


@dataclass(frozen=True, slots=True)
class Membership:
    province_id: str
    role: str
    valid_from: str
    valid_to: str
    is_assumed: bool
    source: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One half-year: its two data windows, when collecting opens, the due date, when it is closed, the meeting.

    Returns are collected from `opens_on` to `meets_on`; from `closes_on` the office is asked to approve the tables.
    """

    period_code: str
    starts_on: dt.date
    ends_on: dt.date
    admin_starts_on: dt.date
    admin_ends_on: dt.date
    opens_on: dt.date
    due_on: dt.date
    closes_on: dt.date
    meets_on: dt.date
    is_assumed: bool

    @property
    def name(self) -> str:
        """The half-year in the office's words, such as "6 tháng đầu năm 2021"."""
        half = "đầu" if self.period_code.endswith("H1") else "cuối"
        return f"6 tháng {half} năm {self.period_code[:4]}"


@dataclass(frozen=True, slots=True)
class Table:
    """One consolidated table; `layout` says whether its rows are provinces or indicators."""

    table_code: str
    position: int
    title: str
    layout: str
    sort_by: str
    direction: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: what it is called, how grave it is, what it says. `parameter` is its bound or factor."""

    rule_code: str
    family: str
    severity: Severity
    scope: str
    disputes: str
    title: str
    parameter: Decimal | None
    message: str
    advice: str
    valid_from: str
    valid_to: str


def is_valid(valid_from: str, valid_to: str, period_code: str) -> bool:
    """Whether a period lies in the closed interval of period codes; a blank end is open."""
    return valid_from <= period_code and (not valid_to or period_code <= valid_to)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything that is asked, verified as a whole; `content_hash` changes with any byte of its tables."""

    sections: tuple[Section, ...]
    units: dict[str, Unit]
    unit_aliases: tuple[UnitAlias, ...]
    magnitudes: tuple[Magnitude, ...]
    words: tuple[Word, ...]
    indicators: dict[str, Indicator]
    formulas: dict[str, Formula]
    totals: dict[str, tuple[TotalPart, ...]]
    orderings: tuple[Ordering, ...]
    rank_fields: tuple[RankField, ...]
    provinces: tuple[Province, ...]
    province_aliases: tuple[ProvinceAlias, ...]
    label_answers: tuple[LabelAnswer, ...]
    phrases: tuple[Phrase, ...]
    mergers: tuple[Merger, ...]
    memberships: tuple[Membership, ...]
    calendar: dict[str, CalendarEntry]
    tables: tuple[Table, ...]
    rules: dict[str, Rule]
    slips: dict[str, Slip]
    groupings: dict[str, Grouping]
    tiles: tuple[Tile, ...]
    form: Form
    report: ReportPlan | None
    content_hash: str

    def indicators_of(self, period_code: str) -> tuple[Indicator, ...]:
        """The indicators asked in a period, in the order of the table."""
        known = self._period_cache.get(period_code)
        if known is None:
            known = tuple(i for i in self.indicators.values() if i.is_valid_in(period_code))
            self._period_cache[period_code] = known
        return known

    @cached_property
    def _period_cache(self) -> dict[str, tuple[Indicator, ...]]:
        return {}

    def unit_of(self, indicator: Indicator) -> Unit:
        return self.units[indicator.unit_code]

    def rank_size(self, indicator: Indicator, period_code: str) -> int | None:
        """How many provinces stand in the ranking that a period's return quotes; None for no ranking."""
        for field in self.rank_fields:
            if field.rank_field == indicator.rank_field and is_valid(field.valid_from, field.valid_to, period_code):
                return field.size
        return None

    def bounds_of(self, indicator: Indicator, period_code: str) -> tuple[Decimal | None, Decimal | None]:
        """The lowest and highest figure that an indicator may take in a period; None is open."""
        size = self.rank_size(indicator, period_code) if indicator.rank_field else None
        return indicator.low, indicator.high if size is None else Decimal(size)

    def province_on(self, province_id: str, day: dt.date) -> Province | None:
        """The version of a reporting unit that is valid on a day."""
        for province in self._versions.get(province_id, ()):
            if province.valid_from <= day and (province.valid_to is None or day < province.valid_to):
                return province
        return None

    @cached_property
    def _versions(self) -> dict[str, list[Province]]:
        versions: dict[str, list[Province]] = {}
        for province in self.provinces:
            versions.setdefault(province.province_id, []).append(province)
        return versions

    def province_in(self, province_id: str, period_code: str) -> Province | None:
        """The version of a reporting unit at the end of a period."""
        entry = self.calendar.get(period_code)
        return None if entry is None else self.province_on(province_id, entry.ends_on)

    @cached_property
    def cluster_id(self) -> str:
        """The identifier of the unit that stands for the whole cluster."""
        return next(p.province_id for p in self.provinces if p.is_cluster)

    def members_of(self, period_code: str) -> tuple[Province, ...]:
        """The provinces that owe a return for a period, in the order of the membership table."""
        known = self._members_cache.get(period_code)
        if known is None:
            known = self._members_cache[period_code] = self._find_members(period_code)
        return known

    @cached_property
    def _members_cache(self) -> dict[str, tuple[Province, ...]]:
        return {}

    def _find_members(self, period_code: str) -> tuple[Province, ...]:
        found = (
            self.province_in(m.province_id, period_code)
            for m in self.memberships
            if m.role == "member" and is_valid(m.valid_from, m.valid_to, period_code)
        )
        return tuple(p for p in found if p is not None)

    def chair_of(self, period_code: str) -> Province | None:
        for m in self.memberships:
            if m.role == "chair" and is_valid(m.valid_from, m.valid_to, period_code):
                return self.province_in(m.province_id, period_code)
        return None

    def rule_in(self, rule_code: str, period_code: str) -> Rule | None:
        """A rule if it is in force in a period."""
        rule = self.rules.get(rule_code)
        return rule if rule is not None and is_valid(rule.valid_from, rule.valid_to, period_code) else None
