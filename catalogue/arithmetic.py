"""Formulas of the catalogue: plain arithmetic over indicator codes, from a closed set of nodes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
_EXCEL_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True)
class Expression:
    """A parsed formula. Reads `text` once; raises ValueError for anything but + - * / over names and numbers."""

    text: str
    names: tuple[str, ...] = field(init=False)
    _tree: ast.expr = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            tree = ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise ValueError(f"not arithmetic: {self.text!r}") from error
        names: dict[str, int] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                names.setdefault(node.id, node.col_offset)
            elif isinstance(node, ast.Constant):
                if isinstance(node.value, bool) or not isinstance(node.value, int | float):
                    raise ValueError(f"{node.value!r} may not stand in a formula: {self.text!r}")
            elif not isinstance(node, (ast.BinOp, ast.Load, *_OPERATIONS)):
                raise ValueError(f"{type(node).__name__} may not stand in a formula: {self.text!r}")
        object.__setattr__(self, "names", tuple(sorted(names, key=lambda name: names[name])))
        object.__setattr__(self, "_tree", tree)

    def evaluate(self, values: Mapping[str, Decimal | None]) -> Decimal | None:
        """The exact result, or None where an operand is missing or a divisor is zero."""
        if any(values.get(name) is None for name in self.names):
            return None
        try:
            return _evaluate(self._tree, values)
        except ArithmeticError:
            return None

    def ratio(self) -> tuple[Decimal, str, str] | None:
        """(factor, numerator, denominator) of a formula that is a multiple of one quotient, else None."""
        factor, names = Decimal(1), {1: list[str](), -1: list[str]()}
        rest = [(self._tree, 1)]
        while rest:
            node, power = rest.pop()
            if isinstance(node, ast.Name):
                names[power].append(node.id)
            elif isinstance(node, ast.Constant):
                factor = factor * Decimal(str(node.value)) if power > 0 else factor / Decimal(str(node.value))
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
                rest += [(node.left, power), (node.right, power if isinstance(node.op, ast.Mult) else -power)]
            else:
                return None
        return (factor, names[1][0], names[-1][0]) if len(names[1]) == len(names[-1]) == 1 else None

    def excel(self, reference: Callable[[str], str]) -> str:
        """The same formula in a spreadsheet's words, each name replaced by `reference(name)`."""
        return _excel(self._tree, reference)


def _evaluate(node: ast.expr, values: Mapping[str, Decimal | None]) -> Decimal:
    if isinstance(node, ast.Name):
        value = values[node.id]
        assert value is not None
        return value
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value))
    assert isinstance(node, ast.BinOp)
    return _OPERATIONS[type(node.op)](_evaluate(node.left, values), _evaluate(node.right, values))


def _excel(node: ast.expr, reference: Callable[[str], str]) -> str:
    if isinstance(node, ast.Name):
        return reference(node.id)
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.BinOp)
    return f"({_excel(node.left, reference)}{_EXCEL_OPERATORS[type(node.op)]}{_excel(node.right, reference)})"
