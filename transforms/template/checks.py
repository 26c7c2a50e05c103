"""The locked cells beside totals and rates: a spreadsheet formula for what the parts give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue
from transforms.observation import column_letters
from transforms.placement import Slot

RATE_RULE = "rate_follows_counts"


@dataclass(frozen=True, slots=True)
class Check:
    """What stands beside a figure: a formula, a condition that is true on a mismatch, and the parts' codes."""

    formula: str
    mismatch: str
    operands: tuple[str, ...]


def checks_of(catalogue: Catalogue, slots: Mapping[str, Slot], check_column: int) -> dict[str, Check]:
    """The checks of the totals and rates among the slots of a form, by indicator.

    A part whose state is "không phát sinh" counts as nothing; while any part is blank or written in words, the
    formula shows an empty text.
    """
    rule = catalogue.rules.get(RATE_RULE)
    tolerance = Decimal(0) if rule is None or rule.parameter is None else rule.parameter
    found: dict[str, Check] = {}
    for code, parts in catalogue.totals.items():
        sheet = _Sheet(catalogue, slots, code, check_column)
        codes = tuple(part.part_code for part in parts)
        if sheet.has(codes):
            found[code] = sheet.check("+".join(map(sheet.operand, codes)), codes, Decimal(0))
    for code, formula in catalogue.formulas.items():
        sheet = _Sheet(catalogue, slots, code, check_column)
        codes = formula.formula.names
        if sheet.has(codes):
            text = f"ROUND({formula.formula.excel(sheet.operand)},{formula.decimals})"
            found[code] = sheet.check(text, codes, tolerance)
    return found


def reference(slot: Slot, from_sheet: str) -> str:
    """The absolute reference of a cell as seen from a sheet."""
    cell = f"${column_letters(slot.column)}${slot.row + 1}"
    quoted = slot.sheet.replace("'", "''")
    return cell if slot.sheet == from_sheet else f"'{quoted}'!{cell}"


class _Sheet:
    """The sheet as the check of one indicator sees it."""

    def __init__(self, catalogue: Catalogue, slots: Mapping[str, Slot], subject: str, check_column: int) -> None:
        self._slots, self._subject, self._check_column = slots, subject, check_column
        none_arising = {w.phrase for w in catalogue.words if w.kind == "state" and w.meaning == "none_arising"}
        self._none_arising = [choice for choice in catalogue.form.choices["state"] if choice in none_arising]

    def has(self, codes: tuple[str, ...]) -> bool:
        return all(f"f_{code}" in self._slots for code in (self._subject, *codes))

    def operand(self, code: str) -> str:
        return f"N({self._cell('f_', code)})"

    def check(self, result: str, codes: tuple[str, ...], tolerance: Decimal) -> Check:
        ready = ",".join(self._is_given(code) for code in codes)
        formula = f'=IF(AND({ready}),IFERROR({result},""),"")'
        own = self._slots[f"f_{self._subject}"]
        shown = f"${column_letters(self._check_column)}${own.row + 1}"
        given = self._cell("f_", self._subject)
        # rounded, because a workbook's 86,21 − 86,20 is a little more than 0,01
        apart = f"ROUND(ABS(N({shown})-N({given})),6)>{tolerance}"
        return Check(formula, f"=AND(ISNUMBER({shown}),ISNUMBER({given}),{apart})", codes)

    def _is_given(self, code: str) -> str:
        tests = [f"ISNUMBER({self._cell('f_', code)})"]
        tests += [f'{self._cell("s_", code)}="{choice}"' for choice in self._none_arising]
        return f"OR({','.join(tests)})"

    def _cell(self, prefix: str, code: str) -> str:
        return reference(self._slots[f"{prefix}{code}"], self._slots[f"f_{self._subject}"].sheet)
