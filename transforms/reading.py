"""One file's bytes into a reading: identified, every cell claimed, ignored by name or reported."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from catalogue.model import Catalogue
from transforms.accounting import account_for_rest
from transforms.fields import show_cell
from transforms.free_layout import count_figures, declare, find_layout
from transforms.gathering import gather_figures, see_doubtful, style_of
from transforms.heading_text import declares_no_data
from transforms.identification import find_date, find_period, find_province
from transforms.labelling import find_source
from transforms.layout import Layout
from transforms.lexicon import lexicon_of
from transforms.mention import complete_cover
from transforms.missing_rows import report_missing_rows
from transforms.numbers_vi import format_number
from transforms.observation import Problem, Reading
from transforms.parts import read_division
from transforms.placement import form_sheets
from transforms.prose.published_report import is_offer, read_offer
from transforms.several_units import divide
from transforms.sheets import leave_hidden_aside
from transforms.todo_sheet import attach, is_only_todo, reply_only, take_out
from transforms.workbook import UnreadableFileError, Workbook, read_workbook

MOST_PROBLEMS = 1_000


def hash_bytes(data: bytes) -> str:
    """The content hash by which a file is known."""
    return hashlib.sha256(data).hexdigest()


def read_return(catalogue: Catalogue, data: bytes, sha256: str = "") -> Reading:
    """What a file says; whatever is no readable return comes back rejected, with the reason as a problem.

    So does a file of which more than `MOST_PROBLEMS` things would have to be told: nobody could read them.
    """
    reading = _read(catalogue, data, sha256 or hash_bytes(data))
    problems = [*reading.problems, *(problem for part in reading.parts for problem in part.problems)]
    if len(problems) <= MOST_PROBLEMS:
        return reading
    [(commonest, _)] = Counter(problem.rule_code for problem in problems).most_common(1)
    first = next(problem for problem in problems if problem.rule_code == commonest)
    shown = f" (đầu tiên là ô {first.cell} trang “{first.sheet}”)" if first.cell else ""
    most = format_number(Decimal(MOST_PROBLEMS))
    detail = f"có hơn {most} chỗ không khớp với biểu{shown}; hãy chỉ gửi biểu báo cáo của kỳ"
    refusal = Problem("file_not_a_return", "", first.sheet, first.cell, first.observed, "", detail)
    return Reading(
        reading.sha256,
        reading.province_id,
        reading.period_code,
        problems=(refusal,),
        is_rejected=True,
        source=reading.source,
    )


def _read(catalogue: Catalogue, data: bytes, sha256: str) -> Reading:
    if is_offer(data):
        return read_offer(catalogue, data, sha256)
    try:
        workbook = read_workbook(data)
    except UnreadableFileError as error:
        return reject(sha256, "file_unreadable", str(error))
    source = find_source(catalogue, data, workbook)
    reading = _read_shown(catalogue, data, sha256, leave_hidden_aside(workbook, form_sheets(catalogue)))
    if not source:
        return reading
    return replace(reading, source=source, parts=tuple(replace(part, source=source) for part in reading.parts))


def _read_shown(catalogue: Catalogue, data: bytes, sha256: str, workbook: Workbook) -> Reading:
    workbook, todos = take_out(catalogue, workbook)
    if todos and is_only_todo(workbook):
        return reply_only(sha256, todos)
    reading = _read_sheets(catalogue, data, sha256, workbook)
    return attach(reading, todos) if todos else reading


def _read_sheets(catalogue: Catalogue, data: bytes, sha256: str, workbook: Workbook) -> Reading:
    """What the sheets of a file say, once our own list is taken out of them."""
    division = divide(catalogue, workbook)
    if division is not None and division.whole.refusal is not None:
        return Reading(sha256, problems=(division.whole.refusal,), is_rejected=True)
    if division is not None:
        return read_division(catalogue, data, sha256, workbook, division)
    layout = find_layout(catalogue, workbook)
    if layout.refusal is not None or not layout.rows:
        division = divide(catalogue, workbook, is_thorough=True)
        refusal = None if division is None else division.whole.refusal
        if division is not None and refusal is None:
            return read_division(catalogue, data, sha256, workbook, division)
        if refusal is not None and refusal.rule_code == "value_column_unclear":
            layout.refusal = layout.refusal or refusal
    if layout.refusal is not None:
        return _refuse(catalogue, sha256, layout, layout.refusal)
    if not layout.rows:
        return reject(sha256, "file_not_a_return", "không có bảng nào có cột Chỉ tiêu và Giá trị với chỉ tiêu của Cụm")
    complete_cover(catalogue, workbook, layout)
    if layout.refusal is not None:
        return _refuse(catalogue, sha256, layout, layout.refusal)
    name = layout.cover.get("m_province")
    if name is not None and declares_no_data(name.raw):
        declare(layout, name, count_figures(workbook, layout))
    workbook = see_doubtful(data, workbook, layout)
    problems: list[Problem] = [*workbook.notices, *layout.problems]
    form_version = _cover_text(layout, "m_form_version")
    period_code, misfit = _identify_period(catalogue, layout)
    province_id = _province(catalogue, layout, period_code or None)
    misfit = misfit or _misfit_of_province(catalogue, layout, province_id, period_code)
    if misfit is not None:
        known_id = "" if misfit.rule_code == "province_unknown" else province_id
        return Reading(sha256, known_id, period_code, form_version, problems=(misfit,), is_rejected=True)
    style = style_of(workbook, [layout])
    observations, troubles = gather_figures(catalogue, workbook, layout, period_code, style)
    problems.extend(troubles)
    problems.extend(report_missing_rows(catalogue, layout, period_code, observations))
    problems.extend(_cover_problems(catalogue, layout))
    problems.extend(account_for_rest(catalogue, workbook, layout))
    return Reading(
        sha256,
        province_id,
        period_code,
        form_version,
        _reported_on(layout),
        observations,
        tuple(problems),
    )


def reject(sha256: str, rule_code: str, detail: str) -> Reading:
    """The reading of a file of which nothing may be used."""
    return Reading(sha256, problems=(Problem(rule_code, detail=detail),), is_rejected=True)


def _refuse(catalogue: Catalogue, sha256: str, layout: Layout, refusal: Problem) -> Reading:
    """The reading of a file whose tables say too much or too little, with what is known of its sender."""
    period = layout.cover.get("m_period")
    period_code = find_period(period.raw) if period is not None else None
    known_code = period_code if period_code in catalogue.calendar else None
    province_id = "" if refusal.rule_code == "several_units" else _province(catalogue, layout, known_code)
    return Reading(sha256, province_id, known_code or "", problems=(refusal,), is_rejected=True)


def _cover_text(layout: Layout, name: str) -> str:
    cell = layout.cover.get(name)
    return "" if cell is None else cell.raw


def _identify_period(catalogue: Catalogue, layout: Layout) -> tuple[str, Problem | None]:
    cell = layout.cover.get("m_period")
    sheet, address = layout.cover_address.get("m_period", ("", ""))
    if cell is None:
        detail = "trang Bìa không ghi kỳ báo cáo" if sheet else "không tìm thấy trang Bìa có ghi kỳ báo cáo"
        if layout.is_free and not sheet:
            detail = "không dòng nào quanh bảng ghi kỳ của Cụm, như “6 tháng đầu năm 2021”"
        return "", Problem("period_unknown", sheet=sheet, cell=address, detail=detail)
    period_code = find_period(cell.raw)
    if period_code is None or period_code not in catalogue.calendar:
        detail = f"“{cell.raw}” không phải một kỳ trong lịch của Cụm"
        return "", Problem("period_unknown", sheet=cell.sheet, cell=cell.address, observed=cell.raw, detail=detail)
    return period_code, None


def _province(catalogue: Catalogue, layout: Layout, period_code: str | None = None) -> str:
    cell = layout.cover.get("m_province")
    return "" if cell is None else find_province(catalogue, cell.raw, period_code) or ""


def _misfit_of_province(catalogue: Catalogue, layout: Layout, province_id: str, period_code: str) -> Problem | None:
    """Why the cover's unit owes no return for the period; None where it does, or where the cover names none."""
    cell = layout.cover.get("m_province")
    units = {p.province_id for p in catalogue.members_of(period_code)} | {catalogue.cluster_id}
    if cell is None or province_id in units:
        return None
    shown = show_cell(cell)
    detail = f"“{shown}” không phải đơn vị của Cụm trong kỳ {period_code}"
    if not province_id:
        detail = f"“{shown}” không phải tên một đơn vị của Cụm"
    return Problem("province_unknown", "", cell.sheet, cell.address, shown, "", detail)


def _reported_on(layout: Layout) -> dt.date | None:
    cell = layout.cover.get("m_date")
    return None if cell is None else cell.date or find_date(cell.raw)


def _cover_problems(catalogue: Catalogue, layout: Layout) -> list[Problem]:
    """An unknown form version; a date or a finality that says nothing."""
    problems = []
    version = layout.cover.get("m_form_version")
    if version is not None and version.raw.strip() not in catalogue.form.known_versions:
        known = ", ".join(catalogue.form.known_versions)
        problems.append(Problem("form_version_unknown", "", version.sheet, version.address, show_cell(version), known))
    finality = layout.cover.get("m_finality")
    if finality is not None and finality.raw.casefold() not in lexicon_of(catalogue).finality:
        problems.append(Problem("cell_unclaimed", "", finality.sheet, finality.address, show_cell(finality)))
    date = layout.cover.get("m_date")
    if date is not None and _reported_on(layout) is None:
        problems.append(Problem("cell_unclaimed", "", date.sheet, date.address, show_cell(date)))
    return problems
