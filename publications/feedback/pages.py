"""The frame of the pages that answer a file: one file each, without internet, for the screen and for paper."""

from __future__ import annotations

from typing import Any

from publications.feedback.facts import Feedback
from publications.labels import banner_of
from publications.page_frame import end_with_line, page_template
from publications.wording import legal_text


def render_page(template: str, title: str, feedback: Feedback, **values: Any) -> bytes:
    """A page as the bytes of its file; equal values give equal bytes."""
    text = page_template(template).render(
        title=title,
        banner=banner_of(feedback.source),
        office=feedback.catalogue.form.organisation,
        unit=feedback.unit_name,
        period=feedback.period_name,
        version=feedback.version,
        contact=legal_text(feedback.contact),
        **values,
    )
    return end_with_line(text).encode()
