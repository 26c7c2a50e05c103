"""`thidua audit` as people call it: what it says of planted errors, how it ends, and the report that was drafted,
changed by hand, and audited."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner, Result
from conversions import convert_by_libreoffice
from docx.document import Document

from catalogue import load_catalogue
from flows.command_line import cli
from flows.settings import Settings
from publications.report.files import render_report
from publications.tables.figures import index_marts
from transforms.prose.report_text import read_report
from warehouse import published_marts

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
PERIOD = "2021H1"
KEYS = {
    *("kind", "weight", "place", "block", "start", "end", "raw", "indicator_code", "province_id", "period_code"),
    *("value", "expected", "source", "message"),
}
ELSEWHERE = ("sum", "order", "rate", "repeated", "unmatched")  # whose words are tested where they are made


def call(settings: Settings, *arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments), "--home", str(settings.home)])


def audit(settings: Settings, file: Path, *options: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """How the command ends, and what it says as JSON."""
    done = call(settings, "audit", file, "--json", *options)
    assert not done.exception or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, json.loads(done.stdout)


# --- what it says ----------------------------------------------------------------------------------------------


def test_planted_errors_are_found_and_nothing_else(published: Settings) -> None:
    code, rows = audit(published, GOLDEN / "bao-cao.md")
    assert code == 3 and all(set(row) == KEYS for row in rows)
    assert all(row.pop("message") for row in rows if row["kind"] in ELSEWHERE)
    assert rows == json.loads((GOLDEN / "bao-cao.json").read_text(encoding="utf-8"))


def test_the_example_says_what_has_to_be_changed_first(published: Settings) -> None:
    done = call(published, "audit", ROOT / "examples" / "bao-cao-mau.md")
    lines = done.stdout.splitlines()
    assert done.exit_code == 3 and lines[2] == "Phải sửa (1):"
    assert "⟦1.210⟧" in lines[3] and "đúng ra là “1.120” (tệp bac-ninh_2021H1.xlsx" in lines[4]
    assert "18 số: 17 khớp, 1 khác." in lines


def test_a_text_that_agrees_ends_with_nothing(published: Settings, tmp_path: Path) -> None:
    file = tmp_path / "báo cáo.txt"
    file.write_text("6 tháng đầu năm 2021, tăng trưởng GRDP của Hà Nam tăng 10,4%.", encoding="utf-16")
    done = call(published, "audit", file)
    assert (done.exit_code, "Mọi số trong văn bản đều khớp với kho." in done.stdout) == (0, True)


def test_a_text_without_figures_is_not_said_to_agree(published: Settings, tmp_path: Path) -> None:
    file = tmp_path / "loi-van.md"
    file.write_text("# Báo cáo 6 tháng đầu năm 2021\n\nPhong trào thi đua phát triển sâu rộng.\n", encoding="utf-8")
    done = call(published, "audit", file)
    assert done.exit_code == 3 and "Không có số liệu nào để đối chiếu" in done.stdout and "đều khớp" not in done.stdout


# --- how it ends -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"%PDF-1.4\n", (), "tệp là PDF"),
        (b"", (), "tệp rỗng"),
        ("Hà Nam tăng 10,4%".encode(), (), "không rõ văn bản báo cáo kỳ nào"),
        ("Hà Nam tăng 10,4%".encode(), ("--period", "2031H1"), "không có trong lịch"),
        ("Hà Nam tăng 10,4%".encode(), ("--period", "hôm nay"), "không phải kỳ báo cáo"),
        ("Hà Nam tăng 10,4%".encode(), ("--period", "2020H1"), "kho chưa có số liệu kỳ 2020H1"),
        ("6 tháng đầu năm 2021".encode(), ("--marked", "ban-sao.pdf"), "đuôi .docx"),
        ("6 tháng đầu năm 2021".encode(), ("--marked", "không/có/a.docx"), "không ghi được"),
    ],
)
def test_what_cannot_be_audited_is_wrong_use_and_says_what_to_do(
    published: Settings, tmp_path: Path, content: bytes, options: tuple[str, ...], words: str
) -> None:
    file = tmp_path / "bao-cao.md"
    file.write_bytes(content)
    done = call(published, "audit", file, *options)
    assert done.exit_code == 2 and words in done.stderr and "Traceback" not in done.output


def test_without_file_or_published_copy_it_is_wrong_use(published: Settings, tmp_path: Path) -> None:
    assert call(published, "audit", tmp_path / "không có.docx").exit_code == 2
    file = ROOT / "examples" / "bao-cao-mau.md"
    done = CliRunner().invoke(cli, ["audit", str(file), "--home", str(tmp_path / "trống")])
    assert done.exit_code == 2 and "chưa có kho dữ liệu phát hành" in done.stderr


def test_the_report_itself_is_never_overwritten(published: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("6 tháng đầu năm 2021, GRDP của Hà Nam tăng 10,4%")
    document.save(str(file))
    before = file.read_bytes()
    assert call(published, "audit", file, "--marked", file).exit_code == 2 and file.read_bytes() == before


def test_a_document_that_would_not_end_is_refused(published: Settings, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 400 * 1024**2)
    file = tmp_path / "bom.docx"
    file.write_bytes(out.getvalue())
    done = call(published, "audit", file)
    assert done.exit_code == 2 and "không mở được an toàn" in done.stderr


# --- drafted, changed by hand, audited -------------------------------------------------------------------------

CHANGED, INTO = "1.120", "1.210"  # Bắc Ninh's new enterprises, two digits swapped


@pytest.fixture(scope="module")
def draft(published: Settings) -> bytes:
    catalogue = load_catalogue()
    figures = index_marts(catalogue, PERIOD, published_marts(published.published_warehouse, PERIOD))
    made = render_report(figures, dt.datetime(2021, 7, 10, tzinfo=dt.UTC))
    return next(data for name, data in made.items() if name.endswith(".docx"))


def change(document: Document) -> Document:
    """One figure of one sentence typed anew, as a person does it in Word."""
    paragraph = next(
        p for p in document.paragraphs if f"Bắc Ninh có {CHANGED}" in p.text or f"Bắc Ninh {CHANGED}" in p.text
    )
    runs = [run for run in paragraph.runs if run.text == CHANGED] or [r for r in paragraph.runs if CHANGED in r.text]
    runs[0].text = runs[0].text.replace(CHANGED, INTO, 1)
    return document


def wrong(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["kind"] == "differs"]


def test_a_draft_as_it_is_says_nothing_wrong(published: Settings, draft: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bao-cao.docx"
    file.write_bytes(draft)
    code, rows = audit(published, file)
    assert (code, [row for row in rows if row["weight"] in ("change", "doubt")]) == (0, [])
    assert sum(row["kind"] == "agrees" for row in rows) > 250


def test_the_figure_changed_by_hand_is_named_with_its_true_value_and_cell(
    published: Settings, draft: bytes, tmp_path: Path
) -> None:
    file, copy = tmp_path / "bao-cao.docx", tmp_path / "ban-sao.docx"
    change(docx.Document(io.BytesIO(draft))).save(str(file))
    code, rows = audit(published, file, "--marked", copy)
    [row] = wrong(rows)
    assert (code, row["raw"].split()[0], row["province_id"], row["expected"]) == (3, INTO, "bac-ninh", "1120")
    assert row["source"] == {
        "file": "bac-ninh_2021H1.xlsx",
        "sheet": "B. Doanh nghiệp",
        "cell": "D7",
        "raw_text": "1120",
    }
    assert read_report(copy.read_bytes()) == read_report(file.read_bytes())
    told = ["\n".join(p.text for p in c.paragraphs) for c in docx.Document(str(copy)).comments]
    assert any("đúng ra là “1.120" in text for text in told)


def test_so_it_is_after_libreoffice_has_had_it(published: Settings, draft: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bao-cao.docx"
    change(docx.Document(io.BytesIO(draft))).save(str(file))
    odt = convert_by_libreoffice([file], "odt", tmp_path) / "bao-cao.odt"
    again = convert_by_libreoffice([odt], "docx", tmp_path) / "bao-cao.docx"
    code, rows = audit(published, again)
    [row] = wrong(rows)
    assert (code, row["expected"], row["source"]["cell"]) == (3, "1120", "D7")
    done = call(published, "audit", shutil.copy(odt, tmp_path / "x.docx"))
    assert done.exit_code == 2 and "OpenDocument (.odt)" in done.stderr


# --- taken in --------------------------------------------------------------------------------------------------


def take(home: Path, *options: str) -> Result:
    file = str(ROOT / "examples" / "bao-cao-mau.md")
    return CliRunner().invoke(cli, ["import-report", file, "--period", PERIOD, "--home", str(home), *options])


def test_a_report_is_shown_first_and_taken_in_only_when_it_is_accepted(tmp_path: Path) -> None:
    shown = take(tmp_path)
    assert shown.exit_code == 0 and "Chưa nhập gì" in shown.stderr and not list(tmp_path.iterdir())
    assert "Bắc Ninh: 2 số\n" in shown.stdout and "Nhận ra 18 số, dùng được 18" in shown.stdout
    assert take(tmp_path, "--accept").exit_code == 2
    values = json.loads(take(tmp_path, "--json").stdout)
    assert len(values["figures"]) == 18 and not any(f["is_covered"] for f in values["figures"])
    accepted = take(tmp_path, "--accept", "--by", "Lan", "--reason", "thử")
    assert accepted.exit_code == 0 and "QD-0001: nhập báo cáo" in accepted.stderr
    assert "đã nhập từ trước" in take(tmp_path, "--accept", "--by", "Lan", "--reason", "thử").stderr
    listed = CliRunner().invoke(cli, ["rulings", "--home", str(tmp_path)])
    assert "nhập báo cáo đã công bố" in listed.stdout


def test_where_all_its_units_have_returns_nothing_is_offered_nor_taken(published: Settings) -> None:
    for options in ((), ("--json",), ("--accept", "--by", "Lan", "--reason", "thử")):
        done = take(published.home, *options)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "không có gì để nhập: mọi đơn vị mà “bao-cao-mau.md” nêu số liệu đã có báo cáo riêng" in done.stderr
    assert not CliRunner().invoke(cli, ["rulings", "--home", str(published.home), "--json"]).stdout.strip("[]\n")
