"""What `thidua status` tells of a period: every province, then the cluster's rates."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import click

from catalogue.model import CalendarEntry, Catalogue
from flows.runs.outcome import Outcome
from flows.runs.publishing import find_contacts
from flows.settings import Settings
from flows.summary import print_attention, print_banner, print_table
from publications.office.operations_page import OPERATIONS_PAGE
from publications.office.status_page import STATUS_PAGE, say_distance, say_punctuality, say_waiting
from publications.tables.figures import Marts
from publications.tables.progress import STATES, Progress, Rate, Rates, find_progress, find_rates
from publications.wording import local_time
from transforms.numbers_vi import format_date

MARTS = ("observations", "findings", "submissions", "completeness")


def stored_marts(settings: Settings, period_code: str) -> Marts | None:
    """The rows of the published copy for a period; None where the period was never collected.

    Raises WarehouseError where the copy cannot be read.
    """
    from warehouse import WarehouseError, WarehouseUnusableError, published_marts

    if not settings.published_warehouse.exists():
        return None
    try:
        marts = published_marts(settings.published_warehouse, period_code)
    except WarehouseUnusableError:
        raise
    except WarehouseError as error:  # as after an update, when the copy is of an older shape
        reason = str(error).splitlines()[0]
        raise WarehouseError(
            f"không đọc được bản kho đã phát hành; chạy lại: thidua run {period_code} ({reason})"
        ) from error
    return marts if marts["completeness"] else None


def print_status(catalogue: Catalogue, settings: Settings, period_code: str, on: dt.date) -> None:
    """The state of a period on a day, from the published copy, for a person."""
    entry = catalogue.calendar[period_code]
    assumed = " (dự kiến)" if entry.is_assumed else ""
    click.echo(f"Kỳ {period_code} ({entry.name})")
    click.echo(
        f"Hạn gửi {format_date(entry.due_on)}{assumed}; tính đến {format_date(on)}, {say_distance(entry.due_on, on)}"
    )
    marts = stored_marts(settings, period_code)
    if marts is None:
        click.echo(f"Kỳ này chưa được thu thập lần nào; chạy: thidua run {period_code}")
        return
    print_banner(marts)
    several = find_progress(catalogue, period_code, marts, on)
    contacts = find_contacts(catalogue, settings, period_code)
    click.echo()
    print_table([_table_row(p, contacts) for p in several])
    click.echo()
    for name, rate, unit in _rates(find_rates(several)):
        shown = (
            "không xét (bắt đầu thu sau hạn gửi)" if rate is None else f"{rate.text} ({rate.part}/{rate.whole} {unit})"
        )
        click.echo(f"{name:<26}{shown}")
    click.echo()
    print_attention(Outcome(period_code, marts))
    click.echo()
    for name, file in (("Trang tình hình", STATUS_PAGE), ("Trang vận hành", OPERATIONS_PAGE)):
        page = settings.published_period(period_code) / file
        if page.exists():
            click.echo(f"{name + ':':<17}{page}")


def status_values(catalogue: Catalogue, settings: Settings, period_code: str, on: dt.date) -> dict[str, Any]:
    """The same for a program: plain values, moments with their zone, rates as part, whole and percent."""
    entry = catalogue.calendar[period_code]
    marts = stored_marts(settings, period_code)
    several = () if marts is None else find_progress(catalogue, period_code, marts, on)
    return {
        **_period_values(entry, on),
        "is_collected": marts is not None,
        "provinces": [_values(p) for p in several],
        "rates": None if marts is None else _rate_values(find_rates(several)),
    }


def print_json(values: object) -> None:
    """Values as JSON for a program; Vietnamese as it is."""
    click.echo(json.dumps(values, ensure_ascii=False, indent=1))


def _period_values(entry: CalendarEntry, on: dt.date) -> dict[str, Any]:
    return {
        "period_code": entry.period_code,
        "period_name": entry.name,
        "due_on": entry.due_on.isoformat(),
        "is_due_assumed": entry.is_assumed,
        "on": on.isoformat(),
    }


def _table_row(progress: Progress, contacts: dict[str, str]) -> dict[str, str]:
    row = {
        "Tỉnh": progress.name,
        "Tình trạng": "; ".join(filter(None, (STATES[progress.state], _source(progress), say_waiting(progress)))),
        "Nhận lần đầu": _moment(progress.first_received_at),
        "Đúng hạn": say_punctuality(progress),
        "Bản": _moment(progress.received_at, progress.version),
        "Ô có/cần": f"{progress.cells_received}/{progress.cells_expected}",
        "Phải sửa": str(progress.critical_count),
        "Cần xem lại": str(progress.warning_count),
    }
    return {**row, "Liên hệ": contacts.get(progress.province_id, "")} if contacts else row


def _source(progress: Progress) -> str:
    return "từ báo cáo đã công bố" if progress.is_from_report else ""


def _moment(moment: dt.datetime | None, version: int | None = None) -> str:
    if moment is None:
        return "–"
    shown = f"{local_time(moment):%d/%m/%Y %H:%M}"
    return shown if version is None else f"{version} ({shown})"


def _rates(rates: Rates) -> list[tuple[str, Rate | None, str]]:
    return [
        ("Đã gửi", rates.received, "báo cáo"),
        ("Gửi đúng hạn", rates.on_time, "báo cáo"),
        ("Có số liệu", rates.with_figures, "báo cáo"),
        ("Ô bắt buộc có số liệu", rates.cells, "ô"),
        ("Đầy đủ mọi ô bắt buộc", rates.complete, "báo cáo"),
        ("Sạch, không còn vướng mắc", rates.clean, "báo cáo"),
    ]


def _rate_values(rates: Rates) -> dict[str, Any]:
    def values(rate: Rate | None) -> dict[str, Any] | None:
        if rate is None:
            return None
        percent = None if rate.percent is None else float(rate.percent)
        return {"part": rate.part, "whole": rate.whole, "percent": percent}

    return {name: values(getattr(rates, name)) for name in Rates.__dataclass_fields__}


def _values(progress: Progress) -> dict[str, Any]:
    def moment(value: dt.datetime | None) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "province_id": progress.province_id,
        "province_code": progress.province_code,
        "province_name": progress.name,
        "state": progress.state,
        "is_submitted": progress.is_submitted,
        "has_figures": progress.has_figures,
        "is_on_time": progress.is_on_time,
        "is_complete": progress.is_complete,
        "is_clean": progress.is_clean,
        "late_days": progress.late_days,
        "first_received_at": moment(progress.first_received_at),
        "received_at": moment(progress.received_at),
        "version": progress.version,
        "file_name": progress.file_name or None,
        "cells_expected": progress.cells_expected,
        "cells_received": progress.cells_received,
        "critical_count": progress.critical_count,
        "warning_count": progress.warning_count,
        "waiting_count": progress.waiting_count,
        "is_from_report": progress.is_from_report,
    }
