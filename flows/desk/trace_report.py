"""A trace as lines for a screen and as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flows.desk.trace import Row, Trace, is_from_report
from flows.runs.outcome import SEVERITIES
from transforms.numbers_vi import format_number
from transforms.observation import name_place

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
STATES = {
    "reported": "tỉnh báo cáo",
    "derived": "hệ thống tính",
    "disputed": "đang nghi sai",
    "blank": "để trống",
    "none_arising": "không phát sinh",
    "not_yet_available": "chưa có số liệu",
    "sum": "cộng các tỉnh",
    "rebuilt": "tính lại từ tử số và mẫu số",
    "announced": "cụm trưởng công bố",
}
_FINDINGS = {"open": "còn mở", "explained": "giải trình được chấp nhận", "waived": "được miễn"}
_OUTCOMES = {
    "passed": "không có lỗi",
    "told_elsewhere": "có lỗi, đã nói chung ở một phát hiện khác",
    "not_applied": "không xét: thiếu số đem so, hoặc không thuộc trường hợp phải xét",
}
_CLOSING = {
    "asked": "xin ý kiến",
    "publish": "duyệt",
    "publish_noted": "duyệt kèm ghi chú phát hiện",
    "wait": "để chờ",
    "sealed": "niêm phong",
    "reopened": "mở lại",
}


def trace_lines(trace: Trace) -> Iterator[str]:
    """The figure, under a label if it is made up; then where it comes from, what was thought of it, where it went."""
    if trace.is_made_up:
        from publications.labels import SYNTHETIC_BANNER

        yield SYNTHETIC_BANNER
    yield trace.indicator.label
    yield f"{trace.province_name}, kỳ {trace.period_code}: {_headline(trace)}"
    yield ""
    if trace.is_cluster:
        yield from _cluster_lines(trace)
    else:
        yield from _source_lines(trace)
        for total in trace.of("total"):
            yield f"Vào số toàn Cụm: {_number(total)} ({STATES.get(total['state'], total['state'])})"
    yield from _rule_lines(trace)
    yield from _closing_lines(trace)
    yield from _place_lines(trace)


def _headline(trace: Trace) -> str:
    row = (trace.of("total") if trace.is_cluster else trace.of("figure"))[0]
    estimate = ", số ước" if "số ước" in row["said"] else ""
    state = STATES.get(row["state"], row["state"])
    if row["state"] == "reported" and is_from_report(trace.steps):
        state = "theo báo cáo đã công bố"
    return f"{_number(row)} ({state}{estimate})"


def _number(row: Row) -> str:
    value: Decimal | None = row["value"]
    return "không có số" if value is None else f"{format_number(value)} {row['unit'] or ''}".strip()


def _source_lines(trace: Trace) -> Iterator[str]:
    yield from _file_lines(trace)
    for row in trace.of("cell"):
        if row["cell"]:
            yield f"Ô      {row['sheet']} · {row['cell']}"
        if row["reason"]:
            yield f"       ghi chú của tỉnh: {row['reason']}"
    yield from _reading_lines(trace)


def _reading_lines(trace: Trace) -> Iterator[str]:
    for number, step in enumerate(trace.reading, start=1):
        yield f"{'Đọc' if number == 1 else '':<5}  {number}. {step}"


def _file_lines(trace: Trace) -> Iterator[str]:
    for row in trace.of("file"):
        yield f"Tệp    {row['path']}"
        yield f"       lần gửi {row['version']}, nhận {moment(row['happened_at'])}"
        yield f"       SHA-256 {row['sha256']}"
    for row in trace.of("choice"):
        by = f" ({row['decided_by']}, {moment(row['happened_at'])}: {row['reason']})" if row["decided_by"] else ""
        yield f"       vì sao dùng: {row['said']}{by}"


def _cluster_lines(trace: Trace) -> Iterator[str]:
    total = trace.of("total")[0]
    yield f"Nguồn  {STATES.get(total['state'], total['state'])}; {total['said'].partition(', ')[2]}"
    last = ""
    for row in trace.of("part"):
        if row["said"] != last:
            last = row["said"]
            yield f"Thành phần: {last}"
        place = f"{row['file_name']} · {row['sheet']} · {row['cell']}" if row["cell"] else "không có ô"
        text = f" “{row['raw_text']}”" if row["raw_text"] else ""
        state = "" if row["state"] == "reported" else f" ({STATES.get(row['state'], row['state'])})"
        shown = "…" if row["value"] is None else format_number(row["value"])
        yield f"  {row['province_name']:<12}{shown:>14}{state}  {place}{text}"
    yield from _file_lines(trace)
    for row in trace.of("cell"):
        yield f"Cụm trưởng công bố: {_number(row)} ({name_place(row['cell'])} trang “{row['sheet']}”)"
    yield from _reading_lines(trace)


def _rule_lines(trace: Trace) -> Iterator[str]:
    """What was found first, then each rule that looked at the figure and what came of it."""
    rules, findings = trace.of("rule"), trace.of("finding")
    if rules:
        counts = Counter(_OUTCOMES.get(row["state"], "có phát hiện") for row in rules)
        told = "; ".join(f"{count} {outcome}" for outcome, count in counts.items())
        yield f"Quy tắc: {len(rules)} quy tắc nhìn đến số này: {told}"
    else:
        told = "không có phát hiện nào về số này" if not findings else f"{len(findings)} phát hiện về số này:"
        yield f"Quy tắc: kho không lưu lần đánh giá này đã xét những quy tắc nào; {told}"
    for row in findings:
        yield f"  [{SEVERITIES[row['severity']]}, {_FINDINGS[row['state']]}] {row['rule_code']}: {row['said']}"
        if row["reason"]:
            by = f" ({row['decided_by']}, {moment(row['happened_at'])})" if row["decided_by"] else ""
            yield f"      vì: {' '.join(row['reason'].split())}{by}"
    for row in rules:
        if row["state"] in _OUTCOMES:
            yield f"  [{_OUTCOMES[row['state']]}] {row['rule_code']}: {row['said']}"


def _closing_lines(trace: Trace) -> Iterator[str]:
    steps = trace.of("closing")
    if not steps:
        yield "Duyệt: chưa ai duyệt kỳ này (dự thảo)"
    for row in steps:
        step, _, seal = row["said"].partition(", ")
        by = f", {row['decided_by']} (tên tự ghi)" if row["decided_by"] else ""
        why = f": {row['reason']}" if row["reason"] else ""
        yield f"Duyệt: {_CLOSING.get(step, step)}{f', {seal}' if seal else ''} {moment(row['happened_at'])}{by}{why}"


def _place_lines(trace: Trace) -> Iterator[str]:
    place = trace.place
    if place is None:
        yield "Phát hành: không lên bảng nào"
        return
    yield f"Phát hành: {place['title']}"
    yield f"  {place['folder']}/{place['workbook']} · trang {place['sheet']} · ô {place['cell']}"
    if place["written"] is None:
        yield f"  {place['csv_name']}: chưa có tệp hoặc dòng này; chạy lại: thidua run {trace.period_code}"
        return
    written = format_number(Decimal(place["written"])) if place["written"] else "trống"
    yield f"  {place['folder']}/{place['csv_name']} · dòng {place['line']} · cột {place['column']}: {written}"
    value = (trace.of("total") if trace.is_cluster else trace.of("figure"))[0]["value"]
    if value != (Decimal(place["written"]) if place["written"] else None):
        yield "  (khác bản kho: bảng này phát hành từ một lần đánh giá khác)"


def moment(value: dt.datetime | None) -> str:
    """A moment as the office reads it."""
    return "" if value is None else f"{value.astimezone(HANOI):%H:%M %d/%m/%Y}"


def trace_json(trace: Trace) -> str:
    """Everything that is known, for programs; figures with all their digits as texts."""
    return json.dumps(
        {
            "period_code": trace.period_code,
            "province_id": trace.province_id,
            "province_name": trace.province_name,
            "indicator_code": trace.indicator.indicator_code,
            "indicator_name": trace.indicator.label,
            "steps": [{name: value for name, value in row.items() if value is not None} for row in trace.steps],
            "reading": trace.reading,
            "published": trace.place,
        },
        ensure_ascii=False,
        indent=1,
        default=_plain,
    )


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)
