"""The frame of our pages: one file each, no internet needed, for screen and paper; whatever is put in is escaped."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

_TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )


def page_template(name: str) -> Template:
    """A page of `publications/templates`; those share the styles of `chung.css`."""
    return _environment().get_template(name)


def end_with_line(text: str) -> str:
    """A page whose last line ends, as files do."""
    return text if text.endswith("\n") else f"{text}\n"
