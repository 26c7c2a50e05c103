"""The catalogue's phrases, words, units and names found in the words of a text, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalogue.model import Catalogue
from transforms.prose.text import Token, split_words

_SEPARATORS = frozenset(",-/")
_FROM_WORDS = {"estimate": "estimate", "increase": "rise", "decrease": "fall", "index": "index", "filler": "filler"}
_FROM_WORDS |= {"comparison": "comparison", "ordinal": "ordinal"}
_CITY = "thành phố "


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a wording may do: an indicator's name, a unit (`meaning` its quantity), a place, a direction."""

    role: str
    code: str = ""
    condition: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A wording found at tokens `start` to `end`, with all that it may mean."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]

    def of(self, *roles: str) -> tuple[Meaning, ...]:
        """The meanings of some roles."""
        return tuple(m for m in self.meanings if m.role in roles)

    def has(self, *roles: str) -> bool:
        return any(m.role in roles for m in self.meanings)


@dataclass(frozen=True, slots=True)
class _Wording:
    keys: tuple[str, ...]
    gaps: frozenset[int]
    meanings: tuple[Meaning, ...]
    is_name: bool


class PhraseBook:
    """All wordings of a catalogue, prepared once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._abbreviations = [(w.meaning, w.phrase) for w in catalogue.words if w.kind == "abbreviation"]
        found: dict[tuple[bool, tuple[str, ...]], tuple[set[int], dict[Meaning, None]]] = {}
        for wording, meaning in _meanings(catalogue):
            for text in self._shortened(wording):
                keys, gaps = _split(text)
                known_gaps, known = found.setdefault((meaning.role == "context", keys), (set(), {}))
                known_gaps |= gaps
                known[meaning] = None
        self._by_first: dict[str, list[_Wording]] = {}
        self._contexts: dict[str, list[_Wording]] = {}
        for (is_context, keys), (gaps, meanings) in found.items():
            is_name = all(m.role == "place" for m in meanings)
            entry = _Wording(keys, frozenset(gaps), tuple(meanings), is_name)
            (self._contexts if is_context else self._by_first).setdefault(keys[0], []).append(entry)
        for wordings in (*self._by_first.values(), *self._contexts.values()):
            wordings.sort(key=lambda w: -len(w.keys))

    def _shortened(self, wording: str) -> set[str]:
        """A wording and the same with the catalogue's abbreviations in it."""
        texts = {wording.casefold()}
        for full, short in self._abbreviations:
            texts |= {text.replace(full, short) for text in texts if full in text}
        return texts

    def find(self, tokens: Sequence[Token], asides: frozenset[int]) -> tuple[list[Mark], dict[int, Mark]]:
        """The wordings of a text from left to right, of those that begin at one word the longest.

        What begins with a number and tells its kind ("# tuổi") is given apart, by the number's place: it hides nothing.
        """
        marks: list[Mark] = []
        templates: dict[int, Mark] = {}
        place = 0
        while place < len(tokens):
            mark = None
            if tokens[place].kind != "number":
                mark = self._match(tokens, place, tokens[place].key)
            elif place not in asides:
                template = self._match(tokens, place, "#")
                if template is not None and template.has("cluster"):
                    mark = template
                elif template is not None:
                    templates[place] = template
            if mark is not None:
                marks.append(mark)
            place = mark.end if mark is not None else place + 1
        return marks, templates

    def find_contexts(self, tokens: Sequence[Token]) -> list[Mark]:
        """Where contexts are named, be it within longer wordings."""
        found: list[Mark] = []
        for place, token in enumerate(tokens):
            for wording in self._contexts.get(token.key, ()):
                if end := _end_of(wording, tokens, place):
                    found.append(Mark(place, end, wording.meanings))
        return found

    def _match(self, tokens: Sequence[Token], start: int, first: str) -> Mark | None:
        for wording in self._by_first.get(first, ()):
            end = _end_of(wording, tokens, start)
            if end and not (wording.is_name and not tokens[end - 1].is_capital):
                return Mark(start, end, wording.meanings)
        return None


def _end_of(wording: _Wording, tokens: Sequence[Token], start: int) -> int:
    """Where a wording that begins at a token ends; 0 where it does not stand there."""
    place = start
    for number, key in enumerate(wording.keys):
        if number in wording.gaps and place < len(tokens) and tokens[place].key in _SEPARATORS:
            place += 1
        if place >= len(tokens):
            return 0
        token = tokens[place]
        if key != token.key and not (key == "#" and token.kind == "number"):
            return 0
        place += 1
    return place


def _split(wording: str) -> tuple[tuple[str, ...], set[int]]:
    """The keys of a wording without its separators, and before which of them one may stand."""
    keys: list[str] = []
    gaps: set[int] = set()
    for key in split_words(wording.replace(".", " ")):
        if key in _SEPARATORS and keys:
            gaps.add(len(keys))
        else:
            keys.append(key)
    return tuple(keys), gaps


def _meanings(catalogue: Catalogue) -> Iterable[tuple[str, Meaning]]:
    for phrase in catalogue.phrases:
        meaning = Meaning(phrase.role, phrase.indicator_code, phrase.condition, phrase.meaning)
        yield from ((wording, meaning) for wording in phrase.spellings())
    for word in catalogue.words:
        if word.kind in _FROM_WORDS and any(c.isalpha() for c in word.phrase):
            yield word.phrase, Meaning(_FROM_WORDS[word.kind], meaning=word.meaning)
    for magnitude in catalogue.magnitudes:
        yield magnitude.word, Meaning("magnitude", meaning=str(magnitude.factor))
    for unit in catalogue.units.values():
        yield unit.name, Meaning("unit", meaning=unit.quantity)
        yield unit.quantity, Meaning("unit", meaning=unit.quantity)
    for alias in catalogue.unit_aliases:
        yield alias.alias, Meaning("unit", meaning=alias.quantity)
    for province in catalogue.provinces:
        role = "cluster" if province.is_cluster else "place"
        yield province.name, Meaning(role, meaning=province.province_id)
        yield province.full_name, Meaning(role, meaning=province.province_id)
        if role == "place" and not province.full_name.casefold().startswith(_CITY):
            yield _CITY + province.name, Meaning("part_of_unit", meaning=province.province_id)
    for name in catalogue.province_aliases:
        is_cluster = name.province_id == catalogue.cluster_id
        yield name.alias, Meaning("cluster" if is_cluster else "place", meaning=name.province_id)


@lru_cache(maxsize=4)
def book_of(catalogue: Catalogue) -> PhraseBook:
    """The phrase book of a catalogue, built once."""
    return PhraseBook(catalogue)
