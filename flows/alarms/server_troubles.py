"""What is wrong as the Prefect server sees it: the server itself, its workers, its runs. Asked over HTTP alone."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import time
from collections.abc import Iterable
from typing import Any

import httpx

from flows.alarms.troubles import FLOWS, IDLE, Look, Trouble, saw
from flows.local_time import say_moment
from flows.service.pools import POOL
from flows.service.server import Server, ServerError, given_auth
from flows.settings import Settings

PATIENCE_SECONDS = 5.0
TRIES = 3
WORKER_SILENT = dt.timedelta(minutes=3)
LATE_AFTER = dt.timedelta(minutes=15)
HEARTBEATS_MISSED = dt.timedelta(minutes=10)  # three of Prefect's own default, twenty of ours
LONGEST_RUN = dt.timedelta(hours=2)
LOOK_BACK = dt.timedelta(days=7)
SEEN_THROUGH = ("worker_dead", "run_late", "run_failed", "run_stuck")

_FROM_PREFECT = re.compile(r"^(?:Flow run encountered an exception: )?(?:\w+(?:Error|Exception): )?")

Row = dict[str, Any]


class SilentServerError(Exception):
    """The server gave no answer that could be used; the message says why, in Vietnamese."""


class ServerView:
    """A Prefect server seen from outside, by an address and the name and password that it asks for."""

    def __init__(self, api: str, auth: str = "") -> None:
        login = auth.split(":", 1)
        self.api = api
        self._client = httpx.Client(
            base_url=api,
            auth=(login[0], login[1]) if len(login) == 2 else None,
            trust_env=False,
            timeout=PATIENCE_SECONDS,
        )

    def close(self) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer to one request, None where there is no such thing. Raises SilentServerError."""
        for attempt in range(TRIES):
            try:
                answer = self._client.request(method, path, json=body)
            except httpx.HTTPError as error:
                reason = f"không trả lời ({type(error).__name__})"
            else:
                if answer.status_code == 404:
                    return None
                if answer.status_code in (401, 403):
                    raise SilentServerError("không cho vào: tên hoặc mật khẩu không đúng")
                if answer.is_success:
                    return answer.json() if answer.content else {}
                reason = f"báo lỗi {answer.status_code}: {answer.text[:300]}"
                if answer.status_code < 500:
                    break
            if attempt + 1 < TRIES:
                time.sleep(1)
        raise SilentServerError(reason)


def find_view(settings: Settings, url: str | None = None) -> ServerView | None:
    """The server to look at: the one named, else the home's own, else the environment's; None where none is known.

    Raises ServerError where the name and password that are given are none.
    """
    auth = given_auth()
    if url is None:
        try:
            noted = Server(**json.loads(settings.server_file.read_text()))
            return ServerView(noted.api, noted.auth or auth)
        except (OSError, ValueError, TypeError):
            url = os.environ.get("PREFECT_API_URL")
    if not url:
        return None
    return ServerView(url.rstrip("/").removesuffix("/api") + "/api", auth)


def look_at_server(settings: Settings, now: dt.datetime, url: str | None = None) -> Look:
    """Whether the server answers and, where it does, how its workers and runs are."""
    try:
        view = find_view(settings, url)
    except (ServerError, OSError) as error:
        return saw(("server_down",), [Trouble("server_down", "prefect", f"Không vào được máy chủ Prefect: {error}.")])
    if view is None:
        message = "Máy chủ Prefect của nhà dữ liệu này chưa được khởi động, hoặc đã bị dừng."
        return saw(("server_down",), [Trouble("server_down", "prefect", message)])
    try:
        view.ask("GET", "/health")
        found = [*_find_workers(view, now), *_find_late(view, now), *_find_failed(view, now), *_find_stuck(view, now)]
        return saw(("server_down", *SEEN_THROUGH), found)  # type: ignore[arg-type]
    except SilentServerError as error:
        message = f"Máy chủ Prefect {view.api.removesuffix('/api')} {error}."
        return saw(("server_down",), [Trouble("server_down", "prefect", message)])
    finally:
        view.close()


def _find_workers(view: ServerView, now: dt.datetime) -> list[Trouble]:
    pool = view.ask("GET", f"/work_pools/{POOL}")
    if pool is None:
        message = f"Máy chủ chưa có nhóm việc “{POOL}”: lịch chưa được đặt (thidua deploy)."
        return [Trouble("worker_dead", POOL, message)]
    if pool["is_paused"]:
        return [Trouble("worker_dead", POOL, f"Nhóm việc “{POOL}” đang bị tạm dừng trên trang Prefect.")]
    workers = view.ask("POST", f"/work_pools/{POOL}/workers/filter", {}) or []
    beats = [_moment(w["last_heartbeat_time"]) for w in workers if w["last_heartbeat_time"]]
    if not beats:
        return [Trouble("worker_dead", POOL, "Chưa có worker nào từng nhận việc; các lượt theo lịch sẽ không chạy.")]
    if now - max(beats) > WORKER_SILENT:
        message = f"Không còn worker nào sống (nhịp cuối lúc {say_moment(max(beats))}); các lượt theo lịch không chạy."
        return [Trouble("worker_dead", POOL, message)]
    return []


def _find_late(view: ServerView, now: dt.datetime) -> list[Trouble]:
    runs = _runs(
        view, {"state": _of_type("SCHEDULED", "PENDING"), "expected_start_time": {"before_": _iso(now - LATE_AFTER)}}
    )
    working = {r["flow_id"] for r in _runs(view, {"state": _of_type("RUNNING")})}
    names = _flow_names(view)
    late: dict[str, list[Row]] = {}
    for run in runs:
        is_waiting_its_turn = run["state_name"] == "AwaitingConcurrencySlot" and run["flow_id"] in working
        if run["state_name"] in ("Scheduled", "Late", "AwaitingConcurrencySlot", "Pending") and not is_waiting_its_turn:
            late.setdefault(names.get(run["flow_id"], ""), []).append(run)
    return [
        Trouble(
            "run_late",
            flow,
            f"{len(of_flow)} lượt “{_title(flow)}” đến giờ mà không chạy, "
            f"lượt sớm nhất lúc {say_moment(min(_moment(r['expected_start_time']) for r in of_flow))}.",
        )
        for flow, of_flow in late.items()
    ]


def _find_failed(view: ServerView, now: dt.datetime) -> list[Trouble]:
    found = []
    for flow in FLOWS:
        # A run that had nothing to do proves nothing: it must not hide the one before it.
        ended = {**_of_type("COMPLETED", "FAILED", "CRASHED"), "name": {"not_any_": [IDLE]}}
        runs = _runs(view, {"state": ended, "end_time": {"after_": _iso(now - LOOK_BACK)}}, (flow,), 1)
        for run in runs:
            if run["state_type"] != "COMPLETED":
                text = say_failure(flow, run["name"], run["state"]["message"], _moment(run["end_time"]))
                found.append(Trouble("run_failed", flow, text))
    return found


def say_failure(flow: str, run_name: str, reason: str | None, at: dt.datetime) -> str:
    """One sentence about a run that failed."""
    why = _FROM_PREFECT.sub("", " ".join((reason or "không rõ lý do").split()))
    shown = why if len(why) <= 300 else f"{why[:299]}…"
    return f"Lượt “{_title(flow)}” ({run_name}) hỏng lúc {say_moment(at)}: {shown}"


def _find_stuck(view: ServerView, now: dt.datetime) -> list[Trouble]:
    names = _flow_names(view)
    found = []
    for run in _runs(view, {"state": _of_type("RUNNING")}):
        since = _moment(run["start_time"] or run["expected_start_time"])
        title = f"Lượt “{_title(names.get(run['flow_id'], ''))}” ({run['name']}), bắt đầu lúc {say_moment(since)},"
        subject = f"{names.get(run['flow_id'], '')}/{run['id']}"
        if now - since > HEARTBEATS_MISSED and not _has_heartbeat(view, run["id"], now - HEARTBEATS_MISSED):
            found.append(Trouble("run_stuck", subject, f"{title} không còn nhịp: tiến trình của nó đã mất."))
        elif now - since > LONGEST_RUN:
            found.append(Trouble("run_stuck", subject, f"{title} chạy quá lâu mà chưa xong."))
    return found


def _has_heartbeat(view: ServerView, run_id: str, since: dt.datetime) -> bool:
    wanted = {
        "event": {"name": ["prefect.flow-run.heartbeat"]},
        "resource": {"id": [f"prefect.flow-run.{run_id}"]},
        "occurred": {"since": _iso(since)},
    }
    return bool((view.ask("POST", "/events/filter", {"filter": wanted, "limit": 1}) or {}).get("events"))


def _runs(view: ServerView, wanted: Row, flows: Iterable[str] = tuple(FLOWS), most: int = 200) -> list[Row]:
    body = {"flows": {"name": {"any_": list(flows)}}, "flow_runs": wanted, "sort": "END_TIME_DESC", "limit": most}
    found: list[Row] = view.ask("POST", "/flow_runs/filter", body) or []
    return found


def _flow_names(view: ServerView) -> dict[str, str]:
    flows = view.ask("POST", "/flows/filter", {"flows": {"name": {"any_": list(FLOWS)}}}) or []
    return {flow["id"]: flow["name"] for flow in flows}


def _of_type(*types: str) -> Row:
    return {"type": {"any_": list(types)}}


def _title(flow: str) -> str:
    return FLOWS.get(flow, flow)


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
