"""What a report says held against what the warehouse holds: every figure agrees, differs, or is told why neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, get_args

from catalogue.model import Catalogue
from transforms.admitted_doubts import admitted_doubts
from transforms.prose.claims import Claim, Prose, TextProblem
from transforms.prose.known_figures import ZERO, Known, KnownFigure
from transforms.prose.printed_figure import Printed, find_printed, print_value, says
from transforms.prose.wording import Teller

OfFigure = Literal["agrees", "differs", "not_in_warehouse", "unmatched"]
OfText = Literal["sum", "order", "left_out", "rate", "repeated"]
Told = Literal["estimate", "disputed", "two_totals"]
RemarkKind = OfFigure | OfText | Told
Weight = Literal["change", "doubt", "info", "none"]
OF_FIGURES = get_args(OfFigure)
_OF_TEXT: dict[str, Weight] = {"sum": "change", "rate": "change", "order": "doubt", "repeated": "doubt"}
_ORDER = {"change": 0, "doubt": 1, "info": 2, "none": 3}
RATE_RULE = "rate_follows_counts"


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of one figure or list of a text. `raw` are its words, at `start` to `end` of its block's text.

    `weight`: change is wrong and has to be mended, doubt has to be looked at, info is told, none is a figure that
    agrees. `expected` is in the indicator's unit, `printed` the same in the text's own words; `figure` is where the
    truth stands. `province_ids` names the provinces that a list leaves out.
    """

    kind: RemarkKind
    weight: Weight
    block: int
    start: int
    end: int
    raw: str
    place: str
    message: str = ""
    indicator_code: str = ""
    province_id: str = ""
    period_code: str = ""
    value: Decimal | None = None
    expected: Decimal | None = None
    printed: str = ""
    figure: KnownFigure | None = None
    province_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audit:
    """The whole of a proof-reading, its remarks worst first and then in the order of the text.

    `period_code` is the half-year reported on; `ignored` counts the numbers that are no figures (dates, documents).
    """

    period_code: str
    remarks: tuple[Remark, ...]
    ignored: int

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many figures of the text agree, differ, are not in the warehouse, cannot be matched; every one counts
        once."""
        return {kind: sum(r.kind == kind for r in self.remarks) for kind in OF_FIGURES}

    @property
    def is_clean(self) -> bool:
        """Whether there are figures and nothing has to be changed or looked at."""
        return self.has_figures and all(r.weight in ("info", "none") for r in self.remarks)

    @property
    def has_figures(self) -> bool:
        """Whether anything could be compared at all."""
        return any(self.counts.values())

    def of_weight(self, weight: Weight) -> list[list[Remark]]:
        """The remarks of a weight, what is said again of the same figure with what was said first."""
        found: dict[tuple[object, ...], list[Remark]] = {}
        for r in (r for r in self.remarks if r.weight == weight):
            about = r.period_code, r.province_id, r.indicator_code
            key = (r.kind, *about, r.value, r.province_ids) if r.indicator_code else (r.kind, r.block, r.start)
            found.setdefault(key, []).append(r)
        return list(found.values())


def compare(catalogue: Catalogue, prose: Prose, problems: Sequence[TextProblem], known: Known) -> Audit:
    """Every claim, number without a place, and problem of a text as a remark."""
    reader = _Reader(catalogue, prose, known)
    for claim in prose.claims:
        reader.judge(claim)
    for number in prose.unplaced:
        place = prose.blocks[number.block].place
        told = reader.tell.unmatched(number)
        spot = number.block, number.start, number.end, number.raw, place
        reader.remarks.append(Remark("unmatched", "doubt", *spot, message=told, period_code=prose.period_code))
    for problem in problems:
        reader.pass_on(problem)
    remarks = sorted(reader.remarks, key=lambda r: (_ORDER[r.weight], r.block, r.start, r.end))
    return Audit(prose.period_code, tuple(remarks), len(prose.ignored))


def _key(claim: Claim) -> tuple[str, str, str]:
    return claim.period_code, claim.province_id, claim.indicator_code


class _Reader:
    def __init__(self, catalogue: Catalogue, prose: Prose, known: Known) -> None:
        self.catalogue = catalogue
        self.prose = prose
        self.known = known
        self.tell = Teller(catalogue, known)
        self.estimated = {_key(c) for c in prose.claims if c.is_estimated}
        self.stated = {(*_key(c), c.value) for c in prose.claims}
        self.admitted = admitted_doubts(prose)
        self.wrong: set[Claim] = set()
        self.remarks: list[Remark] = []

    def judge(self, claim: Claim) -> None:
        """A claim against all that is known of its figure."""
        found = self.known.of(claim.period_code, claim.province_id, claim.indicator_code)
        figures = [f for f in found if f.counted is not None]
        if not figures:
            lacking = found[0] if found else None
            self._say(claim, "not_in_warehouse", "doubt", self.tell.not_in_warehouse(claim, lacking), figure=lacking)
            return
        printed = find_printed(claim)
        fitting = [f for f in figures if self._fits(claim, printed, f)]
        if not fitting:
            self._differ(claim, printed, figures)
            return
        figure = fitting[0]
        self._say(claim, "agrees", "none", "", expected=figure.counted, figure=figure)
        others = [f for f in figures if not self._fits(claim, printed, f, self._tolerance(claim))]
        if others and (*_key(claim), others[0].counted) not in self.stated:
            told = self.tell.two_totals(claim, figure, others[0])
            self._say(claim, "two_totals", "info", told, expected=others[0].counted, figure=others[0])
        if figure.status == "disputed":
            self._say(claim, "disputed", "info", self.tell.disputed(claim, figure), figure=figure)
        is_silent = figure.is_estimated and _key(claim) not in self.estimated
        if claim.province_id != self.known.cluster_id and (claim.is_estimated > figure.is_estimated or is_silent):
            self._say(claim, "estimate", "info", self.tell.estimate(claim, figure), figure=figure)

    def _fits(self, claim: Claim, printed: Printed, figure: KnownFigure, tolerance: Decimal = ZERO) -> bool:
        """Rates that were rebuilt from counts may differ as much as the rule of rates lets them."""
        assert figure.counted is not None
        is_rebuilt = figure.status in ("derived", "rebuilt")
        return says(claim, printed, figure.counted, self._tolerance(claim) if is_rebuilt else tolerance)

    def _tolerance(self, claim: Claim) -> Decimal:
        is_rate = claim.indicator_code in self.catalogue.formulas
        rule = self.catalogue.rule_in(RATE_RULE, claim.period_code) if is_rate else None
        return rule.parameter if rule is not None and rule.parameter is not None else ZERO

    def _differ(self, claim: Claim, printed: Printed, figures: list[KnownFigure]) -> None:
        self.wrong.add(claim)
        figure = figures[0]
        assert figure.counted is not None
        shown = [print_value(claim, printed, f.counted) for f in figures if f.counted is not None]
        told = self.tell.differs(claim, figures, shown)
        self._say(claim, "differs", "change", told, expected=figure.counted, figure=figure, printed=shown[0])

    def _say(
        self,
        claim: Claim,
        kind: RemarkKind,
        weight: Weight,
        message: str,
        *,
        expected: Decimal | None = None,
        figure: KnownFigure | None = None,
        printed: str = "",
        province_ids: tuple[str, ...] = (),
    ) -> None:
        self.remarks.append(
            Remark(
                *(kind, weight, claim.block, claim.start, claim.end, claim.raw),
                self.prose.blocks[claim.block].place,
                message,
                claim.indicator_code,
                claim.province_id,
                claim.period_code,
                claim.value,
                expected,
                printed,
                figure,
                province_ids,
            )
        )

    def pass_on(self, problem: TextProblem) -> None:
        """A problem that a text has by itself, with what the warehouse knows of it."""
        if problem.kind == "left_out":
            self._leave_out(problem)
            return
        weight, message = self._weigh(problem)
        ids = problem.province_ids
        self._say(problem.claim, problem.kind, weight, message, expected=problem.expected, province_ids=ids)

    def _weigh(self, problem: TextProblem) -> tuple[Weight, str]:
        """How much a problem of the text weighs: what only follows from a figure to be mended, and what the text says
        of itself, is told and no more."""
        weight, claims = _OF_TEXT[problem.kind], (problem.claim, *problem.others)
        wrong = [c for c in claims if c in self.wrong]
        if wrong and all(c in self.wrong or self._agrees(c) for c in claims):
            return "info", f"{_without_advice(problem)} {self.tell.follows_from(wrong)}"
        if problem.kind == "order" or not all(self._agrees(c) for c in claims):
            return weight, problem.message
        if problem.kind == "repeated":
            return "info", f"{_without_advice(problem)} {self.tell.both_known()}"
        have = self._known_of(problem.claim, problem.province_ids) if _is_of_list(problem) else []
        if have:
            return "doubt", f"{problem.message} {self.tell.have(have)}"
        if self._is_admitted(problem.claim):
            return "info", f"{_without_advice(problem)} {self.tell.admitted()}"
        return "doubt", f"{_without_advice(problem)} {self.tell.same_in_warehouse()}"

    def _is_admitted(self, claim: Claim) -> bool:
        """A total of the cluster is in doubt with any province's figure."""
        if claim.province_id != self.known.cluster_id:
            return _key(claim) in self.admitted
        return any((a[0], a[2]) == (claim.period_code, claim.indicator_code) for a in self.admitted)

    def _known_of(self, claim: Claim, province_ids: Sequence[str]) -> list[KnownFigure]:
        found = (self.known.of(claim.period_code, province_id, claim.indicator_code) for province_id in province_ids)
        return [f for figures in found for f in figures if f.counted is not None]

    def _agrees(self, claim: Claim) -> bool:
        found = self.known.of(claim.period_code, claim.province_id, claim.indicator_code)
        printed = find_printed(claim)
        return any(f.counted is not None and self._fits(claim, printed, f) for f in found)

    def _leave_out(self, problem: TextProblem) -> None:
        claim = problem.claim
        have = self._known_of(claim, problem.province_ids)
        message = self.tell.left_out(claim, problem.province_ids, have)
        figure = have[0] if have else None
        ids = problem.province_ids
        self._say(claim, "left_out", "doubt" if have else "info", message, figure=figure, province_ids=ids)


def _is_of_list(problem: TextProblem) -> bool:
    """Whether a sum is that of the provinces of a list, so that its provinces are those left out."""
    return any(c.province_id != problem.claim.province_id for c in problem.others)


def _without_advice(problem: TextProblem) -> str:
    """A problem's message without its last sentence, which says what to do where nothing is known but the text."""
    said, stop, _ = problem.message.rpartition(". ")
    return f"{said}." if stop else problem.message
