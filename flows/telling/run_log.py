"""Our own log of runs: every run is noted when it begins and when it ends, whatever ends it."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flows.telling.machine_troubles import say_trouble
from transforms.operation import RunChange, RunKind, RunRecord, RunState, Trigger
from warehouse import Warehouse

LOG = logging.getLogger("thidua.progress")
MESSAGE_LENGTH = 500
_STOPS = ("TerminationSignal", "CancelledRun")  # how Prefect ends a run that is cancelled
STOPPED = "Bị dừng giữa chừng theo yêu cầu; lượt chạy sau làm tiếp."


class KeptRun:
    """A run that is being noted; `finish` says what it came to, and may be called again while the block lasts."""

    def __init__(self, run: RunRecord) -> None:
        self.run = run
        self.state: RunState = "completed"
        self.message = ""
        self.counts: dict[str, int | None] = {}
        self.changes: tuple[RunChange, ...] = ()

    @property
    def run_id(self) -> str:
        return self.run.run_id

    def finish(
        self,
        state: RunState,
        message: str,
        *,
        new_files: int | None = None,
        open_critical: int | None = None,
        open_warning: int | None = None,
        changes: Sequence[RunChange] = (),
    ) -> None:
        """What the run came to, written at the end of the block; changes are numbered and named after the run here."""
        self.state, self.message = state, message
        self.counts = {"new_files": new_files, "open_critical": open_critical, "open_warning": open_warning}
        self.changes = tuple(replace(c, run_id=self.run_id, position=n) for n, c in enumerate(changes))

    def fail(self, error: BaseException) -> None:
        """An error that left the block. Prefect's suspension is none: the run ends as it said before, or waiting."""
        if type(error).__name__ == "Pause":
            self.state = self.state if self.message else "waiting"
            return
        self.state, self.message, self.changes = "failed", say_failure(error), ()


@contextmanager
def kept_run(warehouse: Warehouse, kind: RunKind, period_code: str, trigger: Trigger = "command") -> Iterator[KeptRun]:
    """Notes a run in the warehouse at its start and at its end; whatever is raised inside ends it as failed.

    Call it under the home's lock (`one_at_a_time`). Inside a Prefect flow run its id is kept and `trigger` is found
    there. A run that is killed is noted as cut short by the next one.
    """
    flow_run_id, found = find_flow_run()
    run = RunRecord(
        run_id=str(uuid.uuid4()),
        kind=kind,
        period_code=period_code,
        trigger=found or trigger,
        started_at=dt.datetime.now(dt.UTC),
        ended_at=None,
        state="running",
        message="",
        host=socket.gethostname(),
        software=software_version(),
        flow_run_id=flow_run_id,
    )
    warehouse.start_run(run)
    kept = KeptRun(run)
    try:
        yield kept
    except BaseException as error:
        kept.fail(error)
        try:
            _end(warehouse, kept)
        except Exception:
            LOG.exception("Không ghi được kết quả của lượt chạy vào nhật ký")
        raise
    _end(warehouse, kept)


def _end(warehouse: Warehouse, kept: KeptRun) -> None:
    given: dict[str, Any] = {**kept.counts, "changes": kept.changes}
    try:
        warehouse.end_run(kept.run_id, dt.datetime.now(dt.UTC), kept.state, kept.message, **given)
    except Exception:  # what failed may have spoilt the open connection; a new one is made once
        warehouse.close()
        warehouse.end_run(kept.run_id, dt.datetime.now(dt.UTC), kept.state, kept.message, **given)


def find_flow_run() -> tuple[str, Trigger | None]:
    """The id of the Prefect flow run that this is part of, and what started that; "" and None outside of one."""
    context: Any = sys.modules.get("prefect.context")
    running = None if context is None else context.FlowRunContext.get()
    run = None if running is None else running.flow_run
    if run is None:
        return "", None
    if run.deployment_id is None:
        return str(run.id), None
    return str(run.id), "schedule" if run.auto_scheduled else "hand"


def software_version() -> str:
    """The version of this software, as installed."""
    try:
        return version("thidua")
    except PackageNotFoundError:
        return "không rõ"


def say_failure(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, KeyboardInterrupt | SystemExit) or type(error).__name__ in (
        "TerminationSignal",
        "CancelledRun",
    ):
        return STOPPED
    text = " ".join(str(error).split())
    line = say_trouble(error) or f"Hệ thống gặp lỗi: {type(error).__name__}" + (f": {text}" if text else "")
    return line if len(line) <= MESSAGE_LENGTH else line[: MESSAGE_LENGTH - 1] + "…"
