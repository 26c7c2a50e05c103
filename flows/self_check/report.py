"""The self-check as people read it: its lines, its one sentence, its table on the Prefect page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from catalogue import Catalogue
from flows.home_lock import one_at_a_time
from flows.runs.season_report import next_entry
from flows.self_check.checks import SHOWN, Check
from flows.settings import Settings
from flows.telling.run_log import kept_run
from transforms.season import find_season
from warehouse import Warehouse


def period_to_check(catalogue: Catalogue, day: dt.date) -> str:
    """The half-year that is being collected on a day, else the next one, else the last of the calendar."""
    season = find_season(catalogue, day)
    if season is not None:
        return season.period_code
    entry = next_entry(catalogue, day)
    return max(catalogue.calendar) if entry is None else entry.period_code


def has_failed(checks: Sequence[Check]) -> bool:
    """Whether anything has to be put right before the season."""
    return any(check.result == "failed" for check in checks)


def sum_up(checks: Sequence[Check]) -> str:
    """The outcome in one sentence."""
    counts = [f"{sum(c.result == result for c in checks)} {words}" for result, words in SHOWN.items()]
    failed = [check.title for check in checks if check.result == "failed"]
    return f"{', '.join(counts)}" + (f"; phải sửa: {', '.join(failed)}" if failed else "") + "."


def table_of(checks: Sequence[Check]) -> list[dict[str, str]]:
    """A row per check."""
    return [{"Mục": c.title, "Kết quả": SHOWN[c.result], "Thấy gì": c.seen, "Việc cần làm": c.advice} for c in checks]


def print_checks(period_code: str, checks: Sequence[Check]) -> None:
    """Each check on a line, what to do under it."""
    import click

    click.echo(f"Tự kiểm tra trước kỳ {period_code}")
    for check in checks:
        click.echo(f"  [{SHOWN[check.result]}] {check.title}: {check.seen}")
        if check.advice:
            click.echo(f"      → {check.advice}")
    click.echo(f"Kết quả: {sum_up(checks)}")


def keep_result(settings: Settings, period_code: str, checks: Sequence[Check]) -> None:
    """Notes the outcome in the run log of the home, where there is a home."""
    if not settings.home.is_dir():
        return
    with (
        one_at_a_time(settings),
        Warehouse.open(settings.warehouse) as warehouse,
        kept_run(warehouse, "self_check", period_code) as kept,
    ):
        kept.finish("failed" if has_failed(checks) else "completed", sum_up(checks))
