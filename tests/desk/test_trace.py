"""From a figure to its cell: real returns, one of them read as text, through the command and the macro."""

from __future__ import annotations

import csv
import json
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from catalogue.model import Catalogue
from flows.command_line import cli
from flows.desk.trace import TraceError, find_indicator
from flows.shares.folders import archive_path
from transforms.figure_steps import explain_figure
from transforms.reading import hash_bytes
from transforms.surroundings import look_around
from warehouse import query

RETURNS = Path(__file__).parents[2] / "examples" / "returns"
PERIOD = "2021H1"


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["trace", PERIOD, *arguments, "--home", str(home)])


def test_a_figure_is_followed_from_file_to_table(desk: Path) -> None:
    said = run(desk, "tỉnh Quảng Ninh", "tổng vốn đầu tư toàn xã hội").stdout
    for part in (
        "39.292 tỷ đồng (tỉnh báo cáo, số ước)",
        "Quảng Ninh/quang-ninh_2021H1.xlsx",
        f"SHA-256 {hash_bytes((RETURNS / 'Quảng Ninh' / 'quang-ninh_2021H1.xlsx').read_bytes())}",
        "văn phòng chọn tệp này (Minh, 08:05 06/07/2021: bản đúng)",
        "D. Kinh tế · D10",
        "ô ghi “ước đạt 39.292 tỷ đồng”",
        "đọc là 39.292, không phải 39,292",
        "có chữ “ước”: số ước",
        "duyệt 08:05 06/07/2021, Hoa (tên tự ghi): đủ",
        "von-dau-tu.csv · dòng 2 · cột social_investment: 39.292",
    ):
        assert part in said, part


def test_the_published_cell_holds_the_figure(desk: Path) -> None:
    told = json.loads(run(desk, "33", "new_jobs", "--json").stdout)
    place = told["published"]
    book = openpyxl.load_workbook(Path(place["folder"]) / place["workbook"])
    assert book[place["sheet"]][place["cell"]].value == 8700
    [found] = [s for s in told["steps"] if s["step"] == "finding"]
    assert (found["state"], found["reason"], found["decided_by"]) == ("explained", "do bão", "Lan")
    figure = next(s for s in told["steps"] if s["step"] == "figure")
    assert (figure["value"], figure["cell"]) == ("8700", "D7")


def test_a_cluster_figure_is_followed_to_its_parts(desk: Path) -> None:
    said = run(desk, "Toàn Cụm", "new_enterprises").stdout
    assert "2.139 doanh nghiệp (cộng các tỉnh)" in said
    assert "1.030  quang-ninh_2021H1.xlsx · B. Doanh nghiệp · D7 “1030”" in said
    assert "Cụm trưởng công bố: 5.824 doanh nghiệp (ô D7 trang “B. Doanh nghiệp”)" in said
    sql = f"SELECT said, value FROM trace('{PERIOD}', 'Toàn Cụm', 'ntm_communes_certified_rate') WHERE step = 'part'"
    parts = query(desk / "published" / "warehouse.duckdb", sql)[1]
    assert {row[0] for row in parts} == {"Số xã đạt chuẩn nông thôn mới", "Tổng số xã"}
    assert Decimal(145) in {row[1] for row in parts}


def rules_of(desk: Path, province: str, indicator: str) -> dict[str, str]:
    sql = f"SELECT rule_code, state FROM trace('{PERIOD}', '{province}', '{indicator}') WHERE step = 'rule'"
    return dict(query(desk / "published" / "warehouse.duckdb", sql)[1])


def test_each_rule_that_looks_at_a_figure_is_told_with_its_outcome(desk: Path) -> None:
    jobs = rules_of(desk, "Hưng Yên", "new_jobs")
    assert (jobs["amount_in_range"], jobs["required_present"]) == ("passed", "explained")
    assert jobs["number_ambiguous"] == "passed"  # a rule of reading: the text of the cell is plain
    assert jobs["magnitude_of_past"] == "not_applied"
    assert not {"grdp_in_range", "share_in_range", "parts_sum_to_total", "rank_in_range"} & set(jobs)
    firms = rules_of(desk, "hung-yen", "new_enterprises")  # of what is said of a growth it is an operand
    assert (firms["change_fits_growth"], firms["announced_equals_sum"]) == ("told_elsewhere", "told_elsewhere")
    assert rules_of(desk, "hung-yen", "ntm_communes_total")["rate_follows_counts"] == "passed"
    assert rules_of(desk, "hung-yen", "pci_rank")["rank_held_once"] == "passed"  # of another rank there are two
    assert rules_of(desk, "Toàn Cụm", "new_enterprises") == {"announced_equals_sum": "told_elsewhere"}


def test_rules_are_told_on_the_screen_and_an_announced_figure_by_its_text(desk: Path) -> None:
    said = run(desk, "Hưng Yên", "ntm_communes_total").stdout
    assert "[không có lỗi] rate_follows_counts: Tỷ lệ không khớp số đếm, khi xét Tỷ lệ xã đạt chuẩn" in said
    assert "đo được 0, ít nhất -0,01, nhiều nhất 0,01" in said
    said = run(desk, "Hưng Yên", "new_jobs").stdout
    assert "[không có lỗi] amount_in_range: Số liệu ngoài phạm vi: đo được 8700, ít nhất 0" in said
    assert "required_present: Ô D7 để trống." in said and "vì: do bão (Lan," in said
    announced = run(desk, "Toàn Cụm", "new_enterprises").stdout
    assert (
        "1. ô ghi “5824”" in announced and "[có lỗi, đã nói chung ở một phát hiện khác] announced_equals" in announced
    )
    told = json.loads(run(desk, "Toàn Cụm", "new_enterprises", "--json").stdout)
    [cell] = [step for step in told["steps"] if step["step"] == "cell"]
    assert (cell["raw_text"], cell["cell"], cell["state"]) == ("5824", "D7", "number")


def test_where_no_checks_were_kept_it_is_said(home: Path) -> None:
    sql = f"SELECT step FROM trace('{PERIOD}', 'ha-nam', 'new_jobs')"
    steps = {step for (step,) in query(home / "published" / "warehouse.duckdb", sql)[1]}
    assert "figure" in steps and "finding" not in steps
    said = run(home, "Hà Nam", "new_jobs").stdout
    assert "kho không lưu lần đánh giá này đã xét những quy tắc nào" in said


def test_the_views_give_the_codes_that_the_published_files_carry(desk: Path) -> None:
    copy = desk / "published" / "warehouse.duckdb"
    sql = f"SELECT province_id, indicator_code, obs_status FROM observations WHERE period_code = '{PERIOD}'"
    codes = {(unit, code): sdmx for unit, code, sdmx in query(copy, sql)[1]}
    sql = f"SELECT indicator_code, obs_status FROM cluster_totals WHERE period_code = '{PERIOD}'"
    codes |= {("toan-cum", code): sdmx for code, sdmx in query(copy, sql)[1]}
    seen = set()
    for file in (desk / "published" / PERIOD / "csv").glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as table:
            for row in csv.DictReader(table):
                for name in row:
                    key = row.get("province_id"), name.removesuffix("_obs_status")
                    if name.endswith("_obs_status") and key in codes:
                        seen.add(codes[key])
                        assert codes[key] == row[name], (file.name, key)
    assert seen >= {"A", "E", "O"}
    wide = "SELECT social_investment, social_investment_status, social_investment_obs_status FROM wide_economy"
    assert ("reported", "E") in {row[1:] for row in query(copy, wide)[1]}


def test_names_are_forgiven_and_doubt_is_said(desk: Path, catalogue: Catalogue) -> None:
    assert find_indicator(catalogue, PERIOD, "viec lam moi").indicator_code == "new_jobs"
    with pytest.raises(TraceError, match="new_enterprises_growth"):
        find_indicator(catalogue, PERIOD, "doanh nghiệp")
    for arguments, words in {
        ("Hà Nội", "new_jobs"): "không phải đơn vị của Cụm",
        ("Hưng Yên", "sao hỏa"): "không có chỉ tiêu nào",
        ("Hà Nam", "new_jobs"): None,
        ("toan-cum", "grdp_growth"): "kho không có gì về chỉ tiêu này",
    }.items():
        done = run(desk, *arguments)
        assert (done.exit_code, words is None or words in done.stderr) == (0 if words is None else 2, True), arguments


def test_the_source_cell_is_shown_and_a_lost_original_is_said(desk: Path, tmp_path: Path) -> None:
    assert run(desk, "Quảng Ninh", "social_investment", "--out", str(tmp_path)).exit_code == 0
    page = (tmp_path / f"{PERIOD}_quang-ninh_social_investment.html").read_text(encoding="utf-8")
    assert '<td class="here">ước đạt 39.292 tỷ đồng</td>' in page
    assert "Tổng vốn đầu tư toàn xã hội" in page and "http" not in page.replace("http-equiv", "")
    blank = run(desk, "Toàn Cụm", "ntm_communes_certified_rate", "--out", str(tmp_path))
    assert blank.exit_code == 2 and "không đọc từ ô nào" in blank.stderr
    home = tmp_path / "home"
    shutil.copytree(desk / "published", home / "published")
    lost = run(home, "Quảng Ninh", "social_investment", "--out", str(tmp_path))
    assert lost.exit_code == 2 and "bản gốc không còn trong kho lưu" in lost.stderr
    original = (RETURNS / "Quảng Ninh" / "quang-ninh_2021H1.xlsx").read_bytes()
    altered = archive_path(home / "archive", hash_bytes(original))
    altered.parent.mkdir(parents=True)
    altered.write_bytes(original + b" ")
    assert "đã bị đổi" in run(home, "Quảng Ninh", "social_investment", "--out", str(tmp_path)).stderr


def test_the_edge_of_a_sheet_has_fewer_neighbours(catalogue: Catalogue) -> None:
    data = (RETURNS / "Hưng Yên" / "hung-yen_2021H1.xlsx").read_bytes()
    corner = look_around(data, "E. Văn hóa – xã hội", "A1")
    assert corner is not None and (corner.row, corner.column, corner.rows[0], corner.columns[0]) == (0, 0, 1, "A")
    assert look_around(data, "không có", "A1") is None


@pytest.mark.parametrize(
    ("code", "text", "value", "is_estimated", "told"),
    [
        ("social_investment", "19.044,4", "19044.4", False, "dấu chấm ngăn hàng nghìn, dấu phẩy thập phân"),
        ("social_investment", "11,83 nghìn tỷ", "11830", False, "đổi theo đơn vị ghi trong ô sang tỷ đồng: × 1.000"),
        ("social_investment", "19044.4", "19044.4", False, "dấu chấm là dấu thập phân"),
        ("social_investment", "11,83", "11830", False, "đơn vị ghi ở dòng, cột hoặc trên bảng: × 1.000"),
        ("social_investment", "20", "20", True, "đánh dấu ước ở cột bên cạnh hoặc ở bìa"),
        ("grdp_growth", "bằng 92% cùng kỳ", "-8", False, "lấy trừ 100, là −8%"),
        ("grdp_growth", "giảm 8%", "-8", False, "số âm"),
        ("ntm_communes_certified", "100/116", "100", False, "(116) là mẫu số"),
        ("new_jobs", "không phát sinh", None, False, "không phát sinh: không có số, cộng là 0"),
        ("new_jobs", "", None, False, "không phải 0"),
        ("new_jobs", "nhiều", None, False, "không đọc ra số"),
    ],
)
def test_each_step_of_reading_is_said(
    catalogue: Catalogue, code: str, text: str, value: str | None, is_estimated: bool, told: str
) -> None:
    amount = None if value is None else Decimal(value)
    steps = explain_figure(catalogue, catalogue.indicators[code], text, PERIOD, amount, is_estimated)
    assert told in " | ".join(steps), steps
