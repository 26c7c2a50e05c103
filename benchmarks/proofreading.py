"""How many figures of a report are found in its sentences and rightly attributed, against a table of all of them.

python -m benchmarks.proofreading REPORT [FIGURES] [PERIOD]
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from catalogue import load_catalogue
from catalogue.model import Catalogue
from transforms.identification import find_province
from transforms.numbers_vi import format_number
from transforms.prose.checks import check_prose
from transforms.prose.claims import Claim, Prose
from transforms.prose.reading import read_prose
from transforms.prose.report_text import read_report

FIGURES = Path(__file__).parent.parent / "examples" / "figures_2021H1.csv"
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure that the report holds."""

    indicator_code: str
    province_id: str
    value: Decimal
    basis: str
    is_estimated: bool
    raw: str


@dataclass(frozen=True, slots=True)
class Score:
    """The figures that were found, missed, found but told wrongly (with what differs), and the claims that are none."""

    found: list[Wanted]
    missed: list[Wanted]
    wrong: list[tuple[Wanted, str]]
    false: list[Claim]


def read_wanted(catalogue: Catalogue, path: Path) -> list[Wanted]:
    """The figures of a table with one a row."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Wanted(
                row["indicator"],
                find_province(catalogue, row["province"]) or "",
                Decimal(row["value"]),
                row["basis"],
                row["estimated"] == "1",
                row["raw"],
            )
            for row in csv.DictReader(lines)
        ]


def score_claims(wanted: list[Wanted], prose: Prose) -> Score:
    """Every wanted figure against the claims; each claim answers one figure at most."""
    left = [claim for claim in prose.claims if claim.period_code == prose.period_code]
    score = Score([], [], [], [c for c in prose.claims if c.period_code != prose.period_code])
    for figure in wanted:
        same = [
            c
            for c in left
            if (c.indicator_code, c.province_id) == (figure.indicator_code, figure.province_id)
            and c.value == figure.value
        ]
        if not same:
            score.missed.append(figure)
            continue
        claim = same[0]
        left.remove(claim)
        differs = []
        if figure.basis and claim.basis != figure.basis:
            differs.append(f"cách so sánh {claim.basis or '–'}")
        if claim.is_estimated != figure.is_estimated:
            differs.append("ước" if claim.is_estimated else "không ước")
        if differs:
            score.wrong.append((figure, ", ".join(differs)))
        else:
            score.found.append(figure)
    score.false.extend(left)
    return score


def main(report: Path, figures: Path, period_code: str) -> None:
    """Prints the score of a report, its unplaced numbers and the problems found in its own arithmetic."""
    catalogue = load_catalogue()
    blocks = read_report(report.read_bytes(), report.name)
    read_prose(catalogue, blocks, period_code)  # the phrase book is built once in a process
    began = time.perf_counter()
    prose = read_prose(catalogue, blocks, period_code)
    seconds = time.perf_counter() - began
    problems = check_prose(catalogue, prose)
    wanted = read_wanted(catalogue, figures)
    score = score_claims(wanted, prose)
    share = Decimal(100 * len(score.found)) / Decimal(len(wanted))
    print(f"{report.name}: {len(blocks)} blocks, period {prose.period_code or '?'}, read in {seconds:.2f} s")
    print(f"found and rightly attributed: {len(score.found)} of {len(wanted)} ({format_number(share, 2)} %)")
    print(f"missed {len(score.missed)}, told wrongly {len(score.wrong)}, false claims {len(score.false)}")
    print(f"unplaced {len(prose.unplaced)}, ignored {len(prose.ignored)}, lists {len(prose.lists)}")
    for figure in score.missed[:SHOWN]:
        print(f"  missed: {figure.indicator_code} {figure.province_id} {figure.value} ({figure.raw})")
    for figure, why in score.wrong[:SHOWN]:
        print(f"  wrong: {figure.indicator_code} {figure.province_id} {figure.value} ({figure.raw}): {why}")
    for claim in score.false[:SHOWN]:
        place = blocks[claim.block].place
        print(f"  false: {claim.indicator_code} {claim.province_id} {claim.value} ({claim.raw}, {place})")
    for number in prose.unplaced[:SHOWN]:
        print(f"  unplaced: {number.raw} ({blocks[number.block].place}): {number.reason}")
    kinds = Counter(ignored.kind for ignored in prose.ignored)
    print("  ignored: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print(f"problems of the text itself: {len(problems)}")
    for problem in problems:
        print(f"  {problem.kind}: {problem.message}")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]) if len(sys.argv) > 2 else FIGURES,
        sys.argv[3] if len(sys.argv) > 3 else "",
    )
