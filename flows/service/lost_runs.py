"""Runs that the server takes to be going on, while their process is gone: marked as crashed, so others may start."""

from __future__ import annotations

import datetime as dt
import logging
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

MESSAGE = "Tiến trình của lượt chạy đã mất (máy hoặc dịch vụ dừng giữa chừng); lượt sau làm nốt phần việc còn lại."
GOING_ON = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
FRESH_SECONDS = 30.0
UNCLAIMED_SECONDS = 300.0  # a busy machine may need minutes to start the process of a run that was taken


@dataclass(frozen=True)
class ProcessName:
    """Which process of which machine a run was given to, by whom; a process id alone may be given out again."""

    machine: str
    boot: str
    pid: int
    started: str
    worker: str

    @property
    def text(self) -> str:
        return f"{self.machine}|{self.boot}|{self.pid}|{self.started}|{self.worker}"


def name_process(worker: str, pid: int) -> ProcessName:
    """The name under which the server notes the process of a run."""
    return ProcessName(socket.gethostname(), _boot(), pid, _started(pid), worker)


def read_name(text: str | None) -> ProcessName | None:
    """The process of a noted name; None where another kind of worker noted it."""
    parts = (text or "").split("|", 4)
    if len(parts) != 5 or not parts[2].isdigit():
        return None
    return ProcessName(parts[0], parts[1], int(parts[2]), parts[3], parts[4])


def is_lost(name: ProcessName, living_workers: set[str]) -> bool:
    """Whether a process is gone: looked for where it is this machine's, else gone when its worker gives no sign."""
    if name.machine != socket.gethostname():
        return name.worker not in living_workers
    return name.boot != _boot() or _started(name.pid) != name.started


async def mark_lost_runs(
    client: PrefectClient,
    pool: str,
    logger: logging.Logger | logging.LoggerAdapter[Any],
    fresh_seconds: float = FRESH_SECONDS,
) -> None:
    """Marks the runs of a pool whose process is gone; harmless while others do the same."""
    states = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(GOING_ON)))
    runs = await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=states),
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
    )
    old = [run for run in runs if _age(run) > fresh_seconds]
    if not old:
        return
    workers = await client.read_workers_for_work_pool(pool)
    living = {worker.name for worker in workers if str(worker.status).upper().endswith("ONLINE")}
    for seen in (run for run in old if is_lost_run(run, living)):
        run = await client.read_flow_run(seen.id)  # its process is gone: what it reported last is there by now
        if run.state is not None and run.state.type in GOING_ON and _age(run) > fresh_seconds:
            logger.warning("Lượt “%s” đã mất tiến trình; ghi là Crashed", run.name)
            await client.set_flow_run_state(run.id, Crashed(message=MESSAGE), force=True)


def is_lost_run(run: FlowRun, living_workers: set[str]) -> bool:
    """Whether a run that the server takes to be going on is not; one that is being started is waited for."""
    is_pending = run.state is not None and run.state.type == StateType.PENDING
    name = read_name(run.infrastructure_pid)
    if name is not None and not (is_pending and _has_begun_before(run)):
        return is_lost(name, living_workers)
    is_unclaimed = name is not None or not run.infrastructure_pid
    return is_pending and is_unclaimed and _age(run) > UNCLAIMED_SECONDS


def _has_begun_before(run: FlowRun) -> bool:
    # A run that has worked once already: until its new process is noted, the name of the old one stands there.
    return run.start_time is not None or run.run_count > 0


def _age(run: FlowRun) -> float:
    now = dt.datetime.now(dt.UTC)
    return (now - (run.state.timestamp if run.state is not None else now)).total_seconds()


def _boot() -> str:
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    return ""


def _started(pid: int) -> str:
    """When a process started, in ticks since the machine did; "" where there is none, or where it has ended."""
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    return ""
