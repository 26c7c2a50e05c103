"""What must hold between the catalogue's tables before any of them is used."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from catalogue import model

Row = TypeVar("Row", covariant=True)

PLACEHOLDERS = frozenset(
    (
        "label",
        "observed",
        "expected",
        "detail",
        "sheet",
        "cell",
        "other_label",
        "other_cell",
        "unit",
        "file",
        "parameter",
    )
)
_PERIOD = re.compile(r"\d{4}H[12]")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CatalogueError(Exception):
    """The catalogue does not hold together; the message names the table and the line."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}" if line else f"{file}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Located(Generic[Row]):
    """A row with the place it was read from."""

    row: Row
    file: str
    line: int

    def refuse(self, problem: str) -> CatalogueError:
        return CatalogueError(self.file, self.line, problem)


def _unique(rows: Sequence[Located[Row]], key: Callable[[Row], object]) -> None:
    seen: dict[object, int] = {}
    for located in rows:
        value = key(located.row)
        if value in seen:
            raise located.refuse(f"{value!r} stands already in line {seen[value]}")
        seen[value] = located.line


def _known(located: Located[Row], name: str, value: str, known: Iterable[str], *, optional: bool = False) -> None:
    if not value and optional:
        return
    if value not in known:
        raise located.refuse(f"column {name}: {value!r} is unknown")


def _period(located: Located[Row], name: str, value: str, *, optional: bool = False) -> None:
    if not (optional and not value) and not _PERIOD.fullmatch(value):
        raise located.refuse(f"column {name}: {value!r} is no period such as 2021H1")


def verify(
    *,
    sections: Sequence[Located[model.Section]],
    indicators: Sequence[Located[model.Indicator]],
    units: Sequence[Located[model.Unit]],
    formulas: Sequence[Located[model.Formula]],
    parts: Sequence[Located[model.TotalPart]],
    orderings: Sequence[Located[model.Ordering]],
    rank_fields: Sequence[Located[model.RankField]],
    provinces: Sequence[Located[model.Province]],
    aliases: Sequence[Located[model.ProvinceAlias]],
    label_answers: Sequence[Located[model.LabelAnswer]],
    mergers: Sequence[Located[model.Merger]],
    memberships: Sequence[Located[model.Membership]],
    calendar: Sequence[Located[model.CalendarEntry]],
    tables: Sequence[Located[model.Table]],
    rules: Sequence[Located[model.Rule]],
) -> None:
    """Raises CatalogueError at the first row that contradicts another or names what is not there."""
    _unique(sections, lambda r: r.section_code)
    _unique(units, lambda r: r.unit_code)
    _unique(indicators, lambda r: r.indicator_code)
    _unique(indicators, lambda r: r.label)
    _unique(indicators, lambda r: (r.section_code, r.position))
    _unique(formulas, lambda r: r.indicator_code)
    _unique(parts, lambda r: (r.total_code, r.part_code))
    _unique(calendar, lambda r: r.period_code)
    _unique(tables, lambda r: r.table_code)
    _unique(rules, lambda r: r.rule_code)
    by_code = {located.row.indicator_code: located.row for located in indicators}
    _verify_indicators(
        indicators,
        by_code,
        sections={s.row.section_code for s in sections},
        units={u.row.unit_code for u in units},
        tables={t.row.table_code for t in tables},
        rank_fields={f.row.rank_field for f in rank_fields},
    )
    _verify_arithmetic(formulas, parts, orderings, by_code, {r.row.rule_code for r in rules})
    _verify_provinces(provinces, aliases, mergers, memberships)
    _verify_rules(rules)
    _unique(label_answers, lambda r: (r.label, r.province_id, r.valid_from))
    for answer in label_answers:
        _known(answer, "province_id", answer.row.province_id, {p.row.province_id for p in provinces}, optional=True)
        _known(answer, "indicator_code", answer.row.indicator_code, by_code)
        _period(answer, "valid_from", answer.row.valid_from)
        _period(answer, "valid_to", answer.row.valid_to, optional=True)
    for entry in calendar:
        _period(entry, "period_code", entry.row.period_code)
        row = entry.row
        if not row.starts_on <= row.ends_on <= row.due_on <= row.closes_on <= row.meets_on:
            raise entry.refuse("start, end, due date, closing and meeting are not in this order")
        if not row.starts_on < row.opens_on <= row.due_on:
            raise entry.refuse("collecting must open after the period's start and by its due date")
    by_opening = sorted((entry for entry in calendar), key=lambda entry: entry.row.opens_on)
    for earlier, later in itertools.pairwise(by_opening):
        if later.row.opens_on <= earlier.row.meets_on:
            raise later.refuse(f"collecting opens before the meeting of {earlier.row.period_code}")
    for table in tables:
        _known(table, "layout", table.row.layout, ("provinces", "indicators"))
        _known(table, "sort_by", table.row.sort_by, by_code, optional=table.row.layout == "indicators")
        _known(table, "direction", table.row.direction, ("ascending", "descending"), optional=not table.row.sort_by)


def _verify_indicators(
    indicators: Sequence[Located[model.Indicator]],
    by_code: dict[str, model.Indicator],
    *,
    sections: set[str],
    units: set[str],
    tables: set[str],
    rank_fields: set[str],
) -> None:
    for located in indicators:
        row = located.row
        if not _CODE.fullmatch(row.indicator_code):
            raise located.refuse(f"{row.indicator_code!r} is no indicator code: lower-case letters, digits, _")
        _known(located, "section_code", row.section_code, sections)
        _known(located, "unit_code", row.unit_code, units)
        _known(located, "table_code", row.table_code, tables)
        _known(located, "rank_field", row.rank_field, rank_fields, optional=True)
        _known(located, "aggregation", row.aggregation, ("sum", "rebuild", "none"))
        _known(located, "requirement", row.requirement, ("required", "optional"))
        for name in ("accompanies", "growth_of", "fraction_of"):
            _known(located, name, getattr(row, name), by_code, optional=True)
        if row.low is not None and row.high is not None and row.low > row.high:
            raise located.refuse(f"low {row.low} lies above high {row.high}")
        _period(located, "valid_from", row.valid_from)
        _period(located, "valid_to", row.valid_to, optional=True)


def _verify_arithmetic(
    formulas: Sequence[Located[model.Formula]],
    parts: Sequence[Located[model.TotalPart]],
    orderings: Sequence[Located[model.Ordering]],
    by_code: dict[str, model.Indicator],
    rules: set[str],
) -> None:
    for formula in formulas:
        _known(formula, "indicator_code", formula.row.indicator_code, by_code)
        for name in formula.row.formula.names:
            _known(formula, "formula", name, by_code)
    needs = {f.row.indicator_code: f.row.formula.names for f in formulas}
    for formula in formulas:
        path, ahead = {formula.row.indicator_code}, list(formula.row.formula.names)
        seen: set[str] = set()
        while ahead:
            name = ahead.pop()
            if name in path:
                raise formula.refuse(f"formula of {formula.row.indicator_code!r} comes back to itself")
            if name not in seen:
                seen.add(name)
                ahead.extend(needs.get(name, ()))
    for part in parts:
        _known(part, "total_code", part.row.total_code, by_code)
        _known(part, "part_code", part.row.part_code, by_code)
        if part.row.total_code == part.row.part_code:
            raise part.refuse("a total cannot be its own part")
        if by_code[part.row.total_code].unit_code != by_code[part.row.part_code].unit_code:
            raise part.refuse("total and part are of different units")
        if not 0 <= part.row.max_blank_share <= 1:
            raise part.refuse(f"max_blank_share {part.row.max_blank_share} lies outside 0 to 1")
    for ordering in orderings:
        _known(ordering, "smaller_code", ordering.row.smaller_code, by_code)
        _known(ordering, "larger_code", ordering.row.larger_code, by_code)
        _known(ordering, "rule_code", ordering.row.rule_code, rules)
    rebuilt = {code for code, row in by_code.items() if row.aggregation == "rebuild"}
    without = rebuilt - set(needs)
    if without:
        raise CatalogueError("formulas.csv", 0, f"{sorted(without)} are to be rebuilt but have no formula")


def _verify_provinces(
    provinces: Sequence[Located[model.Province]],
    aliases: Sequence[Located[model.ProvinceAlias]],
    mergers: Sequence[Located[model.Merger]],
    memberships: Sequence[Located[model.Membership]],
) -> None:
    _unique(provinces, lambda r: (r.province_id, r.valid_from))
    ids = {p.row.province_id for p in provinces}
    for province in provinces:
        row = province.row
        if not _SLUG.fullmatch(row.province_id):
            raise province.refuse(f"{row.province_id!r} is no slug")
        _known(province, "kind", row.kind, ("province", "cluster"))
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            raise province.refuse("the version ends before it starts")
    if len({p.row.province_id for p in provinces if p.row.is_cluster}) != 1:
        raise CatalogueError("provinces.csv", 0, "exactly one unit of kind cluster is needed")
    for first in provinces:
        for other in provinces:
            a, b = first.row, other.row
            same = a.province_id == b.province_id or (a.province_code and a.province_code == b.province_code)
            if first is other or not same or b.valid_from < a.valid_from:
                continue
            if a.valid_to is None or b.valid_from < a.valid_to:
                raise other.refuse(f"overlaps the version in line {first.line}")
    for alias in aliases:
        _known(alias, "province_id", alias.row.province_id, ids)
    for merger in mergers:
        _known(merger, "predecessor_id", merger.row.predecessor_id, ids)
        _known(merger, "successor_id", merger.row.successor_id, ids)
    for membership in memberships:
        _known(membership, "province_id", membership.row.province_id, ids)
        _known(membership, "role", membership.row.role, ("member", "chair"))
        _period(membership, "valid_from", membership.row.valid_from)
        _period(membership, "valid_to", membership.row.valid_to, optional=True)


def _verify_rules(rules: Sequence[Located[model.Rule]]) -> None:
    for rule in rules:
        _known(rule, "scope", rule.row.scope, ("file", "folder", "return", "period"))
        _known(rule, "disputes", rule.row.disputes, ("none", "subject", "operands"))
        for text in (rule.row.message, rule.row.advice):
            try:
                names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            except ValueError as error:
                raise rule.refuse(f"message: {error}") from error
            if names - PLACEHOLDERS:
                raise rule.refuse(f"message: unknown placeholders {sorted(names - PLACEHOLDERS)}")
