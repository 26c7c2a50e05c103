"""Receipt and result: what they say in each case, that they need nothing from outside, that they fit their paper."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import openpyxl
import pytest
from answered import CATALOGUE, FOUND, NEW_RURAL, PERIOD, UNIT, feedback, finding, first_version, form, with_status

from publications.feedback import Feedback, render_feedback
from transforms.changes import compare_versions
from transforms.observation import Observation, Ruling
from transforms.reading import read_return
from transforms.rulings import Rulings

LEGAL = re.compile(r'[^<>:"/\\|?*\x00-\x1f]{1,100}(?<![. ])')


def files_of(given: Feedback) -> dict[str, str]:
    """The pages among the files, by kind."""
    return {f.kind: f.data.decode() for f in render_feedback(given) if f.name.endswith(".html")}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [v or "" for k, v in attrs if k in ("src", "href")]


def text_of(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    assert reader.links == []
    return " ".join(" ".join(reader.pieces).split())


def ruling(kind: str, number: int, reason: str) -> Ruling:
    key = FOUND[number]
    at = dt.datetime(2021, 7, 6, tzinfo=dt.UTC)
    return Ruling(
        "q1",
        kind,
        PERIOD,
        UNIT,
        reason,
        "Lan",
        at,
        finding_id=key.finding_id,
        figure_hash=key.figure_hash,  # type: ignore[arg-type]
    )


def test_the_files_have_names_that_every_share_takes() -> None:
    files = render_feedback(first_version())
    assert [f.name for f in files] == [
        "Lần 01 - Biên nhận.html",
        "Lần 01 - Kết quả kiểm tra.html",
        "Lần 01 - Biểu đã đánh dấu.xlsx",
    ]
    assert all(LEGAL.fullmatch(f.name) for f in files)
    assert render_feedback(first_version()) == files


def test_a_receipt_says_what_came_and_whose_figures_count() -> None:
    given = first_version()
    text = text_of(files_of(given)["biên nhận"])
    for words in ("Đã nhận và đã đọc được tệp", "hà nam.xlsx", "08 giờ 30 phút, ngày 05/7/2021", "Hà Nam"):
        assert words in text
    assert given.submission.sha256 in text and "Số liệu của lần gửi 01 này." in text
    assert "6 tháng đầu năm 2021" in text


def test_a_refused_file_gets_a_receipt_that_says_why() -> None:
    found = (finding("file_unreadable", message="Không đọc được tệp “a.pdf”: tệp là PDF.", advice="Gửi biểu Excel."),)
    given = feedback(b"%PDF-1.4", "a.pdf", was_read=False, verdict="rejected", findings=found, counting=None)
    given = replace(given, refusal="Tệp là PDF; hãy gửi biểu Excel.")
    pages = files_of(given)
    assert "không dùng được" in text_of(pages["biên nhận"]) and "Tệp là PDF" in text_of(pages["biên nhận"])
    assert "Chưa có số liệu nào của tỉnh được dùng" in text_of(pages["biên nhận"])
    assert "cần gửi lại" in text_of(pages["kết quả"]) and "Gửi biểu Excel." in text_of(pages["kết quả"])
    assert [f.name for f in render_feedback(given)][-1] == "Lần 01 - Kết quả kiểm tra.html"


def test_a_file_that_is_held_says_which_one_counts() -> None:
    other = feedback(form(), "mới.xlsx", version=2).submission
    given = first_version()
    held = replace(given.submission, is_taken=False, held_because="older_file")
    given = replace(given, submission=held, counting=other, other_files=(other,))
    text = text_of(files_of(given)["biên nhận"])
    assert "chưa dùng số liệu" in text and "tệp có ngày sửa cũ hơn" in text
    assert "Số liệu của lần gửi 02, tệp “mới.xlsx”." in text and "Đang được dùng" in text


def test_the_result_names_what_is_open_worst_first_and_how_to_answer() -> None:
    page = files_of(first_version())["kết quả"]
    text = text_of(page)
    assert "Còn 1 chỗ phải sửa, 1 chỗ cần sửa hoặc giải trình." in text
    assert text.index("Tổng số giải (ô D8) ghi 91") < text.index("Thiếu số liệu bắt buộc")
    for words in (
        "Ảnh hưởng: Tổng cụm 549",
        "Đề xuất: 19",
        "Lần 01 - Biểu đã đánh dấu.xlsx",
        "cột Giải trình",
        "Tệp có macro.",
    ):
        assert words in text
    assert "default-src 'none'" in page and "<script" not in page


def test_acceptance_is_one_large_line() -> None:
    given = replace(first_version(), findings=FOUND[2:], verdict="accepted")
    pages = files_of(given)
    assert "ĐÃ CHẤP NHẬN BÁO CÁO" in text_of(pages["kết quả"])
    assert "Trả lời thế nào" not in pages["kết quả"]
    assert len(render_feedback(given)) == 2


@pytest.mark.parametrize(
    ("status", "kind", "answer", "headline"),
    [
        ("open", "", "Chờ xem", "Đã nhận lời giải trình, chờ văn phòng Cụm xem"),
        ("open", "refuse", "Chưa chấp nhận", "Còn 1 chỗ cần sửa hoặc giải trình."),
        ("explained", "accept", "Đã chấp nhận", "ĐÃ CHẤP NHẬN BÁO CÁO"),
    ],
)
def test_explanations_and_what_became_of_them(status: str, kind: str, answer: str, headline: str) -> None:
    found = with_status(FOUND[:1], "required_present", status=status, explanation="Huyện chưa báo")
    key = FOUND[0].finding_id, FOUND[0].figure_hash
    rulings = Rulings(on_explanations={key: ruling(kind, 0, "Cần số liệu")} if kind else {})
    text = text_of(files_of(replace(first_version(), findings=found, rulings=rulings))["kết quả"])
    assert "Huyện chưa báo" in text and answer in text and headline in text
    assert ("Cần số liệu" in text) == bool(kind)


def test_a_waived_rule_is_told_with_its_reason() -> None:
    found = with_status(FOUND[:1], "required_present", status="waived", explanation="Tỉnh không có xã này")
    text = text_of(files_of(replace(first_version(), findings=found))["kết quả"])
    assert "Được miễn" in text and "Tỉnh không có xã này" in text and "ĐÃ CHẤP NHẬN" in text


def test_what_changed_is_shown_figure_by_figure_and_what_was_mended_as_done() -> None:
    before = read_return(CATALOGUE, form()).observations
    after = tuple(
        replace(o, value=Decimal(19), raw_text="19") if o.indicator_code == "national_student_prizes_total" else o
        for o in before
    )
    changes = compare_versions(before, after)
    given = feedback(form(), version=2, findings=FOUND[:1], mended=FOUND[1:2], changes=changes, observations=after)
    text = text_of(files_of(given)["kết quả"])
    assert "Số liệu thay đổi so với lần gửi trước (1)" in text and "91 19" in text
    assert "Đã sửa so với lần gửi trước (1)" in text and "Nay ghi: 19" in text


def test_what_another_finding_only_took_in_is_not_told_as_mended() -> None:
    read = read_return(CATALOGUE, form()).observations
    blank = [o.indicator_code for o in read if o.state == "blank"][:3]
    lacking = tuple(
        finding("required_present", code, sheet=NEW_RURAL, cell=f"D{n}") for n, code in enumerate(blank, 30)
    )
    group = finding("required_present", blank[0], sheet=NEW_RURAL, cell="D30", alike=("D31",), finding_id="group")
    rowless = finding("layout_incomplete", file_name="b.xlsx")
    old_file = finding("layout_incomplete", file_name="a.xlsx", finding_id="other")
    for now, before, done in (
        ((group,), lacking, 0),
        (lacking[1:], (group,), 0),
        ((rowless,), lacking, 0),
        ((rowless,), (old_file,), 0),
        ((), (old_file,), 1),
    ):
        given = feedback(form(), version=2, findings=now, mended=before, observations=read)
        assert text_of(files_of(given)["kết quả"]).count("Đã sửa so với") == done
    written = tuple(
        replace(o, state="number", value=Decimal(3), raw_text="3") if o.indicator_code == blank[0] else o for o in read
    )
    changes = compare_versions(read, written)
    given = feedback(form(), version=2, findings=(), mended=lacking, observations=written, changes=changes)
    assert "Đã sửa so với lần gửi trước (1)" in text_of(files_of(given)["kết quả"])


def test_whatever_an_officer_writes_is_only_text() -> None:
    evil = '<script>alert(1)</script>"\x07'
    found = (
        finding("cell_unclaimed", sheet=evil, cell="H7", observed=evil, message=f"Ô ghi {evil}", explanation=evil),
    )
    change = compare_versions((), (Observation("new_jobs", "unreadable", raw_text=evil, sheet=evil, cell="D7"),))
    given = feedback(form(), f"{evil}.xlsx", findings=found, changes=change, mended=found, refusal=evil)
    for page in files_of(given).values():
        assert "<script" not in page and "\x07" not in page


def test_files_of_other_kinds_get_the_list_as_a_workbook_of_its_own() -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([["Chỉ tiêu", "Giá trị"], ["Tổng số xã", "98"]])
    files = {f.kind: f for f in render_feedback(feedback(stream.getvalue().encode(), "hà nam.csv"))}
    listed = files["danh sách cần sửa"]
    assert listed.name == "Lần 01 - Danh sách cần sửa.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(listed.data))
    assert book.sheetnames == [CATALOGUE.form.feedback.todo_sheet]
    assert [row[3].value for row in book.worksheets[0].iter_rows(min_row=7)] == ["D8", "D10", "D9"]
    assert "tệp văn bản (.csv)" in files["kết quả"].data.decode()


def test_what_was_dangerous_to_read_is_not_read_again() -> None:
    found = (finding("reader_failed", message="Hệ thống gặp lỗi khi đọc tệp."),)
    files = render_feedback(feedback(form(), was_read=False, findings=found, counting=None))
    assert [f.kind for f in files] == ["biên nhận", "kết quả"]


def test_a_version_that_a_later_one_displaces_says_so_and_asks_nothing() -> None:
    later = replace(feedback(form(), "mới.xlsx", version=2).submission)
    given = feedback(form(), findings=(), counting=later)
    pages = files_of(given)
    assert set(pages) == {"biên nhận", "kết quả"}
    text = text_of(pages["kết quả"])
    assert "Lần 02 - Kết quả kiểm tra.html" in text and "Trả lời thế nào" not in text and "CHẤP NHẬN" not in text
    assert "Số liệu của lần gửi 02" in text_of(pages["biên nhận"])


def test_the_page_names_the_workbook_as_it_lies_beside_a_file_of_that_name() -> None:
    names = [f"Lần 01 - Biểu đã đánh dấu{mark}.xlsx" for mark in ("", " (bản mới)", " (bản mới 2)")]
    for n in range(3):
        given = replace(first_version(), taken=frozenset(names[:n]))
        made = {f.kind: f for f in render_feedback(given)}
        assert made["biểu đã đánh dấu"].name == names[n]
        assert f"“{names[n]}”" in made["kết quả"].data.decode()
