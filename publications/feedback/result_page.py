"""The result of the check: acceptance in one large line, or what is left to be done, worst first."""

from __future__ import annotations

from typing import Any

from publications.feedback.facts import Feedback
from publications.feedback.figure_words import rows_of_changes
from publications.feedback.pages import render_page
from publications.feedback.receipt import HELD
from publications.feedback.todo import FindingRow, rows_of, say_open
from publications.wording import legal_text
from transforms.observation import Submission

RESULT_PAGE = "ket-qua.html"


def render_result(feedback: Feedback, *, marked_name: str = "", findings_name: str = "", reason: str = "") -> bytes:
    """The page "Kết quả kiểm tra". The names are those of the workbooks that lie beside it, `reason` why it is not
    the marked one.
    """
    rows = rows_of(feedback)
    tone, headline, detail = _say(feedback)
    return render_page(
        RESULT_PAGE,
        "Kết quả kiểm tra báo cáo thi đua",
        feedback,
        tone=tone,
        headline=headline,
        detail=detail,
        note=legal_text(reason),
        open=[r for r in rows if r.state in ("open", "refused")],
        explanations=[_explained(feedback, r) for r in rows if r.state in ("waiting", "refused", "explained")],
        waived=[_waived(r) for r in rows if r.state == "waived"],
        mended=[r for r in rows if r.state == "done"],
        changes=rows_of_changes(feedback.catalogue, feedback.changes),
        says_unchanged=feedback.was_read and not feedback.is_superseded and feedback.submission.version > 1,
        told=[_told(f.message, f.advice) for f in feedback.findings if feedback.state_of(f) == "told"],
        answers=_answers(feedback, marked_name, findings_name),
    )


def _say(feedback: Feedback) -> tuple[str, str, str]:
    """Colour, headline and what stands below it."""
    if feedback.is_superseded and feedback.counting is not None:
        return "blue", "Lần gửi này không còn được dùng", _say_superseded(feedback, feedback.counting)
    if not feedback.was_read:
        return "red", "Không dùng được tệp này, cần gửi lại", feedback.refusal
    held = feedback.submission.held_because
    if held and not feedback.is_counting:
        reason = feedback.refusal or f"Lý do: {HELD.get(held, held)}."
        return "amber", "Chưa dùng số liệu của lần gửi này", f"{reason} {say_open(feedback)}"
    if feedback.open_findings("critical"):
        return "red", say_open(feedback), "Số liệu nêu dưới đây bị đánh dấu trong bảng tổng hợp cho đến khi được sửa."
    if feedback.open_findings("warning"):
        return "amber", say_open(feedback), "Số liệu đã được nhận; đề nghị sửa hoặc giải trình các chỗ dưới đây."
    if feedback.waiting:
        return "blue", "Đã nhận lời giải trình, chờ văn phòng Cụm xem", "Tỉnh chưa phải làm gì thêm."
    return (
        "green",
        "ĐÃ CHẤP NHẬN BÁO CÁO",
        "Số liệu đã được đưa vào bảng tổng hợp của Cụm. Tỉnh không phải làm gì thêm.",
    )


def _say_superseded(feedback: Feedback, counting: Submission) -> str:
    later, held = f"{counting.version:02d}", feedback.submission.held_because
    reason = f"Lý do: {HELD.get(held, held)}. " if held else ""
    return (
        f"{reason}Số liệu của tỉnh nay lấy từ lần gửi {later}, tệp “{legal_text(counting.file_name)}”; kết quả "
        f"kiểm tra nằm ở tệp “Lần {later} - Kết quả kiểm tra.html”. Biểu đã đánh dấu hoặc danh sách của lần gửi "
        f"{feedback.version} nếu còn ở đây thì đã cũ, tỉnh không phải sửa vào đó nữa."
    )


def _explained(feedback: Feedback, row: FindingRow) -> dict[str, Any]:
    ruling = feedback.rulings.on_explanation(row.finding.finding_id, row.finding.figure_hash)
    tone = {"waiting": "waiting", "refused": "critical", "explained": "done"}[row.state]
    answer = {"waiting": "Chờ xem", "refused": "Chưa chấp nhận", "explained": "Đã chấp nhận"}[row.state]
    reason = legal_text(ruling.reason) if ruling is not None else ""
    return {
        "sheet": row.sheet,
        "cell": row.cell,
        "trouble": legal_text(row.finding.message),
        "explanation": row.explanation,
        "tone": tone,
        "answer": answer,
        "reason": reason if reason != row.explanation else "",
    }


def _waived(row: FindingRow) -> dict[str, str]:
    return {"title": row.title, "sheet": row.sheet, "cell": row.cell, "reason": legal_text(row.finding.explanation)}


def _told(message: str, advice: str) -> str:
    return legal_text(message if not advice or advice.startswith("Không cần làm gì.") else f"{message} {advice}")


def _answers(feedback: Feedback, marked_name: str, findings_name: str) -> list[str]:
    """How to answer, where there is something to be answered."""
    if feedback.is_clean or feedback.is_superseded:
        return []
    if not feedback.was_read and not marked_name:
        return ["Sửa theo hướng dẫn ở trên, lưu thành tệp mới rồi đặt vào thư mục của tỉnh như khi gửi báo cáo."]
    again = "đặt vào thư mục của tỉnh như khi gửi báo cáo; bản gửi sau thay bản gửi trước."
    if marked_name:
        return [
            f"Mở tệp “{marked_name}”: các ô cần sửa được tô màu và có chú thích; trang “Việc cần làm” dẫn đến từng ô.",
            f"Số sai: sửa ngay tại ô, lưu tệp và {again} Sửa trong tệp gốc của tỉnh rồi gửi lại cũng được.",
            "Số đúng: ghi lý do vào cột Giải trình của trang “Việc cần làm”, lưu và đặt tệp đó vào thư mục của tỉnh.",
        ]
    if findings_name:
        return [
            f"Số sai: sửa trong tệp của tỉnh, lưu thành tệp mới và {again}",
            f"Số đúng: mở tệp “{findings_name}”, ghi lý do vào cột Giải trình, lưu và đặt tệp đó vào thư mục của tỉnh.",
        ]
    return [f"Sửa trong tệp của tỉnh, lưu thành tệp mới và {again}"]
