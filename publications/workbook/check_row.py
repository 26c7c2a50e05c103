"""The row beneath the cluster's line that lets a reader see the cluster's figures computed anew."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from catalogue.arithmetic import Expression
from publications.tables.figures import Figures
from publications.tables.shape import PublishedTable


class Check(NamedTuple):
    """What a spreadsheet recomputes in one column, and what comes out; without an expression the rows are added."""

    value: Decimal
    expression: Expression | None = None

    def formula(self, column: str, first: int, last: int, reference: Callable[[str], str]) -> str:
        """The formula over rows counted from 1; `reference` names the cell of another column in the same row."""
        if self.expression is None:
            return f"=SUM({column}{first}:{column}{last})"
        return f"={self.expression.excel(reference)}"


def find_checks(figures: Figures, table: PublishedTable) -> dict[str, Check]:
    """By indicator what can be recomputed from the rows of a table of provinces: sums, and rates of those sums.

    It is left to the reader to see that both agree: what comes out is not compared here.
    """
    if table.layout != "provinces":
        return {}
    checks: dict[str, Check] = {}
    of_rates = []
    for place, column in enumerate(table.columns):
        source = figures.totals.get(column.code, {}).get("value_source")
        if column.kind != "number" or source not in ("sum", "rebuilt"):
            continue
        if source == "rebuilt":
            of_rates.append(column.code)
            continue
        values = [value for row in table.rows if isinstance(value := row[place].value, Decimal)]
        if values:
            checks[column.code] = Check(sum(values, Decimal(0)))
    sums: dict[str, Decimal | None] = {code: check.value for code, check in checks.items()}
    for code in of_rates:
        expression = figures.catalogue.formulas[code].formula
        value = expression.evaluate(sums) if sums.keys() >= set(expression.names) else None
        if value is not None:
            checks[code] = Check(value, expression)
    return checks
