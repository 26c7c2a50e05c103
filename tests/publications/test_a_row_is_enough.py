"""A new indicator is rows of tables: it stands in the form, the tables, the workbook, the page and the draft, and is
read in reports, without a line of code."""

from __future__ import annotations

import io
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from half_year_marts import MADE_AT, PERIOD, Marts, half_year_marts

from catalogue import Catalogue, load_catalogue
from catalogue.load import DATA
from publications.page.render import render_page
from publications.report.draft import draft_report
from publications.report.markdown import render_markdown
from publications.standing import DRAFTED
from publications.tables.build import draw_tables
from publications.tables.figures import Figures, index_marts
from publications.workbook.book import render_workbook
from transforms.prose.checks import check_prose
from transforms.prose.known_figures import Known, collect_known
from transforms.prose.proofreading import compare
from transforms.prose.reading import read_prose
from transforms.prose.report_text import read_report
from transforms.reading import read_return
from transforms.template.blank import render_template

CODE, HEADING = "new_cooperatives", "Hợp tác xã mới"
ROWS = {
    "units.csv": "cooperative,hợp tác xã,hợp tác xã,1",
    "indicators.csv": f"{CODE},B,6,Số hợp tác xã thành lập mới,{HEADING},cooperative,flow,sum,0,1,0,,,optional,0,,,,"
    "doanh-nghiep,hợp tác xã mới,,2016H1,",
    "phrases.csv": f"noun,hợp tác xã (được |)thành lập mới,{CODE},,",
}


@pytest.fixture(scope="module")
def richer(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The catalogue with one indicator more, read from its tables."""
    folder = shutil.copytree(DATA, tmp_path_factory.mktemp("richer") / "data")
    for name, row in ROWS.items():
        with (folder / name).open("a", encoding="utf-8") as table:
            table.write(row + "\n")
    return load_catalogue(Path(folder))


@pytest.fixture
def figures(richer: Catalogue) -> Figures:
    return index_marts(richer, PERIOD, told(richer))


def told(richer: Catalogue) -> Marts:
    marts = half_year_marts(richer)
    for row in marts["observations"]:
        if (row["province_id"], row["indicator_code"]) == ("ha-nam", CODE):
            row |= {"value": Decimal(7), "status": "reported", "raw_text": "7"}
    return marts


def test_it_is_asked_in_the_form_and_read_from_it(richer: Catalogue) -> None:
    reading = read_return(richer, render_template(richer, PERIOD, "ha-nam", {f"f_{CODE}": 7}))
    assert [o.value for o in reading.observations if o.indicator_code == CODE] == [7]


def test_it_stands_in_tables_workbook_page_and_draft(figures: Figures) -> None:
    tables = draw_tables(figures)
    table = next(t for t in tables if t.table_code == "doanh-nghiep")
    assert HEADING in [column.heading for column in table.columns]
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(figures, tables, MADE_AT, DRAFTED)))
    assert any(cell.value == HEADING for sheet in book for row in sheet.iter_rows() for cell in row)
    assert HEADING in render_page(figures, tables, set(), MADE_AT, DRAFTED).decode()
    draft = draft_report(figures)
    assert draft is not None and "07 hợp tác xã thành lập mới" in render_markdown(draft).decode()


@pytest.mark.parametrize(("said", "kind"), [("07", "agrees"), ("09", "differs")])
def test_it_is_found_and_compared_in_a_report(richer: Catalogue, said: str, kind: str) -> None:
    text = f"Báo cáo 6 tháng đầu năm 2021.\n\nTỉnh Hà Nam có {said} hợp tác xã thành lập mới.\n"
    prose = read_prose(richer, read_report(text.encode(), "bao-cao.md"), PERIOD)
    marts = {**told(richer), "cluster_totals": []}
    known = Known(collect_known(marts, PERIOD, richer.cluster_id), richer.cluster_id)
    audit = compare(richer, prose, check_prose(richer, prose), known)
    [remark] = [r for r in audit.remarks if r.indicator_code == CODE]
    assert (remark.kind, remark.province_id) == (kind, "ha-nam")
