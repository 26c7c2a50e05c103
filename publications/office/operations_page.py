"""The run page: one file that says within a minute what is going on in a half-year and what a person has to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from publications.office.next_actions import Action, find_actions, say_quiet
from publications.office.run_words import KINDS, STATES, TRIGGERS, describe_run, say_changed_by
from publications.office.situation import Situation, Step
from publications.office.status_page import (
    SAID_OTHERWISE,
    STATUS_PAGE,
    place_of,
    say_distance,
    say_punctuality,
    say_waiting,
)
from publications.page_frame import end_with_line, page_template
from publications.tables.difference_table import DIFFERENCE_TABLE, difference_rows
from publications.tables.progress import Progress, is_waiting
from publications.tables.shape import SEVERITIES, WHOLE_CLUSTER
from publications.wording import VIETNAM, format_time, legal_text, local_time, one_line
from transforms.differences import Difference
from transforms.numbers_vi import format_date
from transforms.operation import RunRecord

OPERATIONS_PAGE = "van-hanh.html"
MOST_FINDINGS = 15
MOST_CALLS = 60
MOST_RUNS = 10
MOST_DIFFERENCES = 15
SIGNS = {"red": "Gấp", "amber": "Nên làm", "blue": "Chờ quyết định"}
_TONES = {
    "completed": "done",
    "nothing_new": "same",
    "waiting": "run-blue",
    "running": "run-blue",
    "failed": "critical",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lies; `link` is relative to the page, and empty where a browser cannot follow it."""

    name: str
    text: str
    link: str = ""


def render_operations_page(situation: Situation, places: Sequence[Place]) -> str:
    """The page of a half-year; equal input gives an equal page."""
    actions = find_actions(situation)
    findings = told_findings(situation)
    several = situation.provinces
    collected = situation.collected
    text = page_template(OPERATIONS_PAGE).render(
        banner=situation.banner,
        office=situation.catalogue.form.organisation,
        title=f"Vận hành thu thập báo cáo {situation.entry.name}",
        period_code=situation.period_code,
        made_at=format_time(situation.now),
        last_run=STATES[collected.state].lower() if collected is not None else "",
        tiles=_tiles(situation),
        actions=[_action(a) for a in actions],
        now_tone="" if any(a.tone == "red" for a in actions) else "mild" if actions else "quiet",
        quiet=say_quiet(situation),
        rows=[_row(p) for p in several],
        status_page=STATUS_PAGE,
        changes=[legal_text(c.text) for c in situation.changes],
        changed_by=say_changed_by(situation.changed_by, situation.runs),
        difference_title=say_difference_title(situation),
        differences=[_difference(row) for row in difference_rows(find_differences(situation)[:MOST_DIFFERENCES])],
        differences_left=max(0, len(find_differences(situation)) - MOST_DIFFERENCES),
        difference_table=DIFFERENCE_TABLE,
        findings=[_finding(f) for f in findings[:MOST_FINDINGS]],
        finding_notes=say_finding_notes(situation, len(findings) - MOST_FINDINGS),
        calls=[
            {"name": c.province.name, "contact": c.contact, "reason": c.reason} for c in situation.calls[:MOST_CALLS]
        ],
        has_contacts=bool(situation.contacts),
        steps=[describe_step(step, situation.day) for step in situation.steps],
        is_assumed=situation.entry.is_assumed,
        places=places,
        runs=[_run(run) for run in situation.runs[:MOST_RUNS]],
        standing="{}: {}".format(*say_standing(situation)),
    )
    return end_with_line(text)


def say_standing(situation: Situation) -> tuple[str, str]:
    """Whether the tables are a draft: in one or two words, and what is to be added."""
    standing, closing = situation.standing, situation.closing
    if standing.is_final and standing.approved_at is not None:
        by = f"{standing.approved_by} duyệt, {format_date(local_time(standing.approved_at).date())}"
        return "ĐÃ CHỐT", f"bản niêm phong số {standing.seal_no}, {by}"
    if closing.is_to_seal:
        return "ĐANG CHỐT", "đã được duyệt, đang chờ niêm phong"
    if closing.is_pending:
        return "CHỜ DUYỆT", "dự thảo, văn phòng Cụm chưa quyết định"
    if standing.seal_no is not None:
        return "DỰ THẢO", f"đã đổi so với bản chốt số {standing.seal_no}"
    return "DỰ THẢO", "chưa được duyệt"


def find_differences(situation: Situation) -> tuple[Difference, ...]:
    """The figures that are no longer as they were sealed."""
    return situation.standing.differences or () if situation.standing.is_draft else ()


def say_difference_title(situation: Situation) -> str:
    """What is said above the list of differences from the seal; nothing where there is no seal, or none differs."""
    standing = situation.standing
    if standing.is_final or standing.seal_no is None:
        return ""
    if standing.differences is None:
        return f"Không mở được bản đã chốt số {standing.seal_no} để so sánh"
    return f"Khác với bản đã chốt số {standing.seal_no}: {len(standing.differences)} số"


def _difference(row: dict[str, str]) -> dict[str, str]:
    return {
        "unit": legal_text(row["Đơn vị"]),
        "indicator": legal_text(row["Chỉ tiêu"]),
        "sealed": row["Đã chốt"],
        "now": row["Hiện nay"],
        "change": row["Chênh lệch"],
        "note": " · ".join(filter(None, (row["Thay đổi"], legal_text(row["Ở"])))),
    }


def _tiles(situation: Situation) -> list[dict[str, str]]:
    entry, day = situation.entry, situation.day
    sent = sum(p.is_submitted for p in situation.provinces)
    word, note = say_standing(situation)
    tones = {"ĐÃ CHỐT": "green", "CHỜ DUYỆT": "blue", "ĐANG CHỐT": "blue"}
    days = (entry.meets_on - day).days
    meeting = f"còn {days} ngày" if days > 0 else "hôm nay" if not days else "đã họp"
    return [
        {
            "name": "Kỳ báo cáo",
            "value": situation.period_code,
            "detail": f"đã gửi {sent}/{len(situation.provinces)} tỉnh",
            "tone": "green" if sent and sent == len(situation.provinces) else "",
        },
        {
            "name": "Hạn gửi",
            "value": format_date(entry.due_on),
            "detail": say_distance(entry.due_on, day),
            "tone": "red" if day > entry.due_on and sent < len(situation.provinces) else "",
        },
        {"name": "Họp Cụm", "value": format_date(entry.meets_on), "detail": meeting, "tone": ""},
        {"name": "Số liệu", "value": word, "detail": note, "tone": tones.get(word, "amber")},
    ]


def _action(action: Action) -> dict[str, str]:
    return {
        "text": legal_text(action.text),
        "command": action.command,
        "other": action.other,
        "tone": action.tone,
        "sign": SIGNS[action.tone],
    }


def _row(progress: Progress) -> dict[str, Any]:
    moment = progress.received_at
    version = "–"
    if moment is not None:
        version = f"Lần {progress.version}, {local_time(moment):%H:%M} {format_date(local_time(moment).date())}"
    elif progress.is_from_report:
        version = "Lấy từ báo cáo đã công bố"
    elif progress.sent_by:
        version = f"Lấy từ tệp tổng hợp của {progress.sent_by}"
    return {
        "name": progress.name,
        "state": progress.state,
        "words": progress.words,
        "waiting": say_waiting(progress),
        "version": version,
        "punctuality": say_punctuality(progress),
        "is_late": bool(progress.late_days),
        "cells": f"{progress.cells_received}/{progress.cells_expected}",
    }


def _finding(row: dict[str, Any]) -> dict[str, Any]:
    place = place_of(row)
    return {
        "severity": row["severity"],
        "severity_name": SEVERITIES[row["severity"]],
        "name": row["province_name"] or WHOLE_CLUSTER,
        "text": f"{place}: {one_line(row['message'])}" if place else one_line(row["message"]),
        "impact": legal_text(row["impact"]),
        "waiting": is_waiting(row),
    }


def told_findings(situation: Situation) -> list[dict[str, Any]]:
    """The open findings that are told one by one: not what is only told, nor what the list of provinces says anyway."""
    return [f for f in situation.findings if f["severity"] != "info" and f["rule_code"] not in SAID_OTHERWISE]


def say_finding_notes(situation: Situation, left: int) -> list[str]:
    """What of the open findings is not told one by one."""
    blanks = [p for p in situation.provinces if p.is_submitted and p.blanks]
    notes = [f"Còn {left} phát hiện nữa ở trang phat-hien của bảng tổng hợp."] if left > 0 else []
    if blanks:
        count = sum(len(p.blanks) for p in blanks)
        notes.append(f"Ngoài ra còn {count} ô bắt buộc để trống ở {len(blanks)} tỉnh; tên các ô ở {STATUS_PAGE}.")
    return notes


def describe_step(step: Step, day: dt.date) -> dict[str, Any]:
    """A coming step in words: when, what, how far away."""
    if isinstance(step.at, dt.datetime):
        local = step.at.astimezone(VIETNAM)
        when, on = f"{local:%H:%M} {format_date(local.date())}", local.date()
    else:
        when, on = format_date(step.at), step.at
    days = (on - day).days
    distance = "hôm nay" if not days else f"còn {days} ngày" if days > 0 else "đã qua"
    return {"when": when, "title": step.title, "distance": distance, "is_past": days < 0}


def _run(run: RunRecord) -> dict[str, str]:
    told = describe_run(run)
    return {
        "started": told["Lúc"],
        "kind": KINDS[run.kind],
        "trigger": TRIGGERS[run.trigger],
        "state": STATES[run.state],
        "tone": _TONES.get(run.state, "warning"),
        "message": one_line(run.message),
        "seconds": told["Giây"],
    }
