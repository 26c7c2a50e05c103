"""Registers on the home's Prefect server what runs by itself: work pool, deployments, automations; in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema

from flows.service.deployment_file import Described
from flows.service.pools import POOL, POOL_TYPE

TAG = "thi-dua"
Change = Literal["mới", "đã cập nhật", "không đổi", "đã gỡ"]


@dataclass(frozen=True)
class Deployed:
    """What became of one deployment."""

    name: str
    change: Change


def deploy_all(described: Iterable[Described]) -> list[Deployed]:
    """Makes the server's pool and deployments as described; what is so already is not touched.

    Deployments that carry our tag and are described no more are removed. A schedule that somebody paused stays paused.
    """
    with get_client(sync_client=True) as client:
        _make_pool(client)
        existing = {
            f"{_flow_name(client, d)}/{d.name}": d
            for d in client.read_deployments(deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG])))
        }
        told = [_deploy(client, one, existing) for one in described]
        known = {one.name for one in told}
        for name, deployment in existing.items():
            if name not in known:
                client.delete_deployment(deployment.id)
                told.append(Deployed(name, "đã gỡ"))
    return told


def _make_pool(client: SyncPrefectClient) -> None:
    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=POOL, type=POOL_TYPE))


def _flow_name(client: SyncPrefectClient, deployment: DeploymentResponse) -> str:
    return client.read_flow(deployment.flow_id).name


def _deploy(client: SyncPrefectClient, one: Described, existing: Mapping[str, DeploymentResponse]) -> Deployed:
    flow: Flow[..., Any] = load_flow_from_entrypoint(one.entrypoint)
    name = f"{flow.name}/{one.name}"
    before = existing.get(name)
    wanted: dict[str, Any] = {
        "entrypoint": one.entrypoint,
        "description": one.description,
        "tags": list(one.tags),
        "parameters": one.parameters,
        "parameter_openapi_schema": parameter_schema(flow).model_dump(),
        "work_pool_name": POOL,
        "work_queue_name": one.queue,
        "job_variables": one.job_variables,
        "pull_steps": [],
        "path": ".",
        "enforce_parameter_schema": True,
    }
    if before is not None and _is_same(before, wanted, one):
        return Deployed(name, "không đổi")
    client.create_deployment(
        flow_id=client.create_flow(flow),
        name=one.name,
        schedules=_schedules(one.schedules, before),
        concurrency_limit=one.limit,
        concurrency_options=None if one.limit is None else _options(one),
        paused=None if before is None else before.paused,
        **wanted,
    )
    return Deployed(name, "mới" if before is None else "đã cập nhật")


def _options(one: Described) -> ConcurrencyOptions:
    return ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy(one.strategy))


def _schedules(rows: Sequence[Mapping[str, Any]], before: DeploymentResponse | None) -> list[DeploymentScheduleCreate]:
    paused = set() if before is None else {s.slug for s in before.schedules if not s.active}
    return [
        DeploymentScheduleCreate(
            schedule=CronSchedule(cron=row["cron"], timezone=row["timezone"]),
            active=row["slug"] not in paused,
            parameters=dict(row.get("parameters") or {}),
            slug=row["slug"],
        )
        for row in rows
    ]


def _is_same(before: DeploymentResponse, wanted: Mapping[str, Any], one: Described) -> bool:
    limit = before.global_concurrency_limit
    options = before.concurrency_options
    return (
        all(_bare(getattr(before, key)) == _bare(value) for key, value in wanted.items())
        and (None if limit is None else limit.limit) == one.limit
        and (one.limit is None or (options is not None and options.collision_strategy == one.strategy))
        and sorted(map(_schedule_key, before.schedules), key=str)
        == sorted(map(_schedule_key, _schedules(one.schedules, before)), key=str)
    )


def _schedule_key(schedule: Any) -> tuple[Any, ...]:
    cron = schedule.schedule
    return schedule.slug, cron.cron, cron.timezone, schedule.active, dict(schedule.parameters)


def _bare(value: Any) -> Any:
    """A value without what is empty in it: whether that is said or left out makes no difference to the server."""
    plain = value.model_dump() if hasattr(value, "model_dump") else value
    return {k: v for k, v in plain.items() if v not in (None, "", [], {})} if isinstance(plain, dict) else plain
