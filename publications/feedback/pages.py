"""The frame of the pages that answer a file: one file each, without internet, for the screen and for paper."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publications.feedback.facts import Feedback
from publications.wording import legal_text

_TEMPLATES = Path(__file__).parents[1] / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Whatever is put into a page is escaped."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )


def render_page(template: str, title: str, feedback: Feedback, **values: Any) -> bytes:
    """A page as the bytes of its file; equal values give equal bytes."""
    text = (
        _environment()
        .get_template(template)
        .render(
            title=title,
            office=feedback.catalogue.form.organisation,
            unit=feedback.unit_name,
            period=feedback.period_name,
            version=feedback.version,
            contact=legal_text(feedback.contact),
            **values,
        )
    )
    return (text if text.endswith("\n") else f"{text}\n").encode()
