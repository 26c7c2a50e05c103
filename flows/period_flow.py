"""The Prefect flow of a period: gather, decide, apply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock
from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from catalogue import Catalogue, load_catalogue
from flows import collection, folders, publishing
from flows.outcome import Outcome, summarise, who_has_sent
from flows.reading_pool import ReadingPool
from flows.settings import Settings, find_settings, keep_silent
from transforms.comparison import Past
from transforms.observation import Reading, Submission
from transforms.reading import READER_VERSION
from warehouse import Assessment, Warehouse

RETURNS_PER_RUN = 63
OUTSIDE: dict[str, Any] = {"retries": 2, "retry_delay_seconds": 2, "cache_policy": NO_CACHE, "persist_result": False}


@task(task_run_name="{period_code} · gom tệp từ các thư mục", **OUTSIDE)
def gather_files(catalogue: Catalogue, period_code: str, root: Path, archive: Path) -> folders.Gathered:
    return folders.gather(catalogue, period_code, root, archive)


@task(task_run_name="{title} · {period_code} · đọc biểu", **OUTSIDE)
def read_files(title: str, period_code: str, files: list[tuple[Path, str]], pool: ReadingPool) -> list[Reading]:
    readings = list(pool.read(files))
    figures = sum(o.value is not None for r in readings for o in r.observations)
    problems = sum(len(r.problems) for r in readings)
    get_run_logger().info("%s: đọc %d tệp, %d số liệu, %d vướng mắc khi đọc", title, len(files), figures, problems)
    return readings


@task(task_run_name="{period_code} · nạp kho dữ liệu", **OUTSIDE)
def load_submissions(
    warehouse: Warehouse,
    catalogue: Catalogue,
    period_code: str,
    new: list[Submission],
    readings: dict[str, Reading],
    now: dt.datetime,
) -> None:
    loaded = set()
    for submission in new:
        reading = readings[submission.sha256]
        warehouse.add_submission(submission, reading, READER_VERSION, catalogue.content_hash, now)
        loaded.add(submission.sha256)
    for sha256, reading in readings.items():
        if sha256 not in loaded:
            warehouse.add_reading(reading, READER_VERSION, catalogue.content_hash, now)


@task(task_run_name="{period_code} · kiểm tra và kết luận", cache_policy=NO_CACHE, persist_result=False)
def check_period(
    catalogue: Catalogue,
    period_code: str,
    decision: collection.Decision,
    readings: dict[str, Reading],
    past: Past,
    key: str,
    now: dt.datetime,
) -> Assessment:
    assessment = collection.assess(catalogue, period_code, decision, readings, past, key, now)
    get_run_logger().info("Great Expectations: %d phát hiện", len(assessment.findings))
    return assessment


@task(task_run_name="{period_code} · ghi kết luận", **OUTSIDE)
def record_assessment(warehouse: Warehouse, period_code: str, assessment: Assessment) -> None:
    warehouse.add_assessment(assessment)


@task(task_run_name="{period_code} · phát hành bảng", **OUTSIDE)
def publish(
    warehouse: Warehouse,
    catalogue: Catalogue,
    settings: Settings,
    period_code: str,
    marts: dict[str, list[dict[str, Any]]],
    key: str,
    now: dt.datetime,
) -> None:
    publishing.publish_warehouse(warehouse, settings)
    publishing.publish_period(catalogue, settings, period_code, marts, key, now)


@flow(
    name="thu-thap-ky",
    flow_run_name="Thu thập · {period_code}",
    task_runner=ThreadPoolTaskRunner(max_workers=4),  # type: ignore[arg-type]
    persist_result=False,
)
def collect_period(
    period_code: str | None = None,
    returns: str | None = None,
    home: str | None = None,
    catalogue_folder: str | None = None,
) -> Outcome:
    """Collects, checks, loads and publishes one half-year; without a period, the one whose returns are due."""
    keep_silent()
    settings = find_settings(home, catalogue_folder)
    catalogue = load_catalogue(settings.catalogue)
    now = dt.datetime.now(dt.UTC)
    period = period_code or collection.due_period(catalogue, now.date())
    root = Path(returns) if returns else settings.returns
    settings.home.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.lock), Warehouse.open(settings.warehouse) as warehouse:
        outcome = _collect(settings, catalogue, warehouse, period, root, now)
    _leave_artifacts(catalogue, outcome)
    return outcome


def _collect(
    settings: Settings, catalogue: Catalogue, warehouse: Warehouse, period: str, root: Path, now: dt.datetime
) -> Outcome:
    log = get_run_logger()
    gathered = gather_files(catalogue, period, root, settings.archive)
    current = warehouse.current_assessment(period)
    key = collection.input_key(catalogue, warehouse, period, gathered, warehouse.submissions(period))
    is_judged = current is not None and current.input_key == key
    new: list[Submission] = []
    if not is_judged:
        warehouse.sync_catalogue(catalogue)
        work = collection.plan(catalogue, warehouse, settings, period, gathered)
        fresh = _read_all(settings, catalogue, period, work)
        work.readings.update(fresh)
        decision = collection.decide(catalogue, period, gathered, work, now)
        new = decision.new
        load_submissions(warehouse, catalogue, period, new, fresh, now)
        known = [s for submissions in decision.submissions.values() for s in submissions]
        key = collection.input_key(catalogue, warehouse, period, gathered, known)
        past = collection.past_figures(warehouse, period)
        assessment = check_period(catalogue, period, decision, work.readings, past, key, now)
        record_assessment(warehouse, period, assessment)
    marts = warehouse.marts(period)
    if is_judged and publishing.is_published(settings, period, key):
        log.info("Không có gì mới: kết quả đã phát hành vẫn đúng.")
    else:
        publish(warehouse, catalogue, settings, period, marts, key, now)
    return Outcome(
        period,
        marts,
        tuple(s.path for s in new),
        not is_judged,
        settings.published_period(period),
        settings.published_warehouse,
    )


def _read_all(settings: Settings, catalogue: Catalogue, period: str, work: collection.Work) -> dict[str, Reading]:
    """The readings of all files to read, by content hash; one named run per province, above 63 returns per batch."""
    if not work.to_read:
        return {}
    with ReadingPool(settings.catalogue) as pool:
        runs = [
            (files, read_files.submit(title, period, files, pool))
            for title, files in _titled(catalogue, period, work.to_read)
        ]
        return {sha: r for files, run in runs for (_, sha), r in zip(files, run.result(), strict=True)}


def _titled(
    catalogue: Catalogue, period: str, to_read: dict[str, list[tuple[Path, str]]]
) -> Iterator[tuple[str, list[tuple[Path, str]]]]:
    if len(to_read) <= RETURNS_PER_RUN:
        for unit, files in to_read.items():
            province = catalogue.province_in(unit, period)
            yield (province.name if province is not None else unit), files
        return
    files = [file for unit_files in to_read.values() for file in unit_files]
    size = max(RETURNS_PER_RUN, -(-len(files) // 16))
    for start in range(0, len(files), size):
        yield f"Biểu {start + 1}–{min(start + size, len(files))}", files[start : start + size]


def _leave_artifacts(catalogue: Catalogue, outcome: Outcome) -> None:
    suffix = outcome.period_code.lower()
    create_table_artifact(
        table=who_has_sent(outcome), key=f"ai-da-gui-{suffix}", description=f"Ai đã gửi gì · {outcome.period_code}"
    )
    create_markdown_artifact(
        markdown=summarise(catalogue, outcome),
        key=f"tom-tat-{suffix}",
        description=f"Tóm tắt kết quả thu thập · {outcome.period_code}",
    )
