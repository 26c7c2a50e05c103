"""One file's bytes into a reading: identified, every cell claimed, ignored by name or reported."""

from __future__ import annotations

import hashlib

from catalogue.model import Catalogue
from transforms.fields import read_row
from transforms.figures import evident_style
from transforms.identification import find_period, find_province
from transforms.layout import Layout, locate, report_missing_rows
from transforms.lexicon import lexicon_of
from transforms.merging import merge_contributions
from transforms.numerals import Style
from transforms.observation import Cell, Problem, Reading
from transforms.workbook import UnreadableFileError, Workbook, look_again, read_workbook

READER_VERSION = "1"
SHOWN_UNCLAIMED = 10


def hash_bytes(data: bytes) -> str:
    """The content hash by which a file is known."""
    return hashlib.sha256(data).hexdigest()


def read_return(catalogue: Catalogue, data: bytes, sha256: str = "") -> Reading:
    """What a file says; whatever is no readable return comes back rejected, with the reason as a problem."""
    sha256 = sha256 or hash_bytes(data)
    try:
        workbook = read_workbook(data)
    except UnreadableFileError as error:
        return reject(sha256, "file_unreadable", str(error))
    layout = locate(catalogue, workbook)
    if not layout.rows:
        return reject(sha256, "file_not_a_return", "không có bảng nào có cột Chỉ tiêu và Giá trị với chỉ tiêu của Cụm")
    workbook = _see_doubtful(data, workbook, layout)
    problems: list[Problem] = list(layout.problems)
    period_code, period_problem = _identify_period(catalogue, layout)
    if period_problem is not None:
        return Reading(
            sha256,
            _province(catalogue, layout),
            form_version=_cover_text(layout, "m_form_version"),
            problems=(period_problem,),
            is_rejected=True,
        )
    province_id = _province(catalogue, layout, period_code)
    if not province_id and "m_province" in layout.cover:
        cell = layout.cover["m_province"]
        return Reading(
            sha256,
            "",
            period_code,
            _cover_text(layout, "m_form_version"),
            problems=(
                Problem(
                    "province_unknown",
                    sheet=cell.sheet,
                    cell=cell.address,
                    observed=cell.raw,
                    detail=f"“{cell.raw}” không phải tên một đơn vị của Cụm",
                ),
            ),
            is_rejected=True,
        )
    style = _style(workbook, layout)
    contributions = []
    for indicator in catalogue.indicators_of(period_code):
        for row in layout.rows.get(indicator.indicator_code, ()):
            found, troubles = read_row(catalogue, indicator, row, workbook.cells[row.sheet], period_code, style)
            contributions.extend(found)
            problems.extend(troubles)
    observations, conflicts = merge_contributions(catalogue, period_code, contributions, layout)
    problems.extend(conflicts)
    problems.extend(report_missing_rows(catalogue, layout, period_code))
    problems.extend(_form_version_problems(catalogue, layout))
    problems.extend(_account_for_rest(catalogue, workbook, layout))
    date = layout.cover.get("m_date")
    return Reading(
        sha256,
        province_id,
        period_code,
        _cover_text(layout, "m_form_version"),
        date.date if date is not None else None,
        observations,
        tuple(problems),
    )


def reject(sha256: str, rule_code: str, detail: str) -> Reading:
    """The reading of a file of which nothing may be used."""
    return Reading(sha256, problems=(Problem(rule_code, detail=detail),), is_rejected=True)


def _cover_text(layout: Layout, name: str) -> str:
    cell = layout.cover.get(name)
    return "" if cell is None else cell.raw


def _identify_period(catalogue: Catalogue, layout: Layout) -> tuple[str, Problem | None]:
    cell = layout.cover.get("m_period")
    sheet, address = layout.cover_address.get("m_period", ("", ""))
    if cell is None:
        return "", Problem("period_unknown", sheet=sheet, cell=address, detail="trang Bìa không ghi kỳ báo cáo")
    period_code = find_period(cell.raw)
    if period_code is None or period_code not in catalogue.calendar:
        detail = f"“{cell.raw}” không phải một kỳ trong lịch của Cụm"
        return "", Problem("period_unknown", sheet=cell.sheet, cell=cell.address, observed=cell.raw, detail=detail)
    return period_code, None


def _province(catalogue: Catalogue, layout: Layout, period_code: str | None = None) -> str:
    cell = layout.cover.get("m_province")
    return "" if cell is None else find_province(catalogue, cell.raw, period_code) or ""


def _form_version_problems(catalogue: Catalogue, layout: Layout) -> list[Problem]:
    cell = layout.cover.get("m_form_version")
    if cell is None or cell.raw.strip() in catalogue.form.known_versions:
        return []
    known = ", ".join(catalogue.form.known_versions)
    return [Problem("form_version_unknown", "", cell.sheet, cell.address, cell.raw, known)]


def _style(workbook: Workbook, layout: Layout) -> Style | None:
    styles = set()
    for rows in layout.rows.values():
        for row in rows:
            cell = workbook.cells[row.sheet].get((row.row, row.columns.get("value", -1)))
            if cell is not None and cell.kind == "text":
                styles.add(evident_style(cell.raw))
    styles.discard(None)
    return styles.pop() if len(styles) == 1 else None


def _see_doubtful(data: bytes, workbook: Workbook, layout: Layout) -> Workbook:
    """The workbook with error values and uncached formulas in input cells made visible."""
    blank = {
        (row.sheet, row.address(field_name))
        for rows in layout.rows.values()
        for row in rows
        for field_name, column in row.columns.items()
        if field_name in ("value", "estimate", "basis", "state")
        and row.address(field_name) in workbook.doubtful.get(row.sheet, ())
        and (row.row, column) not in workbook.cells[row.sheet]
    }
    if blank:
        for (sheet, _), cell in look_again(data, blank).items():
            workbook.cells[sheet][cell.row, cell.column] = cell
    return workbook


def _account_for_rest(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> list[Problem]:
    """Every cell that nothing claimed: ignored by name, a value under an unknown label, or reported as it is."""
    lexicon = lexicon_of(catalogue)
    problems: list[Problem] = []
    for sheet in workbook.sheets:
        columns = next((r.columns for rows in layout.rows.values() for r in rows if r.sheet == sheet), {})
        ignored: list[Cell] = []
        unclaimed: list[Cell] = []
        rest = [c for at, c in sorted(workbook.cells[sheet].items()) if (sheet, *at) not in layout.claimed]
        strange_rows = {c.row: c for c in rest if columns and c.column == columns.get("value") and "label" in columns}
        for cell in rest:
            valued = strange_rows.get(cell.row)
            if valued is not None and cell.column in columns.values():
                if cell is valued:
                    label = workbook.cells[sheet].get((cell.row, columns["label"]))
                    name = label.raw if label is not None else ""
                    if name:
                        problems.append(
                            Problem("label_unknown", "", sheet, label.address if label else "", name, "", cell.raw)
                        )
                    else:
                        unclaimed.append(cell)
            elif cell.kind == "text" and lexicon.is_ignored(cell.raw):
                ignored.append(cell)
            else:
                unclaimed.append(cell)
        for cell in unclaimed[:SHOWN_UNCLAIMED]:
            problems.append(Problem("cell_unclaimed", "", sheet, cell.address, cell.raw))
        if len(unclaimed) > SHOWN_UNCLAIMED:
            cell = unclaimed[SHOWN_UNCLAIMED]
            more = len(unclaimed) - SHOWN_UNCLAIMED - 1
            problems.append(Problem("cell_unclaimed", "", sheet, cell.address, f"{cell.raw} (và {more} ô nữa)"))
        if ignored:
            problems.append(Problem("cells_ignored", "", sheet, ignored[0].address, str(len(ignored))))
    return problems
