"""The Prefect flow of the self-check, on the day on which collecting opens."""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact
from prefect.states import Completed, Failed

from catalogue import CatalogueError, load_catalogue
from flows.alarms.troubles import IDLE
from flows.local_time import today
from flows.runs.missed_runs import take_missed
from flows.runs.season_work import end_well, find_work, name_run
from flows.self_check.checks import SHOWN, check_all
from flows.self_check.report import has_failed, keep_result, sum_up, table_of
from flows.settings import find_settings, keep_silent


def _name_run() -> str:
    return name_run("Tự kiểm tra")


@flow(name="tu-kiem-tra", flow_run_name=_name_run, persist_result=False)
def check_system(period_code: str | None = None, home: str | None = None, catalogue_folder: str | None = None) -> Any:
    """Tries everything that a season needs; without a period, only on the day on which collecting opens.

    The run fails where something has to be put right; its table says what.
    """
    keep_silent()
    settings = find_settings(home, catalogue_folder)
    take_missed()
    try:
        period, reason = find_work(load_catalogue(settings.catalogue), period_code, "opening", today())
    except CatalogueError as error:
        return Failed(message=f"Danh mục có lỗi: {error}")
    if reason:
        return end_well(reason, name=IDLE)
    checks = check_all(settings, period, dt.datetime.now(dt.UTC))
    for check in checks:
        get_run_logger().info("%s: %s. %s %s", check.title, SHOWN[check.result], check.seen, check.advice)
    create_table_artifact(
        key=f"tu-kiem-tra-{period.lower()}", table=table_of(checks), description=f"Tự kiểm tra · {period}"
    )
    keep_result(settings, period, checks)
    return Failed(message=sum_up(checks)) if has_failed(checks) else Completed(message=sum_up(checks))
