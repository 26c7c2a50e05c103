"""What must hold between the phrases of reports and the indicators they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from catalogue.model import Indicator, Unit
from catalogue.phrases import GROUP, OF_INDICATORS, OF_SENTENCES, Phrase
from catalogue.verify import Located

_TOLD = frozenset(("context", "aside", "cardinal", "elsewhere", "other_time"))


def verify_phrases(
    phrases: Sequence[Located[Phrase]], indicators: Mapping[str, Indicator], units: Mapping[str, Unit]
) -> None:
    """Raises CatalogueError at the first phrase that names what is not there or means two things."""
    contexts = {located.row.meaning for located in phrases if located.row.role == "context"}
    meanings: dict[tuple[str, ...], Located[Phrase]] = {}
    for located in phrases:
        row = located.row
        _verify_row(located, indicators, contexts)
        for wording in row.spellings():
            if not wording:
                raise located.refuse("column phrase: one of its wordings is empty")
            for key in _keys(row, wording, indicators, units):
                known = meanings.setdefault(key, located)
                if (known.row.indicator_code, known.row.meaning) != (row.indicator_code, row.meaning):
                    raise located.refuse(f"{wording!r} means something else already in line {known.line}")


def _verify_row(located: Located[Phrase], indicators: Mapping[str, Indicator], contexts: set[str]) -> None:
    row = located.row
    if row.role not in OF_INDICATORS | OF_SENTENCES:
        raise located.refuse(f"column role: {row.role!r} is unknown")
    if (row.role in OF_INDICATORS) != bool(row.indicator_code):
        raise located.refuse("column indicator_code: filled for noun, subject and companion, and for no other role")
    if row.indicator_code and row.indicator_code not in indicators:
        raise located.refuse(f"column indicator_code: {row.indicator_code!r} is unknown")
    if row.condition and row.condition not in contexts:
        raise located.refuse(f"column condition: no phrase of role context means {row.condition!r}")
    if any(mark in GROUP.sub("", row.phrase) for mark in "()"):
        raise located.refuse("column phrase: its brackets do not match")
    if row.role == "aside" and row.phrase.count("#") != 1:
        raise located.refuse("column phrase: what is left aside has its number's place (#) exactly once")
    if row.role in _TOLD and not row.meaning:
        raise located.refuse("column meaning: it must be filled for this role")


def _keys(
    row: Phrase, wording: str, indicators: Mapping[str, Indicator], units: Mapping[str, Unit]
) -> Iterator[tuple[str, ...]]:
    """What may mean one thing only: a wording for one unit and kind of time, or a wording in its role."""
    if row.role in OF_INDICATORS:
        indicator = indicators[row.indicator_code]
        kind = "growth" if indicator.is_growth else "level"
        yield (row.role, wording, row.condition, units[indicator.unit_code].quantity, kind)
    else:
        yield (row.role, wording)
