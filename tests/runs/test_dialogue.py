"""A return goes in, comes back marked, and goes in again mended and explained, until it is accepted with a footnote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from office import PERIOD, Office

from flows.command_line import cli
from flows.settings import find_settings

pytestmark = pytest.mark.slow

Fill = Callable[..., Path]
OURS = "Phản hồi của Cụm"


def answers(office: Office, province: str) -> Path:
    return office.returns / province / OURS / PERIOD


def names(office: Office, province: str) -> list[str]:
    return sorted(path.name for path in answers(office, province).iterdir())


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and OURS not in p.parts)
    return {str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def explain(workbook: Path, cell: str, words: str) -> None:
    """Writes into the column "Giải trình" beside the finding of a cell, as an officer does."""
    book = openpyxl.load_workbook(workbook)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if any(c.value == "Giải trình" for c in row))
    place = {c.value: c.column for c in header}
    row = next(r for r in range(header[0].row + 1, sheet.max_row + 1) if sheet.cell(r, place["Ô"]).value == cell)
    sheet.cell(row, place["Giải trình"]).value = words
    book.save(workbook)


def test_three_mistakes_two_mended_one_explained(office: Office, fill_form: Fill) -> None:
    own = office.file("Ninh Bình")
    mistakes = {"f_ntm_communes_certified_rate": 9.3, "f_poverty_rate": 250}
    before = openpyxl.load_workbook(own)
    good = {}
    for name in mistakes:
        [(sheet, address)] = before.defined_names[name].destinations
        good[name] = before[sheet][address.replace("$", "")].value
    fill_form(own, mistakes)
    theirs = everything(office.returns)
    first = office.run()
    assert everything(office.returns) == theirs, "nothing of theirs is touched"
    assert names(office, "Ninh Bình") == [
        "Lần 01 - Biên nhận.html",
        "Lần 01 - Biểu đã đánh dấu.xlsx",
        "Lần 01 - Kết quả kiểm tra.html",
    ]
    assert first.new_answers == 30 and not first.kept_answers
    again = office.run()
    assert not again.had_work and again.new_answers == 0
    critical = set(office.rules("province_code = '37' AND severity = 'critical' AND status = 'open'"))
    assert critical == {"rate_follows_counts", "share_in_range", "parts_sum_to_total"}

    marked = answers(office, "Ninh Bình") / "Lần 01 - Biểu đã đánh dấu.xlsx"
    [(cell,)] = office.sql("SELECT cell FROM findings WHERE rule_code = 'parts_sum_to_total' AND province_code = '37'")
    fill_form(marked, good | {"f_new_jobs": 9000})
    explain(marked, cell, "Còn 41 giải khuyến khích, biểu không có cột")
    filled = marked.read_bytes()
    second = office.run()
    assert second.new_files == (f"Ninh Bình/{OURS}/{PERIOD}/{marked.name}",)
    assert marked.read_bytes() == filled, "what an officer filled in is never overwritten"
    assert "Lần 02 - Kết quả kiểm tra.html" in names(office, "Ninh Bình")
    assert office.sql("SELECT version FROM submissions WHERE province_code = '37' AND is_current") == [(2,)]
    assert office.rules("province_code = '37' AND severity = 'critical'") == ["parts_sum_to_total"]
    changed = office.sql("SELECT indicator_code FROM changes ORDER BY 1")
    assert changed == [("new_jobs",), ("ntm_communes_certified_rate",), ("poverty_rate",)]
    again = openpyxl.load_workbook(answers(office, "Ninh Bình") / "Lần 02 - Biểu đã đánh dấu.xlsx").worksheets[0]
    states = [row[-1] for row in again.iter_rows(min_row=7, max_col=11, values_only=True) if row[0]]
    assert states.count("Đã sửa") == 2 and states.count("Để biết") == 1 and "Chờ Cụm xem giải trình" in states
    [waiting] = second.waiting
    assert waiting["explanation"] == "Còn 41 giải khuyến khích, biểu không có cột"
    page = (answers(office, "Ninh Bình") / "Lần 02 - Kết quả kiểm tra.html").read_text(encoding="utf-8")
    assert "Còn 41 giải khuyến khích" in page

    said = CliRunner().invoke(
        cli,
        ["explain", PERIOD, "Ninh Bình", waiting["finding_id"], "--accept", "--home", str(office.settings.home)],
    )
    assert said.exit_code == 0, said.output
    office.run()
    assert office.sql("SELECT status, explanation FROM findings WHERE rule_code = 'parts_sum_to_total'") == [
        ("explained", "Còn 41 giải khuyến khích, biểu không có cột")
    ]
    table = (office.settings.published_period(PERIOD) / "csv" / "giai-hoc-sinh-gioi.csv").parent
    notes = "".join(path.read_text(encoding="utf-8-sig") for path in table.glob("*.csv"))
    assert "Còn 41 giải khuyến khích" in notes
    assert office.value("37", "national_student_prizes_total")[1] == "reported"


def test_a_home_that_knows_nothing_takes_no_answer_of_another_for_a_return(collected: Office, tmp_path: Path) -> None:
    other = Office(tmp_path / "other")
    other.returns = collected.returns
    other.settings = find_settings(tmp_path / "other" / "home")
    outcome = other.run()
    assert [name for name in outcome.new_files if OURS in name and name.endswith(".html")] == []
    assert "rival_files" not in other.rules()
    currents = other.sql("SELECT path FROM submissions WHERE is_current")
    assert len(currents) == 10 and not [path for (path,) in currents if OURS in path]


def test_a_folder_that_takes_nothing_leaves_the_answers_at_home(office: Office, tmp_path: Path) -> None:
    (office.returns / "Hà Nam" / OURS).symlink_to(tmp_path, target_is_directory=True)
    outcome = office.run()
    assert sum(outcome.kept_answers.values()) == 3
    kept = sorted(p.name for p in office.settings.feedback.rglob("*") if p.is_file())
    assert kept[0] == "Lần 01 - Biên nhận.html" and len(kept) == 3
    (office.returns / "Hà Nam" / OURS).unlink()
    outcome = office.run()
    assert not outcome.had_work and outcome.new_answers == 3 and not outcome.kept_answers
    assert names(office, "Hà Nam") == kept and not list(office.settings.feedback.rglob("*.html"))


def test_every_file_gets_a_receipt_also_what_cannot_be_read(office: Office) -> None:
    office.file("Hà Nam").write_bytes(b"PK\x03\x04 not a workbook at all")
    office.run()
    page = (answers(office, "Hà Nam") / "Lần 01 - Biên nhận.html").read_text(encoding="utf-8")
    assert "không dùng được" in page
    assert "Lần 01 - Kết quả kiểm tra.html" in names(office, "Hà Nam")


@pytest.mark.long
def test_two_homes_on_one_folder_do_not_feed_each_other(collected: Office, tmp_path: Path, fill_form: Fill) -> None:
    fill_form(collected.file("Hà Nam"), {"f_new_jobs": 99})
    collected.run()
    other = Office(tmp_path / "other")
    other.returns = collected.returns
    other.settings = find_settings(tmp_path / "other" / "home")
    other.run()
    counts = []
    for home in (collected, other, collected, other):
        outcome = home.run()
        assert outcome.new_files == ()
        counts.append(sum(1 for p in collected.returns.rglob("*") if p.is_file()))
    assert counts[-1] == counts[-2]
    assert collected.value("35", "new_jobs")[0] == 99 and other.value("35", "new_jobs")[0] == 99
