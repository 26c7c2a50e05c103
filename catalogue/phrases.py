"""How reports speak of the indicators: phrases with what they do in a sentence."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# noun: counted by the number before it, and a subject; subject: what the figures near it are of; companion: what else a
# change is told of ("về số vốn"). The same words may name several indicators that their units tell apart.
OF_INDICATORS = frozenset(("noun", "subject", "companion"))
# All others stand for no indicator: what each does is told in the documentation of the table.
OF_SENTENCES = frozenset(
    (
        "other",
        "context",
        "cluster",
        "elsewhere",
        "part_of_unit",
        "same_unit",
        "at",
        "respectively",
        "filler",
        "rise",
        "fall",
        "level",
        "added",
        "below",
        "each",
        "above",
        "more",
        "index",
        "times",
        "plan",
        "share",
        "base",
        "against",
        "earlier",
        "from",
        "other_time",
        "end_of",
        "rank",
        "first",
        "leading",
        "highest",
        "lowest",
        "descending",
        "ascending",
        "exception",
        "no_figure",
        "cardinal",
        "aside",
    )
)
GROUP = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as reports write it; "(a|b|)" in it stands for a, b or nothing, # for a number.

    `role` says what it does; `condition` names a context that must be in scope; `meaning` is the role's own word:
    a context's name, a number, a reason or a kind in Vietnamese.
    """

    role: str
    phrase: str
    indicator_code: str
    condition: str
    meaning: str

    def spellings(self) -> Iterator[str]:
        """Every wording that the phrase stands for."""
        return spell_out(self.phrase)


def spell_out(phrase: str) -> Iterator[str]:
    """Every wording of a phrase with alternatives in brackets."""
    pieces = GROUP.split(phrase)
    choices = [piece.split("|") if number % 2 else [piece] for number, piece in enumerate(pieces)]
    for chosen in itertools.product(*choices):
        yield " ".join(unicodedata.normalize("NFC", "".join(chosen)).casefold().split())
