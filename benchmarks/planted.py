"""`make planted`: known errors planted in clean returns: how many are caught, located, and put right.

Prints per kind the cases that can be known (see `benchmarks.knowable`), of these the share caught by a finding that the
untouched return does not have, the share in which each cell is named (of two that were exchanged one), how many
proposals are the true figure and how many another; then what cannot be known, and the findings on untouched returns.
`--missed` shows the cases that fall short; `--seed` takes seasons and errors that the rules were not tuned on.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

from benchmarks.clean_returns import CATALOGUE, PERIOD, PROVINCES, make_season
from benchmarks.knowable import is_knowable
from benchmarks.planted_kinds import KINDS
from benchmarks.planted_plan import Plan
from expectations.findings import show_value
from expectations.judgement import Case, Received, judge_all
from transforms.observation import Finding, Problem, Reading
from transforms.practice import form_values
from transforms.practice_errors import names_place
from transforms.reading import read_return
from transforms.succession import attribute
from transforms.template.blank import render_template

SEASONS = 6
EACH = 30
BATCH = 210
WANTED = 0.99
SEED = 20210630


@dataclass(frozen=True)
class Planted:
    """One error in one province's return of a season, as it was read."""

    kind: str
    season: int
    province_id: str
    plan: Plan
    reading: Reading
    is_known: bool


@dataclass
class Row:
    """The counts of one kind."""

    known: int = 0
    unknown: int = 0
    caught: int = 0
    named: int = 0
    asked: int = 0
    right: int = 0
    wrong: int = 0
    luck: int = 0


def season_of(seed: int, number: int) -> int:
    """The season of a run: those of the usual seed are 0 to 5, another seed has seasons of its own."""
    return number if seed == SEED else seed * SEASONS + number


def plant(kind: str, count: int, seed: int = SEED) -> list[Planted]:
    """So many cases of a kind, by a seed of their own."""
    chance = random.Random(f"{seed} {kind}")
    found: list[Planted] = []
    while len(found) < count:
        season, province_id = make_season(season_of(seed, chance.randrange(SEASONS))), chance.choice(PROVINCES)
        plan = KINDS[kind](chance, season, province_id)
        if plan is None:
            continue
        values = {**form_values(season.figures[province_id]), **plan.cells}
        data = render_template(CATALOGUE, PERIOD, province_id, values)
        reading = read_return(CATALOGUE, _edited(data, plan) if plan.edits else data)
        known = not plan.written or is_knowable(season, province_id, plan.written)
        found.append(Planted(kind, season.number, province_id, replace(plan, edits=()), reading, known))
    return found


def _edited(data: bytes, plan: Plan) -> bytes:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    for edit in plan.edits:
        edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@lru_cache(maxsize=64)
def untouched(season: int) -> dict[str, Reading]:
    """The readings of a season's returns as they should be."""
    return {
        p: read_return(CATALOGUE, render_template(CATALOGUE, PERIOD, p, form_values(make_season(season).figures[p])))
        for p in PROVINCES
    }


def case_of(season: int, planted: Planted | None = None) -> Case:
    """A season's period as the office receives it, with one return exchanged."""
    received, notices = [], []
    for province_id, reading in untouched(season).items():
        if planted is not None and planted.province_id == province_id:
            reading = planted.reading
            if reading.period_code not in ("", PERIOD) and not reading.is_rejected:
                notices.append((province_id, Problem("other_period", observed=reading.period_code), "bieu.xlsx"))
                continue
            reading = attribute(CATALOGUE, reading, province_id, PERIOD)
        received.append(Received(f"{province_id}-1", province_id, f"{province_id}.xlsx", reading, True))
    return Case(tuple(received), make_season(season).past, tuple(notices))


def tell(findings: Iterable[Finding]) -> dict[tuple[str, str], Finding]:
    """The findings that ask for something, by what they are."""
    return {(f.finding_id, f.message): f for f in findings if f.severity != "info"}


def judge_case(row: Row, planted: Planted, found: list[Finding]) -> None:
    """Counts what was made of one case."""
    if not planted.is_known:
        row.unknown += 1
        row.luck += bool(found)
        return
    plan = planted.plan
    row.known += 1
    row.caught += bool(found)
    says = not plan.says or any(plan.says in f.message for f in found)
    enough = any if plan.is_exchange else all
    row.named += (
        bool(found)
        and says
        and (not plan.places or enough(any(names_place(f, *p) for f in found) for p in plan.places))
    )
    row.asked += plan.is_slip
    proposals = [f for f in found if f.slip and f.proposed]
    true = {show_value(CATALOGUE.indicators[code], value): code for code, value in plan.truth.items()}
    is_right = any(true.get(_percent(f)) == f.suspect_indicator for f in proposals)
    row.right += is_right and plan.is_slip
    row.wrong += bool(proposals) and not is_right


def _percent(finding: Finding) -> str:
    indicator = CATALOGUE.indicators[finding.suspect_indicator]
    is_bare = indicator.unit_code == "percent" and not finding.proposed.endswith("%")
    return f"{finding.proposed}%" if is_bare else finding.proposed


def main() -> None:
    """Plants so many cases of each kind as asked; ends with 1 where a kind that can be known is missed."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.planted")
    arguments.add_argument("each", nargs="?", type=int, default=EACH)
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--missed", action="store_true")
    given = arguments.parse_args()
    seasons = [season_of(given.seed, number) for number in range(SEASONS)]
    started = time.perf_counter()
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        planted = [
            one for many in pool.map(plant, KINDS, [given.each] * len(KINDS), [given.seed] * len(KINDS)) for one in many
        ]
    clean = judge_all(CATALOGUE, PERIOD, [case_of(n) for n in seasons])
    before = {n: tell(judgement.findings) for n, judgement in zip(seasons, clean, strict=True)}
    rows = {kind: Row() for kind in KINDS}
    alarms = Counter(f.severity for judgement in clean for f in judgement.findings)
    for start in range(0, len(planted), BATCH):
        batch = planted[start : start + BATCH]
        judged = judge_all(CATALOGUE, PERIOD, [case_of(one.season, one) for one in batch])
        for one, judgement in zip(batch, judged, strict=True):
            name = next(p.name for p in CATALOGUE.members_of(PERIOD) if p.province_id == one.province_id)
            new = [f for key, f in tell(judgement.findings).items() if key not in before[one.season]]
            about = [f for f in new if f.province_id == one.province_id or (not f.province_id and name in f.message)]
            judge_case(rows[one.kind], one, about)
            if given.missed:
                _show_missed(one, about)
    is_good = _print(rows, alarms)
    print(f"{len(planted)} cases of {len(KINDS)} kinds in {time.perf_counter() - started:.0f} s (seed {given.seed})")
    sys.exit(0 if is_good else 1)


def _print(rows: dict[str, Row], alarms: Counter[str]) -> bool:
    """The table; whether all that can be known is found where it stands, without a critical false alarm."""
    width = max(map(len, rows))
    print(f"{'kind':{width}}  cases  known  caught   named  true figure proposed  another figure")
    whole = Row()
    for row in rows.values():
        for name, value in vars(row).items():
            setattr(whole, name, getattr(whole, name) + value)
    for kind, row in {**rows, "all": whole}.items():
        caught, named = (f"{n / row.known:7.1%}" if row.known else f"{'–':>7}" for n in (row.caught, row.named))
        right = f"{row.right} of {row.asked}" if row.asked else "–"
        cases = f"{row.known + row.unknown:5d}  {row.known:5d}"
        print(f"{kind:{width}}  {cases} {caught} {named}  {right:>20}  {row.wrong:14d}")
    print(
        f"\nCannot be known from the returns: {whole.unknown} cases, of which {whole.luck} got a finding all the same:"
    )
    for kind, row in rows.items():
        if row.unknown:
            print(f"  {kind}: {row.unknown} of {row.known + row.unknown}")
    told = ", ".join(f"{alarms[severity]} {severity}" for severity in ("critical", "warning", "info"))
    print(f"Findings on {SEASONS * len(PROVINCES)} untouched returns: {told}")
    is_good = all(min(row.caught, row.named) >= WANTED * row.known for row in rows.values())
    return is_good and not alarms["critical"]


def _show_missed(one: Planted, found: list[Finding]) -> None:
    row = Row()
    judge_case(row, one, found)
    if row.known and (row.named < 1 or row.wrong or row.right < row.asked):
        written = {
            code: f"{make_season(one.season).figures[one.province_id][code]}→{v}"
            for code, v in one.plan.written.items()
        }
        kind = "MISSED" if not row.caught else "UNNAMED" if not row.named else "WRONG" if row.wrong else "silent"
        print(kind, one.kind, one.season, one.province_id, dict(list(written.items())[:4]), one.plan.places[:3])
        print("     ", [p for p in one.plan.places if not any(names_place(f, *p) for f in found)])
        for f in found[:4]:
            print("     ", f.rule_code, f.cell, f.message[:150], "|", f.advice[-160:], "|", f.slip, f.proposed)


if __name__ == "__main__":
    main()
