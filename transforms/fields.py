"""The cells of one indicator's row into observations: value, unit, estimate, basis, state and note together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.figures import LIMIT, Figure, read_figure
from transforms.layout import IndicatorRow
from transforms.lexicon import Lexicon, fold_unit, lexicon_of
from transforms.numbers_vi import format_number
from transforms.numerals import Style
from transforms.observation import Cell, Observation, Problem, State
from transforms.text import clean_text

PLACES = Decimal("1e-10")
_NOTHING = {"", "x", "-", "–", "—"}
_DENIED = {
    "date": "Excel đã đổi nội dung thành ngày tháng; gõ lại dạng chữ, đặt dấu nháy đơn (') ở đầu",
    "bool": "ô chứa giá trị đúng/sai",
    "error": "công thức trong ô báo lỗi",
    "formula": "ô chứa công thức chưa có kết quả lưu kèm; hãy mở tệp bằng Excel và lưu lại, hoặc gõ thẳng con số",
}


@dataclass
class _Row:
    """One row while it is being read: its cells by field, and the problems found so far."""

    catalogue: Catalogue
    lexicon: Lexicon
    indicator: Indicator
    place: IndicatorRow
    cells: dict[tuple[int, int], Cell]
    problems: list[Problem]

    def cell(self, field: str) -> Cell | None:
        column = self.place.columns.get(field)
        return None if column is None else self.cells.get((self.place.row, column))

    def report(self, rule_code: str, observed: str, expected: str = "", detail: str = "", field: str = "value") -> None:
        code, sheet = self.indicator.indicator_code, self.place.sheet
        self.problems.append(Problem(rule_code, code, sheet, self.place.address(field), observed, expected, detail))

    def choice(self, field: str, meanings: dict[str, str]) -> str:
        """What a drop-down cell means; empty for a blank cell, and for a reported strange one."""
        cell = self.cell(field)
        text = "" if cell is None else clean_text(cell.raw).casefold()
        if not text:
            return ""
        meaning = meanings.get(text)
        if meaning is None:
            self.report(
                "choice_unknown", cell.raw if cell else "", "; ".join(self.catalogue.form.choices[field]), "", field
            )
            return ""
        return meaning


def read_row(
    catalogue: Catalogue,
    indicator: Indicator,
    place: IndicatorRow,
    cells: dict[tuple[int, int], Cell],
    period_code: str,
    style: Style | None,
) -> tuple[list[Observation], list[Problem]]:
    """What a row says: the indicator's own observation first, then those that its text gives of others."""
    lexicon = lexicon_of(catalogue)
    row = _Row(catalogue, lexicon, indicator, place, cells, [])
    note = row.cell("note")
    base = Observation(
        indicator.indicator_code,
        "blank",
        sheet=place.sheet,
        cell=place.address("value"),
        note="" if note is None else note.raw,
    )
    is_estimated = row.choice("estimate", lexicon.answers) == "yes"
    state = row.choice("state", lexicon.states)
    basis = _basis(row)
    factor = _unit_factor(row)
    cell = row.cell("value")
    if cell is None:
        if state:
            own: State = "none_arising" if state == "none_arising" else "not_yet_available"
            where = row.cell("state")
            return [replace(base, state=own, raw_text=where.raw if where else "")], row.problems
        return [base], row.problems
    figure = _read_cell(row, cell, period_code, style)
    base = replace(base, raw_text=cell.raw)
    if figure.trouble or factor is None:
        if figure.trouble:
            expected = catalogue.unit_of(indicator).name if figure.trouble == "unit_mismatch" else ""
            row.report(figure.trouble, cell.raw, expected, figure.detail)
        return [replace(base, state="unreadable")], row.problems
    if figure.state != "number":
        own_state = figure.state if not state or state == figure.state else "not_yet_available"
        return [replace(base, state=own_state)], row.problems
    value = _settle_basis(row, cell, figure, basis)
    if not any(c.isalpha() for c in cell.raw):
        value *= factor
    if abs(value) >= LIMIT:
        row.report("figure_unreadable", cell.raw, detail="con số lớn quá mức hệ thống nhận")
        return [replace(base, state="unreadable")], row.problems
    if state and not (state == "none_arising" and value == 0):
        where = row.cell("state")
        row.report("state_conflict", cell.raw, where.raw if where else "")
    if figure.ambiguous is not None:
        first, other = figure.ambiguous
        row.report("number_ambiguous", cell.raw, format_number(first), format_number(other))
    estimated = is_estimated or figure.is_estimated
    own_figure = replace(base, state="number", value=_exact(value), is_estimated=estimated)
    return [own_figure, *_others(row, own_figure, figure)], row.problems


def _exact(value: Decimal) -> Decimal:
    """The value without trailing zeros, at the ten places that the warehouse keeps."""
    rounded = value.quantize(PLACES) if -value.as_tuple().exponent > 10 else value  # type: ignore[operator]
    normal = rounded.normalize()
    return normal.quantize(Decimal(1)) if normal == normal.to_integral_value() else normal


def _others(row: _Row, own: Observation, figure: Figure) -> list[Observation]:
    found = []
    if figure.denominator is not None:
        found.append(replace(own, indicator_code=row.indicator.fraction_of, value=_exact(figure.denominator), note=""))
    if figure.rate is not None:
        pair = {row.indicator.indicator_code, row.indicator.fraction_of}
        for formula in row.catalogue.formulas.values():
            if set(formula.formula.names) == pair:
                found.append(replace(own, indicator_code=formula.indicator_code, value=_exact(figure.rate), note=""))
    return found


def _read_cell(row: _Row, cell: Cell, period_code: str, style: Style | None) -> Figure:
    if cell.number is not None:
        return Figure(cell.number)
    if cell.kind == "text":
        return read_figure(row.catalogue, row.indicator, cell.raw, period_code, style)
    detail = f"{_DENIED[cell.kind]} ({cell.raw})"
    return Figure(state="unreadable", trouble="figure_unreadable", detail=detail)


def _basis(row: _Row) -> str:
    cell = row.cell("basis")
    if cell is not None and not row.indicator.is_growth and clean_text(cell.raw).casefold() in _NOTHING:
        return ""
    return row.choice("basis", row.lexicon.bases)


def _settle_basis(row: _Row, cell: Cell, figure: Figure, basis: str) -> Decimal:
    """The change in percent, by the words of the cell before the choice beside it."""
    assert figure.value is not None
    if not row.indicator.is_growth:
        return figure.value
    if figure.basis:
        if basis and (basis == "index") != (figure.basis == "index"):
            where = row.cell("basis")
            row.report("basis_conflict", cell.raw, where.raw if where else "")
        return figure.value
    if basis == "index":
        return figure.value - 100
    return -abs(figure.value) if basis == "decrease" else figure.value


def _unit_factor(row: _Row) -> Decimal | None:
    """The factor from the unit written on the row into the indicator's; None, reported, where it does not fit."""
    cell = row.cell("unit")
    unit = row.catalogue.unit_of(row.indicator)
    if cell is None or clean_text(cell.raw).casefold() in _NOTHING:
        return Decimal(1)
    written = fold_unit(cell.raw)
    if written == fold_unit(unit.name):
        return Decimal(1)
    words = written.split()
    magnitude, taken = Decimal(1), 0
    while taken < len(words) and words[taken] in row.lexicon.magnitudes:
        magnitude *= row.lexicon.magnitudes[words[taken]]
        taken += 1
    rest = " ".join(words[taken:])
    if (rest or taken) and (not rest or row.lexicon.is_unit(rest, unit.quantity, row.indicator)):
        return magnitude / unit.factor if taken or rest in row.lexicon.units[unit.quantity] else Decimal(1)
    if row.cell("value") is not None:
        row.report("unit_mismatch", cell.raw, unit.name, cell.raw, "unit")
    return None
