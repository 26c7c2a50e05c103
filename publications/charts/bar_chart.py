"""Bars of one indicator over the provinces, the same period before beside each where it is known."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from publications.charts.canvas import POINTS_PER_MM, ChartCanvas, Kind, shorten, text_width
from publications.charts.values import DISPUTED, ESTIMATED, Chart

_NOW, _NOW_EDGE = "#0072B2", "#003A5C"
_EARLIER, _EARLIER_EDGE, _EARLIER_TEXT = "#D4D4D4", "#6B6B6B", "#444444"
_CLUSTER = "#000000"
_HATCHES = {ESTIMATED: "/////", DISPUTED: "xxxxx"}
_KEYS = {ESTIMATED: "số ước", DISPUTED: "(*) chưa xác nhận"}
_SIZE, _LINE, _MARGIN = 8.0, 14.0, 4.0


@lru_cache(maxsize=256)  # each costs as much as a table, and most are as they were
def draw_bars(chart: Chart, kind: Kind, width_mm: float) -> bytes:
    """Horizontal bars, one province below the other, the same period beside each where it is known for any.

    The cluster's figure is a line through the bars where it is of their size, and words above them in any case. An
    SVG has no prologue, so that it can stand in a page as it is.
    """
    width = width_mm * POINTS_PER_MM
    thick = 10.0
    pitch = (2 if chart.has_earlier else 1) * thick + 3
    scale = _Scale(chart, width)
    reference = chart.cluster.current if chart.cluster else None
    has_line = reference is not None and scale.holds(reference)
    head = _Head(chart, width, has_line=has_line)
    canvas = ChartCanvas(width, head.height + pitch * max(1, len(chart.points)) + _MARGIN)
    head.draw(canvas)
    y = canvas.height - head.height
    bottom, ceiling = _MARGIN / 2, y + 1
    if reference is not None and has_line:
        x = scale.place(reference)
        canvas.line([(x, bottom), (x, ceiling)], _CLUSTER, 1.0, "dashed")
    for point in chart.points:
        y -= pitch
        middle = y + pitch / 2
        canvas.write(scale.names - 5, middle, shorten(point.label, _SIZE, scale.names - 5 - _MARGIN), _SIZE, "right")
        text = chart.shown(point.current, point.mark)
        if chart.has_earlier:
            _bar(canvas, scale, middle, point.current, text, thick, point.mark)
            if point.earlier is not None:
                before = chart.shown(point.earlier)
                _bar(canvas, scale, middle - thick, point.earlier, before, thick, "", is_earlier=True)
        else:
            _bar(canvas, scale, middle - thick / 2, point.current, text, thick, point.mark)
    canvas.line([(scale.zero, bottom), (scale.zero, ceiling)], _EARLIER_EDGE)
    return canvas.save(kind, chart.title, chart.describe())


class _Scale:
    """Where values lie between the names on the left and the longest label on the right."""

    def __init__(self, chart: Chart, width: float) -> None:
        longest = max([text_width(point.label, _SIZE) for point in chart.points], default=0.0)
        self.names = min(longest, width * 0.35) + 5 + _MARGIN
        said = [
            *((p.current, chart.shown(p.current, p.mark)) for p in chart.points),
            *((p.earlier, chart.shown(p.earlier)) for p in chart.points),
        ]
        known = [(float(value), text_width(text, _SIZE) + 4) for value, text in said if value is not None]
        self.low = min([0.0, *(value for value, _ in known)])
        self.high = max([0.0, *(value for value, _ in known)])
        before = max([room for value, room in known if value < 0], default=0.0)
        after = max([room for value, room in known if value >= 0], default=0.0)
        free = max(width - self.names - before - after - _MARGIN, 10.0)
        self._per_unit = free / ((self.high - self.low) or 1.0)
        self.zero = self.names + before - self.low * self._per_unit

    def place(self, value: Decimal) -> float:
        return self.zero + float(value) * self._per_unit

    def holds(self, value: Decimal) -> bool:
        return self.low <= float(value) <= self.high


def _bar(
    canvas: ChartCanvas,
    scale: _Scale,
    y: float,
    value: Decimal | None,
    text: str,
    thick: float,
    mark: str,
    *,
    is_earlier: bool = False,
) -> None:
    end = scale.zero
    if value is not None:
        end = scale.place(value)
        if is_earlier:
            canvas.bar(scale.zero, y, end - scale.zero, thick, _EARLIER, _EARLIER_EDGE)
        else:
            _plain(canvas, scale.zero, y, end - scale.zero, thick, mark)
    is_left = value is not None and value < 0
    colour = "#444444" if is_earlier else "black"
    canvas.write(
        end + (-4 if is_left else 4),
        y + thick / 2,
        text,
        _SIZE - is_earlier,
        "right" if is_left else "left",
        colour=colour,
        is_backed=True,
    )


def _plain(canvas: ChartCanvas, x: float, y: float, width: float, height: float, mark: str) -> None:
    """A bar of the period itself: full where the figure is certain, hatched on white where it is not."""
    if mark in _HATCHES:
        canvas.bar(x, y, width, height, "white", _NOW, _HATCHES[mark])
    else:
        canvas.bar(x, y, width, height, _NOW, _NOW_EDGE)


class _Head:
    """What stands above the bars: the cluster's figure, the unit, and what the bars mean; in lines that fit."""

    def __init__(self, chart: Chart, width: float, *, has_line: bool) -> None:
        self._chart, self._width = chart, width
        marks = {point.mark for point in chart.points if point.current is not None}
        keys = [(chart.current_name, "")] + [(_KEYS[mark], mark) for mark in (ESTIMATED, DISPUTED) if mark in marks]
        if chart.has_earlier:
            keys.append((chart.earlier_name, _EARLIER))
        if has_line and chart.cluster:
            keys.append((chart.cluster.label, _CLUSTER))
        self._lines: list[list[tuple[str, str]]] = [[]]
        used = 0.0
        for key in keys:
            needed = 30 + text_width(key[0], _SIZE)
            if used + needed > width - _MARGIN and self._lines[-1]:
                self._lines.append([])
                used = 0.0
            self._lines[-1].append(key)
            used += needed
        self._unit = f"Đơn vị: {chart.unit}"
        together = text_width(self._cluster, _SIZE, is_bold=True) + text_width(self._unit, _SIZE) + 3 * _MARGIN
        self._is_divided = bool(self._cluster) and together > width
        self.height = _MARGIN + _LINE * (len(self._lines) + 1 + self._is_divided)

    @property
    def _cluster(self) -> str:
        chart, cluster = self._chart, self._chart.cluster
        if cluster is None or cluster.current is None:
            return ""
        text = f"{cluster.label}: {chart.shown(cluster.current, cluster.mark)}"
        return text if cluster.earlier is None else f"{text} ({chart.earlier_name}: {chart.shown(cluster.earlier)})"

    def draw(self, canvas: ChartCanvas) -> None:
        y = canvas.height - _MARGIN - 5
        canvas.write(self._width - _MARGIN, y, self._unit, _SIZE, "right", colour=_EARLIER_EDGE)
        if self._is_divided:
            y -= _LINE
        canvas.write(_MARGIN, y, shorten(self._cluster, _SIZE, self._width), _SIZE, is_bold=True)
        for keys in self._lines:
            y -= _LINE
            x = _MARGIN
            for name, mark in keys:
                if mark == _CLUSTER:
                    canvas.line([(x, y), (x + 14, y)], _CLUSTER, 1.0, "dashed")
                elif mark == _EARLIER:
                    canvas.bar(x, y - 3.2, 14, 6.4, _EARLIER, _EARLIER_EDGE)
                else:
                    _plain(canvas, x, y - 3.2, 14, 6.4, mark)
                canvas.write(x + 18, y, name, _SIZE)
                x += 30 + text_width(name, _SIZE)
