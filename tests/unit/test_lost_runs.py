"""Which runs count as lost: one that is still being started is waited for, though the process before it is gone."""

from __future__ import annotations

import datetime as dt
import socket
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State, StateType

from flows.service.lost_runs import FRESH_SECONDS, UNCLAIMED_SECONDS, ProcessName, is_lost_run

GONE = ProcessName(socket.gethostname(), "another", 1, "1", "vm").text
BUSY = FRESH_SECONDS + 90  # what a machine under load took to start a process


def run(kind: StateType, age: float, process: str | None, **facts: Any) -> FlowRun:
    now = dt.datetime.now(dt.UTC)
    state: State[Any] = State(type=kind, timestamp=now - dt.timedelta(seconds=age))
    return FlowRun(flow_id=uuid4(), state=state, infrastructure_pid=process, **facts)


@pytest.mark.parametrize(
    ("lost", "kind", "age", "process", "facts"),
    [
        (True, StateType.RUNNING, BUSY, GONE, {"run_count": 1}),
        (True, StateType.PENDING, BUSY, GONE, {}),  # killed between its start and its first word
        (False, StateType.PENDING, BUSY, GONE, {"run_count": 1}),  # resumed: the old process is noted still
        (False, StateType.PENDING, BUSY, GONE, {"start_time": dt.datetime.now(dt.UTC)}),
        (True, StateType.PENDING, UNCLAIMED_SECONDS + 1, GONE, {"run_count": 1}),
        (False, StateType.PENDING, BUSY, None, {}),
        (True, StateType.PENDING, UNCLAIMED_SECONDS + 1, None, {}),
        (False, StateType.RUNNING, UNCLAIMED_SECONDS + 1, None, {"run_count": 1}),  # a run of a command
        (False, StateType.PENDING, UNCLAIMED_SECONDS + 1, "vm:123", {}),  # another kind of worker's
    ],
)
def test_a_run_that_is_being_started_is_waited_for(
    lost: bool, kind: StateType, age: float, process: str | None, facts: dict[str, Any]
) -> None:
    assert is_lost_run(run(kind, age, process, **facts), set()) is lost
