"""The page "who is late": one file that needs no internet, for the screen and for paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalogue.model import Catalogue
from publications.labels import find_banner
from publications.page_frame import end_with_line, page_template
from publications.tables.figures import Marts
from publications.tables.progress import STATES, Progress, Rate, Rates, find_progress, find_rates
from publications.wording import join_names, legal_text, local_time, one_line
from transforms.numbers_vi import format_date
from transforms.observation import name_place

STATUS_PAGE = "tinh-hinh.html"
SHOWN = 6
_URGENT = {"missing": 0, "refused": 1, "empty": 2, "critical": 3, "warning": 4}
_RED = ("missing", "refused", "critical")


def render_status_page(
    catalogue: Catalogue,
    period_code: str,
    marts: Marts,
    on: dt.date,
    contacts: Mapping[str, str] | None = None,
    pages: Sequence[tuple[str, str]] = (),
) -> str:
    """The page of a period as it stands on a day; equal input gives an equal page.

    `contacts` says, by `province_id`, whom to call; `pages` are addresses and names of pages beside it. Raises KeyError
    for a period that the calendar does not know.
    """
    entry = catalogue.calendar[period_code]
    several = find_progress(catalogue, period_code, marts, on)
    known = {unit: legal_text(text) for unit, text in (contacts or {}).items()}
    text = page_template(STATUS_PAGE).render(
        banner=find_banner(marts),
        office=catalogue.form.organisation,
        title=f"Tình hình gửi báo cáo thi đua {entry.name}",
        due=format_date(entry.due_on),
        is_assumed=entry.is_assumed,
        distance=say_distance(entry.due_on, on),
        on=f"ngày {format_date(on)}",
        rates=_rate_tiles(find_rates(several)),
        rows=[_table_row(p, known) for p in several],
        calls=[_call(p, known) for p in provinces_to_call(several)],
        has_contacts=any(p.province_id in known for p in several),
        pages=pages,
    )
    return end_with_line(text)


def provinces_to_call(several: Iterable[Progress]) -> list[Progress]:
    """The provinces of which something is still wanted, most urgent first."""
    return sorted((p for p in several if p.state in _URGENT), key=_urgency)


def say_distance(due_on: dt.date, on: dt.date) -> str:
    """How far a day lies from the due date, in words."""
    days = (due_on - on).days
    return f"còn {days} ngày" if days > 0 else "đến hạn hôm nay" if not days else f"đã qua hạn {-days} ngày"


def say_waiting(progress: Progress) -> str:
    """That explanations wait for the office's decision; nothing where none do."""
    return f"{progress.waiting_count} giải trình chờ quyết định" if progress.waiting_count else ""


def say_punctuality(progress: Progress) -> str:
    """Whether a return came in time, in words."""
    if not progress.is_submitted:
        return f"Quá hạn {progress.late_days} ngày" if progress.late_days else "Chưa đến hạn"
    if progress.is_on_time is None:
        return "Không xét"
    return "Đúng hạn" if progress.is_on_time else f"Muộn {progress.late_days} ngày"


def _urgency(progress: Progress) -> tuple[int, int, int]:
    return _URGENT[progress.state], -progress.critical_count, -progress.warning_count


def _rate_tiles(rates: Rates) -> list[dict[str, Any]]:
    return [
        _tile("Đã gửi", rates.received, "báo cáo"),
        _tile("Đúng hạn", rates.on_time, "báo cáo"),
        _tile("Có số liệu", rates.with_figures, "báo cáo"),
        _tile("Ô có số liệu", rates.cells, "ô"),
        _tile("Báo cáo đầy đủ", rates.complete, "báo cáo"),
        _tile("Báo cáo sạch", rates.clean, "báo cáo"),
    ]


def _tile(name: str, rate: Rate | None, unit: str) -> dict[str, Any]:
    if rate is None:
        return {"name": name, "percent": "Không xét", "width": 0, "detail": "bắt đầu thu sau hạn gửi"}
    detail = f"{rate.part}/{rate.whole} {unit}"
    return {"name": name, "percent": rate.text, "width": rate.percent or 0, "detail": detail}


def _table_row(progress: Progress, contacts: Mapping[str, str]) -> dict[str, Any]:
    is_sent = progress.is_submitted
    return {
        "name": progress.name,
        "state": progress.state,
        "state_name": STATES[progress.state],
        "waiting": say_waiting(progress),
        "first": _moment(progress.first_received_at),
        "punctuality": say_punctuality(progress),
        "is_late": bool(progress.late_days),
        "version": _version(progress),
        "cells": f"{progress.cells_received}/{progress.cells_expected}",
        "critical": progress.critical_count if is_sent or progress.is_refused else "–",
        "warning": progress.warning_count if is_sent or progress.is_refused else "–",
        "contact": contacts.get(progress.province_id, ""),
    }


def _version(progress: Progress) -> str:
    if not progress.is_submitted:
        return "–"
    is_first = progress.received_at == progress.first_received_at
    return f"Lần {progress.version}" + ("" if is_first else f", {_moment(progress.received_at)}")


def _moment(moment: dt.datetime | None) -> str:
    return "–" if moment is None else f"{local_time(moment):%H:%M} {format_date(local_time(moment).date())}"


def _call(progress: Progress, contacts: Mapping[str, str]) -> dict[str, Any]:
    findings = [f for f in progress.findings if f["severity"] != "info" and f["rule_code"] not in SAID_OTHERWISE]
    return {
        "name": progress.name,
        "state": progress.state,
        "state_name": STATES[progress.state],
        "tone": "red" if progress.state in _RED else "amber",
        "contact": contacts.get(progress.province_id, ""),
        "reason": say_reason(progress),
        "items": [{"place": place_of(f), "text": one_line(f["message"])} for f in findings[:SHOWN]],
        "more": max(0, len(findings) - SHOWN),
        "blanks": name_blanks(progress.blanks) if progress.is_submitted and progress.has_figures else "",
        "blank_count": len(progress.blanks),
    }


SAID_OTHERWISE = ("required_present", "return_missing")  # told as one sentence, not as an item each


def place_of(finding: Mapping[str, Any]) -> str:
    """Sheet and cell of a finding, or its file, or nothing."""
    if finding["cell"]:
        place = name_place(finding["cell"])
        return legal_text(f"{finding['sheet']} · {place}" if finding["sheet"] else place)
    return legal_text(finding["sheet"])


def name_blanks(labels: Sequence[str]) -> str:
    """The figures that are left blank, a few by name."""
    return join_names(labels, separator="; ", rest="ô nữa")


def say_reason(progress: Progress) -> str:
    """Why a province is to be called, in one or two sentences."""
    late = f", quá hạn {progress.late_days} ngày" if progress.late_days and not progress.is_submitted else ""
    if progress.state == "refused":
        return f"Tệp đã gửi “{legal_text(progress.file_name)}” không dùng được, phải gửi lại{late}."
    if progress.state == "missing":
        held = f" Số liệu tạm lấy từ tệp tổng hợp của {progress.sent_by}." if progress.sent_by else ""
        held = " Số liệu lấy từ báo cáo đã công bố." if progress.is_from_report else held
        return f"Chưa nhận được báo cáo{late}.{held}"
    if progress.state == "empty":
        return f"Đã gửi “{legal_text(progress.file_name)}” nhưng biểu không có số liệu nào."
    if progress.state == "critical":
        more = f" và {progress.warning_count} chỗ cần xem lại" if progress.warning_count else ""
        return f"Còn {progress.critical_count} chỗ phải sửa{more}."
    return f"Còn {progress.warning_count} chỗ cần xem lại hoặc giải trình."
