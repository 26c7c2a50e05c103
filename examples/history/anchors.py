"""The figures that every path goes through: the real ones of 2021H1, and invented ones where the report has none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from catalogue.model import Catalogue
from examples.history.overlay import read_rows
from transforms.reading import read_return

RETURNS = Path(__file__).resolve().parent.parent / "returns"


@dataclass(frozen=True)
class Anchors:
    """`real` and `invented` by province and indicator; `weights`: invented sizes, for means over a merger."""

    real: dict[tuple[str, str], Decimal]
    invented: dict[tuple[str, str], Decimal]
    weights: dict[str, Decimal]

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        """All provinces that have a path, those that never reported here included."""
        return tuple(self.weights)

    def find(self, province_id: str, code: str) -> Decimal | None:
        """The figure of 2021H1: the real one where there is one."""
        return self.real.get((province_id, code), self.invented.get((province_id, code)))

    def value(self, province_id: str, code: str) -> float:
        """The same as a number to go on from; raises KeyError where neither is there."""
        found = self.find(province_id, code)
        if found is None:
            raise KeyError(f"anchors.csv: {code} of {province_id} is neither real nor invented")
        return float(found)


def read_anchors(catalogue: Catalogue) -> Anchors:
    """The anchors of all provinces; the real ones are read out of the real returns."""
    real = {}
    for path in sorted(RETURNS.glob("*/*.xlsx")):
        reading = read_return(catalogue, path.read_bytes())
        for o in reading.observations:
            if o.value is not None:
                real[reading.province_id, o.indicator_code] = o.value
    invented: dict[tuple[str, str], Decimal] = {}
    weights: dict[str, Decimal] = {}
    for row in read_rows("anchors.csv"):
        figure = row.pop("figure")
        for province_id, text in row.items():
            if text and figure == "weight":
                weights[province_id] = Decimal(text)
            elif text and (province_id, figure) not in real:
                invented[province_id, figure] = Decimal(text)
    return Anchors(real, invented, weights)
