"""The kinds of error that are planted, each a single mistake in one clean return."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from benchmarks.clean_returns import BEFORE, CATALOGUE, PERIOD, PROVINCES, Season
from transforms.placement import indicators_by_section, place
from transforms.slips import slip
from transforms.template import FormValue

SLOTS = {slot.name: slot for slot in place(CATALOGUE, PERIOD)}
SECTIONS = {code: [i.indicator_code for i in rows] for code, rows in indicators_by_section(CATALOGUE, PERIOD).items()}
Edit = Callable[[Any], None]


@dataclass(frozen=True)
class Plan:
    """One error: cells of the form written otherwise, or the workbook edited.

    `written` are the figures that differ (none: the error is not one of figures, and can always be known), `places`
    where the error stands, `truth` the true figures; only a slip (`is_slip`) is expected to be put right.
    """

    cells: Mapping[str, FormValue] = field(default_factory=dict)
    written: Mapping[str, Decimal] = field(default_factory=dict)
    places: tuple[tuple[str, str], ...] = ()
    truth: Mapping[str, Decimal] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    says: str = ""
    is_slip: bool = False

    @property
    def is_exchange(self) -> bool:
        """Whether two figures stand in each other's place."""
        true = list(self.truth.items())
        return len(true) == 2 and [self.written.get(code) for code, _ in true] == [v for _, v in reversed(true)]


Kind = Callable[[random.Random, Season, str], "Plan | None"]


def at(code: str, field: str = "f_") -> tuple[str, str]:
    """The sheet and address of an indicator's cell."""
    slot = SLOTS[f"{field}{code}"]
    return slot.sheet, slot.address


def _codes(wanted: Callable[[Any], bool] = lambda i: True) -> list[str]:
    return [i.indicator_code for i in CATALOGUE.indicators_of(PERIOD) if wanted(i)]


SUMMED = _codes(lambda i: i.aggregation == "sum")
COUNTS = _codes(lambda i: i.is_whole and i.aggregation == "sum")
PERCENTS = _codes(lambda i: i.unit_code == "percent" and not i.is_growth)
GROWTHS = _codes(lambda i: i.is_growth)
RANKS = _codes(lambda i: i.unit_code == "rank")
WORDS = ("nhiều", "như trên", "xem phụ lục", "12 và 13")
REQUIRED = _codes(lambda i: i.is_required)
UNDERIVED = [c for c in REQUIRED if c not in CATALOGUE.formulas and c not in CATALOGUE.totals]  # the rest is computed


def figures(changed: Mapping[str, Decimal], season: Season, unit: str, *, is_slip: bool = True) -> Plan:
    """The plan that writes these figures for the true ones; a slip can be undone."""
    truth = {code: season.figures[unit][code] for code in changed}
    cells = {f"f_{code}": value for code, value in changed.items()}
    return Plan(cells, dict(changed), tuple(at(code) for code in changed), truth, is_slip=is_slip)


def slipped(slip_code: str, codes: list[str]) -> Kind:
    """One slip of one figure among these."""

    def plant(chance: random.Random, season: Season, unit: str) -> Plan | None:
        code = chance.choice(codes)
        ways = slip(slip_code, season.figures[unit][code], CATALOGUE.indicators[code])
        return figures({code: chance.choice(ways)}, season, unit) if ways else None

    return plant


def swapped(chance: random.Random, season: Season, unit: str) -> Plan | None:
    rows = chance.choice([rows for rows in SECTIONS.values() if len(rows) > 1])
    n = chance.randrange(len(rows) - 1)
    return _exchange(rows[n], rows[n + 1], season, unit)


def turned(chance: random.Random, season: Season, unit: str) -> Plan | None:
    codes = [c for c in SLOTS_OF_PARTS if season.figures[unit][c] != season.figures[unit][SLOTS_OF_PARTS[c]]]
    code = chance.choice(codes)
    return _exchange(code, SLOTS_OF_PARTS[code], season, unit)


SLOTS_OF_PARTS = {i.indicator_code: i.fraction_of for i in CATALOGUE.indicators_of(PERIOD) if i.fraction_of}


def _exchange(one: str, other: str, season: Season, unit: str) -> Plan | None:
    own = season.figures[unit]
    return None if own[one] == own[other] else figures({one: own[other], other: own[one]}, season, unit)


def shifted_row(chance: random.Random, season: Season, unit: str) -> Plan | None:
    rows = SECTIONS[chance.choice([code for code, rows in SECTIONS.items() if len(rows) > 4])]
    first = chance.randrange(len(rows) - 3)
    own, run = season.figures[unit], rows[first:]
    cells: dict[str, FormValue] = {f"f_{run[0]}": ""}
    cells |= {f"f_{below}": own[above] for above, below in itertools.pairwise(run)}
    sheet, address = at(run[-1])
    fallen = f"{address[0]}{int(address[1:]) + 1}"
    truth = {run[0]: own[run[0]]}
    return Plan(cells, {}, tuple(at(code) for code in run), truth, (_put(sheet, fallen, own[run[-1]]),), is_slip=True)


def shifted_column(chance: random.Random, season: Season, unit: str) -> Plan | None:
    rows = chance.choice([rows for rows in SECTIONS.values() if len(rows) > 2])
    first = chance.randrange(len(rows) - 2)
    run = rows[first : first + chance.randint(2, 4)]
    cells: dict[str, FormValue] = {f"f_{code}": "" for code in run}
    edits = tuple(_put(*at(code, "e_"), season.figures[unit][code]) for code in run)
    return Plan(cells, {}, tuple(at(code) for code in run), {run[0]: season.figures[unit][run[0]]}, edits, is_slip=True)


def stale_cell(chance: random.Random, season: Season, unit: str) -> Plan | None:
    code = chance.choice([c for c in SUMMED if CATALOGUE.indicators[c].time_kind == "flow"])
    return figures({code: season.past[chance.choice(BEFORE), unit, code]}, season, unit, is_slip=False)


def stale_return(chance: random.Random, season: Season, unit: str) -> Plan | None:
    period = chance.choice(BEFORE)
    ranked = _codes(lambda i: bool(i.rank_field))
    changed = {code: season.past[period, unit, code] for code in season.figures[unit] if code not in ranked}
    flow = [code for code in changed if CATALOGUE.indicators[code].time_kind == "flow"]
    long = [code for code in flow if len(changed[code].normalize().as_tuple().digits) > 3]
    told = tuple(at(code) for code in long if not _is_vouched(season, unit, code, period))
    return Plan({f"f_{code}": value for code, value in changed.items()}, places=told)


def _is_vouched(season: Season, unit: str, code: str, period: str) -> bool:
    """Whether the growth that is repeated with a figure of the half-year before happens to fit it."""
    base = season.past[BEFORE[0], unit, code]
    growths = [i.indicator_code for i in CATALOGUE.indicators_of(PERIOD) if i.growth_of == code]
    computed = (season.past[period, unit, code] / base - 1) * 100 if base else None
    fitting = (computed is not None and abs(season.past[period, unit, g] - computed) <= 1 for g in growths)
    return period != BEFORE[0] and any(fitting)


def changed_at_random(codes: list[str]) -> Kind:
    """A figure becomes another one near it, by no slip in particular."""

    def plant(chance: random.Random, season: Season, unit: str) -> Plan | None:
        code = chance.choice(codes)
        value = season.figures[unit][code]
        step = Decimal(chance.randint(2, 9)) if CATALOGUE.indicators[code].is_whole else Decimal("1.37")
        return figures({code: value + chance.choice([-1, 1] if value > 9 else [1]) * step}, season, unit, is_slip=False)

    return plant


def percent_over(chance: random.Random, season: Season, unit: str) -> Plan | None:
    return figures({chance.choice(PERCENTS): Decimal(chance.randint(101, 180))}, season, unit, is_slip=False)


def larger_part(chance: random.Random, season: Season, unit: str) -> Plan | None:
    order = chance.choice(CATALOGUE.orderings)
    larger = season.figures[unit][order.larger_code] + chance.randint(1, 9)
    return figures({order.smaller_code: larger}, season, unit, is_slip=False)


def decimal_in_count(chance: random.Random, season: Season, unit: str) -> Plan | None:
    code = chance.choice(COUNTS)
    return figures({code: season.figures[unit][code] + Decimal("0.5")}, season, unit, is_slip=False)


def duplicate_row(chance: random.Random, season: Season, unit: str) -> Plan | None:
    code = chance.choice(SUMMED)
    sheet, address = at(code)
    last = max(int(at(c)[1][1:]) for rows in SECTIONS.values() for c in rows if at(c)[0] == sheet)
    value = season.figures[unit][code] + 1
    edits = (_put(sheet, f"B{last + 1}", CATALOGUE.indicators[code].label), _put(sheet, f"D{last + 1}", value))
    return Plan(places=((sheet, address),), edits=edits)


def rank_out(chance: random.Random, season: Season, unit: str) -> Plan | None:
    return figures({chance.choice(RANKS): Decimal(chance.choice([0, 64, 70, 99]))}, season, unit, is_slip=False)


def rank_twice(chance: random.Random, season: Season, unit: str) -> Plan | None:
    code, other = chance.choice(RANKS), chance.choice([p for p in PROVINCES if p != unit])
    return figures({code: season.figures[other][code]}, season, unit, is_slip=False)


def written_as(make: Callable[[random.Random, Decimal], FormValue], codes: list[str] = REQUIRED) -> Kind:
    """Something else than a number in the cell of a figure."""

    def plant(chance: random.Random, season: Season, unit: str) -> Plan | None:
        code = chance.choice(codes)
        return Plan({f"f_{code}": make(chance, season.figures[unit][code])}, places=(at(code),))

    return plant


def edited(make: Callable[[str, str], Edit], codes: list[str] = REQUIRED, *, is_gone: bool = False) -> Kind:
    """A cell that only a spreadsheet program can spoil, or a row that it takes away."""

    def plant(chance: random.Random, season: Season, unit: str) -> Plan | None:
        code = chance.choice(codes)
        places = () if is_gone else (at(code),)
        says = CATALOGUE.indicators[code].label if is_gone else ""
        return Plan(places=places, edits=(make(*at(code)),), says=says)

    return plant


def deleted_sheet(chance: random.Random, season: Season, unit: str) -> Plan | None:
    sheet = at(chance.choice(REQUIRED))[0]
    return Plan(edits=(lambda book: book.remove(book[sheet]),), says=sheet)


def renamed_label(chance: random.Random, season: Season, unit: str) -> Plan | None:
    sheet, address = at(chance.choice(REQUIRED))
    label = f"B{address[1:]}"
    return Plan(places=((sheet, label),), edits=(_put(sheet, label, "Kết quả theo hướng dẫn mới"),))


def scratch_number(chance: random.Random, season: Season, unit: str) -> Plan | None:
    sheet = at(chance.choice(REQUIRED))[0]
    address = f"K{chance.randint(7, 30)}"
    return Plan(places=((sheet, address),), edits=(_put(sheet, address, chance.randint(2, 999)),))


def wrong_province(chance: random.Random, season: Season, unit: str) -> Plan | None:
    other = CATALOGUE.province_in(chance.choice([p for p in PROVINCES if p != unit]), PERIOD)
    return Plan({"m_province": other.name if other else ""}, says=other.name if other else "")


def wrong_period(chance: random.Random, season: Season, unit: str) -> Plan | None:
    return Plan({"m_period": chance.choice(["2020H1", "2020H2", "2021H2"])}, says=PERIOD)


def wrong_unit(chance: random.Random, season: Season, unit: str) -> Plan | None:
    code = chance.choice(["social_investment", "budget_revenue", "tourist_visits", "new_jobs"])
    sheet, address = at(code)
    return Plan(places=((sheet, f"C{address[1:]}"),), edits=(_put(sheet, f"C{address[1:]}", "ha"),))


def _put(sheet: str, address: str, value: object) -> Edit:
    def write(book: Any) -> None:
        book[sheet][address] = value

    return write


def _delete_row(sheet: str, address: str) -> Edit:
    def delete(book: Any) -> None:
        for name in [n for n, d in book.defined_names.items() if f"${address[1:]}" in (d.attr_text or "")]:
            if sheet in (book.defined_names[name].attr_text or ""):
                del book.defined_names[name]
        for cell in book[sheet][int(address[1:])]:
            if type(cell).__name__ != "MergedCell":
                cell.value = None

    return delete


KINDS: dict[str, Kind] = {
    "digits transposed": slipped("transposed", SUMMED + PERCENTS),
    "digits transposed, in a total or rate": slipped(
        "transposed", [*CATALOGUE.totals, *CATALOGUE.formulas, *SECTIONS["A"][:2]]
    ),
    "one digit wrong, in a total or rate": slipped(
        "digit_wrong", [*SECTIONS["A"][:3], *SECTIONS["A"][5:8], *SECTIONS["E"][1:6]]
    ),
    "digit dropped": slipped("digit_dropped", SUMMED),
    "digit doubled": slipped("digit_doubled", SUMMED),
    "ten times too large": slipped("times_10", SUMMED + PERCENTS),
    "a hundred times too large": slipped("times_100", SUMMED + PERCENTS),
    "a thousand times too large": slipped("times_1000", SUMMED),
    "a tenth": slipped("over_10", SUMMED + PERCENTS),
    "a thousandth": slipped("over_1000", SUMMED),
    "dot read as comma": slipped("dot_for_comma", COUNTS),
    "wrong sign of a count": slipped("sign", COUNTS),
    "wrong sign of a growth": slipped("sign", GROWTHS),
    "fraction for percent": slipped("fraction_for_percent", PERCENTS),
    "index for growth": slipped("index_for_growth", GROWTHS),
    "neighbours swapped": swapped,
    "part and whole swapped": turned,
    "rows shifted down": shifted_row,
    "rows shifted to the next column": shifted_column,
    "last period's figure in one cell": stale_cell,
    "last period's return": stale_return,
    "total changed": changed_at_random(list(CATALOGUE.totals)),
    "part changed": changed_at_random([p.part_code for parts in CATALOGUE.totals.values() for p in parts]),
    "rate that does not fit": changed_at_random(list(CATALOGUE.formulas)),
    "percent over 100": percent_over,
    "part larger than whole": larger_part,
    "decimal in a count": decimal_in_count,
    "required cell blank": written_as(lambda chance, value: "", UNDERIVED),
    "text for a number": written_as(
        lambda chance, value: chance.choice(["nhiều", "như trên", "xem phụ lục", "12 và 13"])
    ),
    "row twice with another value": duplicate_row,
    "rank out of range": rank_out,
    "rank of another province": rank_twice,
    "row deleted": edited(_delete_row, is_gone=True),
    "sheet deleted": deleted_sheet,
    "label renamed": renamed_label,
    "scratch number inserted": scratch_number,
    "date for a number": edited(lambda sheet, address: _put(sheet, address, dt.date(2021, 8, 8))),
    "formula without value": edited(lambda sheet, address: _put(sheet, address, "=SUM(A1:A3)")),
    "error in a cell": edited(lambda sheet, address: _put(sheet, address, "#DIV/0!")),
    "unit of another quantity": wrong_unit,
    "another province on the cover": wrong_province,
    "another period on the cover": wrong_period,
}
