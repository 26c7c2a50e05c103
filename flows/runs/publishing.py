"""The published folder: the analysts' copy of the warehouse, the tables, and the note that binds them."""

from __future__ import annotations

import datetime as dt
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.model import Catalogue
from flows.closing.seal_contents import TABLES
from flows.closing.seal_folder import SealError, seal_path, verify
from flows.local_time import HANOI
from flows.messages.channel_settings import ChannelSettingsError, find_channels, match_units, read_channels
from flows.settings import Settings
from flows.whole_files import put_file
from warehouse import Warehouse, WarehouseError, query

if TYPE_CHECKING:
    from publications import Standing

NOTE = ".published.json"
PROGRESS = logging.getLogger("thidua.progress")


def is_published(settings: Settings, period_code: str, key: str, standing: Standing) -> bool:
    """Whether the tables and the published copy of a period are of the judgement named by `key`, and all there, and
    say rightly whether they are a draft."""
    folder = settings.published_period(period_code)
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name, _ in note["files"]}
        complete = (note["input_key"], note["standing"]) == (key, standing.mark) and sizes == dict(note["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(complete) and key in published_keys(settings)


def published_keys(settings: Settings) -> set[str]:
    """The judgements that the published copy holds."""
    if not settings.published_warehouse.exists():
        return set()
    try:
        _, rows = query(settings.published_warehouse, "SELECT input_key FROM dim_assessment")
    except WarehouseError:  # damaged, or of an older shape: this run writes it anew
        return set()
    return {row[0] for row in rows}


def publish_warehouse(warehouse: Warehouse, settings: Settings) -> Path:
    """Swaps the analysts' copy for the present state."""
    settings.published.mkdir(parents=True, exist_ok=True)
    warehouse.publish(settings.published_warehouse)
    return settings.published_warehouse


def publish_period(
    catalogue: Catalogue,
    settings: Settings,
    period_code: str,
    marts: dict[str, list[dict[str, Any]]],
    key: str,
    made_at: dt.datetime,
    standing: Standing,
) -> tuple[Path, ...]:
    """Writes the consolidated tables of a period, and last the note that makes them count as published.

    Final tables are those of the seal, byte for byte; where the seal is lost or damaged they are drawn again.
    """
    from publications import publish_tables, republish_tables

    folder = settings.published_period(period_code)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTE).unlink(missing_ok=True)
    sealed = _sealed_tables(settings, period_code, standing)
    if sealed is not None:
        files = republish_tables(sealed, folder)
    else:
        of_moment = standing.approved_at if standing.is_final and standing.approved_at else made_at
        files = publish_tables(catalogue, period_code, marts, folder, of_moment, standing)
    note = {
        "input_key": key,
        "standing": standing.mark,
        "files": [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in files],
    }
    put_file(folder / NOTE, json.dumps(note, ensure_ascii=False))
    return files


def _sealed_tables(settings: Settings, period_code: str, standing: Standing) -> Path | None:
    """The tables of the seal that is in force, where it is whole."""
    if not standing.is_final or standing.seal_no is None:
        return None
    folder = seal_path(settings, period_code, standing.seal_no)
    try:
        faults = [fault for fault in verify(folder) if fault.path.startswith(TABLES)]
    except (SealError, OSError) as error:
        PROGRESS.warning("Không lấy được bảng từ bản niêm phong số %d, vẽ lại: %s", standing.seal_no, error)
        return None
    if faults:
        PROGRESS.warning("Bản niêm phong số %d đã bị sửa, vẽ lại bảng: %s", standing.seal_no, faults[0].path)
    return None if faults else folder / TABLES


def publish_status(
    catalogue: Catalogue, settings: Settings, period_code: str, marts: dict[str, list[dict[str, Any]]], now: dt.datetime
) -> bool:
    """Brings the page "who is late" to the day of `now`; tells whether it said anything new.

    It stands beside the tables and not among them: the days go on where nothing else is new.
    """
    from publications import publish_status_page

    folder = settings.published_period(period_code)
    folder.mkdir(parents=True, exist_ok=True)
    contacts = find_contacts(catalogue, settings, period_code)
    return publish_status_page(catalogue, period_code, marts, folder, now.astimezone(HANOI).date(), contacts)


def find_contacts(catalogue: Catalogue, settings: Settings, period_code: str) -> dict[str, str]:
    """Whom to call, by `province_id`, as channels.toml says; a file that is wrong is told, and no more."""
    file = find_channels(settings)
    if file is None:
        return {}
    try:
        return match_units(catalogue, period_code, read_channels(file))[1]
    except ChannelSettingsError as error:
        PROGRESS.warning("Không lấy được danh bạ liên hệ: %s", error)
        return {}
