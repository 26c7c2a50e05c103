"""The cells of one indicator's row into observations: value, unit, estimate, basis, state and note together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.figures import LIMIT, Figure, read_figure
from transforms.layout import IndicatorRow
from transforms.lexicon import Lexicon, fold_unit, lexicon_of
from transforms.numbers_vi import format_date, format_number
from transforms.numerals import Style
from transforms.observation import Cell, Observation, Problem, State
from transforms.text import clean_text

PLACES = Decimal("1e-10")
LIKELY_INDEX = Decimal(50)  # from here on a bare percentage "so với cùng kỳ" is rather a share of it; asked anyway
_SPEAKING = ("value", "state", "estimate", "basis")
_NOTHING = {"", "x", "-", "–", "—"}
_DENIED = {
    "date": "Excel đã đổi nội dung thành ngày tháng hoặc giờ; gõ lại dạng chữ, đặt dấu nháy đơn (') ở đầu",
    "bool": "ô chứa giá trị đúng/sai",
    "error": "công thức trong ô báo lỗi",
    "split": "dòng này có nhiều ô hơn dòng tiêu đề, có lẽ dấu phẩy thập phân đã tách một số thành hai ô; hãy phân cách "
    "các ô bằng dấu chấm phẩy, hoặc đặt số trong ngoặc kép",
    "scaled": "ô định dạng rút gọn, số hiện ra khác số lưu trong ô; hãy bỏ định dạng rút gọn, ghi một con số theo đơn "
    "vị của dòng",
    "struck": "số trong ô bị gạch ngang; hãy bỏ gạch nếu vẫn dùng, ghi số khác hoặc để trống nếu không dùng",
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

    def is_silent(self) -> bool:
        """Whether the row says nothing that has to be understood; its unit as printed says nothing."""
        unit = self.cell("unit")
        is_printed = unit is None or unit.raw == self.catalogue.unit_of(self.indicator).name
        return is_printed and all(self.cell(name) is None for name in _SPEAKING)

    def report(self, rule_code: str, observed: str, expected: str = "", detail: str = "", field: str = "value") -> None:
        code, sheet = self.indicator.indicator_code, self.place.sheet
        self.problems.append(Problem(rule_code, code, sheet, self.place.address(field), observed, expected, detail))

    def reject(self, field: str) -> None:
        """Reports a cell that says something where nothing is asked."""
        cell = self.cell(field)
        if cell is not None:
            self.report("cell_unclaimed", show_cell(cell), field=field)

    def choice(self, field: str, meanings: dict[str, str]) -> str:
        """What a drop-down cell means; empty for a blank cell, and for a reported strange one."""
        cell = self.cell(field)
        if cell is None:
            return ""
        text = clean_text(cell.raw).casefold()
        meaning = meanings.get(text)
        if meaning is None:
            self.report("choice_unknown", show_cell(cell), "; ".join(self.catalogue.form.choices[field]), "", field)
            return ""
        return meaning


def show_cell(cell: Cell) -> str:
    """What stands in a cell, for a person: numbers and dates in Vietnamese form."""
    if cell.number is not None:
        return format_number(cell.number)
    return cell.raw if cell.date is None else format_date(cell.date)


def read_row(
    catalogue: Catalogue,
    indicator: Indicator,
    place: IndicatorRow,
    cells: dict[tuple[int, int], Cell],
    period_code: str,
    style: Style | None,
    *,
    all_estimated: bool = False,
) -> tuple[list[Observation], list[Problem]]:
    """What a row says: the indicator's own observation first, then those that its text gives of others.

    `all_estimated` is what the cover says of every figure that its row does not call final.
    """
    row = _Row(catalogue, lexicon_of(catalogue), indicator, place, cells, [])
    note = row.cell("note")
    base = Observation(
        indicator.indicator_code,
        "blank",
        sheet=place.sheet,
        cell=place.address("value"),
        note="" if note is None else note.raw,
    )
    if row.is_silent():
        return [base], row.problems
    answer = row.choice("estimate", row.lexicon.answers)
    state = row.choice("state", row.lexicon.states)
    basis = _basis(row)
    cell, beside = row.cell("value"), row.cell("state")
    if cell is None:
        mark = row.cell("estimate")
        if answer and not state and mark is not None and mark.kind == "number":
            row.reject("estimate")  # 1 is a mark beside a figure; beside none it may be the figure
        if _unit_factor(row) is None:
            row.reject("unit")
        if beside is not None:
            own: State = "blank" if not state else "none_arising" if state == "none_arising" else "not_yet_available"
            base = replace(base, state=own, raw_text=beside.raw)
        return [base], row.problems
    base = replace(base, raw_text=cell.raw)
    factor = _unit_factor(row)
    if factor is None:
        unit = row.cell("unit")
        shown = row.place.told.unit if unit is None else show_cell(unit)
        row.report("unit_mismatch", shown, catalogue.unit_of(indicator).name, shown, "unit")
        return [replace(base, state="unreadable")], row.problems
    figure = _read_cell(row, cell, period_code, style, factor)
    if figure.trouble:
        expected = catalogue.unit_of(indicator).name if figure.trouble == "unit_mismatch" else ""
        row.report(figure.trouble, show_cell(cell), expected, figure.detail)
        return [replace(base, state="unreadable")], row.problems
    if figure.state != "number":
        own_state = figure.state if not state or state == figure.state else "not_yet_available"
        return [replace(base, state=own_state)], row.problems
    value = _settle_basis(row, cell, figure, basis)
    if abs(value) >= LIMIT:
        row.report("figure_unreadable", show_cell(cell), detail="con số lớn quá mức hệ thống nhận")
        return [replace(base, state="unreadable")], row.problems
    if state and not (state == "none_arising" and value == 0):
        row.report("state_conflict", show_cell(cell), beside.raw if beside else "")
    if figure.ambiguous is not None:
        first, other = figure.ambiguous
        row.report("number_ambiguous", cell.raw, format_number(first), format_number(other))
    is_told = place.told.is_estimated or all_estimated
    estimated = answer == "yes" or figure.is_estimated or (is_told and answer != "no")
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


def _read_cell(row: _Row, cell: Cell, period_code: str, style: Style | None, factor: Decimal) -> Figure:
    if cell.number is not None:
        return Figure(cell.number * factor)
    if cell.kind == "text":
        return read_figure(row.catalogue, row.indicator, cell.raw, period_code, style, factor)
    return Figure(state="unreadable", trouble="figure_unreadable", detail=_DENIED[cell.kind])


def _basis(row: _Row) -> str:
    cell = row.cell("basis")
    if cell is None and row.place.told.basis:
        return row.place.told.basis
    if cell is None or row.indicator.is_growth:
        return row.choice("basis", row.lexicon.bases)
    if clean_text(cell.raw).casefold() not in _NOTHING:
        row.reject("basis")
    return ""


def _settle_basis(row: _Row, cell: Cell, figure: Figure, basis: str) -> Decimal:
    """The change in percent, by the words of the cell before the choice beside it."""
    value = figure.value
    assert value is not None
    if not row.indicator.is_growth:
        return value
    if figure.basis:
        if basis and (basis == "index") != (figure.basis == "index"):
            where = row.cell("basis")
            row.report("basis_conflict", cell.raw, where.raw if where else basis)
        return value
    if basis:
        return value - 100 if basis == "index" else -abs(value) if basis == "decrease" else value
    compared = figure.compared or ("index" if value >= LIKELY_INDEX else "growth")
    if figure.compared or (row.place.told.is_compared and value >= 0):
        both = (value - 100, value) if compared == "index" else (value, value - 100)
        row.report("number_ambiguous", cell.raw, *(f"{format_number(v)}%" for v in both))
        return both[0]
    return value


def _unit_factor(row: _Row) -> Decimal | None:
    """The factor from the unit written on the row into the indicator's; None where it does not fit."""
    cell = row.cell("unit")
    unit = row.catalogue.unit_of(row.indicator)
    text = row.place.told.unit if cell is None else cell.raw
    if not text or text == unit.name or clean_text(text).casefold() in _NOTHING:
        return Decimal(1)
    written = fold_unit(text)
    if written == fold_unit(unit.name):
        return Decimal(1)
    magnitude, rest = row.lexicon.split_unit(written)
    if not written or (rest and not row.lexicon.is_unit(rest, unit.quantity, row.indicator)):
        return None
    if magnitude is not None and unit.quantity == "%":
        return None
    if magnitude is None and rest not in row.lexicon.units[unit.quantity]:
        return Decimal(1)
    return (magnitude or 1) / unit.factor
