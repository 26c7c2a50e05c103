"""What is wrong as the home shows it: work that was not done, folders, the published copy, the disk, the backup."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from typing import Any

from catalogue import CatalogueError, load_catalogue
from catalogue.model import Catalogue
from flows.alarms.troubles import Look, Trouble, TroubleCode, saw
from flows.backups.record import last_backup
from flows.home_lock import undisturbed
from flows.lake.settings import find_lake
from flows.lake.sharing import read_record
from flows.local_time import HANOI, say_moment
from flows.settings import Settings
from transforms.numbers_vi import format_date
from transforms.operation import ClosingEvent, follow_closing
from transforms.season import Season, find_season
from warehouse import WarehouseError, query

NOTE = ".published.json"
COLLECTED_AT = dt.time(7, tzinfo=HANOI)  # the daily run of a season
COLLECTED_WITHIN = dt.timedelta(hours=2)
LEAST_FREE_BYTES = 1 << 30
BACKUP_OLD = dt.timedelta(days=7)
DECISION_WAITS = dt.timedelta(days=1)
STORED: tuple[TroubleCode, ...] = ("not_collected", "share_down", "province_late", "decision_pending")
_PERIOD = re.compile(r"\d{4}H[12]")


def look_at_home(settings: Settings, now: dt.datetime) -> Look:
    """What the home itself shows; opens nothing that a run is using, and works where nothing was ever collected."""
    if not settings.home.is_dir():
        message = f"Không thấy nhà dữ liệu {settings.home}."
        return saw(("home_missing",), [Trouble("home_missing", "home", message)])
    look = saw(("home_missing",)) + _look_at_disk(settings) + _look_at_backup(settings, now)
    look += _look_at_lake(settings)
    with undisturbed(settings) as is_free:
        store = settings.warehouse if is_free and settings.warehouse.is_file() else settings.published_warehouse
        if is_free:
            look += _look_at_published(settings)
        try:
            catalogue = load_catalogue(settings.catalogue)
        except (CatalogueError, OSError) as error:
            return look + saw(("catalogue_broken",), [Trouble("catalogue_broken", "catalogue", f"Danh mục: {error}")])
        look += saw(("catalogue_broken",))
        try:
            return look + _look_at_store(catalogue, store, now)
        except WarehouseError as error:
            reason = str(error).splitlines()[0]
            message = f"Không đọc được kho {store.name} (bản cũ hoặc hỏng): {reason}"
            return look + saw((), [Trouble("published_broken", "store", message)])


def _look_at_store(catalogue: Catalogue, store: Path, now: dt.datetime) -> Look:
    season = find_season(catalogue, now.astimezone(HANOI).date())
    found = _find_pending(catalogue, store, now)
    if season is not None:
        found += _find_uncollected(store, season, now)
        found += _find_shares_down(store, season)
        found += _find_late(store, season)
    return saw(STORED, found)


def _find_uncollected(store: Path, season: Season, now: dt.datetime) -> list[Trouble]:
    expected = dt.datetime.combine((now - COLLECTED_WITHIN).astimezone(HANOI).date(), COLLECTED_AT)
    if expected + COLLECTED_WITHIN > now:
        expected -= dt.timedelta(days=1)
    if expected.date() < season.entry.opens_on:
        return []
    # A run begun a little before the hour has done the hour's work.
    sql = f"""SELECT max(started_at) FROM runs
        WHERE kind = 'collect' AND state IN ('completed', 'nothing_new') AND period_code = '{season.period_code}'"""
    last = (_rows(store, sql) or [(None,)])[0][0]
    if last is not None and last >= expected - COLLECTED_WITHIN:
        return []
    when = "chưa lần nào" if last is None else f"lần cuối lúc {say_moment(last)}"
    message = f"Kỳ {season.period_code} đang thu mà lượt thu thập lúc {say_moment(expected)} không chạy xong ({when})."
    return [Trouble("not_collected", season.period_code, message)]


def _find_shares_down(store: Path, season: Season) -> list[Trouble]:
    sql = f"""SELECT province_id, message FROM findings
        WHERE period_code = '{season.period_code}' AND rule_code = 'share_unreachable' AND status = 'open'"""
    return [
        Trouble("share_down", f"{season.period_code}/{unit or ''}", " ".join(str(message).split()))
        for unit, message in _rows(store, sql)
    ]


def _find_late(store: Path, season: Season) -> list[Trouble]:
    if season.day <= season.entry.due_on:
        return []
    sql = f"""SELECT province_id, province_name FROM completeness
        WHERE period_code = '{season.period_code}' AND NOT is_submitted ORDER BY province_code"""
    due = format_date(season.entry.due_on)
    return [
        Trouble(
            "province_late",
            f"{season.period_code}/{unit}",
            f"{name} chưa có báo cáo dùng được của kỳ {season.period_code}; hạn {due} đã qua.",
        )
        for unit, name in _rows(store, sql)
    ]


def _find_pending(catalogue: Catalogue, store: Path, now: dt.datetime) -> list[Trouble]:
    names = (
        "closing_id, period_code, step, figures_digest, findings_digest, happened_at, decided_by, reason, "
        "'' AS flow_run_id, seal_no, manifest_hash"
    )
    events: dict[str, list[ClosingEvent]] = {}
    for row in _rows(store, f"SELECT {names} FROM closings ORDER BY period_code, position"):
        events.setdefault(row[1], []).append(ClosingEvent(*row))
    found = []
    for period_code, steps in events.items():
        closing = follow_closing(steps)
        entry = catalogue.calendar.get(period_code)
        if closing.asked is None or not closing.is_pending or entry is None:
            continue
        is_near = (entry.meets_on - now.astimezone(HANOI).date()).days <= 1
        if is_near or now - closing.asked.happened_at > DECISION_WAITS:
            message = (
                f"Việc công bố kỳ {period_code} chờ quyết định từ {say_moment(closing.asked.happened_at)}; "
                f"Cụm họp ngày {format_date(entry.meets_on)}."
            )
            found.append(Trouble("decision_pending", period_code, message))
    return found


def _look_at_published(settings: Settings) -> Look:
    found = []
    if settings.warehouse.is_file() and settings.published.is_dir() and not settings.published_warehouse.is_file():
        message = "Thư mục phát hành thiếu bản kho (published/warehouse.duckdb)."
        found.append(Trouble("published_broken", "warehouse", message))
    folders = settings.published.iterdir() if settings.published.is_dir() else ()
    for folder in sorted(f for f in folders if _PERIOD.fullmatch(f.name)):
        if not _is_whole(folder):
            message = f"Bảng đã phát hành của kỳ {folder.name} không đủ hoặc đã bị sửa."
            found.append(Trouble("published_broken", folder.name, message))
    return saw(("published_broken",), found)


def _is_whole(folder: Path) -> bool:
    try:
        note: dict[str, Any] = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in note["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _look_at_disk(settings: Settings) -> Look:
    free = shutil.disk_usage(settings.home).free
    kept = sum(f.stat().st_size for f in (settings.warehouse, settings.published_warehouse) if f.is_file())
    if free >= max(LEAST_FREE_BYTES, 3 * kept):
        return saw(("disk_low",))
    message = f"Ổ đĩa của nhà dữ liệu chỉ còn trống {free / (1 << 20):.0f} MB."
    return saw(("disk_low",), [Trouble("disk_low", "home", message)])


def _look_at_backup(settings: Settings, now: dt.datetime) -> Look:
    if not settings.warehouse.is_file():
        return saw(("backup_old",))
    last = last_backup(settings)
    changed = dt.datetime.fromtimestamp(settings.warehouse.stat().st_mtime, dt.UTC)
    if last is not None and (last.at >= changed or now - last.at <= BACKUP_OLD):
        return saw(("backup_old",))
    when = "chưa được sao lưu lần nào" if last is None else f"sao lưu lần cuối lúc {say_moment(last.at)}"
    return saw(("backup_old",), [Trouble("backup_old", "home", f"Nhà dữ liệu {when}, mà đã có số liệu mới.")])


def _look_at_lake(settings: Settings) -> Look:
    record = read_record(settings) if find_lake(settings) is not None else None
    if record is None or not record.failing_since:
        return saw(("lake_behind",))
    since = say_moment(dt.datetime.fromisoformat(record.failing_since))
    message = f"Hồ dữ liệu chung chưa nhận được bản phát hành từ {since}: {record.trouble}"
    return saw(("lake_behind",), [Trouble("lake_behind", "lake", message)])


def _rows(store: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query, none where nothing was ever stored. Raises WarehouseError."""
    return query(store, sql)[1] if store.is_file() else []
