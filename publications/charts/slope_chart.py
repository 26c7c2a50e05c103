"""Lines from the same period before to now, one a province, with labels at both ends that never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from publications.charts.canvas import POINTS_PER_MM, ChartCanvas, Kind, shorten, text_width
from publications.charts.values import Chart

_RISING, _FALLING, _CLUSTER = "#0072B2", "#D55E00", "#000000"
_EARLIER, _EARLIER_EDGE, _FAINT = "#D4D4D4", "#6B6B6B", "#8C8C8C"
_SIZE, _LINE, _MARGIN = 8.0, 14.0, 4.0


@lru_cache(maxsize=256)  # each costs as much as a table, and most are as they were
def draw_slope(chart: Chart, kind: Kind, width_mm: float) -> bytes:
    """Lines from the same period to now, one a province; what falls is dashed, the cluster's is thick.

    Labels stand at both ends and never over each other; a province known at one end only has a point there.
    """
    width = width_mm * POINTS_PER_MM
    points = [*chart.points, *([chart.cluster] if chart.cluster else [])]
    left = [p for p in points if p.earlier is not None]
    right = [p for p in points if p.current is not None]
    step = _SIZE + 3.5
    top = _MARGIN + 2 * _LINE
    height = max(max(len(left), len(right), 1) * step + 24, width * 0.42)
    canvas = ChartCanvas(width, height + top)
    canvas.write(_MARGIN, canvas.height - _MARGIN - 5, f"Đơn vị: {chart.unit}", _SIZE, colour=_EARLIER_EDGE)
    names = {
        id(p): (f"{p.label}  {chart.shown(p.earlier)}", f"{chart.shown(p.current, p.mark)}  {p.label}") for p in points
    }
    room = max([text_width(text, _SIZE) for pair in names.values() for text in pair], default=0.0)
    room = min(room + 16, width * 0.4)
    start, end = room, width - room
    values = [v for p in points for v in (p.earlier, p.current) if v is not None]
    low, high = (float(min(values)), float(max(values))) if values else (0.0, 1.0)
    span = (high - low) or 1.0

    def level(value: Decimal) -> float:
        return 12 + (float(value) - low) / span * (height - 24)

    head = canvas.height - _MARGIN - 5 - _LINE
    canvas.write(start, head, chart.earlier_name, _SIZE, "center", is_bold=True)
    canvas.write(end, head, chart.current_name, _SIZE, "center", is_bold=True)
    for x in (start, end):
        canvas.line([(x, 2), (x, height - 2)], _EARLIER, 0.8)
    for p in points:
        colour, thickness = (_CLUSTER, 1.8) if p is chart.cluster else (_RISING, 1.1)
        if p.earlier is not None and p.current is not None:
            is_falling = p.current < p.earlier
            if is_falling and p is not chart.cluster:
                colour = _FALLING
            ends = [(start, level(p.earlier)), (end, level(p.current))]
            canvas.line(ends, colour, thickness, "dashed" if is_falling else "solid")
        if p.earlier is not None:
            canvas.dot(start, level(p.earlier), colour)
        if p.current is not None:
            canvas.dot(end, level(p.current), colour, is_hollow=bool(p.mark))
    for side, x, shift, place in (("left", start, -1, 0), ("right", end, 1, 1)):
        there = left if side == "left" else right
        levels = [level(p.earlier if side == "left" else p.current) for p in there]  # type: ignore[arg-type]
        for p, y, at in zip(there, spread(levels, step, step / 2, height - step / 2), levels, strict=True):
            canvas.line([(x + 3 * shift, at), (x + 8 * shift, y)], _FAINT, 0.4)
            text = shorten(names[id(p)][place], _SIZE, room - 10 - _MARGIN)
            align = "right" if side == "left" else "left"
            canvas.write(x + 10 * shift, y, text, _SIZE, align, is_bold=p is chart.cluster)  # type: ignore[arg-type]
    return canvas.save(kind, chart.title, chart.describe())


def spread(levels: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Levels moved as little as needed so that neighbours keep a step between them, within bounds where these allow.

    The result keeps the order of what was given; equal levels keep the order in which they came, first on top.
    """
    order = sorted(range(len(levels)), key=lambda n: (levels[n], -n))
    groups: list[tuple[float, int]] = []  # middle of a group of neighbours, and how many it holds
    for n in order:
        middle, count = levels[n], 1
        while groups and middle - groups[-1][0] < step * (count + groups[-1][1]) / 2:
            before, held = groups.pop()
            middle = (middle * count + before * held) / (count + held)
            count += held
        half = step * (count - 1) / 2
        groups.append((min(max(middle, low + half), max(high - half, low + half)), count))
    placed: list[float] = []
    for middle, count in groups:
        placed += [middle + step * (k - (count - 1) / 2) for k in range(count)]
    for k in range(len(placed) - 2, -1, -1):
        placed[k] = min(placed[k], placed[k + 1] - step)
    found = [0.0] * len(levels)
    for n, y in zip(order, placed, strict=True):
        found[n] = y
    return found
