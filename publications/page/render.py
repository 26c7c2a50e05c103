"""Renders the page of a half-year; equal input gives equal bytes."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from publications.office.operations_page import OPERATIONS_PAGE
from publications.office.status_page import STATUS_PAGE
from publications.page.overview import list_facts, list_headlines
from publications.page.page_charts import draw_charts
from publications.page.sheets import LARGE, show_table
from publications.page.tile_map import build_map, map_content
from publications.page.traces import TraceBook
from publications.page_frame import end_with_line, page_template
from publications.standing import Standing, noted_findings
from publications.tables.difference_table import DIFFERENCE_TABLE
from publications.tables.figures import Figures
from publications.tables.shape import MOST_UNITS, PublishedTable
from publications.tables.status_tables import FINDING_TABLE, SUBMISSION_TABLE
from publications.tables.year_before import earlier_period
from publications.wording import format_time
from publications.workbook.front_sheets import cluster_name
from publications.workbook.notes_sheet import CONVENTIONS, SIGNS
from transforms.numbers_vi import format_date

PAGE = "index.html"
_NAMES = {"bang-tong-hop.xlsx": "Bảng tổng hợp (Excel)", "bao-cao.docx": "Báo cáo (Word)"}
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"}
_PAGES = (
    (OPERATIONS_PAGE, "Trang vận hành"),
    (STATUS_PAGE, "Tình hình gửi báo cáo"),
    (f"../{OPERATIONS_PAGE}", "Các kỳ khác"),
)
_SCRIPT = Path(__file__).parent.parent / "templates" / "index.js"


def render_page(
    figures: Figures,
    tables: Sequence[PublishedTable],
    beside: Collection[str],
    made_at: dt.datetime,
    standing: Standing,
) -> bytes:
    """The page; `beside` are the names of the files that lie in its folder, to which it links."""
    catalogue = figures.catalogue
    entry = catalogue.calendar[figures.period_code]
    before = catalogue.calendar.get(earlier_period(figures))
    book = TraceBook(figures)
    sheets = [show_table(figures, table, book) for table in tables]
    for sheet, table in zip(sheets, tables, strict=True):
        sheet.charts.extend(draw_charts(figures, table))
    tile_map = build_map(figures, tables, book)
    headlines = list_headlines(figures, tables, book)
    content = {"period": figures.period_code, "map": map_content(tile_map), **book.content()}
    script, digest = _script()
    text = page_template(PAGE).render(
        banner=figures.banner,
        office=cluster_name(catalogue, figures.period_code),
        title=f"Số liệu thi đua {entry.name}",
        window=f"từ {format_date(entry.starts_on)} đến {format_date(entry.ends_on)}",
        made_at=format_time(made_at),
        standing=standing,
        has_differences=any(t.table_code == DIFFERENCE_TABLE for t in tables),
        difference_table=DIFFERENCE_TABLE,
        finding_table=FINDING_TABLE,
        submission_table=SUBMISSION_TABLE,
        noted=noted_findings(figures) if standing.is_final and standing.is_noted else [],
        earlier_name=before.name if before is not None and (figures.earlier or figures.earlier_totals) else "",
        is_empty=not any(
            row["value"] is not None for row in (*figures.observations.values(), *figures.totals.values())
        ),
        is_large=len(figures.members) > LARGE,
        has_charts=len(figures.members) <= MOST_UNITS,
        unit_count=len(figures.members),
        facts=list_facts(figures),
        headlines=headlines,
        sheets=sheets,
        files=[(name, _NAMES[name]) for name in _NAMES if name in beside],
        csv={sheet.code for sheet in sheets if f"csv/{sheet.code}.csv" in beside},
        pages=[] if standing.is_final else _PAGES,  # a sealed page lies where they do not
        map=tile_map,
        groups=[(title, list(of_table)) for title, of_table in groupby(tile_map.choices, key=lambda c: c.group)],
        signs=SIGNS,
        conventions=CONVENTIONS,
        data=to_json(content),
        script=script,
        digest=digest,
    )
    return end_with_line(text).encode()


def to_json(content: dict[str, Any]) -> str:
    """JSON that may stand inside a page whatever its texts say; marks of writing direction are spelled out."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


@lru_cache(maxsize=1)
def _script() -> tuple[str, str]:
    """The page's own script, and the digest by which its policy lets this one run and no other."""
    text = "\n" + _SCRIPT.read_text(encoding="utf-8")
    return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
