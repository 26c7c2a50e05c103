"""A sheet to draw a chart on, in points, by matplotlib: text, bars, lines; equal drawings give equal bytes.

The font is the one that comes with the library, so that every Vietnamese letter is there and nothing depends on the
machine. Nothing is imported before something is drawn.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal
from xml.sax.saxutils import escape

Kind = Literal["svg", "png"]
Align = Literal["left", "center", "right"]

POINTS_PER_MM = 72 / 25.4
_DOTS_PER_INCH = 200
_SALT = "thidua"
_FAMILIES = ["DejaVu Sans", "Arial", "Liberation Sans", "sans-serif"]
_ONE_AT_A_TIME = threading.Lock()  # the library keeps settings for the whole process

_PROLOGUE = re.compile(rb"\A.*?(?=<svg\b)", re.DOTALL)
_UNWANTED = re.compile(rb"\s*<metadata>.*?</metadata>|\s*<defs>\s*<style\b.*?</defs>", re.DOTALL)
_GROUP_ID = re.compile(rb' id="(?:figure|axes|patch|line2d|text|matplotlib)[\w.]*"')
_OPENING = re.compile(rb"<svg\b[^>]*>")
_OWN_ID = re.compile(rb'(id="|url\(#|href="#)')


class ChartCanvas:
    """A white sheet of a size in points, its origin at the lower left; it is drawn when it is saved."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._drawn: list[Callable[[Any], object]] = []

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        align: Align = "left",
        *,
        is_bold: bool = False,
        is_backed: bool = False,
        colour: str = "black",
    ) -> None:
        """Puts a line of text at a point, centred on its height; backed by white where lines may pass beneath."""
        how: dict[str, Any] = {"ha": align, "va": "center_baseline", "color": colour, "parse_math": False}
        if is_backed:
            how["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.0}
        self._drawn.append(lambda axes: axes.text(x, y, text, fontproperties=_font(size, is_bold), **how))

    def bar(self, x: float, y: float, width: float, height: float, fill: str, edge: str, hatch: str = "") -> None:
        """Draws a rectangle from its lower left corner; a negative width goes to the left."""
        corner = (min(x, x + width), y)
        how = {"facecolor": fill, "edgecolor": edge, "linewidth": 0.6, "hatch": hatch or None}
        self._drawn.append(lambda axes: axes.add_patch(_patches().Rectangle(corner, abs(width), height, **how)))

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        width: float = 0.8,
        style: Literal["solid", "dashed", "dotted"] = "solid",
    ) -> None:
        """Draws a line through points."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        how = {"color": colour, "linewidth": width, "linestyle": style, "scalex": False, "scaley": False}
        self._drawn.append(lambda axes: axes.plot(xs, ys, **how))

    def dot(self, x: float, y: float, colour: str, *, is_hollow: bool = False) -> None:
        """Draws a point, filled or as a ring."""
        how = {"facecolor": "white" if is_hollow else colour, "edgecolor": colour, "linewidth": 0.9, "zorder": 4}
        self._drawn.append(lambda axes: axes.add_patch(_patches().Circle((x, y), 2.2, **how)))

    def save(self, kind: Kind, title: str, description: str) -> bytes:
        """The drawing as a file's bytes; title and description are for who cannot see it."""
        import matplotlib
        from matplotlib.figure import Figure

        file = io.BytesIO()
        with _ONE_AT_A_TIME, matplotlib.rc_context(_settings()):
            figure = Figure(figsize=(self.width / 72, self.height / 72), facecolor="white")
            axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
            axes.set_axis_off()
            axes.set_xlim(0, self.width)
            axes.set_ylim(0, self.height)
            for draw in self._drawn:
                draw(axes)
            if kind == "png":
                figure.savefig(file, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
                return file.getvalue()
            figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        return _tidy(file.getvalue(), title, description)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, is_bold: bool = False) -> float:
    """How wide a line of text is, in points."""
    from matplotlib.textpath import text_to_path

    width: float = text_to_path.get_text_width_height_descent(text, _font(size, is_bold), False)[0]
    return width


def shorten(text: str, size: float, width: float) -> str:
    """The text, cut with an ellipsis where it is wider than a width in points."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(f"{text}…", size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


@lru_cache(maxsize=1)
def _settings() -> Any:
    """The library's own settings, whatever a file of the machine says, with ours."""
    import matplotlib

    kept = {"backend", "backend_fallback", "interactive", "toolbar", "timezone"}
    defaults: dict[Any, Any] = {key: value for key, value in matplotlib.rcParamsDefault.items() if key not in kept}
    ours = {"svg.hashsalt": _SALT, "svg.fonttype": "none", "font.family": _FAMILIES, "hatch.linewidth": 0.7}
    return {**defaults, **ours}


def _patches() -> Any:
    from matplotlib import patches

    return patches


@lru_cache(maxsize=32)
def _font(size: float, is_bold: bool) -> Any:
    from pathlib import Path

    import matplotlib
    from matplotlib.font_manager import FontProperties

    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
    return FontProperties(family=_FAMILIES, size=size, weight="bold" if is_bold else "normal", fname=str(file))


def _tidy(svg: bytes, title: str, description: str) -> bytes:
    """A drawing that can stand in a page beside others: no prologue, no names that may meet, and words for readers."""
    svg = _GROUP_ID.sub(b"", _UNWANTED.sub(b"", _PROLOGUE.sub(b"", svg)))
    own = "c" + hashlib.sha256(svg + title.encode() + description.encode()).hexdigest()[:10]
    svg = _OWN_ID.sub(lambda match: match[1] + own.encode() + b"-", svg)
    words = (
        f'\n <title id="{own}-title">{escape(title)}</title>\n <desc id="{own}-desc">{escape(description)}</desc>'
    ).encode()
    opening = _OPENING.search(svg)
    assert opening is not None
    tag = (
        opening[0][:-1]
        + f' stroke-linejoin="round" role="img" lang="vi" aria-labelledby="{own}-title {own}-desc">'.encode()
    )
    return tag + words + svg[opening.end() :]
