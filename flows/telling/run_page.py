"""The run page of a half-year and the list of such pages, written from what the warehouse holds."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.model import CalendarEntry, Catalogue
from flows.closing.seal_folder import seal_path
from flows.closing.standings import find_standing
from flows.local_time import HANOI
from flows.runs.publishing import find_contacts
from flows.runs.season_report import STEPS, coming_work, next_entry
from flows.service.deployment_file import appointments
from flows.settings import Settings
from flows.whole_files import put_file
from transforms.operation import RunChange, RunRecord, follow_closing
from transforms.season import milestones
from warehouse import Warehouse

if TYPE_CHECKING:
    from publications.office.operations_page import Place
    from publications.office.situation import Situation, Step

PROGRESS = logging.getLogger("thidua.progress")
Marts = dict[str, list[dict[str, Any]]]
KEPT_RUNS = 50
SOON = dt.timedelta(days=7)


def look_around(
    settings: Settings, catalogue: Catalogue, warehouse: Warehouse, period_code: str, now: dt.datetime, marts: Marts
) -> Situation:
    """The situation of a period at `now`; `marts` are its rows as they are now."""
    from publications.office.situation import find_situation

    runs = warehouse.runs(period_code, KEPT_RUNS)
    changed_by, changes = find_last_changes(warehouse, runs)
    events = warehouse.closings(period_code)
    return find_situation(
        catalogue,
        period_code,
        marts,
        now,
        find_contacts(catalogue, settings, period_code),
        find_standing(settings, period_code, events, marts),
        follow_closing(events),
        find_steps(catalogue, catalogue.calendar[period_code], now),
        runs,
        changes,
        changed_by,
        find_kept_answers(settings, period_code),
    )


def find_last_changes(warehouse: Warehouse, runs: Sequence[RunRecord]) -> tuple[RunRecord | None, Sequence[RunChange]]:
    """The newest of these runs that found anything changed, and what it found."""
    for run in runs:
        if run.kind == "collect" and run.state == "completed":
            changes = warehouse.run_changes(run.run_id)
            if changes:
                return run, changes
    return None, ()


def find_steps(catalogue: Catalogue, entry: CalendarEntry, now: dt.datetime) -> list[Step]:
    """The dates of a half-year, when the next one opens, and what runs by itself next."""
    from publications.office.situation import Step

    local = now.astimezone(HANOI)
    steps = [Step(m.on, f"{STEPS[m.step]} kỳ {m.period_code}", m.period_code) for m in milestones([entry], dt.date.min)]
    after = next_entry(catalogue, local.date())
    if after is not None and after.period_code != entry.period_code:
        steps.append(Step(after.opens_on, f"{STEPS['opens']} kỳ {after.period_code}", after.period_code))
    try:
        work = appointments()
    except (OSError, ValueError, KeyError) as error:
        PROGRESS.warning("Không đọc được lịch chạy: %s", error)
        work = ()
    steps += [
        Step(at, f"{title} kỳ {code}", code)
        for at, title, code in coming_work(catalogue, local, work)
        if code == entry.period_code or at - local < SOON
    ]
    return sorted(steps, key=lambda step: _moment(step.at))


def _moment(at: dt.date) -> dt.datetime:
    if isinstance(at, dt.datetime):
        return at.astimezone(HANOI)
    return dt.datetime.combine(at, dt.time.min, HANOI)


def find_kept_answers(settings: Settings, period_code: str) -> list[str]:
    """The units whose folders did not take our answers of a period, so that these lie in the home."""
    if not settings.feedback.is_dir():
        return []
    return sorted(p.name for p in settings.feedback.iterdir() if (p / period_code).is_dir())


def write_run_page(settings: Settings, situation: Situation) -> Path:
    """Puts the run page of a period in place, and the list of all run pages; returns the page."""
    from publications.labels import HOME_BANNER
    from publications.office.operations_page import OPERATIONS_PAGE, render_operations_page
    from publications.office.periods_page import render_periods_page
    from publications.page.render import PAGE

    folder = settings.published_period(situation.period_code)
    page = folder / OPERATIONS_PAGE
    put_file(page, render_operations_page(situation, list(find_places(settings, situation, folder))))
    calendar: Mapping[str, CalendarEntry] = situation.catalogue.calendar
    known = [entry for code, entry in calendar.items() if (settings.published / code / OPERATIONS_PAGE).is_file()]
    shown = {entry.period_code for entry in known if (settings.published / entry.period_code / PAGE).is_file()}
    banner = HOME_BANNER if settings.takes_synthetic else ""
    put_file(settings.published / OPERATIONS_PAGE, render_periods_page(situation, known, shown, banner))
    return page


def find_places(settings: Settings, situation: Situation, folder: Path) -> Iterator[Place]:
    """Where tables, copies and answers of a period lie; links are relative to the page in `folder`."""
    from publications.files.publish import WORKBOOK
    from publications.office.operations_page import Place
    from publications.office.status_page import STATUS_PAGE
    from publications.page.render import PAGE
    from publications.report.files import WORD

    for name, file in (
        ("Trang số liệu để họp", PAGE),
        ("Bảng tổng hợp", WORKBOOK),
        ("Dự thảo báo cáo (Word)", WORD),
        ("Bảng dạng CSV", "csv/"),
        ("Tình hình từng tỉnh", STATUS_PAGE),
    ):
        yield Place(name, file, file if (folder / file).exists() else "")
    seal_no = situation.standing.seal_no
    if seal_no is not None:
        yield Place("Bản niêm phong", str(seal_path(settings, situation.period_code, seal_no)))
    if settings.published_warehouse.exists():
        yield Place("Bản kho để tra cứu", str(settings.published_warehouse))
    yield Place("Phản hồi cho tỉnh", f"thư mục “{settings.feedback_folder}/{situation.period_code}” của từng tỉnh")
    if situation.answers_kept:
        yield Place("Phản hồi chưa giao được", str(settings.feedback), "../../feedback/")


def refresh_run_page(
    settings: Settings, catalogue: Catalogue, warehouse: Warehouse, period_code: str, now: dt.datetime
) -> None:
    """Brings the run page to what the warehouse holds now, as after a decision; a failure is told, and no more."""
    try:
        marts = warehouse.marts(period_code)
        write_run_page(settings, look_around(settings, catalogue, warehouse, period_code, now, marts))
    except Exception:
        PROGRESS.warning("Không ghi được trang vận hành kỳ %s", period_code, exc_info=True)
