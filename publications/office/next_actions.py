"""What the operator has to do now, in the order of doing it, each with whom to call or the exact command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from publications.office.situation import Call, Situation
from publications.tables.progress import Progress
from publications.wording import format_time, join_names, legal_text, one_line
from transforms.numbers_vi import format_date

Tone = Literal["red", "amber", "blue"]
CALLED_BY_NAME = 6
DAYS_OF_CALLING = 3  # before the due date; until then letters remind
BY = '--by "HỌ VÀ TÊN" --reason "LÝ DO"'
_RED = ("missing", "refused", "empty", "critical")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: what, and the command that does it, where there is one; `other` does the opposite."""

    text: str
    command: str = ""
    tone: Tone = "red"
    other: str = ""


def find_actions(situation: Situation) -> tuple[Action, ...]:
    """Everything that waits for a person, most urgent first; () where nothing does."""
    found = (
        *_about_runs(situation),
        *_about_closing(situation),
        *_about_folders(situation),
        *(() if situation.standing.is_final else _about_calls(situation)),
        *_about_explanations(situation),
        *_about_answers(situation),
    )
    return tuple(sorted(found, key=lambda action: action.tone == "amber"))


def say_quiet(situation: Situation) -> str:
    """What is said where nothing has to be done: that so it is, and what goes on by itself."""
    if situation.standing.is_final:
        return "Không có việc gì phải làm: số liệu đã được duyệt và niêm phong."
    if not situation.provinces:
        return "Kỳ này chưa được thu thập lần nào."
    waited = [p for p in situation.provinces if p.state == "missing"]
    if waited:
        days = (situation.entry.due_on - situation.day).days
        return f"Chưa có việc gì phải làm: còn chờ {len(waited)} tỉnh, hạn gửi còn {days} ngày; hệ thống tự nhắc."
    return "Không có việc gì phải làm: mọi tỉnh đã gửi và không còn vướng mắc."


def _about_runs(situation: Situation) -> Iterator[Action]:
    run = situation.collected
    command = f"thidua run {situation.period_code}"
    if run is not None and run.state == "failed":
        told = one_line(run.message)
        yield Action(f"Lượt thu thập lúc {format_time(run.started_at)} không xong: {told} Chạy lại.", command)
    elif run is not None and run.state == "cut_short":
        yield Action(f"Lượt thu thập lúc {format_time(run.started_at)} bị ngắt giữa chừng. Chạy lại.", command)
    elif not situation.provinces:
        yield Action("Kỳ này chưa được thu thập lần nào. Chạy lần đầu.", command)


def _about_closing(situation: Situation) -> Iterator[Action]:
    command = f"thidua close {situation.period_code}"
    meeting = f"họp Cụm ngày {format_date(situation.entry.meets_on)}"
    if situation.closing.is_to_seal:
        yield Action("Số liệu đã duyệt nhưng chưa niêm phong xong. Chạy lại.", command)
    elif situation.closing.is_pending:
        yield _decide(situation, meeting)
    elif situation.standing.is_draft and situation.standing.seal_no is not None:
        text = (
            f"Số liệu đã đổi so với bản đã chốt số {situation.standing.seal_no}. Xem phần “Khác với bản đã chốt” của "
            f"trang vận hành (hoặc thidua diff-seal {situation.period_code}), rồi chốt lại nếu đúng."
        )
        yield Action(text, command, "amber")
    elif situation.standing.is_draft and situation.is_closing_time and situation.provinces:
        yield Action(f"Đã đến ngày chốt số liệu ({meeting}). Xin ý kiến duyệt.", command)


def _decide(situation: Situation, meeting: str) -> Action:
    critical, warning = situation.count("critical"), situation.count("warning")
    missing = sum(not p.is_submitted for p in situation.provinces)
    parts = [f"{missing} tỉnh chưa gửi" if missing else "", f"{critical} chỗ phải sửa" if critical else ""]
    told = " và ".join(filter(None, parts))
    left = f"; lúc này còn {told}" if told else ""
    asked = situation.closing.asked
    form = f", ở lượt “Chốt kỳ · {situation.period_code}” trên trang Prefect (nút Resume)"
    where = f"{form} hoặc bằng lệnh duyệt, lệnh để chờ" if asked is not None and asked.flow_run_id else ""
    noted = " --with-findings" if critical or warning else ""
    return Action(
        f"Duyệt số liệu hay để chờ ({meeting}{left}){where}:",
        f"thidua approve {situation.period_code}{noted} {BY}",
        other=f"thidua hold {situation.period_code} {BY}",
    )


def _about_folders(situation: Situation) -> Iterator[Action]:
    """What the office itself has to put right: shares that are down, folders of nobody."""
    down = [p.name for p in situation.provinces if any(f["rule_code"] == "share_unreachable" for f in p.findings)]
    if down:
        command = f"thidua shares {situation.period_code}"
        yield Action(f"Không vào được thư mục chia sẻ của {join_names(down)}. Xem lý do.", command)
    strays = [one_line(row["observed"]) for row in situation.findings if row["rule_code"] == "folder_unmatched"]
    if strays:
        text = f"Thư mục không khớp tỉnh nào: {join_names(strays, rest='thư mục nữa')}. Đổi tên cho đúng tên tỉnh."
        yield Action(text, tone="amber")


def _about_calls(situation: Situation) -> Iterator[Action]:
    red = [c for c in situation.calls if c.province.state in _RED and _is_due(situation, c.province)]
    if len(red) <= CALLED_BY_NAME:
        yield from (Action(_say_call(call)) for call in red)
    else:
        yield Action(f"Gọi {len(red)} tỉnh: {join_names([c.province.name for c in red])} (lý do ở phần “Gọi ai”).")
    amber = [c.province for c in situation.calls if c.province.state == "warning" and _unexplained(c.province)]
    if amber:
        names = join_names([p.name for p in amber])
        text = f"Nhắc {names} xem lại hoặc giải trình: danh sách đã nằm trong thư mục của từng tỉnh."
        yield Action(text, tone="amber")


def _is_due(situation: Situation, province: Progress) -> bool:
    """Whether a call is in place: a return is not called for before the last days, nor what waits for the office."""
    if province.state == "missing":
        return (situation.entry.due_on - situation.day).days <= DAYS_OF_CALLING
    return province.state != "critical" or _unexplained(province)


def _unexplained(province: Progress) -> bool:
    return province.waiting_count < province.critical_count + province.warning_count


def _say_call(call: Call) -> str:
    whom = f"{call.province.name} ({call.contact})" if call.contact else call.province.name
    first = next((f for f in call.province.findings if f["severity"] == "critical"), None)
    detail = ""
    if call.province.state == "critical" and first is not None:
        detail = f" {one_line(legal_text(first['message']))}"
    return f"Gọi {whom}: {call.reason}{detail}"


def _about_explanations(situation: Situation) -> Iterator[Action]:
    waiting = [p for p in situation.provinces if p.waiting_count]
    if waiting:
        names = join_names([f"{p.name} ({p.waiting_count})" for p in waiting])
        count = sum(p.waiting_count for p in waiting)
        text = f"Quyết định về {count} giải trình: {names}."
        yield Action(text, f"thidua explain {situation.period_code} --waiting", "blue")


def _about_answers(situation: Situation) -> Iterator[Action]:
    several: Sequence[str] = situation.answers_kept
    if several:
        text = f"Có phản hồi chưa đặt được vào thư mục của tỉnh: {join_names(several, '; ', 'đơn vị nữa')}"
        yield Action(text, tone="amber")
