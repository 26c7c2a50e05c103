"""The figures of a report's tables: a province at the left or on top, an indicator on the other side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.figures import read_figure
from transforms.heading_text import periods_in
from transforms.identification import find_province
from transforms.label_match import match_surely, spell
from transforms.lexicon import fold_unit, lexicon_of
from transforms.numerals import NUMERAL, Style
from transforms.prose.claims import Claim, Ignored, TextBlock, Unplaced
from transforms.text import clean_text, fold

CELL = re.compile(r"bảng (\d+), dòng (\d+), cột (\d+)")
ROW_NUMBER = "số thứ tự"
UNKNOWN = "ô bảng không rõ là chỉ tiêu nào, của tỉnh nào"
_NAMES = 2  # columns at the left that may name a row
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NOISE = re.compile(r"[*†‡()]|\[\d+\]")
_SAME_PERIOD = re.compile(r"\bcung ky\b")
_FIGURE = re.compile(r"[-+−–]?\s*\d")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column or a row is headed with: an indicator or a unit, the half-year, and the factor into its unit."""

    indicator: Indicator | None = None
    province_id: str = ""
    period_code: str = ""
    factor: Decimal = Decimal(1)
    is_number: bool = False


@dataclass(slots=True)
class TableFigures:
    """The claims of a table and its numbers that are none; `texts` are cells to be read as sentences."""

    claims: list[Claim]
    unplaced: list[Unplaced]
    ignored: list[Ignored]
    texts: list[TextBlock]


def read_table(
    catalogue: Catalogue, cells: Sequence[TextBlock], above: Sequence[str], period_code: str, style: Style
) -> TableFigures:
    """Reads the cells of one table; `above` are the texts over it, the nearest first."""
    rows: dict[int, dict[int, TextBlock]] = {}
    for block in cells:
        match = CELL.match(block.place)
        assert match is not None
        rows.setdefault(int(match[2]), {})[int(match[3])] = block
    found = TableFigures([], [], [], [])
    reader = _Table(catalogue, above, period_code, style, found)
    head: dict[int, list[str]] = {}
    for columns in rows.values():
        if any(_FIGURE.match(block.text) for block in columns.values()) and head:
            reader.read_row(columns, head)
        else:
            for column, block in columns.items():
                head.setdefault(column, []).append(block.text)
            found.texts.extend(columns.values())
    return found


class _Table:
    """Reads the rows of one table."""

    def __init__(
        self, catalogue: Catalogue, above: Sequence[str], period_code: str, style: Style, found: TableFigures
    ) -> None:
        self.catalogue = catalogue
        self.period_code = period_code
        self.style = style
        self.found = found
        self.topic = self._topic(above)
        self.columns: dict[int, Column] = {}
        self.numbers = {fold(w.phrase) for w in catalogue.words if w.kind == "column" and w.meaning == "number"}

    def _topic(self, above: Sequence[str]) -> Indicator | None:
        """The indicator that the text over the table names alone."""
        for text in above:
            named = text.rpartition(". ")[2] if len(text) < 200 else ""
            code = match_surely(self.catalogue, named.partition(", ")[0]).indicator_code
            if code or (code := match_surely(self.catalogue, named).indicator_code):
                return self.catalogue.indicators[code]
        return None

    def read_row(self, columns: dict[int, TextBlock], head: dict[int, list[str]]) -> None:
        if not self.columns:
            self._read_head(head)
        row = self._name(columns)
        for column, block in columns.items():
            if not any(c.isdigit() for c in block.text):
                continue
            headed = self.columns.get(column, Column())
            if headed.is_number:
                self._add_ignored(block)
            elif not _FIGURE.match(block.text) or len(block.text) > 60:
                self.found.texts.append(block)
            else:
                self._read_cell(block, headed, row)

    def _read_head(self, head: dict[int, list[str]]) -> None:
        base: Indicator | None = None
        for column in sorted(head):
            texts = head[column]
            self.columns[column] = read = self._read_header(texts[-1], texts[-2] if len(texts) > 1 else "", base)
            base = read.indicator if read.indicator is not None and not read.indicator.is_growth else base

    def _read_header(self, text: str, parent: str, base: Indicator | None) -> Column:
        if fold(text) in self.numbers:
            return Column(is_number=True)
        province = find_province(self.catalogue, text)
        if province is not None:
            return Column(province_id=province)
        period = self._period_of(text)
        indicator = self._named(text, parent, base)
        if indicator is None and (period or fold(text) in ("thuc hien", "ket qua", "so lieu", "gia tri")):
            indicator = self.topic
        return Column(indicator, "", period, self._factor(indicator, text))

    def _named(self, text: str, parent: str, base: Indicator | None) -> Indicator | None:
        """The indicator that a label names: by its name alone, or by its heading beside the column it goes with."""
        indicators = self.catalogue.indicators
        code = match_surely(self.catalogue, text, parent, period=self.period_code).indicator_code
        if code:
            return indicators[code]
        plain = spell(self.catalogue, _BRACKETS.sub("", text))
        beside = [i for i in indicators.values() if plain and plain == spell(self.catalogue, i.heading)]
        owner = base or self.topic
        kept = [i for i in beside if owner and owner.indicator_code in (i.growth_of, i.accompanies)]
        return kept[0] if len(kept) == 1 else None

    def _period_of(self, text: str) -> str:
        """The half-year that a header names; that of a year before for "Cùng kỳ" and nothing else."""
        named = periods_in(self.catalogue, text)
        if named:
            return named[0]
        folded = fold(text)
        if _SAME_PERIOD.search(folded) and not re.search(r"\b(?:so|tang|giam|bang)\b", folded) and self.period_code:
            return f"{int(self.period_code[:4]) - 1}{self.period_code[4:]}"
        return ""

    def _factor(self, indicator: Indicator | None, text: str) -> Decimal:
        """What leads from the unit in a header's brackets into the indicator's."""
        if indicator is None:
            return Decimal(1)
        unit = self.catalogue.unit_of(indicator)
        lexicon = lexicon_of(self.catalogue)
        for written in _BRACKETS.findall(text):
            magnitude, rest = lexicon.split_magnitude(fold_unit(written))
            if magnitude is not None and (not rest or rest in lexicon.units[unit.quantity]):
                return magnitude / unit.factor
        return Decimal(1)

    def _name(self, columns: dict[int, TextBlock]) -> Column:
        """The unit or the indicator that the cells at the left of a row name."""
        for block in list(columns.values())[: _NAMES + 1]:
            province = find_province(self.catalogue, block.text)
            if province is not None and not block.text.isdecimal():
                return Column(province_id=province)
            indicator = self._named(block.text, "", None)
            if indicator is not None:
                return Column(indicator, "", "", self._factor(indicator, block.text))
        return Column()

    def _read_cell(self, block: TextBlock, headed: Column, row: Column) -> None:
        indicator = headed.indicator or row.indicator
        province = headed.province_id or row.province_id
        period = headed.period_code or self.period_code
        match = NUMERAL.search(block.text)
        if match is None:
            return
        text = block.text.replace("−", "-")
        is_estimated = any(w.kind == "estimate" and _says(text, w.phrase) for w in self.catalogue.words)
        if indicator is None or not province or not indicator.is_valid_in(period):
            self._add_unplaced(block, UNKNOWN)
            return
        plain = clean_text(_NOISE.sub(" ", _BRACKETS.sub(" ", text)))
        factor = headed.factor if headed.indicator is not None else row.factor
        figure = read_figure(self.catalogue, indicator, plain, period, self.style, factor)
        if figure.value is None:
            self._add_unplaced(block, figure.detail or UNKNOWN)
            return
        told = "index" if figure.basis == "index" else "growth" if indicator.is_growth else ""
        first, last = NUMERAL.search(block.text), list(NUMERAL.finditer(block.text))[-1]
        assert first is not None
        start, end = first.start(), last.end()
        raw = block.text[start:end]
        pairs = [(indicator, figure.value)]
        second = self.catalogue.indicators.get(indicator.fraction_of)
        if figure.denominator is not None and second is not None:
            pairs.append((second, figure.denominator))
        for of, value in pairs:
            basis = told if of is indicator else ""
            self.found.claims.append(
                Claim(block.number, start, end, raw, of.indicator_code, province, period, value, basis, is_estimated)  # type: ignore[arg-type]
            )

    def _add_unplaced(self, block: TextBlock, reason: str) -> None:
        for match in NUMERAL.finditer(block.text):
            self.found.unplaced.append(Unplaced(block.number, match.start(), match.end(), match[0], reason))

    def _add_ignored(self, block: TextBlock) -> None:
        for match in NUMERAL.finditer(block.text):
            self.found.ignored.append(Ignored(block.number, match.start(), match.end(), match[0], ROW_NUMBER))


def _says(text: str, phrase: str) -> bool:
    return phrase.isalpha() and phrase in fold_unit(text).split()
