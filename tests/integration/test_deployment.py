"""What runs by itself, on a real server with a real worker; the calendar brings the clock forward."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from brought_forward import bring_forward
from calling import COMMAND, EXAMPLES, ROOT

from flows.service import server
from flows.service.deployment_file import appointments
from flows.settings import find_settings
from warehouse import Warehouse

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
COLLECT = "thu-thap-ky/theo-lich"
NAMES = {
    "tu-kiem-tra/theo-lich",
    COLLECT,
    "nhac-tinh/theo-lich",
    "dong-ky/theo-lich",
    "bao-dong/khi-co-su-co",
}
HOURS = {
    "tu-kiem-tra/theo-lich": {(6, 30)},
    COLLECT: {(hour, 0) for hour in range(7, 18)},
    "nhac-tinh/theo-lich": {(8, 0)},
    "dong-ky/theo-lich": {(8, 30)},
}

pytestmark = pytest.mark.slow


@dataclass
class Office:
    """A home on the shared server, with a catalogue that collects 2021H1 today and one that collects nothing today."""

    home: Path
    open_catalogue: Path
    shut_catalogue: Path
    variables: dict[str, str]
    api: httpx.Client

    def call(self, *arguments: str, code: int = 0, **more: str) -> str:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env={**self.variables, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        for _ in range(10):
            answer = self.api.request(method, path, json=body)
            if answer.status_code != 503:  # a server on SQLite that is busy says: again
                break
            time.sleep(1)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def deployment(self, name: str) -> Any:
        return self.ask("GET", f"/deployments/name/{name}")

    def runs(self, name: str, **wanted: Any) -> list[Any]:
        body = {
            "deployments": {"id": {"any_": [self.deployment(name)["id"]]}},
            "flow_runs": wanted,
            "sort": "EXPECTED_START_TIME_ASC",
        }
        found: list[Any] = self.ask("POST", "/flow_runs/filter", body)
        return found

    def start(self, name: str, **parameters: Any) -> Any:
        deployment = self.deployment(name)
        body = {"parameters": {**deployment["parameters"], **parameters}}
        run = self.ask("POST", f"/deployments/{deployment['id']}/create_flow_run", body)
        return self.wait(lambda: _ended(self.ask("GET", f"/flow_runs/{run['id']}")))

    def wait(self, look: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.8)  # the server that is asked works on the same two cores
        raise AssertionError(f"in three minutes nothing came of it; see {self.home / 'worker.log'}")


def _ended(run: Any) -> Any:
    return run if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None


@pytest.fixture(scope="module")
def office(served: server.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    home = folder / "nhà dữ liệu"
    shutil.copytree(EXAMPLES, home / "returns")
    (home / "server.json").write_text(json.dumps(asdict(served)))
    today = dt.datetime.now(HANOI).date()
    variables = {**os.environ, "THIDUA_HOME": str(home), "THIDUA_SETTLE_SECONDS": "0.1"}
    variables |= {"THIDUA_CATALOGUE": str(bring_forward(folder / "mở", today))}
    auth = tuple(served.auth.split(":", 1))
    with httpx.Client(base_url=served.api, auth=auth, trust_env=False, timeout=60) as api:  # type: ignore[arg-type]
        made = Office(
            home,
            folder / "mở",
            bring_forward(folder / "đóng", today, opens=20, due=25, closes=28, meets=30),
            variables,
            api,
        )
        yield made
        for one in made.ask("POST", "/deployments/filter", {"deployments": {"tags": {"all_": ["thi-dua"]}}}):
            made.ask("DELETE", f"/deployments/{one['id']}")


@pytest.fixture(scope="module")
def deployed(office: Office) -> str:
    return office.call("deploy")


@pytest.fixture(scope="module")
def worker(office: Office, deployed: str) -> Iterator[None]:
    with (office.home / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [*COMMAND, "worker", "--name", "thu"],
            env=office.variables,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    yield
    process.send_signal(signal.SIGTERM)
    process.wait(60)


def test_without_a_server_it_says_what_to_do_first(tmp_path: Path, office: Office) -> None:
    told = office.call("deploy", "--home", str(tmp_path), code=2)
    assert "thidua up" in told


def test_everything_is_registered_in_one_step_and_told_with_its_dates(office: Office, deployed: str) -> None:
    for name in NAMES:
        assert f"{name}" in deployed
        one = office.deployment(name)
        assert one["work_pool_name"] == "thidua" and one["tags"] == ["thi-dua"]
        assert not one["pull_steps"] and ":" not in one["entrypoint"]
        assert one["parameters"] == {"home": str(office.home), "catalogue_folder": str(office.open_catalogue)}
    assert "Chưa đăng ký được" not in deployed
    today = dt.datetime.now(HANOI)
    rows = [line for line in deployed.splitlines() if line.startswith("Thu thập  ")]
    assert [" 2021H1" in row for row in rows] == [True], deployed
    assert any(f"07:00 ngày {day.day:02d}" in rows[0] for day in (today, today + dt.timedelta(1)))


def test_one_run_at_a_time_and_the_next_waits(office: Office, deployed: str) -> None:
    for name in HOURS:
        one = office.deployment(name)
        assert one["global_concurrency_limit"]["limit"] == 1
        assert one["concurrency_options"]["collision_strategy"] == "ENQUEUE"


@pytest.mark.long
def test_prefects_own_command_registers_the_same_and_deploying_again_changes_nothing(
    office: Office, deployed: str
) -> None:
    settings = find_settings(office.home)
    variables = {**office.variables, **server.environment(settings, server.find_server(settings))}
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(
        [*command, "--prefect-file", "deployments/prefect.yaml"],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    before = {name: office.deployment(name) for name in NAMES}
    told = office.call("deploy")
    assert told.count("không đổi") == 5 and "thay đổi 0." in told, told
    assert {name: office.deployment(name) for name in NAMES} == before


def test_the_server_computes_the_hours_in_vietnamese_time(office: Office, deployed: str) -> None:
    for name, hours in HOURS.items():
        runs = office.wait(lambda name=name: office.runs(name, state={"type": {"any_": ["SCHEDULED"]}}))
        starts = [dt.datetime.fromisoformat(run["expected_start_time"]).astimezone(HANOI) for run in runs]
        assert {(start.hour, start.minute) for start in starts} <= hours
        for start, run in zip(starts, runs, strict=True):
            is_hourly = name == COLLECT and start.hour > 7
            assert run["parameters"].get("only_when_hurried", False) == is_hourly
        described = {(t.hour, t.minute) for one in appointments() for t in one.times}
        assert hours <= described


def test_what_was_paused_stays_paused_and_what_is_described_no_more_goes(office: Office, deployed: str) -> None:
    one = office.deployment("dong-ky/theo-lich")
    [daily] = one["schedules"]
    office.ask("PATCH", f"/deployments/{one['id']}/schedules/{daily['id']}", {"active": False})
    office.ask("PATCH", f"/deployments/{one['id']}", {"description": "đã bị sửa"})
    foreign = {"flow_id": one["flow_id"], "name": "của người khác", "entrypoint": "x.y", "tags": ["khác"]}
    office.ask("POST", "/deployments/", foreign)
    office.ask("POST", "/deployments/", {**foreign, "name": "tên cũ", "tags": ["thi-dua"]})
    told = office.call("deploy")
    assert "dong-ky/tên cũ" in told and "đã gỡ" in told and told.count("đã cập nhật") == 1
    assert office.deployment("dong-ky/của người khác")["tags"] == ["khác"]
    again = office.deployment("dong-ky/theo-lich")
    assert again["description"] != "đã bị sửa"
    assert [(s["slug"], s["active"]) for s in again["schedules"]] == [("hang-ngay", False)]
    office.ask("DELETE", f"/deployments/{office.deployment('dong-ky/của người khác')['id']}")


@pytest.mark.long
def test_after_downtime_one_run_does_the_work_of_all_missed_ones(
    office: Office, deployed: str, request: pytest.FixtureRequest
) -> None:
    """A day without a worker; the calendar says that 2021H1 is being collected, and that nothing is urgent."""
    now = dt.datetime.now(dt.UTC)
    one = office.deployment(COLLECT)
    span = {"start_time": (now - dt.timedelta(days=1)).isoformat(), "end_time": now.isoformat(), "min_runs": 8}
    office.ask("POST", f"/deployments/{one['id']}/schedule", {**span, "max_runs": 50})
    missed = office.runs(COLLECT, expected_start_time={"before_": now.isoformat()})
    kinds = Counter(bool(run["parameters"].get("only_when_hurried")) for run in missed)
    assert kinds[False] >= 1 and kinds[True] >= 5
    request.getfixturevalue("worker")
    ids = [run["id"] for run in missed]

    def all_ended() -> list[Any]:
        runs = office.runs(COLLECT, id={"any_": ids})
        return runs if all(map(_ended, runs)) else []

    runs = office.wait(all_ended)
    [done] = [run for run in runs if run["state_type"] == "COMPLETED"]
    assert done["name"] == "Thu thập · 2021H1"
    assert done["state"]["message"].startswith("10 tệp mới; còn 1 chỗ phải sửa"), done["state"]
    others = [run for run in runs if run["id"] != done["id"]]
    assert {(run["state_type"], run["state"]["name"]) for run in others} == {("CANCELLED", "Đã gộp")}
    assert all(done["id"] in run["state"]["message"] for run in others)
    with Warehouse.open(office.home / "warehouse.duckdb") as warehouse:
        assert [(run.kind, run.trigger, run.flow_run_id) for run in warehouse.runs()] == [
            ("collect", "schedule", done["id"])
        ]


def test_a_run_outside_the_season_ends_at_once_and_says_so(office: Office, worker: None, tmp_path: Path) -> None:
    empty = tmp_path / "chưa có gì"
    shut = {"home": str(empty), "catalogue_folder": str(office.shut_catalogue)}
    for name in (COLLECT, "nhac-tinh/theo-lich", "tu-kiem-tra/theo-lich", "dong-ky/theo-lich"):
        run = office.start(name, **shut)
        assert run["state_type"] == "COMPLETED", run["state"]
        assert "Ngoài thời gian thu thập: kỳ 2021H1 mở ngày" in run["state"]["message"]
        assert "ngoài thời gian thu thập" in run["name"]
    assert not empty.exists()


def test_within_the_season_each_keeps_to_its_days(office: Office, worker: None) -> None:
    hurried = office.start(COLLECT, only_when_hurried=True)
    assert "chỉ thu thập mỗi giờ từ" in hurried["state"]["message"]
    opening = office.start("tu-kiem-tra/theo-lich")
    assert "trong ngày mở thu thập" in opening["state"]["message"]
    for run in (hurried, opening):
        assert (run["state_type"], run["state"]["name"]) == ("COMPLETED", "Không có việc")


def test_a_period_that_is_asked_for_is_collected_at_any_time(office: Office, worker: None) -> None:
    run = office.start(COLLECT, period_code="2021H1", catalogue_folder=str(office.shut_catalogue))
    assert run["state_type"] == "COMPLETED" and "chỗ phải sửa" in run["state"]["message"]


def test_reminders_are_of_what_was_collected_today_and_fail_where_a_channel_does(office: Office, worker: None) -> None:
    shutil.rmtree(office.home / "returns" / "Hà Nam")
    due = bring_forward(office.home.parent / "đến hạn", dt.datetime.now(HANOI).date(), due=0, closes=5, meets=9)
    parameters = {"home": str(office.home), "catalogue_folder": str(due)}
    well = office.start("nhac-tinh/theo-lich", **parameters)
    assert well["state_type"] == "COMPLETED" and "thư nhắc mới" in well["state"]["message"], well["state"]
    (office.home / "channels.toml").write_text(
        '[channels.web]\nkind = "webhook"\nurl = "http://127.0.0.1:9/"\n[limits]\ntries = 1\n', encoding="utf-8"
    )
    failed = office.start("nhac-tinh/theo-lich", **parameters)
    assert failed["state_type"] == "FAILED"
    assert "chưa gửi được qua mọi kênh" in failed["state"]["message"] and "Kênh web" in failed["state"]["message"]
    with Warehouse.open(office.home / "warehouse.duckdb") as warehouse:
        told = [(run.state, run.message) for run in warehouse.runs() if run.kind == "remind"]
    assert [state for state, _ in told] == ["failed", "completed"] and "Kênh web" in told[0][1]


@pytest.mark.long
def test_the_self_check_leaves_its_table_on_the_page(office: Office, worker: None) -> None:
    (office.home / "channels.toml").unlink(missing_ok=True)
    run = office.start("tu-kiem-tra/theo-lich", period_code="2021H1")
    artifact = office.ask("GET", "/artifacts/tu-kiem-tra-2021h1/latest")
    results = {row["Mục"]: row["Kết quả"] for row in json.loads(artifact["data"])}
    assert results["Lỗi cài thử"] == results["Máy chủ Prefect"] == results["Worker"] == "đạt"
    assert results["Thư mục của các tỉnh"] == "không đạt"  # Hà Nam's is gone
    assert run["state_type"] == "FAILED" and "phải sửa: Thư mục của các tỉnh" in run["state"]["message"]
