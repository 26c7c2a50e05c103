"""What a report says in sentences: its blocks of text, the figures claimed in them, and how they hang together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Basis = Literal["", "growth", "index"]
ProblemKind = Literal["sum", "order", "left_out", "rate", "repeated"]


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One paragraph, heading, list item or table cell; `text` is NFC and without marks of layout, counted from 0.

    `place` tells a person where it stands ("đoạn 12", "dòng 14", "bảng 2, dòng 3, cột 2"). `continues` says that the
    block goes on with the sentence of the one before (a page break cut it).
    """

    number: int
    text: str
    place: str
    is_heading: bool = False
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure as a text states it; `start` and `end` are offsets of `raw` in the text of its block.

    `value` is in the indicator's own unit; a change is a growth in percent ("bằng 92% cùng kỳ" is -8), and `basis`
    says how it was written. `province_id` is the cluster's own identifier for a figure of all provinces together. A
    fraction "61/81" makes two claims with the same span. `list_number` is the list it stands in, -1 for none.
    """

    block: int
    start: int
    end: int
    raw: str
    indicator_code: str
    province_id: str
    period_code: str
    value: Decimal
    basis: Basis = ""
    is_estimated: bool = False
    list_number: int = -1


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A number that no indicator, unit or period could be found for; `reason` is a sentence in Vietnamese."""

    block: int
    start: int
    end: int
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """A number that is no figure of the report: a date, a document's number, a term, a name; `kind` names which."""

    block: int
    start: int
    end: int
    raw: str
    kind: str


@dataclass(frozen=True, slots=True)
class FigureList:
    """The provinces' figures of one indicator told one after another; `total` is the cluster's, where it is stated."""

    number: int
    indicator_code: str
    period_code: str
    items: tuple[Claim, ...]
    total: Claim | None = None


@dataclass(frozen=True, slots=True)
class TextProblem:
    """What does not hold in a text by itself: sum, order, rate, repetition, a province that its list leaves out.

    `claim` is where it is marked, `others` the further claims that it rests on; `observed` and `expected` are figures,
    `province_ids` the provinces concerned; `message` is a sentence in Vietnamese that says what and what to do.
    """

    kind: ProblemKind
    claim: Claim
    message: str
    observed: Decimal | None = None
    expected: Decimal | None = None
    province_ids: tuple[str, ...] = ()
    others: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Prose:
    """All that was understood of a text: every number in it is a claim, unplaced or ignored, none is passed over.

    `period_code` is the half-year that the text reports on, as its title or its sentences say; empty where they do
    not.
    """

    blocks: tuple[TextBlock, ...]
    period_code: str
    claims: tuple[Claim, ...]
    unplaced: tuple[Unplaced, ...]
    ignored: tuple[Ignored, ...]
    lists: tuple[FigureList, ...]
