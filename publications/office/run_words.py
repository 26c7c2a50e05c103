"""Runs in the office's words: what, who started it, how it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from publications.wording import format_time, local_time, one_line
from transforms.numbers_vi import format_date, format_number
from transforms.operation import RunKind, RunRecord, RunState, Trigger

KINDS: dict[RunKind, str] = {
    "collect": "Thu thập",
    "close": "Chốt số liệu",
    "remind": "Nhắc tỉnh",
    "self_check": "Tự kiểm tra",
    "seal": "Niêm phong",
    "restore": "Khôi phục",
}
STATES: dict[RunState, str] = {
    "running": "Đang chạy",
    "completed": "Xong",
    "nothing_new": "Không có gì mới",
    "waiting": "Chờ quyết định",
    "failed": "Lỗi",
    "cut_short": "Bị ngắt giữa chừng",
}
TRIGGERS: dict[Trigger, str] = {"schedule": "Theo lịch", "hand": "Bấm trên trang", "command": "Bằng lệnh"}


TENTH = dt.timedelta(milliseconds=100)


def describe_run(run: RunRecord) -> dict[str, str]:
    """A run as the row of a table."""
    local = local_time(run.started_at)
    return {
        "Số": run.run_id[:8],
        "Lúc": f"{local:%H:%M} {format_date(local.date())}",
        "Kỳ": run.period_code,
        "Việc": KINDS[run.kind],
        "Do": TRIGGERS[run.trigger],
        "Kết quả": STATES[run.state],
        "Giây": say_seconds(run),
        "Nói gì": one_line(run.message),
    }


def say_seconds(run: RunRecord) -> str:
    """How long a run took; nothing where it did not end."""
    if run.ended_at is None:
        return ""
    return format_number(Decimal((run.ended_at - run.started_at) // TENTH) / 10, 1)


def say_changed_by(run: RunRecord | None, runs: Sequence[RunRecord]) -> str:
    """Which run found the changes that are told, and that later ones found none."""
    if run is None:
        return ""
    collected = [r for r in runs if r.kind == "collect"]
    told = f"Do lượt lúc {format_time(run.started_at)} ghi nhận"
    later = [r for r in collected if r.started_at > run.started_at and r.state == "nothing_new"]
    if not later:
        return f"{told}."
    return (
        f"{told}; {len(later)} lượt sau đó không có gì mới." if len(later) > 1 else f"{told}; lượt sau không có gì mới."
    )
