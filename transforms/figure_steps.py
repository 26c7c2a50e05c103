"""How a written figure became its value, step by step and in words: dots and commas, units, signs, marks."""

from __future__ import annotations

from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.figures import read_figure
from transforms.numbers_vi import format_number
from transforms.numerals import NUMERAL, Style, read_numeral
from transforms.text import clean_text

_STATES = {
    "none_arising": "hiểu là không phát sinh: không có số, cộng là 0",
    "not_yet_available": "hiểu là chưa có số liệu: không có số, không phải 0",
}


def explain_figure(
    catalogue: Catalogue,
    indicator: Indicator,
    raw_text: str,
    period_code: str,
    value: Decimal | None,
    is_estimated: bool,
) -> list[str]:
    """The steps from a cell's text to the stored value, as sentences; what the text alone does not prove is said so."""
    if not raw_text:
        return ["ô trống: không có số, không phải 0"]
    steps = [f"ô ghi “{clean_text(raw_text)}”"]
    numeral = NUMERAL.search(clean_text(raw_text))
    if value is None:
        figure = read_figure(catalogue, indicator, raw_text, period_code)
        steps.append(_STATES.get(figure.state, f"không đọc ra số{f': {figure.detail}' if figure.detail else ''}"))
        return steps
    if numeral is None:
        return [*steps, f"đọc chữ thành số {format_number(value)}"]
    style = _style_of(catalogue, indicator, raw_text, period_code, value)
    steps.append(_tell_marks(numeral[0], style))
    figure = read_figure(catalogue, indicator, raw_text, period_code, style)
    unit = catalogue.unit_of(indicator).name
    written = _meant(numeral[0], style)
    if written is not None and figure.value is not None and abs(figure.value) != written:
        steps.append(_tell_change(indicator, figure.value, written, figure.basis, unit))
    elif figure.value is not None and figure.value < 0 and written is not None:
        steps.append("chữ “giảm” hoặc dấu trừ: số âm")
    if figure.denominator is not None:
        steps.append(f"số sau dấu gạch chéo ({format_number(figure.denominator)}) là mẫu số, đọc riêng")
    if figure.value not in (None, 0) and figure.value != value:
        factor = (value / figure.value).normalize()
        steps.append(f"đơn vị ghi ở dòng, cột hoặc trên bảng: × {format_number(factor)}")
    if is_estimated:
        by_text = figure.is_estimated
        steps.append("có chữ “ước”: số ước" if by_text else "đánh dấu ước ở cột bên cạnh hoặc ở bìa: số ước")
    return [*steps, f"giá trị {format_number(value)} {unit}"]


def _style_of(
    catalogue: Catalogue, indicator: Indicator, raw_text: str, period_code: str, value: Decimal
) -> Style | None:
    """Which reading of dots and commas gives the stored value; the text's own where none does alone."""
    styles: tuple[Style | None, ...] = (None, "vi", "en")
    for style in styles:
        if read_figure(catalogue, indicator, raw_text, period_code, style).value == value:
            return style
    return None


def _meant(token: str, style: Style | None) -> Decimal | None:
    numeral = read_numeral(token)
    if numeral is None:
        return None
    return numeral.other if style == "en" and numeral.other is not None else numeral.vietnamese


def _tell_marks(token: str, style: Style | None) -> str:
    numeral, meant = read_numeral(token), _meant(token, style)
    if numeral is None or meant is None:
        return f"“{token}” không viết thành số"
    shown = format_number(meant)
    if "." not in token and "," not in token:
        return f"“{token}” là số {shown}"
    if numeral.other is not None:
        other = numeral.vietnamese if meant == numeral.other else numeral.other
        return f"“{token}” đọc là {shown}, không phải {format_number(other)}, theo khoảng cho phép và cách viết cả tệp"
    if numeral.style == "vi":
        return f"“{token}”: dấu chấm ngăn hàng nghìn, dấu phẩy thập phân, là {shown}"
    if numeral.style == "en":
        return f"“{token}”: dấu phẩy ngăn hàng nghìn, dấu chấm thập phân (kiểu Anh), là {shown}"
    return f"“{token}”: dấu chấm là dấu thập phân (ô kiểu số của bảng tính ghi vậy), là {shown}"


def _tell_change(indicator: Indicator, value: Decimal, written: Decimal, basis: str, unit: str) -> str:
    if basis == "index":
        return f"ghi “bằng {format_number(written)}%”: lấy trừ 100, là {format_number(value)}%"
    factor = (abs(value) / written).normalize() if written else Decimal(1)
    return f"đổi theo đơn vị ghi trong ô sang {unit}: × {format_number(factor)}, là {format_number(value)}"
