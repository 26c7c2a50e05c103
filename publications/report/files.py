"""The files of the drafted report, under the names by which they lie beside the tables."""

from __future__ import annotations

import datetime as dt

from publications.report.document import render_document
from publications.report.draft import draft_report
from publications.report.markdown import render_markdown
from publications.standing import DRAFTED, Standing
from publications.tables.figures import Figures

WORD, MARKDOWN = "bao-cao.docx", "bao-cao.md"
REPORTS = (WORD, MARKDOWN)


def render_report(figures: Figures, made_at: dt.datetime, standing: Standing = DRAFTED) -> dict[str, bytes]:
    """The report by its files' names; none where the catalogue has no plan of one. Equal input gives equal bytes."""
    draft = draft_report(figures, standing)
    if draft is None:
        return {}
    return {WORD: render_document(draft, made_at), MARKDOWN: render_markdown(draft)}
