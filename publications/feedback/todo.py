"""The to-do list of a unit: what is to be mended or explained, worst first, then what is settled."""

from __future__ import annotations

from dataclasses import dataclass, field

from publications.feedback.facts import Feedback
from publications.feedback.figure_words import rows_of_changes, show_observation
from publications.feedback.mended import mended_of
from publications.labels import banner_of
from publications.wording import format_time, legal_text
from transforms.observation import Finding
from transforms.todo_sheet import HASH_PREFIX, ID_PREFIX, mark_of

STATES = {
    "open": "Chưa xử lý",
    "refused": "Giải trình chưa được chấp nhận",
    "waiting": "Chờ Cụm xem giải trình",
    "explained": "Đã chấp nhận giải trình",
    "waived": "Được miễn",
    "told": "Không phải làm gì",
    "done": "Đã sửa",
    "changed": "Để biết",
}
_ORDER = {"open": 0, "refused": 0, "waiting": 1, "told": 2, "explained": 3, "waived": 4}
_GRAVITY = {"critical": 0, "warning": 1, "info": 2}
_CELL_WORDS = 3  # of a group's cells beside the first


@dataclass(frozen=True, slots=True)
class TodoRow:
    """One line of the list; `state` is a key of STATES, the two identifiers are as the sheet carries them."""

    number: int
    severity: str
    severity_name: str
    sheet: str
    cell: str
    label: str
    title: str
    observed: str
    trouble: str
    advice: str
    proposed: str
    explanation: str
    state: str
    state_name: str
    finding_id: str = ""
    figure_hash: str = ""


@dataclass(frozen=True, slots=True)
class FindingRow(TodoRow):
    """A line that speaks of a finding."""

    finding: Finding = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Todo:
    """The whole list with its head; `mark` is the text by which it is known again when it comes back."""

    title: str
    unit_line: str
    period_line: str
    summary: str
    instructions: str
    rows: tuple[TodoRow, ...]
    mark: str


def list_todo(feedback: Feedback, *, is_alone: bool, reason: str = "") -> Todo:
    """The list of a submission. `is_alone`: in a workbook of its own, for the `reason` given."""
    submission = feedback.submission
    rows: list[TodoRow] = [*rows_of(feedback)]
    rows += _change_rows(feedback, len(rows) + 1)
    kind = "tệp" if is_alone else "biểu"
    summary = (
        f"Lần gửi {feedback.version}, nhận {format_time(submission.received_at)}, tệp “{submission.file_name}”. "
        f"{say_open(feedback)}"
    )
    banner = banner_of(feedback.source)
    label = f"{banner}." if banner else ""
    how = (
        "Sửa số trong tệp của tỉnh, lưu lại"
        if is_alone
        else "Bấm vào tên ô ở cột Ô để đến đúng ô cần sửa; ô tô màu có chú thích. Sửa xong, lưu lại"
    )
    instructions = (
        f"{how} rồi đặt vào thư mục của tỉnh như khi gửi báo cáo. "
        f"Số đúng mà {kind} vẫn bị hỏi: ghi lý do vào cột Giải trình (nền vàng), lưu tệp này "
        "rồi đặt vào thư mục của tỉnh."
    )
    return Todo(
        f"VIỆC CẦN LÀM – {feedback.unit_name.upper()}",
        f"Đơn vị báo cáo: {feedback.unit_name}",
        f"Kỳ báo cáo: {feedback.period_name}",
        legal_text(f"{label} {summary} {reason}".strip()),
        instructions,
        tuple(rows),
        mark_of(
            feedback.catalogue, feedback.period_code, submission.province_id, submission.version, is_alone=is_alone
        ),
    )


def rows_of(feedback: Feedback) -> list[FindingRow]:
    """The rows in their order: open worst first, waiting, to be told, explained, waived, mended."""
    shown = [f for f in feedback.findings if f.severity != "info" or f.indicator_code]
    ordered = sorted(shown, key=lambda f: (_ORDER[feedback.state_of(f)], _GRAVITY[f.severity], -f.impact_weight))
    rows = [_row(feedback, n, f, feedback.state_of(f)) for n, f in enumerate(ordered, 1)]
    return rows + [_row(feedback, n, f, "done") for n, f in enumerate(mended_of(feedback), len(rows) + 1)]


def _change_rows(feedback: Feedback, start: int) -> list[TodoRow]:
    """What differs from the version before, where no line above says so: for comparing, nothing to be done."""
    told = {f.indicator_code for f in mended_of(feedback)}
    changes = [c for c in feedback.changes if c.indicator_code not in told]
    return [
        TodoRow(
            number,
            "info",
            "Đã đổi",
            row.sheet,
            row.cell,
            row.label,
            "Số liệu đã đổi so với lần gửi trước",
            row.after,
            f"Lần trước: {row.before}. Lần này: {row.after}.",
            "",
            "",
            "",
            "changed",
            STATES["changed"],
        )
        for number, row in enumerate(rows_of_changes(feedback.catalogue, changes), start)
    ]


def say_open(feedback: Feedback) -> str:
    """How much is left to be done, in one sentence."""
    parts = [
        f"{count} chỗ {word}"
        for count, word in (
            (len(feedback.open_findings("critical")), "phải sửa"),
            (len(feedback.open_findings("warning")), "cần sửa hoặc giải trình"),
            (len(feedback.waiting), "chờ Cụm xem giải trình"),
        )
        if count
    ]
    return f"Còn {', '.join(parts)}." if parts else "Không còn việc gì."


def _row(feedback: Feedback, number: int, finding: Finding, state: str) -> FindingRow:
    indicator = feedback.catalogue.indicators.get(finding.indicator_code)
    rule = feedback.catalogue.rules[finding.rule_code]
    trouble = finding.message
    if finding.impact and state in ("open", "refused", "waiting"):
        trouble = f"{trouble}\nẢnh hưởng: {finding.impact}"
    label = f"{indicator.number}. {indicator.label}" if indicator is not None else ""
    is_done = state == "done"
    return FindingRow(
        number,
        finding.severity,
        feedback.severities[finding.severity],
        legal_text(finding.sheet),
        legal_text(finding.cell),
        label or (legal_text(finding.file_name) if not finding.sheet else ""),
        rule.title,
        legal_text(finding.observed) or ("(trống)" if rule.family == "required" else ""),
        legal_text(trouble),
        legal_text(finding.advice) if not is_done else _new_figure(feedback, finding),
        legal_text(_proposal(finding)) if not is_done else "",
        legal_text(finding.explanation) if state not in ("waived", "done") else "",
        state,
        STATES[state] + (f": {legal_text(finding.explanation)}" if state == "waived" and finding.explanation else ""),
        ID_PREFIX + finding.finding_id if finding.finding_id and not is_done else "",
        HASH_PREFIX + finding.figure_hash if finding.figure_hash and not is_done else "",
        finding=finding,
    )


def _proposal(finding: Finding) -> str:
    """The proposed value, with its cell where that is another one."""
    if not finding.proposed or not finding.suspect_cell:
        return finding.proposed
    here = (finding.suspect_sheet or finding.sheet, finding.suspect_cell) == (finding.sheet, finding.cell)
    return finding.proposed if here else f"Ô {finding.suspect_cell}: {finding.proposed}"


def _new_figure(feedback: Feedback, finding: Finding) -> str:
    """What stands now where something was mended."""
    change = next((c for c in feedback.changes if c.indicator_code == finding.indicator_code), None)
    if change is None or not finding.indicator_code:
        return ""
    return f"Nay ghi: {show_observation(feedback.catalogue, change.after)}"
