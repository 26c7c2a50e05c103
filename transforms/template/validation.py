"""What a cell of the form accepts and what it tells the officer who stands on it, from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from catalogue.model import Catalogue, Indicator
from transforms.numbers_vi import format_number

LONGEST_LIST = 255  # characters that a workbook allows in a list of choices, and in a prompt
EXACT_INTEGERS = 10**15 - 1  # beyond them Excel no longer keeps every digit

_TIME_WORDS = {
    "stock": "Số có đến cuối kỳ.",
    "stock_rate": "Tỷ lệ tại thời điểm cuối kỳ.",
    "flow": "Số phát sinh trong kỳ.",
    "school_year": "Số của năm học.",
    "previous_year_rank": "Theo kết quả công bố của năm trước.",
}
_FIELD_PROMPTS = {
    "estimate": ("Ước tính", "Chọn x nếu số ở cột Giá trị là số ước tính. Số chính thức thì để trống."),
    "basis": (
        "Cách so sánh",
        "Chọn “tăng/giảm %” nếu ghi mức tăng hoặc giảm (giảm ghi số âm). Chọn “bằng %” nếu ghi bằng bao nhiêu phần "
        "trăm so với gốc so sánh. Để trống được hiểu là tăng/giảm %.",
    ),
    "state": (
        "Trạng thái",
        "Chỉ chọn khi cột Giá trị để trống. “không phát sinh”: trong kỳ không có việc này. “chưa có số liệu”: có nhưng "
        "chưa tổng hợp được.",
    ),
    "note": ("Ghi chú", "Ghi điều cần nói thêm: phạm vi số liệu, nguồn, lý do tăng giảm. Không ghi số liệu ở đây."),
}


def value_validation(catalogue: Catalogue, indicator: Indicator, period_code: str, opening: str) -> dict[str, Any]:
    """The validation of a value cell: it warns of what lies outside, and lets texts such as 11,83 nghìn tỷ stand.

    Its prompt starts with `opening`.
    """
    low, high = catalogue.bounds_of(indicator, period_code)
    allowed = describe_range(catalogue, indicator, period_code)
    if indicator.is_whole and low is None and high is None:
        low, high = Decimal(-EXACT_INTEGERS), Decimal(EXACT_INTEGERS)
    options: dict[str, Any] = {"validate": "integer" if indicator.is_whole else "decimal"}
    if low is not None and high is not None:
        options |= {"criteria": "between", "minimum": _plain(low), "maximum": _plain(high)}
    elif low is not None:
        options |= {"criteria": ">=", "value": _plain(low)}
    elif high is not None:
        options |= {"criteria": "<=", "value": _plain(high)}
    else:
        options = {"validate": "any"}
    return options | {
        "error_type": "warning",
        "error_title": "Xem lại số vừa ghi",
        "error_message": f"Ô này cần {allowed}. Nếu cố ý ghi bằng chữ, ví dụ “11,83 nghìn tỷ”, thì giữ nguyên được.",
        "input_title": f"Chỉ tiêu {indicator.number}",
        "input_message": _value_prompt(catalogue, indicator, opening, allowed),
    }


def describe_range(catalogue: Catalogue, indicator: Indicator, period_code: str) -> str:
    """What may be written, in words: "số nguyên từ 1 đến 63"."""
    low, high = catalogue.bounds_of(indicator, period_code)
    words = "số nguyên" if indicator.is_whole else "số"
    if low is not None and high is not None:
        return f"{words} từ {format_number(low)} đến {format_number(high)}"
    if low is not None:
        return f"{words} từ {format_number(low)} trở lên"
    return words if high is None else f"{words} không quá {format_number(high)}"


def _value_prompt(catalogue: Catalogue, indicator: Indicator, opening: str, allowed: str) -> str:
    parts = [
        opening,
        f"Đơn vị: {catalogue.unit_of(indicator).name}; {allowed}.",
        _TIME_WORDS.get(indicator.time_kind, ""),
    ]
    if indicator.is_growth:
        parts.append("Giảm thì ghi số âm, ví dụ -8,5. Ghi kiểu “bằng 92%” thì chọn “bằng %” ở cột Cách so sánh.")
    if indicator.fraction_of:
        other = catalogue.indicators[indicator.fraction_of]
        parts.append(f"Không ghi dạng phân số a/b: số sau dấu gạch ghi ở dòng {other.number}.")
    return _fit(parts)


def _fit(parts: Sequence[str]) -> str:
    text = ""
    for part in filter(None, parts):
        longer = f"{text} {part}".strip()
        if len(longer) <= LONGEST_LIST:
            text = longer
    return text


def choice_validation(field: str, choices: Sequence[str]) -> dict[str, Any]:
    """The drop-down of a field of the form."""
    title, message = _FIELD_PROMPTS[field]
    return {
        "validate": "list",
        "source": list(choices),
        "error_type": "warning",
        "error_title": "Không có trong danh sách",
        "error_message": f"Nên chọn trong danh sách: {'; '.join(choices)}.",
        "input_title": title,
        "input_message": message,
    }


def note_validation() -> dict[str, Any]:
    """No bound on a note, only what it is for."""
    title, message = _FIELD_PROMPTS["note"]
    return {"validate": "any", "input_title": title, "input_message": message}


def check_validation(numbers: Sequence[str]) -> dict[str, Any]:
    """What the check cell tells: which rows it is computed from."""
    rows = _fit([f"Máy tự tính từ các dòng {', '.join(numbers)} khi các dòng ấy đã đủ số."])
    return {
        "validate": "any",
        "input_title": "Ô kiểm tra",
        "input_message": _fit([rows, "Nền đỏ: chưa khớp với số đã ghi.", "Ô này chỉ để đối chiếu."]),
    }


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
