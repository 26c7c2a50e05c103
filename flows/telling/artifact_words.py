"""What the artifacts of a run say on the Prefect page: the run page in parts, each as Markdown or a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flows.runs.outcome import Outcome, change_lines, say_outcome
from flows.settings import Settings
from flows.telling.run_page import find_places
from publications.office.next_actions import Action, find_actions, say_quiet
from publications.office.operations_page import (
    OPERATIONS_PAGE,
    SIGNS,
    describe_step,
    say_finding_notes,
    say_standing,
    told_findings,
)
from publications.office.run_words import say_changed_by
from publications.office.situation import Situation
from publications.office.status_page import place_of, say_distance, say_punctuality, say_waiting
from publications.tables.progress import Progress, State, is_waiting
from publications.tables.shape import SEVERITIES, WHOLE_CLUSTER
from publications.wording import one_line
from transforms.numbers_vi import format_date

MOST = 30
TOLD_FIRST = 5
_MARKS: dict[State, str] = {
    "missing": "⚪",
    "refused": "🔴",
    "empty": "🟡",
    "critical": "🔴",
    "warning": "🟡",
    "clean": "🟢",
}
_TONES = {"red": "🔴", "amber": "🟡", "blue": "🔵"}
_SEVERITIES = {"critical": "🔴", "warning": "🟡"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")


@dataclass(frozen=True)
class Told:
    """One artifact: what its key begins with, its title, and either its text or its rows."""

    name: str
    title: str
    markdown: str = ""
    rows: tuple[dict[str, Any], ...] = ()


def tell_all(settings: Settings, situation: Situation, outcome: Outcome) -> tuple[Told, ...]:
    """Every artifact of a run, the overview last, so that it is the newest on the page; each is labelled by itself."""
    return tuple(_label(told, situation.banner) for told in _tell_each(settings, situation, outcome))


def _label(told: Told, banner: str) -> Told:
    """The artifact with what must stand above it where any figure is made up; a table has it in its title."""
    if not banner:
        return told
    text = f"**{escape(banner)}**\n\n{told.markdown}" if told.markdown else ""
    return replace(told, title=f"{banner} · {told.title}", markdown=text)


def _tell_each(settings: Settings, situation: Situation, outcome: Outcome) -> tuple[Told, ...]:
    sent = f"{sum(p.is_submitted for p in situation.provinces)}/{len(situation.provinces)} tỉnh"
    found = f"{situation.count('critical')} phải sửa, {situation.count('warning')} cần xem lại"
    new = f"{len(situation.changes)} mục" if _is_of_this_run(situation) else "lượt này không có gì mới"
    actions = f"{len(find_actions(situation))} việc cần làm"
    return (
        Told("bang-o-dau", "Bảng và tệp nằm ở đâu", tell_places(settings, situation)),
        Told("buoc-tiep", "Sắp tới", tell_steps(situation)),
        Told("goi-ai", f"Gọi ai, về việc gì: {len(situation.calls)} tỉnh", tell_calls(situation)),
        Told("phat-hien", f"Phát hiện theo ảnh hưởng: {found}", tell_findings(situation)),
        Told("thay-doi", f"Thay đổi gần nhất: {new}", tell_changes(situation, outcome)),
        Told("ai-da-gui", f"Ai đã gửi gì: {sent}", rows=tuple(map(tell_province, situation.provinces))),
        Told("tong-quan", f"Tổng quan: {actions}", tell_overview(settings, situation, outcome)),
    )


def tell_overview(settings: Settings, situation: Situation, outcome: Outcome) -> str:
    """Ten seconds: where the half-year stands, and what has to be done now."""
    entry, day = situation.entry, situation.day
    word, note = say_standing(situation)
    sent = sum(p.is_submitted for p in situation.provinces)
    due = f"{format_date(entry.due_on)}{' (dự kiến)' if entry.is_assumed else ''}, {say_distance(entry.due_on, day)}"
    actions = find_actions(situation)
    page = settings.published_period(situation.period_code) / OPERATIONS_PAGE
    return "\n".join(
        [
            f"# {situation.period_code} · {entry.name}",
            "",
            *_table(
                ("Đã gửi", "Hạn gửi", "Họp Cụm", "Số liệu"),
                [
                    (
                        f"**{sent}/{len(situation.provinces)}** tỉnh",
                        due,
                        format_date(entry.meets_on),
                        f"**{word}**: {note}",
                    )
                ],
            ),
            "",
            "## Việc cần làm ngay",
            "",
            *([f"{n}. {_say_action(a)}" for n, a in enumerate(actions, 1)] or [f"🟢 {say_quiet(situation)}"]),
            "",
            "## Lượt này",
            "",
            escape(say_outcome(outcome)),
            "",
            *[f"- {escape(c.text)}" for c in situation.changes[:TOLD_FIRST] if _is_of_this_run(situation)],
            "",
            f"Trang đầy đủ, in được: `{page}`",
        ]
    )


def _say_action(action: Action) -> str:
    command = f" `{action.command}`" if action.command else ""
    command += f" hoặc `{action.other}`" if action.other else ""
    return f"{_TONES[action.tone]} **{SIGNS[action.tone]}:** {escape(action.text)}{command}"


def tell_province(progress: Progress) -> dict[str, str]:
    """A row of "who has sent what"."""
    is_late = progress.state == "missing" and bool(progress.late_days)
    state = "; ".join(filter(None, (progress.words, say_waiting(progress))))
    return {
        "Tỉnh": progress.name,
        "Tình trạng": f"{'🔴' if is_late else _MARKS[progress.state]} {state}",
        "Lần gửi": str(progress.version or ""),
        "Tệp": progress.file_name,
        "Đúng hạn": say_punctuality(progress),
        "Số liệu có/cần": f"{progress.cells_received}/{progress.cells_expected}",
    }


def tell_changes(situation: Situation, outcome: Outcome) -> str:
    """What the last run that found anything found different, and the figures that new versions changed."""
    if not situation.changes:
        return "Chưa có lượt chạy nào ghi nhận thay đổi."
    lines = [] if _is_of_this_run(situation) else ["**Lượt này không có gì mới.**", ""]
    lines += [f"_{escape(say_changed_by(situation.changed_by, situation.runs))}_", ""]
    lines += [f"- {escape(change.text)}" for change in situation.changes]
    figures = change_lines(outcome)
    if figures:
        lines += ["", "## Số liệu đã đổi giữa các lần gửi", "", *[f"- {escape(line)}" for line in figures[:MOST]]]
        lines += [f"- … và {len(figures) - MOST} số nữa"] if len(figures) > MOST else []
    return "\n".join(lines)


def _is_of_this_run(situation: Situation) -> bool:
    collected = situation.collected
    return situation.changed_by is not None and situation.changed_by == collected


def tell_findings(situation: Situation) -> str:
    """The open findings, gravest first, then by what they would change at the meeting."""
    told = told_findings(situation)
    rows = [
        (
            f"{_SEVERITIES[f['severity']]} {SEVERITIES[f['severity']]}",
            f["province_name"] or WHOLE_CLUSTER,
            ": ".join(filter(None, (place_of(f), one_line(f["message"]))))
            + (" Đã giải trình, chờ quyết định." if is_waiting(f) else ""),
            f["impact"] or "",
        )
        for f in told[:MOST]
    ]
    notes = say_finding_notes(situation, len(told) - MOST)
    if not rows:
        return "\n\n".join(["🟢 Không có phát hiện nào phải xử lý.", *map(escape, notes)])
    heads = ("Mức độ", "Đơn vị", "Nội dung", "Nếu sửa hoặc bỏ thì đổi gì")
    return "\n".join([*_table(heads, [tuple(map(escape, row)) for row in rows]), "", *map(escape, notes)])


def tell_calls(situation: Situation) -> str:
    """Whom to call, most urgent first."""
    if not situation.calls:
        return "🟢 Không phải gọi tỉnh nào."
    rows = [
        (f"{_MARKS[c.province.state]} {escape(c.province.name)}", escape(c.contact) or "–", escape(c.reason))
        for c in situation.calls[: MOST * 2]
    ]
    lines = list(_table(("Tỉnh", "Liên hệ", "Về việc"), rows))
    if not situation.contacts:
        lines += ["", "Chưa có số liên hệ: ghi vào phần `[contacts]` của tệp `channels.toml` trong nhà dữ liệu."]
    return "\n".join(lines)


def tell_steps(situation: Situation) -> str:
    """What comes, and when."""
    steps = (describe_step(step, situation.day) for step in situation.steps)
    rows = [(s["when"] if s["is_past"] else f"**{s['when']}**", escape(s["title"]), s["distance"]) for s in steps]
    lines = list(_table(("Lúc", "Việc", "Còn"), rows))
    if situation.entry.is_assumed:
        lines += ["", "Các ngày của kỳ là dự kiến, chưa có văn bản."]
    return "\n".join([*lines, "", "Việc ghi giờ thì tự chạy khi máy chủ Prefect và tiến trình làm việc đang chạy."])


def tell_places(settings: Settings, situation: Situation) -> str:
    """Where tables and copies lie on this machine, as paths: a browser does not open files from a page of a server."""
    folder = settings.published_period(situation.period_code)
    rows = [("Trang vận hành", f"`{folder / OPERATIONS_PAGE}`")]
    for place in find_places(settings, situation, folder):
        is_path = bool(place.link) and not place.link.startswith("..")
        rows.append((place.name, f"`{folder / place.link}`" if is_path else escape(place.text)))
    return "\n".join(_table(("Gì", "Ở đâu trên máy này"), rows))


def escape(text: str | None) -> str:
    """Text as it is, whatever Markdown would make of it, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join((text or "").split()))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = (heads, ["---"] * len(heads), *rows)
    return [f"| {' | '.join(line)} |" for line in lines]
