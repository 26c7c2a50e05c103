"""Runs are noted, told on the page and compared with the run before, also where that was killed or failed."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from office import EXAMPLES, PERIOD, Office

from catalogue import load_catalogue
from flows.runs.period_run import PeriodRun, carry_out
from flows.telling.run_page import refresh_run_page
from transforms.operation import ClosingEvent, RunChange, RunRecord, digest_figures, digest_findings
from warehouse import Warehouse

pytestmark = pytest.mark.slow


class Outline(HTMLParser):
    """The rows of the tables of a page by the table's class, what it refers to, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: dict[str, int] = {}
        self.references: list[str] = []
        self.texts: list[str] = []
        self._table = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._table = (given.get("class") or "") if tag == "table" else self._table
        if tag == "tr" and self._table:
            self.rows[self._table] = self.rows.get(self._table, -1) + 1  # the head is no row
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """2021H1: Hà Nam sent nothing and Thái Bình a broken file; then Hà Nam sends, then nothing new comes."""
    folder = tmp_path_factory.mktemp("watched")
    shutil.copytree(EXAMPLES, folder / "returns")
    office = Office(folder)
    office.settings.home.mkdir()
    (office.settings.home / "channels.toml").write_text(
        '[contacts]\n"Thái Bình" = "Ông <b>Bình</b> & Co, 0227"\n', encoding="utf-8"
    )
    content = office.file("Hà Nam").read_bytes()
    file = office.file("Hà Nam")
    file.unlink()
    office.file("Thái Bình").write_bytes(b"PK\x03\x04 broken")
    office.run()
    file.write_bytes(content)
    office.run()
    office.run()
    yield office


@pytest.fixture
def own(office: Office, tmp_path: Path) -> Office:
    """A copy of the office for a test that goes on with it."""
    shutil.copytree(office.settings.home, tmp_path / "home")
    shutil.copytree(office.returns, tmp_path / "returns")
    copy = Office(tmp_path)
    copy.now = office.now
    return copy


def log(office: Office) -> tuple[list[RunRecord], list[list[RunChange]]]:
    with Warehouse.open(office.settings.warehouse) as warehouse:
        runs = warehouse.runs(PERIOD)
        return runs, [warehouse.run_changes(run.run_id) for run in runs]


def page(office: Office) -> str:
    return (office.settings.published_period(PERIOD) / "van-hanh.html").read_text(encoding="utf-8")


def test_every_run_is_noted_with_what_it_changed(office: Office) -> None:
    runs, changes = log(office)
    assert [run.state for run in runs] == ["nothing_new", "completed", "completed"]
    assert [run.new_files for run in runs] == [0, 1, 9]
    assert runs[0].open_critical == 2
    assert changes[0] == []
    assert (changes[1][0].kind, changes[1][0].province_id) == ("file", "ha-nam")
    assert "Hà Nam: Chưa gửi → Cần xem lại 5 chỗ; gửi lần 1" in changes[1][0].text
    assert changes[1][-1].text.startswith("Toàn Cụm: số tổng hợp đổi: ")
    first = {c.province_id: c.text for c in changes[2]}
    assert "Bị trả lại; tệp không dùng được" in first["thai-binh"]
    assert "ha-nam" not in first


def test_the_page_says_what_to_do_first_and_holds_every_province(office: Office) -> None:
    outline = Outline(page(office))
    assert outline.rows["provinces"] == 9
    assert outline.rows["runs"] == 3
    text = outline.text
    assert text.index("Việc cần làm ngay") < text.index("Gọi Thái Bình") < text.index("Ai đã gửi gì")
    for wanted in (
        "Gọi Thái Bình (Ông <b>Bình</b> & Co, 0227)",
        "DỰ THẢO",
        "05/7/2021",
        "Họp Cụm 20/7/2021",
        "Hà Nam: Chưa gửi → Cần xem lại 5 chỗ",
        "lượt sau không có gì mới",
        "Không có gì mới",
        "Bằng lệnh",
        "Tổng cụm",
    ):
        assert wanted in text, wanted
    places = ["index.html", "bang-tong-hop.xlsx", "bao-cao.docx", "csv/", "tinh-hinh.html"]
    assert outline.references == ["tinh-hinh.html", *places]
    assert "<b>Bình" not in page(office) and "<script" not in page(office)
    assert "http-equiv" in page(office) and "@media print" in page(office)
    index = Outline((office.settings.published / "van-hanh.html").read_text(encoding="utf-8"))
    assert index.references == ["2021H1/van-hanh.html", "2021H1/index.html"]


def test_a_browser_shows_the_page(office: Office, tmp_path: Path) -> None:
    address = (office.settings.published_period(PERIOD) / "van-hanh.html").as_uri()
    picture = tmp_path / "page.png"
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    for width in (1200, 500):
        asked = [f"--screenshot={picture}", f"--window-size={width},1600", "--dump-dom", address]
        shown = subprocess.run([*command, *asked], capture_output=True, text=True, timeout=120, check=True).stdout
        assert Outline(shown).rows["provinces"] == 9
        assert picture.stat().st_size > 50_000


def test_what_a_killed_run_had_loaded_is_told_by_the_next(own: Office) -> None:
    own.file("Thái Bình").write_bytes((next((EXAMPLES / "Thái Bình").glob("*.xlsx"))).read_bytes())
    with Warehouse.open(own.settings.warehouse) as warehouse:  # all of a run but its end, as where it is killed there
        warehouse.start_run(
            RunRecord("killed", "collect", PERIOD, "schedule", dt.datetime.now(dt.UTC), None, "running", "", "m", "v")
        )
        run = PeriodRun(own.settings, load_catalogue(), warehouse, PERIOD, own.returns, own.now)
        with run:
            carry_out(run)
    own.run()
    runs, changes = log(own)
    assert [r.state for r in runs][:3] == ["completed", "cut_short", "nothing_new"]
    assert runs[0].message.startswith("Làm tiếp lượt bị ngắt trước đó")
    assert "Thái Bình: Bị trả lại → Cần xem lại" in changes[0][0].text
    assert "Bị ngắt giữa chừng" in Outline(page(own)).text


def test_a_failed_run_is_noted_and_stands_first_on_the_page(own: Office) -> None:
    shutil.rmtree(own.settings.sent)
    own.settings.sent.touch()  # a file where a folder has to be
    own.file("Thái Bình").write_bytes((next((EXAMPLES / "Thái Bình").glob("*.xlsx"))).read_bytes())
    with pytest.raises(OSError):
        own.run()
    runs, changes = log(own)
    assert runs[0].state == "failed" and changes[0] == []
    text = Outline(page(own)).text
    assert re.search(r"Gấp: Lượt thu thập lúc [^.]* không xong: Máy không cho đọc hoặc ghi “[^”]*sent", text)
    assert "thidua run 2021H1" in text
    own.settings.sent.unlink()
    own.run()
    runs, changes = log(own)
    assert runs[0].state == "completed"
    assert "Thái Bình: Bị trả lại → Cần xem lại" in changes[0][0].text


def test_the_page_follows_the_closing(own: Office) -> None:
    catalogue, now = load_catalogue(), dt.datetime(2021, 7, 16, 2, tzinfo=dt.UTC)
    with Warehouse.open(own.settings.warehouse) as warehouse:
        refresh_run_page(own.settings, catalogue, warehouse, PERIOD, now)
        assert "Đã đến ngày chốt số liệu" in Outline(page(own)).text
        marts = warehouse.marts(PERIOD)
        digests = digest_figures(marts), digest_findings(marts)

        def step(name: str, **more: object) -> None:
            warehouse.add_closing(ClosingEvent("c", PERIOD, name, *digests, now, **more))  # type: ignore[arg-type]
            refresh_run_page(own.settings, catalogue, warehouse, PERIOD, now)

        step("asked", flow_run_id="r")
        text = Outline(page(own)).text
        assert "CHỜ DUYỆT" in text and "thidua approve 2021H1 --with-findings" in text and "thidua hold" in text
        assert text.index("Duyệt số liệu hay để chờ") < text.index("Gọi Thái Bình")
        step("publish_noted", decided_by="Lan <i>", reason="đủ")
        assert "ĐANG CHỐT" in Outline(page(own)).text
        step("sealed", seal_no=1, manifest_hash="m")
        text = Outline(page(own)).text
        assert "ĐÃ CHỐT" in text and "Lan <i> duyệt" in text and "Lan <i>" not in page(own)
        assert "Không có việc gì phải làm" in text
