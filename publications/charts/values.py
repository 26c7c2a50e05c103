"""What a chart shows: one indicator's figures over the provinces, now and in the same period before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from transforms.numbers_vi import format_number

ESTIMATED, DISPUTED = "estimated", "disputed"
NO_FIGURE = "…"
_SIGNS = {ESTIMATED: " (ước)", DISPUTED: " (*)"}


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One province's figure now and in the same period before, None where unknown; mark: "", estimated or disputed."""

    label: str
    current: Decimal | None
    earlier: Decimal | None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: points in the order in which they shall stand; the title is for captions and screen readers.

    `current_name` and `earlier_name` name the two periods; `cluster` is the figure of all together, where there is one.
    """

    title: str
    unit: str
    decimals: int
    current_name: str
    earlier_name: str
    points: tuple[ChartPoint, ...]
    cluster: ChartPoint | None = None

    @property
    def has_earlier(self) -> bool:
        return any(point.earlier is not None for point in self.points)

    def shown(self, value: Decimal | None, mark: str = "") -> str:
        """A value as it is printed beside its bar."""
        if value is None:
            return NO_FIGURE
        return format_number(value, self.decimals) + ("%" if self.unit == "%" else "") + _SIGNS.get(mark, "")

    def describe(self) -> str:
        """The chart in words, for who cannot see it."""
        parts = [self._describe(point) for point in (*self.points, *([self.cluster] if self.cluster else []))]
        return f"Đơn vị: {self.unit}. {self.current_name}: {'; '.join(parts)}."

    def _describe(self, point: ChartPoint) -> str:
        now = "chưa có số liệu" if point.current is None else self.shown(point.current, point.mark)
        before = f" ({self.earlier_name}: {self.shown(point.earlier)})" if point.earlier is not None else ""
        return f"{point.label} {now}{before}"
