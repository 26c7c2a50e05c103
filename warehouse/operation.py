"""The record of the work itself: runs, what they changed, and how half-years were closed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from transforms.operation import ClosingEvent, RunChange, RunRecord, RunState
from warehouse.published import query
from warehouse.schema import MOMENT, TEXT, WHOLE, key, metadata, optional, required
from warehouse.session import Session, WarehouseError

fact_run = Table(
    "fact_run",
    metadata,
    key("run_key", "Khóa của lượt chạy."),
    required("run_id", TEXT, "Định danh của lượt chạy."),
    required(
        "kind",
        TEXT,
        "Việc: collect thu thập, close chốt kỳ, remind nhắc tỉnh, self_check tự kiểm tra, seal niêm phong, "
        "restore khôi phục.",
    ),
    optional("period_code", TEXT, "Mã kỳ báo cáo; trống là không thuộc kỳ nào."),
    required("trigger", TEXT, "Do đâu mà chạy: schedule theo lịch, hand bấm trên trang Prefect, command bằng lệnh."),
    required("started_at", MOMENT, "Lúc bắt đầu."),
    optional("ended_at", MOMENT, "Lúc kết thúc; trống là đang chạy hoặc đã bị ngắt giữa chừng."),
    required(
        "state",
        TEXT,
        "Kết quả: running đang chạy, completed xong, nothing_new không có gì mới, waiting chờ quyết định, "
        "failed lỗi, cut_short bị ngắt giữa chừng.",
    ),
    optional("message", TEXT, "Kết quả bằng lời; trống là chưa có."),
    required("host", TEXT, "Tên máy đã chạy."),
    required("software", TEXT, "Phiên bản phần mềm."),
    optional("flow_run_id", TEXT, "Định danh lượt chạy trên Prefect; trống là không chạy qua Prefect."),
    optional("new_files", WHOLE, "Số tệp mới nhận; trống là chưa đến bước đó."),
    optional("open_critical", WHOLE, "Số phát hiện “Phải sửa” còn mở khi kết thúc; trống là chưa đến bước đó."),
    optional("open_warning", WHOLE, "Số phát hiện “Cần xem lại” còn mở khi kết thúc; trống là chưa đến bước đó."),
    comment="Mỗi dòng là một lượt chạy của hệ thống trong kho này; Prefect quên, bảng này không quên.",
)

fact_run_change = Table(
    "fact_run_change",
    metadata,
    required("run_id", TEXT, "Định danh của lượt chạy."),
    required("position", WHOLE, "Thứ tự trong lượt chạy, đếm từ 0."),
    required(
        "kind",
        TEXT,
        "Loại: file tệp mới, state trạng thái của tỉnh đổi, figure số liệu đổi, finding_new phát hiện mới, "
        "finding_gone phát hiện đã hết.",
    ),
    optional("province_id", TEXT, "Định danh đơn vị; trống là chung cho cả Cụm."),
    required("text", TEXT, "Thay đổi bằng lời."),
    comment="Mỗi dòng là một điều mà một lượt chạy thấy khác so với lượt trước của cùng kỳ.",
)

fact_closing = Table(
    "fact_closing",
    metadata,
    key("closing_key", "Khóa của bước chốt kỳ."),
    required("closing_id", TEXT, "Định danh của lần xin ý kiến; các bước của một lần có chung định danh."),
    required("period_code", TEXT, "Mã kỳ báo cáo."),
    required(
        "step",
        TEXT,
        "Bước: asked xin ý kiến, publish duyệt, publish_noted duyệt kèm ghi chú phát hiện, wait để chờ, "
        "sealed đã niêm phong, reopened mở lại.",
    ),
    required("figures_digest", TEXT, "Dấu vân tay của số liệu lúc đó."),
    required("findings_digest", TEXT, "Dấu vân tay của các phát hiện còn mở lúc đó."),
    required("happened_at", MOMENT, "Lúc của bước này."),
    optional("decided_by", TEXT, "Người quyết định, theo tên tự ghi, chưa xác minh; trống là hệ thống."),
    optional("reason", TEXT, "Lý do; trống là không có."),
    optional("flow_run_id", TEXT, "Lượt chạy trên Prefect đang chờ quyết định này; trống là không có."),
    optional("seal_no", WHOLE, "Số thứ tự bản niêm phong trong kỳ, từ 1; trống là bước này không niêm phong."),
    optional("manifest_hash", TEXT, "SHA-256 của bảng kê trong bản niêm phong; trống là bước này không niêm phong."),
    comment="Mỗi dòng là một bước chốt số liệu của một kỳ; ghi rồi không sửa.",
)

_RUN = tuple(f.name for f in fields(RunRecord))
_CHANGE = tuple(f.name for f in fields(RunChange))
_CLOSING = tuple(f.name for f in fields(ClosingEvent))
_MAY_BE_NONE = frozenset(("ended_at", "new_files", "open_critical", "open_warning", "seal_no"))


def add_run(session: Session, run: RunRecord) -> None:
    """Record that a run has begun. Whatever still counts as running was cut short: the home has one run at a time."""
    session.execute(f"UPDATE {fact_run.name} SET state = 'cut_short' WHERE state = 'running'")
    [run_key] = session.next_keys(fact_run, 1)
    session.insert(fact_run, {"run_key": [run_key], **{n: [getattr(run, n)] for n in _RUN}})


def end_run(
    session: Session,
    run_id: str,
    ended_at: dt.datetime,
    state: RunState,
    message: str,
    new_files: int | None,
    open_critical: int | None,
    open_warning: int | None,
    changes: Sequence[RunChange],
) -> None:
    """Record how a run ended, and what it found changed."""
    session.execute(
        f"UPDATE {fact_run.name} SET ended_at = ?, state = ?, message = ?, new_files = ?, open_critical = ?, "
        "open_warning = ? WHERE run_id = ?",
        [ended_at, state, message or None, new_files, open_critical, open_warning, run_id],
    )
    session.insert(fact_run_change, {n: [getattr(c, n) for c in changes] for n in _CHANGE})


def stored_runs(session: Session, period_code: str | None, most: int) -> list[RunRecord]:
    """The latest runs, newest first; of one period, or of all."""
    where = "" if period_code is None else "WHERE period_code = ?"
    parameters = [] if period_code is None else [period_code]
    sql = f"SELECT {', '.join(_RUN)} FROM {fact_run.name} {where} ORDER BY run_key DESC LIMIT {int(most)}"
    return [RunRecord(*row) for row in _rows(session, sql, _RUN, parameters)]


def stored_changes(session: Session, run_id: str) -> list[RunChange]:
    """What one run found changed, in its order."""
    sql = f"SELECT {', '.join(_CHANGE)} FROM {fact_run_change.name} WHERE run_id = ? ORDER BY position"
    return [RunChange(*row) for row in _rows(session, sql, _CHANGE, [run_id])]


def add_closing(session: Session, event: ClosingEvent) -> None:
    """Record one step of a closing inside the caller's transaction."""
    [closing_key] = session.next_keys(fact_closing, 1)
    session.insert(fact_closing, {"closing_key": [closing_key], **{n: [getattr(event, n)] for n in _CLOSING}})


def stored_closings(session: Session, period_code: str) -> list[ClosingEvent]:
    """Every step in the closing of a period, in the order of recording."""
    sql = f"SELECT {', '.join(_CLOSING)} FROM {fact_closing.name} WHERE period_code = ? ORDER BY closing_key"
    return [ClosingEvent(*row) for row in _rows(session, sql, _CLOSING, [period_code])]


def _rows(session: Session, sql: str, names: Sequence[str], parameters: Sequence[Any]) -> list[list[Any]]:
    columns = session.columns(sql, parameters)
    return [_filled(names, row) for row in zip(*columns.values(), strict=True)]


def file_runs(path: Path, period_code: str | None, most: int) -> list[RunRecord]:
    """The latest runs by a warehouse file or a published copy that nobody is writing; raises WarehouseError."""
    if period_code is not None and not re.fullmatch(r"\d{4}H[12]", period_code):
        raise WarehouseError(f"{period_code!r} is no period")
    where = "" if period_code is None else f"WHERE period_code = '{period_code}'"
    _, rows = query(path, f"SELECT {', '.join(_RUN)} FROM fact_run {where} ORDER BY run_key DESC LIMIT {int(most)}")
    return [RunRecord(*_filled(_RUN, row)) for row in rows]


def file_run_changes(path: Path, run_id: str) -> list[RunChange]:
    """What a run found changed, by such a file; the first digits of its number are enough."""
    if not re.fullmatch(r"[0-9a-f-]{4,36}", run_id):
        raise WarehouseError(f"{run_id!r} is no number of a run")
    sql = f"SELECT {', '.join(_CHANGE)} FROM fact_run_change WHERE run_id LIKE '{run_id}%' ORDER BY run_id, position"
    return [RunChange(*_filled(_CHANGE, row)) for row in query(path, sql)[1]]


def _filled(names: Sequence[str], row: Sequence[Any]) -> list[Any]:
    return ["" if v is None and name not in _MAY_BE_NONE else v for name, v in zip(names, row, strict=True)]
