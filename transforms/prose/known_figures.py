"""What the warehouse holds of the periods that a report speaks of, found by province, indicator and period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ANNOUNCED, SUMMED = "announced", ("sum", "rebuilt")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """One figure of the warehouse, or why it has none. `status` is that of an observation, and of the cluster's own
    `announced`, `sum` or `rebuilt`; `provinces` tells of a sum how many provinces are in it and how many should be.
    """

    period_code: str
    province_id: str
    indicator_code: str
    value: Decimal | None
    status: str
    is_estimated: bool = False
    file_name: str = ""
    sheet: str = ""
    cell: str = ""
    raw_text: str = ""
    version: int = 0
    provinces: tuple[int, int] = (0, 0)

    @property
    def counted(self) -> Decimal | None:
        """The value that a text may state: zero where nothing arose."""
        return ZERO if self.status == "none_arising" else self.value


class Known:
    """All known figures. `cluster_id` is the unit that figures of the whole cluster stand under."""

    def __init__(self, figures: Iterable[KnownFigure], cluster_id: str) -> None:
        self.cluster_id = cluster_id
        self._found: dict[tuple[str, str, str], list[KnownFigure]] = {}
        for figure in figures:
            key = figure.period_code, figure.province_id, figure.indicator_code
            self._found.setdefault(key, []).append(figure)
        self.periods = frozenset(period for period, _, _ in self._found)
        self._alike: dict[tuple[str, Decimal], list[KnownFigure]] = {}
        for figure in (f for figures in self._found.values() for f in figures):
            if figure.value is not None:
                self._alike.setdefault((figure.indicator_code, figure.value), []).append(figure)

    def of(self, period_code: str, province_id: str, indicator_code: str) -> Sequence[KnownFigure]:
        """What is known of one figure: one entry for a province, up to two (announced, then summed) for the cluster."""
        return self._found.get((period_code, province_id, indicator_code), ())

    def alike(self, indicator_code: str, value: Decimal) -> Sequence[KnownFigure]:
        """The figures of an indicator, of whatever province and period, that have exactly this value."""
        return self._alike.get((indicator_code, value), ())


def collect_known(
    marts: Mapping[str, Sequence[Mapping[str, Any]]], period_code: str, cluster_id: str
) -> list[KnownFigure]:
    """The known figures of one period in the rows of `observations` and `cluster_totals`."""
    found = [
        KnownFigure(
            period_code,
            row["province_id"],
            row["indicator_code"],
            row["value"],
            row["status"],
            bool(row["is_estimated"]),
            row["file_name"] or "",
            row["sheet"] or "",
            row["cell"] or "",
            row["raw_text"] or "",
            row["version"] or 0,
        )
        for row in marts["observations"]
    ]
    for row in marts["cluster_totals"]:
        key = period_code, cluster_id, row["indicator_code"]
        if row["control_value"] is not None:
            file_name, sheet, cell, raw = (
                row[f"control_{n}"] or "" for n in ("file_name", "sheet", "cell", "raw_text")
            )
            is_estimated = bool(row["control_is_estimated"])
            found.append(KnownFigure(*key, row["control_value"], ANNOUNCED, is_estimated, file_name, sheet, cell, raw))
        if row["value_source"] in SUMMED and row["value"] is not None:
            of = row["provinces_reporting"], row["provinces_expected"]
            found.append(KnownFigure(*key, row["value"], row["value_source"], provinces=of))
    return found
