"""The kinds of error that are planted, each a single mistake in one clean return."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from benchmarks.clean_returns import CATALOGUE, PERIOD, PROVINCES, Season
from benchmarks.planted_figures import (
    changed_at_random,
    shifted_column,
    shifted_row,
    slipped,
    stale_cell,
    stale_return,
    swapped,
    turned,
)
from benchmarks.planted_plan import (
    COUNTS,
    GROWTHS,
    PERCENTS,
    RANKS,
    REQUIRED,
    SECTIONS,
    SUMMED,
    UNDERIVED,
    Edit,
    Kind,
    Plan,
    at,
    figures,
    put,
)
from transforms.template.blank import FormValue


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
    edits = (put(sheet, f"B{last + 1}", CATALOGUE.indicators[code].label), put(sheet, f"D{last + 1}", value))
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
    return Plan(places=((sheet, label),), edits=(put(sheet, label, "Kết quả theo hướng dẫn mới"),))


def scratch_number(chance: random.Random, season: Season, unit: str) -> Plan | None:
    sheet = at(chance.choice(REQUIRED))[0]
    address = f"K{chance.randint(7, 30)}"
    return Plan(places=((sheet, address),), edits=(put(sheet, address, chance.randint(2, 999)),))


def wrong_province(chance: random.Random, season: Season, unit: str) -> Plan | None:
    other = CATALOGUE.province_in(chance.choice([p for p in PROVINCES if p != unit]), PERIOD)
    return Plan({"m_province": other.name if other else ""}, says=other.name if other else "")


def wrong_period(chance: random.Random, season: Season, unit: str) -> Plan | None:
    return Plan({"m_period": chance.choice(["2020H1", "2020H2", "2021H2"])}, says=PERIOD)


def wrong_unit(chance: random.Random, season: Season, unit: str) -> Plan | None:
    code = chance.choice(["social_investment", "budget_revenue", "tourist_visits", "new_jobs"])
    sheet, address = at(code)
    return Plan(places=((sheet, f"C{address[1:]}"),), edits=(put(sheet, f"C{address[1:]}", "ha"),))


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
    "date for a number": edited(lambda sheet, address: put(sheet, address, dt.date(2021, 8, 8))),
    "formula without value": edited(lambda sheet, address: put(sheet, address, "=SUM(A1:A3)")),
    "error in a cell": edited(lambda sheet, address: put(sheet, address, "#DIV/0!")),
    "unit of another quantity": wrong_unit,
    "another province on the cover": wrong_province,
    "another period on the cover": wrong_period,
}
