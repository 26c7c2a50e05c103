"""Bringing the lake to each publication. It never fails a run: what could not be brought is brought by the next."""

from __future__ import annotations

import datetime as dt
import json
import logging
import secrets
import socket
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.lake.settings import LakeSettingsError, find_lake, open_place, read_lake
from flows.settings import Settings
from flows.whole_files import put_file
from warehouse.lake.place import LakeError, LakePlace

if TYPE_CHECKING:
    from warehouse.lake.look import LakeState

RECORD = "lake.json"
PROGRESS = logging.getLogger("thidua.progress")


@dataclass(frozen=True, slots=True)
class LakeRecord:
    """What a home remembers of its lake: its own name there, the copy that was brought last and by what contents it is
    known, and since when bringing fails and why. By its path a copy of the home is told from the home."""

    home_id: str
    home_path: str = ""
    catalogue: str = ""
    copy_mark: str = ""
    contents: str = ""
    pushed_at: str = ""
    failing_since: str = ""
    trouble: str = ""


def read_record(settings: Settings) -> LakeRecord:
    """The home's record; a new one, with a new name, where there is none or it cannot be read."""
    try:
        return LakeRecord(**json.loads((settings.home / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return LakeRecord(secrets.token_hex(8))


def share(settings: Settings, at: dt.datetime) -> LakeRecord | None:
    """Brings the lake to the published copy where one is set up; trouble is told and recorded."""
    file = find_lake(settings)
    if file is None or not settings.published_warehouse.is_file():
        return None
    record = read_record(settings)
    try:
        return bring(settings, open_place(read_lake(file)), record, at)
    except (LakeError, LakeSettingsError) as error:
        PROGRESS.warning("Chưa ghi được vào hồ dữ liệu, lượt sau ghi tiếp: %s", error)
        failed = replace(record, failing_since=record.failing_since or at.isoformat(), trouble=str(error))
        _keep(settings, failed)
        return failed


def bring(
    settings: Settings, place: LakePlace, record: LakeRecord, at: dt.datetime, *, take_over: bool = False
) -> LakeRecord:
    """Brings the lake to the published copy and records it; one that takes over gets a new name. Raises LakeError."""
    from warehouse.lake.look import look
    from warehouse.lake.push import push

    here = str(settings.home)
    if take_over:
        record = LakeRecord(secrets.token_hex(8))
    elif record.home_path not in ("", here):
        raise LakeError(
            f"nhà dữ liệu này chép từ {record.home_path}; nếu là bản chép để thử thì bỏ lake.toml, "
            "nếu nhà đã dời về đây thì: thidua lake --take-over"
        )
    record = replace(record, home_path=here)

    copy_mark = mark_of(settings.published_warehouse)
    if not take_over and (record.catalogue, record.copy_mark) == (place.catalogue, copy_mark):
        try:
            if is_brought(record, look(place)):
                return _keep(settings, replace(record, failing_since="", trouble=""))
        except LakeError:
            pass  # there is none any more, or it cannot be reached: bringing it tells
    PROGRESS.info("Đang ghi vào hồ dữ liệu %s", place.catalogue)
    _keep(settings, record)  # before the lake knows the name: a kill must not make another
    made = push(
        place, settings.published_warehouse, record.home_id, f"{socket.gethostname()}:{here}", at,
        take_over=take_over,
    )  # fmt: skip
    PROGRESS.info("Hồ dữ liệu đã khớp bản phát hành: %d dòng, vừa ghi %d", made.rows, made.written)
    if made.left:
        PROGRESS.warning("Chưa dọn được hồ dữ liệu, lần sau dọn tiếp: %s", made.left)
    return _keep(
        settings,
        LakeRecord(record.home_id, here, place.catalogue, copy_mark, made.contents, at.isoformat(timespec="seconds")),
    )


def is_brought(record: LakeRecord, state: LakeState) -> bool:
    """Whether the lake is as this home left it."""
    return (state.home_id, state.contents) == (record.home_id, record.contents)


def mark_of(copy: Path) -> str:
    """Tells one published copy from another without reading it."""
    stat = copy.stat()
    return f"{stat.st_ino}-{stat.st_size}-{stat.st_mtime_ns}"


def _keep(settings: Settings, record: LakeRecord) -> LakeRecord:
    put_file(settings.home / RECORD, json.dumps(asdict(record), ensure_ascii=False, indent=1))
    return record
