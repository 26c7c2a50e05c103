"""The workbook as a publication: every figure can be traced, every chart shows what is known, machines can read it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from half_year_marts import MADE_AT, PERIOD, Marts, empty_marts, half_year_marts, observation
from openpyxl.workbook import Workbook

from catalogue import Catalogue
from catalogue.model import Membership, Province
from publications.standing import DRAFTED, Standing
from publications.tables.build import draw_tables
from publications.tables.figures import index_marts
from publications.tables.shape import MOST_UNITS
from publications.workbook.book import render_workbook
from publications.workbook.printing import set_up_page
from publications.workbook.table_sheet import CHECK_LABEL, FIRST_ROW, HEADER_ROW

BEFORE = "2020H1"


def render(catalogue: Catalogue, marts: Marts, period: str = PERIOD, standing: Standing = DRAFTED) -> bytes:
    figures = index_marts(catalogue, period, marts)
    return render_workbook(figures, draw_tables(figures, standing), MADE_AT, standing)


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def figures(catalogue: Catalogue) -> Marts:
    return half_year_marts(catalogue)


@pytest.fixture(scope="module")
def data(catalogue: Catalogue, figures: Marts) -> bytes:
    return render(catalogue, figures)


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return opened(data)


def lines(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a list by their headings, each with the link of its first cell."""
    head, *rows = sheet.iter_rows(min_row=HEADER_ROW + 1)
    names = [cell.value for cell in head]
    return [
        {**dict(zip(names, [cell.value for cell in row], strict=True)), "link": row[0].hyperlink}
        for row in rows
        if row[0].hyperlink or row[1].value is not None
    ]


def with_year_before(marts: Marts, period: str = BEFORE) -> Marts:
    def earlier(row: dict[str, Any]) -> dict[str, Any]:
        value = row["value"]
        return {**row, "period_code": period, "value": None if value is None else value - 1}

    return {
        **marts,
        "earlier": [earlier(row) for row in marts["observations"]],
        "earlier_totals": [earlier(row) for row in marts["cluster_totals"]],
    }


def test_every_figure_leads_to_its_source_and_back(catalogue: Catalogue, book: Workbook, figures: Marts) -> None:
    listed = {(row["Định danh đơn vị"], row["Mã chỉ tiêu"]): row for row in lines(book["nguon-so-lieu"])}
    layouts = {table.table_code: table.layout for table in catalogue.tables}
    awards = {i.indicator_code for i in catalogue.indicators_of(PERIOD) if layouts[i.table_code] == "indicators"}
    for row in figures["observations"]:
        line = listed.pop((row["province_id"], row["indicator_code"]), None)
        if line is None:
            assert row["indicator_code"] in awards and row["status"] == "blank"
            continue
        sheet, cell = line["link"].location.replace("'", "").split("!")
        shown = book[sheet][cell].value
        if row["value"] is None:
            assert line["Giá trị"] in ("…", None) and not isinstance(shown, int | float)
        else:
            assert Decimal(str(line["Giá trị"])) == Decimal(str(shown)) == row["value"]
        assert [line[name] for name in ("Kỳ", "Tệp", "Trang", "Ô", "Lần gửi", "SHA-256 của tệp")] == [
            *(row[name] for name in ("period_code", "file_name", "sheet", "cell", "version")),
            "0" * 64,
        ]
        assert (line["Ghi trong ô"] or "") == row["raw_text"]
        assert f"{line['Nhận lúc']:%d/%m/%Y %H:%M}" == "02/07/2021 08:30"
    totals = {("toan-cum", row["indicator_code"]): row for row in figures["cluster_totals"] if row["value"] is not None}
    assert listed.keys() == totals.keys()
    for key, line in listed.items():
        assert Decimal(str(line["Giá trị"])) == round(totals[key]["value"], 10)
    jobs = listed["toan-cum", "new_jobs"]["Cách có số của Cụm"]
    assert jobs == ("cộng số của 9/9 tỉnh ở các dòng trên; Cụm trưởng công bố 98.238 (toan-cum_2021H1.xlsx, E, D7)")
    assert "“Số huyện" in listed["toan-cum", "ntm_districts_certified_rate"]["Cách có số của Cụm"]
    award = listed["toan-cum", "excellent_labor_collectives"]
    assert (award["Tệp"], award["Ô"], award["Trạng thái"]) == ("toan-cum_2021H1.xlsx", "D20", "Cụm trưởng công bố")


def test_every_table_leads_to_its_part_of_the_lineage(book: Workbook) -> None:
    listed = lines(book["nguon-so-lieu"])
    for sheet in book.worksheets[3:-3]:
        (target,) = (
            c.hyperlink.location for c in sheet[4] if c.hyperlink and c.hyperlink.location.startswith("'nguon-so-lieu'")
        )
        first = listed[int(target.split("!A")[1]) - FIRST_ROW - 1]
        assert first["link"].location.startswith(f"'{sheet.title}'!")


def test_programs_find_each_table_by_its_name(book: Workbook) -> None:
    names = []
    for sheet in book.worksheets[3:]:
        (table,) = sheet.tables.values()
        names.append(table.name)
        head, *rows = sheet[table.ref]
        written = [cell.value for cell in head]
        assert all(written) and len({text.casefold() for text in written}) == len(written)
        assert written == table.column_names, "a heading that differs from its cell makes Excel mend the file"
        assert not any("\n" in text for text in written)
        assert len(rows) and not any(
            merged.bounds[3] > HEADER_ROW and merged.bounds[1] <= HEADER_ROW + len(rows) + 1
            for merged in sheet.merged_cells.ranges
        )
        assert all(sheet.cell(cells[0].row, 2).value != "Toàn Cụm" for cells in rows if sheet._charts)
    assert names[:2] == ["bang_nong_thon_moi", "bang_doanh_nghiep"]
    assert len({name.casefold() for name in names}) == len(names)


def test_a_chart_shows_those_who_have_a_figure_in_the_order_of_the_table(book: Workbook, catalogue: Catalogue) -> None:
    drawn = {sheet.title: sheet._charts[0] for sheet in book.worksheets if sheet._charts}
    asked = {table.table_code for table in catalogue.tables if table.layout == "provinces"}
    assert asked - drawn.keys() == {"chi-so-quan-tri"}, "the longest bar would be the worst rank"
    for name, chart in drawn.items():
        sheet = book[name]
        (series,) = chart.series
        place = series.val.numRef.f.split("!")[1].replace("$", "")
        column = [row[0].value for row in sheet[place]]
        ranked = [cell.value for (cell,) in sheet[place.replace(place[0], "A")]]
        assert all(isinstance(value, int | float) for value in (*column, *ranked)), (name, column)
        after = sheet.cell(FIRST_ROW + len(column) + 1, 1).value
        assert after is None, "who comes next has no rank"
        assert chart.title is not None and chart.y_axis.title is not None
    assert len(drawn["du-lich"].series[0].cat.strRef.f.split(":")) == 2


def test_charts_cover_no_cell_and_say_what_they_show(book: Workbook, data: bytes) -> None:
    for sheet in book.worksheets:
        for chart in sheet._charts:
            start, end = chart.anchor._from, chart.anchor.to
            for row in range(start.row, end.row + (1 if end.rowOff else 0)):
                for column in range(start.col, end.col + 1):
                    assert sheet.cell(row + 1, column + 1).value is None, (sheet.title, row, column)
            bottom = max(row for row, size in sheet.row_dimensions.items() if size.height)
            assert end.row + 1 <= bottom
            assert int(re.findall(r"\d+", sheet.print_area.split(":")[1])[-1]) >= end.row
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        drawings = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/drawings/drawing")]
    told = [re.search(r'descr="([^"]+)"', text) for text in drawings]
    assert all(told) and len(told) == 13
    prizes = next(found.group(1) for found in told if found and "giải học sinh" in found.group(1))
    assert prizes.endswith("9 tỉnh, thứ tự như trong bảng. Đầu bảng: Vĩnh Phúc 82; cuối bảng: Thái Bình 40.")


def test_a_figure_in_dispute_is_hatched(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        charts = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/charts/chart")]
    hatched = [text for text in charts if "wdUpDiag" in text]
    assert len(hatched) == 1 and "gạch chéo: chưa được xác nhận" in hatched[0]
    assert re.findall(r'<c:dPt><c:idx val="(\d+)"', hatched[0]) == ["3"]


def test_the_cluster_is_computed_anew_below_its_line(book: Workbook, data: bytes) -> None:
    kept = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    seen = 0
    for sheet in book.worksheets[3:-1]:
        row = next((r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 2).value == CHECK_LABEL), 0)
        for cell in sheet[row] if row else ():
            if cell.data_type != "f":
                continue
            seen += 1
            if cell.value.startswith("=SUM("):
                rows = sheet[cell.value[5:-1]]
                assert rows[-1][0].row == row - 2, "all provinces and nothing else"
                made = sum(Decimal(str(c.value)) for (c,) in rows if isinstance(c.value, int | float))
            else:
                left, right = re.findall(r"[A-Z]+\d+", cell.value)
                made = 100 * Decimal(str(kept[sheet.title][left].value)) / Decimal(str(kept[sheet.title][right].value))
            assert abs(made - Decimal(str(kept[sheet.title][cell.coordinate].value))) < Decimal("1e-9")
            assert abs(made - Decimal(str(sheet.cell(row - 1, cell.column).value))) < Decimal("1e-9")
    assert seen == 19


def test_the_year_before_stands_beside_where_it_is_known(catalogue: Catalogue, figures: Marts) -> None:
    book = opened(render(catalogue, with_year_before(figures)))
    assert book.sheetnames[-2:] == ["so-cung-ky", "nguon-so-lieu"]
    listed = lines(book["so-cung-ky"])
    jobs = next(
        r for r in listed if r["Đơn vị"] == "Thái Bình" and r["Chỉ tiêu"] == "Số lao động được tạo việc làm mới"
    )
    assert (jobs["Năm 2021"], jobs["Cùng kỳ 2020"], jobs["Chênh lệch"]) == (15900, 15899, 1)
    assert jobs["Thay đổi"].startswith("tăng 0,0")
    for sheet in book.worksheets:
        for chart in sheet._charts:
            now, then = (series.val.numRef.f.split("!") for series in chart.series)
            assert then[0] == "'so-cung-ky'"
            for (one,), (other,) in zip(sheet[now[1]], book["so-cung-ky"][then[1]], strict=True):
                if isinstance(other.value, int | float):
                    assert other.value == pytest.approx(one.value - 1), (sheet.title, other.coordinate)


def test_over_a_change_of_boundaries_nothing_is_compared(catalogue: Catalogue) -> None:
    marts = {**empty_marts(), "earlier": [], "earlier_totals": []}
    indicator = catalogue.indicators["new_jobs"]
    fact = {"value": "5", "raw_text": "5", "is_estimated": "0"}
    for province in catalogue.members_of("2025H2"):
        row = {**observation(catalogue, province, indicator, 1, fact), "period_code": "2025H2"}
        marts["observations"].append(row)
        marts["earlier"].append({**row, "period_code": "2024H2", "value": Decimal(4)})
    listed = lines(opened(render(catalogue, marts, "2025H2"))["so-cung-ky"])
    compared = {row["Đơn vị"] for row in listed if row["Cùng kỳ 2024"] is not None}
    assert len(listed) == 6 and compared == {"Quảng Ninh"}, "the only one that merged with nobody"


def test_of_very_many_units_there_is_no_chart_and_the_lineage_is_the_clusters(catalogue: Catalogue) -> None:
    since = dt.date(2004, 7, 8)
    more = [
        Province(f"don-vi-{n}", str(900 + n), f"Đơn vị {n}", f"Đơn vị {n}", "province", since, None) for n in range(60)
    ]
    members = tuple(Membership(p.province_id, "member", "2016H1", "", True, "") for p in more)
    large = dataclasses.replace(
        catalogue, provinces=(*catalogue.provinces, *more), memberships=(*catalogue.memberships, *members)
    )
    indicator = catalogue.indicators["new_jobs"]
    fact = {"value": "5", "raw_text": "5", "is_estimated": "0"}
    marts = empty_marts()
    marts["observations"] = [observation(large, p, indicator, 1, fact) for p in large.members_of(PERIOD)]
    total = {"value": Decimal(345), "value_source": "sum", "provinces_reporting": 69, "provinces_expected": 69}
    marts["cluster_totals"] = [
        {**total, "period_code": PERIOD, "indicator_code": "new_jobs", "disputed_count": 0, "control_value": None}
    ]
    book = opened(render(large, marts))
    assert len(large.members_of(PERIOD)) > MOST_UNITS
    assert not any(sheet._charts for sheet in book.worksheets)
    assert [row["Đơn vị"] for row in lines(book["nguon-so-lieu"])] == ["Toàn Cụm"]


def test_the_document_says_what_it_is(catalogue: Catalogue, book: Workbook, data: bytes) -> None:
    assert book.properties.title == "Bảng tổng hợp số liệu thi đua 6 tháng đầu năm 2021"
    assert book.properties.creator == "Cụm thi đua các tỉnh Đồng bằng sông Hồng"
    assert "2021H1" in book.properties.keywords and book.properties.contentStatus == "DỰ THẢO"
    assert book.custom_doc_props["Language"].value == "vi-VN"
    said = [str(c.value) for row in book["bia"].iter_rows() for c in row if c.value is not None]
    assert said[said.index("Khung số liệu") + 1] == (
        "thống kê: 01/01/2021 – 30/6/2021;  hành chính: 15/12/2020 – 14/6/2021"
    )
    assert "chưa trích dẫn" in said[said.index("Sử dụng") + 1]
    assert said[said.index("Nơi liên hệ") + 1].startswith("Văn phòng Cụm trưởng, Tỉnh Hưng Yên")
    final = Standing(2, is_final=True, approved_by="Lan", approved_at=MADE_AT)
    sealed = opened(render(catalogue, empty_marts(), standing=final))
    assert "bản chốt số 2" in str(sealed.properties.contentStatus)
    assert any("ghi nguồn" in str(c.value) for row in sealed["bia"].iter_rows() for c in row)


def test_what_becomes_too_small_on_one_page_takes_several() -> None:
    class Sheet:
        def __init__(self) -> None:
            self.calls: dict[str, tuple[Any, ...]] = {}

        def __getattr__(self, name: str) -> Any:
            return lambda *values, **_: self.calls.__setitem__(name, values)

    pages = {}
    for size in ((680.0, 450.0), (680.0, 1000.0), (680.0, 3000.0)):
        sheet = Sheet()
        set_up_page(sheet, 9, 9, size=size)
        pages[size[1]] = ("set_portrait" in sheet.calls, sheet.calls["fit_to_pages"])
    assert pages == {450.0: (False, (1, 1)), 1000.0: (True, (1, 1)), 3000.0: (False, (1, 0))}
