"""The page that shows a source cell among its neighbours, and how it became the figure."""

from __future__ import annotations

from collections.abc import Sequence

from publications.page_frame import end_with_line, page_template
from transforms.surroundings import Surroundings

TEMPLATE = "o-nguon.html"


def render_source_page(
    office: str, title: str, file_name: str, sha256: str, around: Surroundings, lines: Sequence[str], banner: str = ""
) -> str:
    """One file, no internet needed; `lines` are the trace in words."""
    rows = [
        (number, [(text, n == around.row and c == around.column) for c, text in enumerate(texts)])
        for n, (number, texts) in enumerate(zip(around.rows, around.texts, strict=True))
    ]
    text = page_template(TEMPLATE).render(
        office=office,
        title=title,
        file_name=file_name,
        sha256=sha256,
        around=around,
        rows=rows,
        lines=lines,
        banner=banner,
    )
    return end_with_line(text)
