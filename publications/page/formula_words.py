"""Formulas of the catalogue in the words of its labels."""

from __future__ import annotations

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number

_SIGNS = str.maketrans({"*": "×", "/": "÷", "-": "−"})


def say_formula(catalogue: Catalogue, indicator_code: str) -> str:
    """How an indicator follows from others; nothing where the catalogue has no formula for it."""
    formula = catalogue.formulas.get(indicator_code)
    if formula is None:
        return ""
    ratio = formula.formula.ratio()
    if ratio is not None:
        factor, above, below = ratio
        times = "" if factor == 1 else f"{format_number(factor)} × "
        return f"{times}{_quoted(catalogue, above)} ÷ {_quoted(catalogue, below)}"
    labels: list[str] = []

    def keep(code: str) -> str:
        labels.append(_quoted(catalogue, code))
        return f"\0{len(labels) - 1}\0"

    text = formula.formula.excel(keep).translate(_SIGNS)
    for number, label in enumerate(labels):
        text = text.replace(f"\0{number}\0", label)
    return text[1:-1] if text.startswith("(") else text


def _quoted(catalogue: Catalogue, code: str) -> str:
    indicator = catalogue.indicators.get(code)
    return f"“{indicator.label if indicator is not None else code}”"
