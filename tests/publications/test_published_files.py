"""What is put in place: golden files, equal bytes, a workbook of real numbers, nothing stale, nothing that bites."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from half_year_marts import MADE_AT, PERIOD, Marts, empty_marts, finding, read_facts

from catalogue import Catalogue
from publications import build_tables, publish_tables
from publications.files.flat_files import exact_text, harmless, render_csv, render_parquet
from publications.standing import Standing
from publications.tables.shape import PublishedTable
from publications.wording import legal_text, one_line
from publications.workbook.book import sheet_names
from publications.workbook.formats import footnote_marks, number_format
from publications.workbook.table_sheet import HEADER_ROW, MOST_ROWS
from transforms.numbers_vi import format_number, round_half_up

GOLDEN = Path(__file__).parent / "golden"
FIRST = HEADER_ROW + 2


def table_of(catalogue: Catalogue, marts: Marts, code: str) -> PublishedTable:
    return next(t for t in build_tables(catalogue, PERIOD, marts) if t.table_code == code)


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.csv")), ids=lambda path: path.stem)
def test_golden_tables(golden: Path, catalogue: Catalogue, marts: Marts) -> None:
    assert render_csv(table_of(catalogue, marts, golden.stem)).decode("utf-8-sig").splitlines() == (
        golden.read_text(encoding="utf-8-sig").splitlines()
    )


def test_there_are_golden_tables_of_every_kind() -> None:
    kinds = {
        "nong-thon-moi",
        "ho-ngheo",
        "giai-hoc-sinh-gioi",
        "khen-thuong-cap-tinh",
        "tinh-hinh-bao-cao",
        "phat-hien",
    }
    assert kinds <= {path.stem for path in GOLDEN.glob("*.csv")}


def test_everything_is_put_in_place_and_named(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    written = publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)
    found = {p for p in tmp_path.rglob("*") if p.is_file()}
    assert found == set(written)
    codes = [t.table_code for t in build_tables(catalogue, PERIOD, marts)]
    assert {p.relative_to(tmp_path).as_posix() for p in found} == {
        "bang-tong-hop.xlsx",
        "datapackage.json",
        "index.html",
        "bao-cao.docx",
        "bao-cao.md",
        *(f"csv/{code}.csv" for code in codes),
        *(f"parquet/{code}.parquet" for code in codes),
    }


def test_equal_input_gives_equal_bytes(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    first = [p.read_bytes() for p in publish_tables(catalogue, PERIOD, marts, tmp_path / "a", MADE_AT)]
    other_zone = MADE_AT.astimezone(dt.timezone(dt.timedelta(hours=7)))
    again = [p.read_bytes() for p in publish_tables(catalogue, PERIOD, marts, tmp_path / "b", other_zone)]
    assert first == again


def test_files_of_tables_that_are_gone_are_removed_and_others_are_not(
    catalogue: Catalogue, marts: Marts, tmp_path: Path
) -> None:
    publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)
    (tmp_path / "csv" / ".half.csv.unfinished").write_bytes(b"")
    (tmp_path / "csv" / "README.txt").write_text("của văn phòng", encoding="utf-8")
    (tmp_path / "bao-cao.docx").write_bytes(b"")
    fewer = replace(
        catalogue,
        indicators={
            code: i if i.table_code != "grdp" else replace(i, valid_to="2020H2")
            for code, i in catalogue.indicators.items()
        },
    )
    publish_tables(fewer, PERIOD, marts, tmp_path, MADE_AT)
    left = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert not {"csv/grdp.csv", "parquet/grdp.parquet", "csv/.half.csv.unfinished"} & left
    assert {"csv/README.txt", "bao-cao.docx", "csv/doanh-nghiep.csv"} <= left


def test_nothing_changes_where_not_everything_can_be_written(
    catalogue: Catalogue, marts: Marts, tmp_path: Path
) -> None:
    workbook = publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)[0]
    before = workbook.read_bytes()
    for path in (tmp_path / "parquet").iterdir():
        path.unlink()
    (tmp_path / "parquet").rmdir()
    (tmp_path / "parquet").write_bytes(b"a file where a folder should be")
    with pytest.raises(OSError):
        publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT + dt.timedelta(days=1))
    assert workbook.read_bytes() == before
    assert not list(tmp_path.rglob("*.unfinished"))


def test_the_workbook_holds_real_numbers(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)[0])
    for table, sheet in zip(build_tables(catalogue, PERIOD, marts), book.worksheets[3:-1], strict=True):
        shown = [(n, c) for n, c in enumerate(table.columns) if c.is_shown]
        rows = table.rows if table.cluster is None else (*table.rows, table.cluster)
        for offset, row in enumerate(rows):
            for place, (n, column) in enumerate(shown, start=1):
                value = row[n].value
                written = sheet.cell(FIRST + offset, place)
                if column.kind in ("number", "rank", "count") and value is not None:
                    assert written.data_type == "n", (table.table_code, written.coordinate)
                    assert Decimal(str(written.value)) == round(Decimal(value), 10)
                else:
                    assert written.data_type != "f"


def test_marks_do_not_turn_a_number_into_text(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)[0])
    sheet = book["giai-hoc-sinh-gioi"]
    total = sheet.cell(FIRST + 3, 3)
    assert (total.value, total.data_type) == (74, "n")
    assert '"*¹⁾"' in total.number_format
    assert total.fill.fgColor.rgb == "FFFCE4D6"
    estimate = book["von-dau-tu"].cell(FIRST, 3)
    assert estimate.font.italic


def test_sheets_are_linked_and_ready_to_print(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)[0])
    contents = book["muc-luc"]
    targets = {cell.hyperlink.location for row in contents.iter_rows() for cell in row if cell.hyperlink}
    assert {f"'{name}'!A1" for name in book.sheetnames if name != "muc-luc"} == targets
    for sheet in book.worksheets[3:]:
        assert any(c.hyperlink and c.hyperlink.location == "'muc-luc'!A1" for row in sheet.iter_rows() for c in row)
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.page_setup.fitToHeight == (None if sheet._charts else 0), "a chart stays on its table's page"
        assert sheet.print_title_rows == f"${HEADER_ROW + 1}:${HEADER_ROW + 1}"
        assert sheet.freeze_panes is not None
    assert all(name.isascii() and len(name) <= 31 for name in book.sheetnames)


def test_the_cover_says_whose_what_and_how_far(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    path = publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)[0]
    cover = openpyxl.load_workbook(path)["bia"]
    said = [str(c.value) for row in cover.iter_rows() for c in row if c.value is not None]
    assert "DỰ THẢO" in said
    assert "6 tháng đầu năm 2021" in said
    assert said[said.index("Số tỉnh đã gửi báo cáo") + 1] == "9/9"
    assert said[said.index("Phát hiện: Phải sửa") + 1] == "1"
    assert said[said.index("Lập lúc") + 1] == "08 giờ 05 phút, ngày 06/7/2021"
    assert said[said.index("Hạn gửi báo cáo") + 1] == "05/7/2021 (giả định)"
    final = publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT, standing=Standing(1, is_final=True))[0]
    book = openpyxl.load_workbook(final)
    texts = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
    assert "DỰ THẢO" not in texts
    assert all("DỰ THẢO" not in str(sheet.oddFooter.center.text) for sheet in book.worksheets)


def test_the_notes_name_both_data_windows(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    notes = openpyxl.load_workbook(publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)[0])["ghi-chu"]
    text = "\n".join(str(c.value) for row in notes.iter_rows() for c in row if c.value)
    assert "Từ 01/01/2021 đến hết 30/6/2021." in text
    assert "Từ 15/12/2020 đến hết 14/6/2021" in text
    assert "giả định" in text


def test_texts_from_data_cannot_become_formulas(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    nasty = '=HYPERLINK("http://example.com";"bấm")\x07\ud800'
    row = next(r for r in marts["observations"] if r["indicator_code"] == "new_jobs")
    row["note"] = nasty
    marts["findings"] = [
        finding(catalogue, "cell_unclaimed", "new_jobs", observed="+1", expected="@SUM(A1)", message=nasty)
    ]
    marts["submissions"][0]["file_name"] = "-1.xlsx"
    paths = {p.name: p for p in publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)}
    book = openpyxl.load_workbook(paths["bang-tong-hop.xlsx"])
    formulas = [cell.value for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert formulas and all(
        re.fullmatch(r"=SUM\([A-Z]\d+:[A-Z]\d+\)|=[(100*/A-Z\d)]+", formula) for formula in formulas
    )
    (found,) = read_csv(paths["phat-hien.csv"].read_bytes())
    assert (found["observed"], found["expected"]) == ("'+1", "'@SUM(A1)")
    assert found["message"] == '\'=HYPERLINK("http://example.com";"bấm")'
    assert read_csv(paths["tinh-hinh-bao-cao.csv"].read_bytes())[0]["file_name"] == "'-1.xlsx"
    assert pq.read_table(paths["phat-hien.parquet"])["observed"].to_pylist() == ["+1"]


def test_parquet_holds_the_same_as_csv_with_exact_decimals(catalogue: Catalogue, marts: Marts) -> None:
    for table in build_tables(catalogue, PERIOD, marts):
        parquet = pq.read_table(io.BytesIO(render_parquet(table)))
        rows = read_csv(render_csv(table))
        assert parquet.num_rows == len(rows)
        assert rows == [] or parquet.column_names == list(rows[0])
        for column in table.columns:
            if column.kind == "number":
                assert str(parquet.schema.field(column.code).type) == "decimal128(38, 10)"
                values = parquet[column.code].to_pylist()
                assert [exact_text(v) if v is not None else "" for v in values] == [r[column.code] for r in rows]


def test_csv_keeps_states_estimates_and_ids(catalogue: Catalogue, marts: Marts) -> None:
    next(r for r in marts["observations"] if r["indicator_code"] == "new_jobs" and r["province_code"] == "22").update(
        status="none_arising", value=None
    )
    rows = {r["province_id"]: r for r in read_csv(render_csv(table_of(catalogue, marts, "viec-lam")))}
    assert (rows["quang-ninh"]["new_jobs"], rows["quang-ninh"]["new_jobs_status"]) == ("", "none_arising")
    assert rows["quang-ninh"]["province_code"] == "22"
    assert rows["toan-cum"]["new_jobs_status"] == "sum"
    money = {r["province_id"]: r for r in read_csv(render_csv(table_of(catalogue, marts, "von-dau-tu")))}
    assert money["hai-duong"]["social_investment"] == "19044.4"
    assert money["hai-duong"]["social_investment_is_estimated"] == "true"


def test_large_and_small_figures_survive(catalogue: Catalogue, marts: Marts) -> None:
    row = next(r for r in marts["observations"] if r["indicator_code"] == "new_jobs")
    row["value"] = Decimal("1234567890123456789012345678.0123456789")
    table = table_of(catalogue, marts, "viec-lam")
    assert pq.read_table(io.BytesIO(render_parquet(table)))["new_jobs"].to_pylist()[0] == row["value"]
    assert read_csv(render_csv(table))[0]["new_jobs"] == "1234567890123456789012345678.0123456789"


def test_every_printed_figure_stands_in_the_tables(catalogue: Catalogue, marts: Marts) -> None:
    figures: dict[tuple[str, str], str] = {}
    said = ""
    for table in build_tables(catalogue, PERIOD, marts):
        said += "\n".join(table.footnotes)
        for row in read_csv(render_csv(table)):
            if table.layout == "provinces":
                figures |= {(row["province_code"], c.code): row[c.code] for c in table.columns if c.kind == "number"}
            elif table.layout == "indicators":
                figures["", row["indicator_code"]] = row["value"]
    for (province_code, code), fact in read_facts().items():
        printed = Decimal(fact["value"])
        shown = Decimal(figures[province_code, code])
        places = catalogue.indicators[code].decimals
        if round_half_up(shown, places) != printed:
            assert province_code == "", (province_code, code)
            assert f"Cụm trưởng công bố {format_number(printed, places)}" in said, code
            assert code in {"new_enterprises", "new_jobs", "ntm_districts_certified_rate"}


def test_the_columns_do_not_depend_on_the_figures(catalogue: Catalogue, marts: Marts) -> None:
    def headers(given: Marts) -> dict[str, bytes]:
        return {t.table_code: render_csv(t).split(b"\n")[0] for t in build_tables(catalogue, PERIOD, given)}

    assert headers(empty_marts()) == headers(marts)


def test_without_any_return_everything_is_still_published(catalogue: Catalogue, tmp_path: Path) -> None:
    paths = publish_tables(catalogue, PERIOD, empty_marts(), tmp_path, MADE_AT)
    assert len(paths) == 5 + 2 * (len(catalogue.tables) + 2)
    book = openpyxl.load_workbook(paths[0])
    assert book["grdp"].cell(3, 1).value == "Chưa có tỉnh nào gửi báo cáo."
    assert pq.read_table(tmp_path / "parquet" / "phat-hien.parquet").num_rows == 0


def test_the_workbook_says_what_it_leaves_out(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    one = finding(catalogue, "required_present", "new_jobs", message="để trống")
    marts["findings"] = [one] * (MOST_ROWS + 7)
    path = publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)[0]
    sheet = openpyxl.load_workbook(path)["phat-hien"]
    assert "còn 7 dòng nữa" in str(sheet.cell(sheet.max_row, 1).value)
    assert len(read_csv((tmp_path / "csv" / "phat-hien.csv").read_bytes())) == MOST_ROWS + 7


def test_sheet_names_are_short_plain_and_unique() -> None:
    long = "a" * 40
    assert sheet_names([long, long, "Bìa", "GHI-CHU", "a/b", ""], taken=["ghi-chu"]) == [
        "a" * 31,
        "a" * 27 + "-2",
        "B-a",
        "GHI-CHU-2",
        "a-b",
        "bang",
    ]


def test_number_formats_keep_digits_aligned() -> None:
    assert number_format(0, "", "") == "#,##0;-#,##0;#,##0;@"
    assert number_format(2, "¹⁾", "*¹⁾").split(";")[0] == '#,##0.00"¹⁾"_⁾'
    assert footnote_marks((1, 12)) == "¹⁾ ¹²⁾"


def test_texts_are_made_safe() -> None:
    assert harmless("=1+1") == "'=1+1"
    assert harmless("  =1") == "'  =1"
    assert harmless("\t=1") == "'\t=1"
    assert harmless("=") == "'="
    assert harmless("−5 và +3") == "−5 và +3"
    assert legal_text("a\x00b\x0bc\ufffed\ud800\ne") == "abcd\ne"
    assert one_line("a\n b\t c") == "a b c"
    assert len(one_line("x" * 999)) == 240
    assert exact_text(Decimal("1E+3")) == "1000"
    assert exact_text(Decimal("-0.0")) == "0"
    assert exact_text(Decimal("75.3086400000")) == "75.30864"
