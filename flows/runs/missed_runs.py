"""After downtime one run does the work of all the missed ones of its deployment, and they say so."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.states import Cancelled

from flows.local_time import say_moment

MERGED = "Đã gộp"
WAITING = frozenset(("Scheduled", "Late", "AwaitingConcurrencySlot"))  # not Resuming, and not AwaitingRetry
PAGE = 200
PROGRESS = logging.getLogger("thidua.progress")


def take_missed() -> tuple[FlowRun, ...]:
    """The missed runs whose work the flow run that is going on does too; to be called at its start.

    Outside of a scheduled run there are none. A server that does not answer here stops no work: then the missed runs
    start one after another, and find nothing to do.
    """
    context = FlowRunContext.get()
    run = None if context is None else context.flow_run
    if run is None:
        return ()
    try:
        with get_client(sync_client=True) as client:
            return merge_missed(client, run, dt.datetime.now(dt.UTC))
    except Exception:
        PROGRESS.warning("Chưa xem được các lượt bị lỡ giờ trên máy chủ Prefect", exc_info=True)
        return ()


def merge_missed(client: SyncPrefectClient, run: FlowRun, now: dt.datetime) -> tuple[FlowRun, ...]:
    """Cancels the runs of the same deployment that are due and have not begun, and returns those that were merged.

    Only what the schedule made is merged, and only into a run that the schedule made; what a person started stays.
    Two runs that start at once never cancel each other: a run merges when it works itself, and what works is never
    merged. So whoever merges another began before it, and cannot be merged by it.
    """
    if run.deployment_id is None or not run.auto_scheduled:
        return ()
    message = (
        f"Lượt này bị lỡ giờ, phần việc của nó do lượt chạy “{run.name}” làm ({run.id}, "
        f"bắt đầu {say_moment(run.start_time or now)})."
    )
    merged = []
    for missed in _waiting(client, run, run.deployment_id, now):
        cancelled: State[Any] = Cancelled(name=MERGED, message=message)
        if client.set_flow_run_state(missed.id, cancelled).status == SetStateStatus.ACCEPT:
            merged.append(missed)
    if merged:
        PROGRESS.info("Làm luôn phần việc của %d lượt bị lỡ giờ", len(merged))
    return tuple(merged)


def all_ask(runs: Sequence[FlowRun], parameter: str) -> bool:
    """Whether each of these runs was asked for with a parameter that narrows its work; True of none at all."""
    return all(bool(run.parameters.get(parameter)) for run in runs)


def _waiting(client: SyncPrefectClient, run: FlowRun, deployment_id: uuid.UUID, now: dt.datetime) -> list[FlowRun]:
    wanted: dict[str, Any] = {
        "flow_run_filter": FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[deployment_id]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": now}),
        ),
        "sort": FlowRunSort.EXPECTED_START_TIME_ASC,
        "limit": PAGE,
    }
    found: list[FlowRun] = []
    while page := client.read_flow_runs(offset=len(found), **wanted):
        found += page
        if len(page) < PAGE:
            break
    return [r for r in found if r.id != run.id and r.auto_scheduled and not r.run_count and r.state_name in WAITING]
