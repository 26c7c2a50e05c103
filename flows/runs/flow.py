"""The Prefect flow of a period: gather, decide, apply."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from catalogue import Catalogue, load_catalogue
from flows.alarms.troubles import IDLE
from flows.home_lock import one_at_a_time
from flows.lake.settings import find_lake
from flows.local_time import today
from flows.reading.pool import ReadingPool
from flows.reading.task_runners import find_task_runner
from flows.runs.missed_runs import all_ask, take_missed
from flows.runs.outcome import Outcome, say_outcome
from flows.runs.period_run import Files, PeriodRun, Received
from flows.runs.season_work import end_well, find_work, name_run
from flows.runs.task_names import drawn
from flows.settings import Settings, find_settings, keep_silent
from flows.shares.settings import find_shares
from flows.telling.artifact_sending import RunProgress, send_artifacts, shown_progress
from flows.telling.watched_run import WatchedRun, watched_run
from transforms.prose.published_report import FOLDER, REPORTS
from warehouse import Warehouse

RETURNS_PER_RUN = 63
MOST_BATCHES = 16
OURS: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
OUTSIDE: dict[str, Any] = {**OURS, "retries": 2, "retry_delay_seconds": 2}


class Batch:
    """Units whose files are read under one name; a plain object, which Prefect does not walk."""

    def __init__(self, title: str, units: list[str], files: Files) -> None:
        self.title = title
        self.units = units
        self.files = files


@task(task_run_name=drawn("{period_code} · gom tệp từ các thư mục"), **OUTSIDE)
def gather_files(period_code: str, run: PeriodRun) -> None:
    run.gather()


@task(task_run_name=drawn("{title} · {period_code} · trích số liệu"), **OURS)
def read_files(title: str, period_code: str, batch: Batch, pool: ReadingPool, run: PeriodRun) -> Any:
    readings = list(pool.read(batch.files))
    parts = [part for r in readings for part in (r, *r.parts)]
    figures = sum(o.value is not None for part in parts for o in part.observations)
    problems = sum(len(part.problems) for part in parts)
    run.take(batch.files, readings)
    told = f"{batch.title}: đọc {len(readings)} tệp, {figures} số liệu, {problems} vướng mắc khi đọc"
    get_run_logger().info(told)
    return Completed(message=told)


@task(task_run_name=drawn("{period_code} · nạp kho dữ liệu"), **OUTSIDE)
def load_submissions(period_code: str, run: PeriodRun, received: Received) -> None:
    run.load(received)


@task(task_run_name=drawn("{period_code} · kiểm tra và kết luận"), **OURS)
def check_period(period_code: str, run: PeriodRun) -> None:
    get_run_logger().info("Great Expectations: %d phát hiện", run.judge())


@task(task_run_name=drawn("{period_code} · ghi kết luận"), **OUTSIDE)
def record_assessment(period_code: str, run: PeriodRun) -> None:
    run.record()


@task(task_run_name=drawn("{period_code} · phát hành bảng"), **OUTSIDE)
def publish(period_code: str, run: PeriodRun) -> None:
    run.publish()


@task(task_run_name=drawn("{period_code} · trang tình hình"), **OUTSIDE)
def publish_status(period_code: str, run: PeriodRun) -> None:
    run.publish_status()


@task(task_run_name=drawn("{period_code} · chia sẻ vào hồ"), **OURS)
def share_publication(period_code: str, run: PeriodRun) -> None:
    trouble = run.share()
    get_run_logger().log(logging.WARNING if trouble else logging.INFO, trouble or "Hồ dữ liệu chung khớp bản phát hành")


@task(task_run_name=drawn("{period_code} · phản hồi vào thư mục các tỉnh"), **OUTSIDE)
def answer_provinces(period_code: str, run: PeriodRun) -> None:
    get_run_logger().info("%d tệp phản hồi mới", run.answer())


def _name_run() -> str:
    return name_run("Thu thập")


@flow(
    name="thu-thap-ky",
    flow_run_name=_name_run,
    task_runner=ThreadPoolTaskRunner(max_workers=4),  # type: ignore[arg-type]
    persist_result=False,
)
def collect_period(
    period_code: str | None = None,
    returns: str | None = None,
    home: str | None = None,
    catalogue_folder: str | None = None,
    shares: str | None = None,
    with_answers: bool = True,
    only_when_hurried: bool = False,
) -> Outcome | None:
    """Collects, checks, loads, publishes and answers one half-year, and gives its Outcome.

    Without a period it is the one that is being collected by the calendar; between two seasons nothing is done, nor,
    with `only_when_hurried`, before the last days before the due date: then it gives None. Without `with_answers`
    nothing is put into the provinces' folders this time; the next run does it.
    """
    keep_silent()
    settings = find_settings(home, catalogue_folder)
    catalogue = load_catalogue(settings.catalogue)
    is_narrow = all_ask(take_missed(), "only_when_hurried") and only_when_hurried
    period, reason = find_work(catalogue, period_code, "hurry" if is_narrow else "season", today())
    if reason:
        return end_well(reason, name=IDLE)
    outcome = _collect_period(settings, catalogue, period, returns, shares, with_answers)
    return end_well(say_outcome(outcome), outcome)


def _collect_period(
    settings: Settings, catalogue: Catalogue, period: str, returns: str | None, shares: str | None, with_answers: bool
) -> Outcome:
    now = dt.datetime.now(dt.UTC)
    root = Path(returns) if returns else settings.returns
    shares_file = find_shares(settings, Path(shares) if shares else None, Path(returns) if returns else None)
    settings.home.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(settings), Warehouse.open(settings.warehouse) as warehouse:
        run = PeriodRun(settings, catalogue, warehouse, period, root, now, shares_file)
        with shown_progress(period) as progress, run:
            with watched_run(run) as watched:
                _collect(run, progress)
                if with_answers:
                    progress.move(88, "đặt phản hồi vào thư mục các tỉnh")
                    answer_provinces(period, run)
            progress.move(96, "ghi trang vận hành")
            return _tell(settings, watched)


def _collect(run: PeriodRun, progress: RunProgress) -> None:
    period = run.period_code
    gather_files(period, run)
    if not run.is_judged:
        threading.Thread(target=_import_engines, daemon=True).start()
        _read_and_load(run, run.plan(), progress)
        progress.move(60, "kiểm tra và kết luận")
        check_period(period, run)
        record_assessment(period, run)
    elif run.is_published():
        get_run_logger().info("Không có gì mới: kết quả đã phát hành vẫn đúng.")
        publish_status(period, run)
        _share(run)
        return
    progress.move(75, "phát hành bảng")
    publish(period, run)
    _share(run)


def _share(run: PeriodRun) -> None:
    if find_lake(run.settings) is not None:
        share_publication(run.period_code, run)


def _tell(settings: Settings, watched: WatchedRun) -> Outcome:
    """Leaves what the run came to on the Prefect page."""
    assert watched.outcome is not None
    if watched.situation is not None:
        from flows.telling.artifact_words import tell_all

        send_artifacts(tell_all(settings, watched.situation, watched.outcome), watched.outcome.period_code)
    return watched.outcome


def _import_engines() -> None:
    """Imports what the later steps need while the files are read: seconds, most of them Great Expectations."""
    import publications  # noqa: F401
    from expectations import judgement  # noqa: F401


def _read_and_load(run: PeriodRun, to_read: dict[str, Files], progress: RunProgress) -> None:
    """Reads all files: one named run per province and one load of all; above 63 returns a run per batch, each loaded
    while the next are read."""
    batches = list(_batches(run.catalogue, run.period_code, to_read))
    if batches:
        with _open_readers(run) as submit:
            for done, (batch, wait) in enumerate([(batch, submit(batch)) for batch in batches]):
                progress.move(10 + 45 * done / len(batches), f"đã đọc {done}/{len(batches)}, đang đọc {batch.title}")
                wait()
                if len(to_read) > RETURNS_PER_RUN:
                    load_submissions(run.period_code, run, run.settle(batch.units))
    load_submissions(run.period_code, run, run.settle(run.unsettled))


@contextmanager
def _open_readers(run: PeriodRun) -> Iterator[Callable[[Batch], Callable[[], None]]]:
    """The readers that the settings name: what is handed a batch, and gives back what waits until it is read."""
    chosen = find_task_runner(run.settings.task_runner)
    if not chosen.is_dask:
        pool = run.open_pool()
        yield lambda batch: read_files.submit(drawn(batch.title), run.period_code, batch, pool, run).result
        return
    from flows.reading.dask_reading import DaskReaders

    def submit(batch: Batch) -> Callable[[], None]:
        wait = far.submit(batch.title, run.period_code, batch.files)
        return lambda: run.take(batch.files, wait())

    with DaskReaders(
        chosen.address, run.settings.catalogue, run.catalogue.content_hash, lambda files: run.open_pool().read(files)
    ) as far:
        yield submit


def _batches(catalogue: Catalogue, period: str, to_read: dict[str, Files]) -> Iterator[Batch]:
    if len(to_read) <= RETURNS_PER_RUN:
        for unit, files in to_read.items():
            province = catalogue.province_in(unit, period)
            title = FOLDER if unit == REPORTS else unit
            yield Batch(province.name if province is not None else title, [unit], files)
        return
    units = list(to_read)
    size = max(RETURNS_PER_RUN, -(-len(units) // MOST_BATCHES))
    for start in range(0, len(units), size):
        some = units[start : start + size]
        files = [file for unit in some for file in to_read[unit]]
        yield Batch(f"Đơn vị {start + 1}–{start + len(some)}", some, files)
