"""Each alarm made to happen on a real server with its worker, and delivered to a real mail server and webhook."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from brought_forward import PERIOD, bring_forward
from calling import COMMAND, EXAMPLES
from filelock import FileLock
from servers_of_messages import MailServer, Receiver
from servers_of_messages import running as taking_mail

from flows.alarms.automations import FILE, PREFIX, apply_automations
from flows.alarms.server_troubles import look_at_server
from flows.alarms.troubles import IDLE
from flows.alarms.watch import beat
from flows.local_time import HANOI
from flows.service.server import Server, find_server
from flows.settings import Settings, find_settings

pytestmark = [pytest.mark.slow, pytest.mark.long]

# Prefect's own patience, shortened by its own settings.
HASTE = {
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "2",
    "PREFECT_SERVER_SERVICES_FOREMAN_INACTIVITY_HEARTBEAT_MULTIPLE": "3",
    "PREFECT_WORKER_HEARTBEAT_SECONDS": "5",
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "1",
}


@dataclass
class Office:
    """A home in a season whose due date was yesterday; Hà Nam sent nothing, Nam Định's share is not mounted."""

    settings: Settings
    server: Server
    api: httpx.Client
    mails: MailServer
    receiver: Receiver
    variables: dict[str, str]

    def thidua(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments], env=self.variables, capture_output=True, text=True, timeout=120, check=False
        )

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        for _ in range(5):
            answer = self.api.request(method, path, json=body)
            if answer.status_code != 503:  # so Prefect says on SQLite that it is busy; its own client asks again
                break
            time.sleep(0.5)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def start(self, **parameters: Any) -> str:
        deployment = self.ask("GET", "/deployments/name/thu-thap-ky/theo-lich")["id"]
        return str(self.ask("POST", f"/deployments/{deployment}/create_flow_run", {"parameters": parameters})["id"])

    def state(self, run: str) -> str:
        return str(self.ask("GET", f"/flow_runs/{run}")["state_name"])

    def wait(self, is_so: Callable[[], object], seconds: float = 240) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, ([p["text"] for p in self.receiver.posts], self.runs())
            time.sleep(0.2)

    def runs(self) -> list[tuple[str, str]]:
        return [(r["name"], r["state_name"]) for r in self.ask("POST", "/flow_runs/filter", {"limit": 50})]

    def is_at_rest(self) -> bool:
        """No run is under way that might still send something."""
        under_way = {"state": {"type": {"any_": ["PENDING", "RUNNING"]}}}
        return not self.ask("POST", "/flow_runs/filter", {"flow_runs": under_way})

    def posted(self, words: str) -> bool:
        return any(words in f"{p['subject']} {p['text']}" for p in self.receiver.posts)

    def mailed(self, words: str) -> bool:
        return any(words in mail.get_content() for mail in self.mails.mails)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("alarms")
    catalogue = bring_forward(folder / "catalogue", dt.datetime.now(HANOI).date(), due=-1, closes=20, meets=25)
    settings = find_settings(folder / "nhà", catalogue)
    shutil.copytree(EXAMPLES, settings.returns)
    next((settings.returns / "Hà Nam").glob("*.xlsx")).unlink()
    shutil.rmtree(settings.returns / "Nam Định")
    (settings.home / "shares.toml").write_text(f'[units]\n"Nam Định" = "{folder}/không gắn"\n', encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "THIDUA_"))}
    places = {"THIDUA_HOME": str(settings.home), "THIDUA_CATALOGUE": str(catalogue), "SECRET_OF_TESTS": "xyzzy"}
    variables = {**kept, **HASTE, **places, "THIDUA_SETTLE_SECONDS": "0.1"}
    receiver = Receiver()
    with taking_mail(MailServer()) as mails, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_TESTS", "xyzzy")
        (settings.home / "channels.toml").write_text(
            f'[channels.thu]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {mails.port}\nsecurity = "none"\n'
            'sender = "cum@thidua.example"\n[alarms]\nrecipients = ["van-hanh@thidua.example"]\n'
            f'[channels.tin]\nkind = "webhook"\nurl = "{receiver.url}"\n'
            'secret_header = "X-Secret"\nsecret_env = "SECRET_OF_TESTS"\n',
            encoding="utf-8",
        )
        up = subprocess.run([*COMMAND, "up"], env=variables, capture_output=True, text=True, timeout=120)
        try:
            assert up.returncode == 0, up.stderr
            assert "Luật tự động: 7" in up.stdout
            server = find_server(settings)
            assert server is not None
            name, _, password = server.auth.partition(":")
            with httpx.Client(base_url=server.api, auth=(name, password), trust_env=False, timeout=20) as api:
                yield Office(settings, server, api, mails, receiver, variables)
        finally:
            subprocess.run([*COMMAND, "down"], env=variables, capture_output=True, timeout=60, check=False)
            receiver.shutdown()
            receiver.server_close()


def test_applying_twice_changes_nothing_and_leaves_what_others_made(office: Office) -> None:
    theirs = {
        "name": "của người khác",
        "trigger": {"type": "event", "posture": "Reactive", "expect": ["x.y"]},
        "actions": [{"type": "do-nothing"}],
        "tags": ["thi-dua"],
    }
    stale = {**theirs, "name": f"{PREFIX}luật cũ"}
    for row in (theirs, stale):
        office.ask("POST", "/automations/", row)
    assert apply_automations(office.settings, office.server) == ("Luật tự động: 7, thay đổi 1.",)
    before = office.ask("POST", "/automations/filter", {})
    assert apply_automations(office.settings, office.server) == ("Luật tự động: 7, thay đổi 0.",)
    assert office.ask("POST", "/automations/filter", {}) == before
    names = {row["name"] for row in before}
    assert "của người khác" in names and stale["name"] not in names and len(names) == 8


def test_a_run_that_failed(office: Office) -> None:
    run = office.start(period_code="2099H9")
    office.wait(lambda: office.posted("hỏng lúc") and office.mailed("hỏng lúc"))
    assert office.state(run) == "Failed"
    assert {headers["X-Secret"] for headers in office.receiver.headers} == {"xyzzy"}
    assert office.mails.to[0] == ["van-hanh@thidua.example"]
    [text] = [p["text"] for p in office.receiver.posts if "hỏng lúc" in p["text"]]
    assert "2099H9" in text and "exception" not in text

    idle = office.start(only_when_hurried=True)  # it has nothing to do today, and proves nothing
    office.wait(lambda: office.state(idle) == IDLE)
    assert [t.code for t in look_at_server(office.settings, dt.datetime.now(dt.UTC)).troubles] == ["run_failed"]


def test_a_share_that_is_down_and_provinces_that_are_late_are_told_after_collecting(office: Office) -> None:
    run = office.start(period_code=PERIOD)
    office.wait(lambda: office.state(run) == "Completed")
    office.wait(lambda: office.mailed("Hà Nam chưa có báo cáo dùng được") and office.posted("Nam Định chưa có"))
    office.wait(lambda: office.posted("không có thư mục này") and office.posted("Đã hết"))
    office.wait(office.is_at_rest)
    assert not look_at_server(office.settings, dt.datetime.now(dt.UTC)).troubles
    told = len(office.receiver.posts)
    assert office.thidua("watch").returncode == 3  # they still stand, and are not told again
    assert len(office.receiver.posts) == told


def test_a_dead_worker_a_dead_run_and_one_that_did_not_start(office: Office, tmp_path: Path) -> None:
    shortened = tmp_path / "automations.yaml"
    text = FILE.read_text(encoding="utf-8")
    for patience in ("120", "600", "3600"):
        text = text.replace(f"within: {patience}\n", "within: 12\n")
    shortened.write_text(text, encoding="utf-8")
    apply_automations(office.settings, office.server, shortened)
    lock = FileLock(office.settings.lock)
    with lock:  # the run waits for its turn, and so lasts
        run = office.start(period_code=PERIOD)
        office.wait(lambda: office.state(run) == "Running")
        time.sleep(1.5)  # its first heartbeat
        for process in _processes_of(office.settings):
            process.kill()
    late = office.start(period_code=PERIOD)
    assert beat(office.settings, dt.datetime.now(dt.UTC))
    office.wait(lambda: office.posted("Không còn worker nào sống"))
    office.wait(lambda: office.state(run) == "Crashed" and office.posted("đến giờ mà không bắt đầu"))
    office.wait(lambda: office.posted("canh từ ngoài"))
    assert office.state(late) == "Late"

    in_a_while = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=20)
    seen = {t.code: t.message for t in look_at_server(office.settings, in_a_while).troubles}
    assert seen.keys() >= {"worker_dead", "run_late", "run_failed"}
    assert "không còn nhịp" in seen["run_failed"] and "đến giờ mà không chạy" in seen["run_late"]


def test_a_password_that_is_wrong_and_a_server_that_is_dead(office: Office) -> None:
    now = dt.datetime.now(dt.UTC)
    stranger = find_settings(office.settings.home / "không có")
    [refused] = look_at_server(stranger, now, office.server.page).troubles
    assert "tên hoặc mật khẩu không đúng" in refused.message
    psutil.Process(office.server.pid).kill()
    told = office.thidua("watch", "--once")
    assert told.returncode == 3 and "không trả lời" in told.stdout, told.stderr
    assert office.mailed("không trả lời") and office.posted("Trên máy chủ chạy: thidua up")
    assert not any(mail.get_content().count("Đã hết") > 1 for mail in office.mails.mails)


def _processes_of(settings: Settings) -> list[psutil.Process]:
    """The worker of a home, with the runs that it started."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ", "pid"]):
        environment = process.info["environ"] or {}
        command = " ".join(process.info["cmdline"] or ())
        if environment.get("THIDUA_HOME") == str(settings.home) and "server" not in command:
            found.append(process)
    assert found
    return found
