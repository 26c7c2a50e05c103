"""The drafted report as Markdown: the same words as the .docx, for reading, comparing and proof-reading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publications.report.values import Draft, Grid, Paragraph, Picture, plain_text

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def render_markdown(draft: Draft) -> bytes:
    """The report as UTF-8 text; a table is a table of pipes, a chart is told in words."""
    return ("\n\n".join(_parts(draft)).rstrip() + "\n").encode()


def _parts(draft: Draft) -> Iterator[str]:
    head = draft.letterhead
    if draft.banner:
        yield f"**{_escape(draft.banner)}**"
    yield "  \n".join([_escape(head.organ_above), f"**{_escape(head.organ)}**", _escape(head.number)])
    yield "  \n".join([f"**{_escape(head.motto)}**", f"**{_escape(head.motto_below)}**"])
    yield f"*{_escape(head.place_date)}*"
    if head.standing:
        yield f"**{_escape(head.standing)}**"
    yield f"# {_escape(head.kind)}"
    yield f"**{_escape(head.title)}**"
    for block in draft.blocks:
        if isinstance(block, Paragraph):
            yield _paragraph(block)
        elif isinstance(block, Grid):
            yield _grid(block)
        else:
            yield _picture(block)
    yield "\n".join([f"**{_escape(head.recipients_head)}**", "", *(f"- {_escape(line)}" for line in head.recipients)])
    yield "  \n".join([*(f"**{_escape(line)}**" for line in head.signature), "", _escape(head.signed_by)])


def _paragraph(block: Paragraph) -> str:
    text = _escape(plain_text(block.spans))
    if block.style == "heading":
        return f"{'#' * (block.level + 1)} {text}"
    if block.style == "warning":
        return f"**{text}**"
    if block.style in ("note", "note_head"):
        return text if text.startswith("- ") else f"*{text}*"
    return text


def _grid(block: Grid) -> str:
    lines = [f"**{_escape(block.caption)}**", "", _row([_escape(head) for head in block.heads])]
    lines.append("|" + "|".join(["---:", "---", *["---:"] * (len(block.heads) - 2)]) + "|")
    lines += [_row([_escape(plain_text(cell)) for cell in row]) for row in block.rows]
    return "\n".join([*lines, "", f"*{_escape(block.legend)}*"] if block.legend else lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _picture(block: Picture) -> str:
    return f"**{_escape(block.caption)}** (xem hình trong tệp Word)"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
