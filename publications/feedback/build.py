"""Everything that answers one file, as names and bytes: receipt, result, and the workbook to mend or explain in."""

from __future__ import annotations

from itertools import chain, count

from publications.feedback.facts import FINDINGS, MARKED, RECEIPT, RESULT, Feedback, FeedbackFile
from publications.feedback.findings_workbook import make_findings_workbook
from publications.feedback.marking import mark_workbook
from publications.feedback.receipt import render_receipt
from publications.feedback.remarks import remarks_of
from publications.feedback.result_page import render_result
from publications.feedback.todo import list_todo, rows_of
from publications.feedback.xml_part import NotMarkableError
from transforms.file_kind import FileKind, recognise

_ENDINGS = {FileKind.XLSX: ".xlsx", FileKind.XLSM: ".xlsm"}
_UNFIT = {
    FileKind.XLS: "tệp .xls",
    FileKind.XLSB: "tệp .xlsb",
    FileKind.ODS: "tệp .ods",
    FileKind.DOCX: "văn bản Word",
    FileKind.DELIMITED: "tệp văn bản (.csv)",
}
_UNREAD = ("file_unreadable", "reader_failed")  # what was dangerous to read once is not read again here


def render_feedback(feedback: Feedback) -> tuple[FeedbackFile, ...]:
    """The files for the unit's folder; equal input gives equal names and bytes.

    The receipt and the result always; a workbook where something is open or waits and no later version counts: the
    unit's own one, marked, or the list alone where that would lose something of it.
    """
    lead = f"Lần {feedback.version} - "
    files = [FeedbackFile(f"{lead}Biên nhận.html", render_receipt(feedback), RECEIPT)]
    workbook, reason = (None, "") if feedback.is_clean or feedback.is_superseded else _make_workbook(feedback, lead)
    result = render_result(
        feedback,
        marked_name=workbook.name if workbook is not None and workbook.kind == MARKED else "",
        findings_name=workbook.name if workbook is not None and workbook.kind == FINDINGS else "",
        reason=reason,
    )
    files.append(FeedbackFile(f"{lead}Kết quả kiểm tra.html", result, RESULT))
    return (*files, workbook) if workbook is not None else tuple(files)


def _make_workbook(feedback: Feedback, lead: str) -> tuple[FeedbackFile | None, str]:
    """The workbook to answer in, and why it is not the unit's own; none where there is nothing to be answered in it."""
    rows = rows_of(feedback)
    if not any(row.state in ("open", "refused", "waiting") for row in rows):
        return None, ""
    kind = recognise(feedback.original)
    ending = _ENDINGS.get(kind)
    if any(f.rule_code in _UNREAD for f in feedback.findings):
        return None, ""  # nothing in it can be explained: it has to be sent in another way
    reason = ""
    if ending is None:
        reason = f"Không đánh dấu được vào {_UNFIT.get(kind, 'loại tệp này')}, nên các chỗ cần sửa nằm ở một tệp riêng."
    else:
        try:
            todo = list_todo(feedback, is_alone=False)
            data = mark_workbook(feedback.catalogue, feedback.original, todo, remarks_of(feedback, rows))
            return FeedbackFile(_free_name(feedback, f"{lead}Biểu đã đánh dấu", ending), data, MARKED), ""
        except NotMarkableError as error:
            reason = f"Không trả lại tệp của tỉnh có đánh dấu vì {error}; các chỗ cần sửa nằm ở một tệp riêng."
    todo = list_todo(feedback, is_alone=True, reason=reason)
    data = make_findings_workbook(feedback.catalogue.form.feedback, todo)
    return FeedbackFile(_free_name(feedback, f"{lead}Danh sách cần sửa", ".xlsx"), data, FINDINGS), reason


def _free_name(feedback: Feedback, stem: str, ending: str) -> str:
    """A name that nobody else's file bears where this one goes, so that the page names the workbook as it lies."""
    taken = {name.casefold() for name in feedback.taken}
    marks = chain(("", " (bản mới)"), (f" (bản mới {n})" for n in count(2)))
    names = (f"{stem}{mark}{ending}" for mark in marks)
    return next(name for name in names if name.casefold() not in taken)
