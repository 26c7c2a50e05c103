"""The closing of a half-year on a real server: it waits for a person, whatever happens to the server meanwhile."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from calling import COMMAND, EXAMPLES, PatientClient, lend_database, start_once
from desk import copy_catalogue, tables_of

from catalogue import DATA
from flows.closing.seal_folder import verify
from flows.service.server import find_server
from flows.settings import Settings, find_settings
from warehouse import Warehouse

pytestmark = pytest.mark.slow

PERIOD = "2021H1"
DAYS = {"opens_on": -30, "due_on": -10, "closes_on": -1, "meets_on": 4}
NOTED = "Công bố kèm ghi chú các phát hiện còn mở"
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class Machine:
    """One machine that `thidua up` has set going, in the days between closing and meeting."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = find_settings(folder / "home", copy_catalogue(DATA, folder / "catalogue"))
        self._bring_forward(self.settings.catalogue / "calendar.csv")
        shutil.copytree(EXAMPLES, self.settings.returns)
        self.variables = {
            **os.environ,
            "THIDUA_HOME": str(self.settings.home),
            "THIDUA_CATALOGUE": str(self.settings.catalogue),
            "PREFECT_WORKER_QUERY_SECONDS": "1",
        }
        self.client = PatientClient()

    def _bring_forward(self, calendar: Path) -> None:
        """The dates of the half-year around today; its figures stay those of 2021."""
        lines = calendar.read_text(encoding="utf-8").splitlines()
        heads = lines[0].split(",")
        today = dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date()
        for number, line in enumerate(lines):
            values = dict(zip(heads, line.split(","), strict=True))
            if values["period_code"] == PERIOD:
                values |= {name: (today + dt.timedelta(days=days)).isoformat() for name, days in DAYS.items()}
                lines[number] = ",".join(values.values())
        calendar.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *words], env=self.variables, capture_output=True, text=True, timeout=300)

    def up(self) -> None:
        done = self.call("up")
        assert done.returncode == 0, done.stdout + done.stderr
        running = find_server(self.settings)
        assert running is not None
        user, _, password = running.auth.partition(":")
        self.client = PatientClient(base_url=running.api, auth=(user, password), trust_env=False, timeout=90)

    def down(self) -> None:
        self.client.close()
        self.call("down")

    def start(self) -> str:
        """A run of the closing, as the schedule would start it."""
        found = self.client.get("/deployments/name/dong-ky/theo-lich").raise_for_status().json()
        made = self.client.post(f"/deployments/{found['id']}/create_flow_run", json={}).raise_for_status().json()
        return str(made["id"])

    def wait(self, run: str, *types: str) -> Any:
        deadline = time.monotonic() + 300
        while True:
            state = self.client.get(f"/flow_runs/{run}").raise_for_status().json()["state"]
            if state["type"] in (types or ("PAUSED", *ENDED)):
                return state
            assert time.monotonic() < deadline, state
            time.sleep(1)

    def resume(self, run: str, **answer: str) -> str:
        """What the server says to an answer; a server that is too busy to write asks to be called again."""
        deadline = time.monotonic() + 60
        while True:
            sent = self.client.post(f"/flow_runs/{run}/resume", json={"run_input": answer})
            if sent.status_code != 503 or time.monotonic() > deadline:
                return str(sent.raise_for_status().json()["status"])
            time.sleep(1)

    def form(self, run: str, part: str) -> Any:
        state = self.client.get(f"/flow_runs/{run}").raise_for_status().json()["state"]
        key = state["state_details"]["run_input_keyset"][part]
        return self.client.get(f"/flow_runs/{run}/input/{key}").raise_for_status().json()

    def closings(self) -> list[tuple[str, str, str]]:
        if not self.settings.warehouse.exists():
            return []
        with Warehouse.open(self.settings.warehouse) as warehouse:
            return [(e.step, e.closing_id, e.decided_by) for e in warehouse.closings(PERIOD)]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, prepared: Callable[..., Path]) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("machine"))
    lend_database(prepared("prefect", start_once), made.settings)
    made.up()
    yield made
    made.down()
    for root, _, _ in os.walk(made.settings.seals):
        Path(root).chmod(0o755)


@pytest.mark.long
def test_the_closing_waits_for_a_person_though_the_server_is_lost(machine: Machine) -> None:
    first = machine.start()
    assert machine.wait(first)["name"] == "Suspended"
    form = machine.form(first, "schema")
    assert form["properties"]["decision"]["enum"] == [NOTED, "Để chờ"] and "full_name" in form["required"]
    assert "Đã gửi 9/9 tỉnh" in machine.form(first, "description")
    second = machine.wait(machine.start())
    assert (second["type"], "đang chờ quyết định này" in second["message"]) == ("COMPLETED", True)
    assert machine.resume(first, decision=NOTED, full_name="  ", reason="x") == "REJECT"
    assert machine.resume(first, decision="Công bố", full_name="An", reason="x") == "REJECT"
    [asked] = machine.closings()
    machine.down()
    shutil.rmtree(machine.settings.prefect_home)
    machine.up()
    again = machine.start()
    assert machine.wait(again)["name"] == "Suspended" and again != first
    assert machine.closings() == [asked], "the question that lies in the warehouse is taken up, not asked anew"

    decided = machine.call("approve", PERIOD, "--with-findings", "--by", "Nguyễn Văn An", "--reason", "Đủ để họp")
    assert decided.returncode == 0, decided.stdout + decided.stderr
    assert "Đã kết thúc 1 lượt đang chờ" in decided.stderr
    state = machine.wait(again, *ENDED)
    assert (state["type"], state["name"]) == ("COMPLETED", "Đã quyết định") and "Nguyễn Văn An" in state["message"]
    assert [step for step, _, _ in machine.closings()] == ["asked", "publish_noted", "sealed"]
    assert machine.wait(machine.start())["message"].startswith("6 tháng đầu năm 2021: đã chốt, bản số 1")


def test_an_answer_on_the_page_seals_and_what_came_meanwhile_is_asked_anew(machine: Machine) -> None:
    correct(machine, 20000)
    before = machine.closings()
    run = machine.start()
    assert machine.wait(run)["name"] == "Suspended"
    correct(machine, 20001)
    assert machine.resume(run, decision=NOTED, full_name="Trần Thị Bình", reason="Đã xem") == "ACCEPT"
    time.sleep(1)
    assert machine.wait(run)["name"] == "Suspended", "a file came in between: the same run asks about the new state"
    assert "20.001" in machine.form(run, "description")
    assert machine.resume(run, decision=NOTED, full_name="Trần Thị Bình", reason="Đã xem số mới") == "ACCEPT"
    state = machine.wait(run, *ENDED)
    number = sum(step == "sealed" for step, _, _ in before) + 1
    assert state["type"] == "COMPLETED" and f"niêm phong bản số {number}" in state["message"], state
    assert [step for step, _, _ in machine.closings()][len(before) :] == ["asked", "asked", "publish_noted", "sealed"]
    assert machine.closings()[-2][2] == "Trần Thị Bình"
    seal = machine.settings.seals / PERIOD / str(number)
    assert not verify(seal) and tables_of(machine.settings.published_period(PERIOD)) == tables_of(seal / "bang")
    previous = json.loads((seal / "manifest.json").read_bytes())["previous"]
    assert (previous or {"seal_no": 0})["seal_no"] == number - 1


def correct(machine: Machine, jobs: int) -> None:
    path = machine.settings.returns / "Ninh Bình" / "ninh-binh_2021H1.xlsx"
    book = openpyxl.load_workbook(path)
    [(sheet, address)] = book.defined_names["f_new_jobs"].destinations
    book[sheet][address.replace("$", "")] = jobs
    book.save(path)
