"""The page drawn from marts made by hand, and what a reader of its HTML sees."""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from half_year_marts import MADE_AT, PERIOD, Marts, half_year_marts

from catalogue.model import Catalogue, Membership, Province
from publications.page.render import render_page
from publications.standing import DRAFTED, Standing
from publications.tables.build import draw_tables
from publications.tables.figures import index_marts

HOSTILE = "</script><script>alert(1)</script><!-- \"'&amp; \u202eابجد 😀\u2028 {{ 7*7 }} ]]>"
VOID = {"meta", "br", "link", "input", "img", "hr"}


def draw(
    catalogue: Catalogue,
    marts: Marts,
    standing: Standing = DRAFTED,
    period: str = PERIOD,
    made_at: dt.datetime = MADE_AT,
    more_files: tuple[str, ...] = (),
) -> str:
    """The page as it is published beside workbook and CSV."""
    figures = index_marts(catalogue, period, marts)
    tables = draw_tables(figures, standing)
    beside = {"bang-tong-hop.xlsx", *(f"csv/{t.table_code}.csv" for t in tables), *more_files}
    return render_page(figures, tables, beside, made_at, standing).decode()


def with_year_before(marts: Marts) -> Marts:
    """The same marts, with a year before in which every amount was four fifths and every rate two points lower."""
    found = copy.deepcopy(marts)

    def before(row: dict[str, Any]) -> dict[str, Any]:
        value = row["value"]
        if value is not None:
            value = value - 2 if row["unit"] == "%" else value if row["unit"] == "hạng" else value * Decimal("0.8")
        status = {"status": "reported"} if row.get("status") == "disputed" else {}
        return row | {"value": value, "period_code": "2020H1"} | status

    found["earlier"] = [before(row) for row in found["observations"]]
    found["earlier_totals"] = [before(row) for row in found["cluster_totals"]]
    return found


def large(catalogue: Catalogue, count: int) -> tuple[Catalogue, Marts]:
    """A cluster of many units with the figures of one province each, of which none has a tile."""
    marts = half_year_marts(catalogue)
    names = [(f"tinh-{n:04d}", f"Đơn vị {n:04d}") for n in range(count)]
    kinds = dt.date(2004, 7, 8), None
    provinces = [Province(unit, "", name, name, "province", *kinds) for unit, name in names]
    members = [Membership(unit, "member", "2016H1", "", False, "") for unit, _ in names]
    chair = [m for m in catalogue.memberships if m.role == "chair"]
    wide = replace(
        catalogue,
        provinces=(*catalogue.provinces, *provinces),
        memberships=(*chair, *members),
        label_answers=(),
    )
    of_one = [row for row in marts["observations"] if row["province_id"] == "quang-ninh"]
    told = [row for row in marts["completeness"] if row["province_id"] == "quang-ninh"]
    file = next(row for row in marts["submissions"] if row["province_id"] == "quang-ninh")
    finding = {**marts["findings"][-1], "province_code": None}
    found: Marts = {name: [] for name in marts} | {"cluster_totals": marts["cluster_totals"]}
    for n, (unit, name) in enumerate(names):
        own = {"province_id": unit, "province_name": name, "province_code": None, "file_name": f"{unit}.xlsx"}
        found["observations"] += [
            row | own | {"value": row["value"] + n if row["value"] is not None else None} for row in of_one
        ]
        found["completeness"].append(told[0] | own)
        found["submissions"].append(file | own | {"submission_id": unit})
        found["findings"].append(finding | own)
    return wide, found


class Outline(HTMLParser):
    """What stands in a page: its text outside of scripts and styles, identifiers, links, cells by their figure."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.figures: dict[str, str] = {}
        self.rows: dict[str, list[list[str]]] = {}
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._open: list[str] = []
        self._figures: list[tuple[int, str]] = []
        self._section = ""
        self.feed(page)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "section":
            self._section = given.get("id") or ""
        self.links += [
            value or "" for name, value in attrs if name in ("href", "src") and tag in ("a", "img", "script")
        ]
        if given.get("data-k"):
            self._figures.append((len(self._open), given["data-k"] or ""))
        if tag == "tr":
            self.rows.setdefault(self._section, []).append([])
        if tag in ("td", "th") and self.rows.get(self._section):
            self.rows[self._section][-1].append("")
        if tag == "script":
            self.scripts.append((given, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("id"):
            self.ids.append(str(dict(attrs)["id"]))

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1] == tag, f"{tag} closes {self._open[-3:]}"
        self._open.pop()
        while self._figures and self._figures[-1][0] > len(self._open):
            self._figures.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif self._open and self._open[-1] not in ("style", "title"):
            self.texts.append(data)
            for _, key in self._figures:
                self.figures[key] = self.figures.get(key, "") + data
            if self._section and self.rows.get(self._section) and {"td", "th"} & set(self._open):
                self.rows[self._section][-1][-1] += data

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))

    @property
    def data(self) -> dict[str, Any]:
        """What the script is given."""
        found: dict[str, Any] = json.loads(next(text for given, text in self.scripts if given.get("id") == "du-lieu"))
        return found
