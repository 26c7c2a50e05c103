"""What is said at a cell: the trouble, how to mend it, and where to answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.feedback import FeedbackForm
from publications.feedback.facts import Feedback
from publications.feedback.todo import FindingRow
from publications.wording import legal_text
from transforms.observation import Finding

Runs = tuple[tuple[bool, str], ...]
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_GRAVITY = {"critical": 0, "warning": 1, "info": 2}
_LONGEST = 700


@dataclass(frozen=True, slots=True)
class Remark:
    """The tint and the comment of one cell; the comment in runs, bold or not."""

    cell: str
    severity: str
    runs: Runs


def head_of(form: FeedbackForm, version: str) -> str:
    """The line with which our part of a comment begins."""
    return form.comment_head.format(version=version)


def tail_of(form: FeedbackForm, numbers: Iterable[int]) -> str:
    """The line with which our part of a comment ends."""
    shown = ", ".join(map(str, numbers))
    return f"Không sửa thì giải trình ở trang “{form.todo_sheet}”, việc số {shown}."


def our_part(form: FeedbackForm) -> re.Pattern[str]:
    """Finds our part in the text of a comment, whatever stands before or behind it."""
    head, _, rest = form.comment_head.partition("{version}")
    tail = f"giải trình ở trang “{form.todo_sheet}”, việc số "
    return re.compile(rf"\s*{re.escape(head)}\d+{re.escape(rest)}.*?{re.escape(tail)}[\d, ]+\.\s*", re.DOTALL)


def remarks_of(feedback: Feedback, rows: Iterable[FindingRow]) -> dict[str, list[Remark]]:
    """The remarks of every sheet, for what is open, waits for a ruling, or is told of a figure."""
    found: dict[tuple[str, str], list[tuple[FindingRow, str]]] = {}
    for row in rows:
        if row.state not in ("open", "refused", "waiting", "told"):
            continue
        finding = row.finding
        places = _places(finding)
        for n, (sheet, cell) in enumerate(places):
            said = _own_words(row) if n == 0 and finding.cell else _side_words(row, sheet, cell)
            found.setdefault((sheet, cell), []).append((row, said))
    remarks: dict[str, list[Remark]] = {}
    for (sheet, cell), told in found.items():
        worst = min((row.severity for row, _ in told), key=_GRAVITY.__getitem__)
        remarks.setdefault(sheet, []).append(Remark(cell, worst, _runs(feedback, told)))
    return remarks


def _places(finding: Finding) -> list[tuple[str, str]]:
    """The cells of a finding: its own, the suspected one, those of the same trouble."""
    cells = [(finding.sheet, finding.cell), (finding.suspect_sheet or finding.sheet, finding.suspect_cell)]
    cells += [(finding.sheet, cell) for cell in finding.alike]
    plain = [(sheet, match[1] + match[2]) for sheet, cell in cells if sheet and (match := _ADDRESS.fullmatch(cell))]
    return list(dict.fromkeys(plain))


def _own_words(row: FindingRow) -> str:
    parts = [row.trouble]
    if row.advice:
        parts.append(f"Cách sửa: {row.advice}")
    if row.proposed:
        parts.append(f"Đề xuất: {row.proposed}")
    if row.state in ("waiting", "refused"):
        parts.append(f"{row.state_name}: “{row.explanation}”")
    return "\n".join(parts)


def _side_words(row: FindingRow, sheet: str, cell: str) -> str:
    finding = row.finding
    if (sheet, cell) == (finding.suspect_sheet or finding.sheet, finding.suspect_cell):
        proposed = f"\nĐề xuất ghi: {finding.proposed}" if finding.proposed else ""
        at = f"ô {finding.cell}" + (f" trang “{finding.sheet}”" if sheet != finding.sheet else "")
        return f"Có thể chính ô này ghi sai, làm cho {at} không khớp.{proposed}\n{row.trouble}"
    return row.trouble if len(row.trouble) < _LONGEST else f"Cùng vướng mắc như ô {finding.cell}."


def _runs(feedback: Feedback, told: list[tuple[FindingRow, str]]) -> Runs:
    form = feedback.catalogue.form.feedback
    runs: list[tuple[bool, str]] = [(True, head_of(form, feedback.version))]
    for row, said in told:
        runs += [(True, f"\n{row.severity_name.upper()} – {row.title}\n"), (False, said)]
    numbers = sorted({row.number for row, _ in told})
    runs.append((False, f"\n{tail_of(form, numbers)}"))
    return tuple((is_bold, legal_text(text)) for is_bold, text in runs)
