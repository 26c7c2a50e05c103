"""What the columns of a table with indicators across hold: each by the texts of one to three header rows over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.model import Catalogue
from transforms.heading_text import periods_in
from transforms.label_match import LabelMatch, is_unit_text, match_surely
from transforms.lexicon import fold_unit, lexicon_of
from transforms.table_header import Column, classify, word_kind
from transforms.text import clean_text, fold

_ASIDE = ("plan", "previous", "year", "number", "note", "unit", "label")


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column: its indicator, or the kind of column that it is besides (empty where nothing tells).

    `text` is all that stands over it; `basis` is how changes are meant where it holds those of its indicator.
    """

    text: str
    indicator_code: str = ""
    kind: str = ""
    unit: str = ""
    is_estimated: bool = False
    is_change: bool = False
    basis: str = ""
    period: str = ""


def read_grid_column(
    catalogue: Catalogue, parts: Sequence[str], province_id: str, period: str, *, has_periods: bool = False
) -> GridColumn:
    """What the texts over a column say, from the top: the label is one of them or several together.

    What stands over the label is a section; what stands below it must say which figure of the indicator is meant.
    """
    lexicon = lexicon_of(catalogue)
    parts = list(dict.fromkeys(clean_text(part) for part in parts))
    text = " – ".join(parts)
    units = [part for part in parts if is_unit_text(lexicon, part.strip("()[] "))]
    words = [part for part in parts if part not in units]
    if not words:
        return GridColumn(text)
    if len(words) == 1 and (kind := word_kind(catalogue, words[0])) in ("number", "note"):
        return GridColumn(text, kind=kind)
    for held in (parts, words) if units else (parts,):  # "tập thể" may be a unit or a part of the label
        for start, end in _spans(len(held)):
            match = _match(catalogue, held[start:end], province_id, period)
            rest = [[part for part in some if part not in units] for some in (held[:start], held[end:])]
            if match.is_sure:
                left = [unit for unit in units if unit not in held[start:end]]
                return _describe(catalogue, text, rest[0], rest[1], match, left, period, has_periods)
    known = classify(catalogue, words, period)
    return GridColumn(text, kind=known.kind if known.kind in _ASIDE or known.kind == "comparison" else "")


def _spans(length: int) -> list[tuple[int, int]]:
    """The neighbouring texts that may make the label together: all first, then those that end lowest."""
    found = [(start, end) for end in range(length, 0, -1) for start in range(end)]
    return sorted(found, key=lambda span: (span != (0, length), -span[1], span[0]))


def _match(catalogue: Catalogue, words: Sequence[str], province_id: str, period: str) -> LabelMatch:
    for joined in (" ".join(words), ": ".join(words), " ".join(reversed(words))):
        match = match_surely(catalogue, joined, "", province_id, period)
        if match.is_sure:
            return match
    return LabelMatch()


def _describe(
    catalogue: Catalogue,
    text: str,
    above: Sequence[str],
    below: Sequence[str],
    match: LabelMatch,
    units: Sequence[str],
    period: str,
    has_periods: bool,
) -> GridColumn:
    indicator = catalogue.indicators[match.indicator_code]
    rest = [*above, *below]
    named = periods_in(catalogue, " – ".join(rest)) if has_periods else []
    own_period = named[0] if len(named) == 1 else period
    known = classify(catalogue, rest, own_period) if rest else Column()
    if known.kind in _ASIDE:
        return GridColumn(text, kind=known.kind)
    percents = [unit for unit in units if unit.strip("()[] ") == "%"]
    unit = next(iter(units), match.unit or known.unit).strip("()[] ")
    if known.kind == "comparison" and not indicator.is_growth and indicator.unit_code != "percent":
        if not known.basis or not (percents or "%" in text):
            return GridColumn(text, kind="comparison")
        basis = "" if known.basis == "compared" else known.basis
        return GridColumn(text, match.indicator_code, "comparison", "", is_change=True, basis=basis, period=own_period)
    if below and not known.kind and not _tells_the_figure(catalogue, below):
        return GridColumn(text)
    if unit and not _fits(catalogue, indicator.unit_code, unit):
        return GridColumn(text)
    return GridColumn(text, match.indicator_code, "value", unit, known.is_estimated, period=own_period)


def _tells_the_figure(catalogue: Catalogue, below: Sequence[str]) -> bool:
    """Whether the texts below a label only name a half-year, or the figure itself: "Số lượng"."""
    words = {fold(word.phrase) for word in catalogue.words if word.kind == "figure_itself"}
    return all(fold(part) in words or periods_in(catalogue, part) for part in below)


def _fits(catalogue: Catalogue, unit_code: str, unit: str) -> bool:
    lexicon, quantity = lexicon_of(catalogue), catalogue.units[unit_code].quantity
    _, rest = lexicon.split_unit(fold_unit(unit))
    return not rest or rest in lexicon.units[quantity]
