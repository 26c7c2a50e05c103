"""The flow runs that wait on the Prefect page for a decision: marked with their question, found, ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Completed

FLOW = "dong-ky"
QUESTION, PERIOD = "hoi-", "ky-"
DECIDED = "Đã quyết định"


def mark_run(flow_run_id: UUID, tags: Iterable[str], period_code: str, closing_id: str) -> None:
    """Writes on a flow run which period and which question it waits for."""
    kept = {tag for tag in tags if not tag.startswith((QUESTION, PERIOD))}
    with get_client(sync_client=True) as client:
        client.update_flow_run(flow_run_id, tags=sorted({*kept, PERIOD + period_code, QUESTION + closing_id}))


def period_of(tags: Iterable[str]) -> str:
    """The period that a marked flow run works on, "" where it is not marked."""
    return next((tag.removeprefix(PERIOD) for tag in tags if tag.startswith(PERIOD)), "")


def find_inputs(flow_run_id: UUID, prefix: str) -> set[str]:
    """The keys under which the server keeps forms and answers of a flow run, by their beginning."""
    with get_client(sync_client=True) as client:
        found = client.filter_flow_run_input(flow_run_id, key_prefix=prefix, limit=200, exclude_keys=set())
        return {kept.key for kept in found}


def find_waiting(closing_ids: Iterable[str], but: UUID | None = None) -> dict[str, list[FlowRun]]:
    """The runs that wait on the server for some questions, by question; `but` is left out."""
    wanted = {QUESTION + closing_id: closing_id for closing_id in closing_ids}
    found: dict[str, list[FlowRun]] = {}
    with get_client(sync_client=True) as client:
        for run in _paused(client):
            for tag in run.tags:
                if tag in wanted and run.id != but:
                    found.setdefault(wanted[tag], []).append(run)
    return found


def end_waiting(closing_ids: Iterable[str], message: str, but: UUID | None = None) -> int:
    """Ends the runs that wait for questions which are answered or replaced; returns how many there were."""
    runs = [run for of_question in find_waiting(closing_ids, but).values() for run in of_question]
    with get_client(sync_client=True) as client:
        for run in runs:
            client.set_flow_run_state(run.id, Completed(name=DECIDED, message=message), force=True)
    return len(runs)


def _paused(client: SyncPrefectClient) -> list[FlowRun]:
    asked: dict[str, Any] = {
        "flow_filter": FlowFilter(name=FlowFilterName(any_=[FLOW])),
        "flow_run_filter": FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PAUSED]))
        ),
    }
    return client.read_flow_runs(**asked)
