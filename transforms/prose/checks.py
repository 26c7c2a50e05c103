"""What does not hold in a text by itself: its sums, its order, its rates, what it leaves out or says twice."""

from __future__ import annotations

from catalogue.model import Catalogue
from transforms.prose.claims import Prose, TextProblem
from transforms.prose.naming import Names
from transforms.prose.omissions import check_omissions, check_repetitions
from transforms.prose.order import check_order
from transforms.prose.rates import check_growth, check_rates
from transforms.prose.sums import check_parts, check_sums


def check_prose(catalogue: Catalogue, prose: Prose) -> tuple[TextProblem, ...]:
    """The problems of a text's own arithmetic and order, in the order of the text."""
    names = Names(catalogue)
    found = [
        *check_sums(catalogue, prose, names),
        *check_parts(catalogue, prose, names),
        *check_rates(catalogue, prose, names),
        *check_growth(catalogue, prose, names),
        *check_repetitions(catalogue, prose, names),
        *check_order(catalogue, prose, names),
    ]
    found.extend(check_omissions(catalogue, prose, names, found))
    ordered = sorted(found, key=lambda problem: (problem.claim.block, problem.claim.start))
    return tuple({_same(problem): problem for problem in reversed(ordered)}.values())[::-1]


def _same(problem: TextProblem) -> tuple[object, ...]:
    """What makes two problems one that is told once: a table repeats what a sentence says."""
    claim = problem.claim
    told = (claim.indicator_code, claim.province_id, claim.period_code)
    return problem.kind, *told, problem.observed, problem.expected, problem.province_ids
