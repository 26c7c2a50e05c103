"""The Prefect flow that reminds the provinces: once a day, on what was collected that day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed

from catalogue import Catalogue, load_catalogue
from flows.alarms.troubles import IDLE
from flows.home_lock import one_at_a_time
from flows.local_time import HANOI, today
from flows.messages.channel_settings import ChannelSettingsError, find_channels
from flows.reminders.report import deliver_due, say_delivered, say_undelivered
from flows.runs.flow import collect_period
from flows.runs.missed_runs import take_missed
from flows.runs.season_work import end_well, find_work, name_run
from flows.settings import Settings, find_settings, keep_silent
from flows.telling.run_log import kept_run
from transforms.operation import RunRecord
from warehouse import Warehouse


def _name_run() -> str:
    return name_run("Nhắc tỉnh")


@flow(name="nhac-tinh", flow_run_name=_name_run, persist_result=False)
def remind_provinces(
    period_code: str | None = None, home: str | None = None, catalogue_folder: str | None = None
) -> Any:
    """Reminds whom today asks to be reminded; without a period, of the one that is being collected by the calendar.

    A period that was not collected today is collected first, so that nobody is reminded of what has come. The run
    fails where a channel did not take a letter; the next one sends it again.
    """
    keep_silent()
    settings = find_settings(home, catalogue_folder)
    catalogue = load_catalogue(settings.catalogue)
    take_missed()
    period, reason = find_work(catalogue, period_code, "season", today())
    if reason:
        return end_well(reason, name=IDLE)
    if not was_collected(settings, period, today()):
        get_run_logger().info("Kỳ %s hôm nay chưa thu thập; thu thập trước khi nhắc", period)
        collect_period(period, home=str(settings.home), catalogue_folder=str(settings.catalogue))
    problem, message = _remind(settings, catalogue, period)
    return Failed(message=problem) if problem else Completed(message=message)


def was_collected(settings: Settings, period_code: str, day: dt.date) -> bool:
    """Whether a half-year was collected to the end on a day."""
    if not settings.warehouse.exists():
        return False
    with one_at_a_time(settings), Warehouse.open(settings.warehouse) as warehouse:
        return any(_is_good(run, day) for run in warehouse.runs(period_code))


def _is_good(run: RunRecord, day: dt.date) -> bool:
    is_done = run.kind == "collect" and run.state in ("completed", "nothing_new") and run.ended_at is not None
    return is_done and run.started_at.astimezone(HANOI).date() == day


def _remind(settings: Settings, catalogue: Catalogue, period: str) -> tuple[str, str]:
    """What went wrong, "" where nothing did, and what was sent."""
    with (
        one_at_a_time(settings),
        Warehouse.open(settings.warehouse) as warehouse,
        kept_run(warehouse, "remind", period) as kept,
    ):
        problem, message = send_letters(period, _Work(settings, catalogue))
        kept.finish("failed" if problem else "completed", problem or message)
    return problem, message


class _Work:
    """Settings and catalogue of a run; a plain object, which Prefect does not walk."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self.settings = settings
        self.catalogue = catalogue


@task(task_run_name="{period_code} · gửi thư nhắc", cache_policy=NO_CACHE, persist_result=False)
def send_letters(period_code: str, work: _Work) -> tuple[str, str]:
    """What went wrong, "" where nothing did, and what was sent."""
    try:
        told = deliver_due(work.catalogue, work.settings, period_code, today(), find_channels(work.settings))
    except ChannelSettingsError as error:
        return str(error), ""
    for line in say_delivered(told):
        get_run_logger().info(line)
    fresh = sum(one.is_new or bool(one.deliveries) for one in told)
    return say_undelivered(told), f"{fresh} thư nhắc mới." if fresh else "Không có thư nhắc mới."
