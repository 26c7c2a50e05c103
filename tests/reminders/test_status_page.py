"""The page stands by itself, says its states in words, and changes only when it has something to say."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from office import PERIOD, Office

from catalogue import Catalogue
from flows.reminders.status_report import stored_marts
from publications.office.status_page import STATUS_PAGE, render_status_page

ON = dt.date(2021, 7, 9)


class Outline(HTMLParser):
    """Tags, what they refer to, and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "action", "data", "srcset")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture(scope="module")
def page(season: Office, catalogue: Catalogue) -> str:
    marts = stored_marts(season.settings, PERIOD)
    assert marts is not None
    return render_status_page(catalogue, PERIOD, marts, ON, {"ha-nam": "Bà Hòa <0226 & 3852>"})


def test_the_page_needs_nothing_from_outside(page: str) -> None:
    outline = Outline(page)
    assert outline.references == []
    assert {"script", "link", "img", "iframe"}.isdisjoint(outline.tags)
    assert "url(" not in page and "@import" not in page and "://" not in page
    assert '<html lang="vi">' in page and "@media print" in page


def test_states_stand_in_words_with_dates_and_whom_to_call(page: str) -> None:
    text = Outline(page).text
    for wanted in (
        "Hạn gửi: 05/7/2021 (dự kiến",
        "Tính đến ngày 09/7/2021",
        "Chưa gửi",
        "Bị trả lại",
        "Chưa có số liệu",
        "Phải sửa",
        "Quá hạn 4 ngày",
        "Muộn 3 ngày",
        "77,8 %",
        "Bà Hòa <0226 & 3852>",
        "ô D8",
        "Còn để trống",
    ):
        assert wanted in text, wanted
    assert "&lt;0226 &amp; 3852&gt;" in page


def test_what_a_file_is_called_cannot_become_part_of_the_page(season: Office, catalogue: Catalogue) -> None:
    marts = stored_marts(season.settings, PERIOD)
    assert marts is not None
    for row in marts["findings"]:
        row["message"] = "<script>alert(1)</script>"
    for row in marts["submissions"]:
        row["file_name"] = "<img src=x onerror=alert(1)>.xlsx"
    outline = Outline(render_status_page(catalogue, PERIOD, marts, ON))
    assert {"script", "img"}.isdisjoint(outline.tags)
    assert "<script>alert(1)</script>" in outline.text


def test_a_cluster_without_worries_says_so(season: Office, catalogue: Catalogue) -> None:
    marts = stored_marts(season.settings, PERIOD)
    assert marts is not None
    for row in marts["completeness"]:
        row |= {"is_submitted": True, "is_on_time": True, "critical_count": 0, "warning_count": 0}
    for row in marts["observations"]:
        row["status"] = "reported"
    marts["findings"] = []
    assert "mọi báo cáo đã về và không còn vướng mắc" in Outline(render_status_page(catalogue, PERIOD, marts, ON)).text


def test_the_page_is_written_again_only_when_it_says_something_new(season: Office) -> None:
    path = season.settings.published_period(PERIOD) / STATUS_PAGE
    tables = season.settings.published_period(PERIOD) / "bang-tong-hop.xlsx"
    before, written, drawn = path.read_bytes(), path.stat().st_mtime_ns, tables.stat().st_mtime_ns
    season.run()
    assert path.stat().st_mtime_ns == written
    season.now += dt.timedelta(days=1)
    season.run()
    assert b"09/7/2021" in path.read_bytes() and path.read_bytes() != before
    assert tables.stat().st_mtime_ns == drawn
    path.unlink()
    season.run()
    assert path.exists() and [p.name for p in path.parent.iterdir() if p.name.endswith(".unfinished")] == []
