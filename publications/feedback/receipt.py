"""The receipt of a file: when it came, what it was, whether it was read, and whose figures count."""

from __future__ import annotations

from publications.feedback.facts import Feedback
from publications.feedback.pages import render_page
from publications.wording import format_time, legal_text
from transforms.observation import Submission
from transforms.rulings import NOT_CHOSEN, WITHDRAWN
from transforms.succession import OLDER, REPLY, RIVAL, SAME

RECEIPT_PAGE = "bien-nhan.html"
HELD = {
    RIVAL: "có hai tệp khác nhau cùng nộp, chờ tỉnh cho biết tệp nào là chính thức",
    OLDER: "tệp có ngày sửa cũ hơn tệp đang dùng",
    WITHDRAWN: "tỉnh đã rút tệp này",
    NOT_CHOSEN: "văn phòng Cụm đã chọn tệp khác",
    REPLY: "tệp chỉ có giải trình, không có số liệu; lời giải trình đã được ghi nhận",
    SAME: "số liệu giống hệt một tệp khác cùng nộp",
}


def render_receipt(feedback: Feedback) -> bytes:
    """The page "Biên nhận" of a file, refused ones too."""
    submission = feedback.submission
    tone, headline, detail = _say(feedback)
    facts = [
        ("Tệp", legal_text(submission.file_name)),
        ("Nhận lúc", format_time(submission.received_at)),
        ("Tệp được lưu lần cuối", format_time(submission.modified_at)),
        ("Dung lượng", _size(len(feedback.original))),
        ("Đọc tệp", "Đọc được" if feedback.was_read else "Không đọc được hoặc không dùng được"),
        ("Số liệu được dùng", say_counting(feedback)),
    ]
    if feedback.was_read and feedback.observations:
        read = [o for o in feedback.observations if o.state != "blank"]
        blank = len(feedback.observations) - len(read)
        facts.insert(5, ("Số chỉ tiêu đọc được", f"{len(read)}" + (f"; {blank} chỉ tiêu để trống" if blank else "")))
    others = [
        {
            "version": f"{other.version:02d}",
            "file_name": legal_text(other.file_name),
            "received": format_time(other.received_at),
            "use": _use_of(feedback, other),
        }
        for other in sorted(feedback.other_files, key=lambda s: (s.version, s.received_at))
    ]
    return render_page(
        RECEIPT_PAGE,
        "Biên nhận báo cáo thi đua",
        feedback,
        tone=tone,
        headline=headline,
        detail=detail,
        facts=facts,
        sha256=submission.sha256,
        others=others,
    )


def say_counting(feedback: Feedback) -> str:
    """Whose figures count now, in a sentence."""
    counting = feedback.counting
    if counting is None:
        return "Chưa có số liệu nào của tỉnh được dùng cho kỳ này."
    if feedback.is_counting:
        return f"Số liệu của lần gửi {feedback.version} này."
    return f"Số liệu của lần gửi {counting.version:02d}, tệp “{legal_text(counting.file_name)}”."


def _say(feedback: Feedback) -> tuple[str, str, str]:
    """Colour, headline and what stands below it."""
    if not feedback.was_read:
        return "red", "Đã nhận tệp, nhưng không dùng được", feedback.refusal
    held = feedback.submission.held_because
    if held and not feedback.is_counting:
        reason = feedback.refusal or f"Lý do: {HELD.get(held, held)}."
        return "amber", "Đã nhận tệp, chưa dùng số liệu", reason
    if feedback.is_superseded:
        return "blue", "Đã nhận và đã đọc được tệp", "Đã có lần gửi sau thay thế."
    return "blue", "Đã nhận và đã đọc được tệp", "Kết quả kiểm tra nằm ở tệp bên cạnh."


def _use_of(feedback: Feedback, other: Submission) -> str:
    if feedback.counting is not None and other.submission_id == feedback.counting.submission_id:
        return "Đang được dùng"
    if other.held_because:
        return f"Không dùng: {HELD.get(other.held_because, other.held_because)}"
    return "Đã có lần gửi sau thay thế" if other.version < feedback.submission.version else "Không dùng"


def _size(count: int) -> str:
    return f"{count} byte" if count < 1024 else f"{round(count / 1024)} KB" if count < 1024**2 else f"{count >> 20} MB"
