"""The letter that reminds a province of its return: plain text, ready to be sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from catalogue.model import Catalogue
from catalogue.reminders import Reminder
from publications.labels import SYNTHETIC_BANNER, TRIAL_SUBJECT
from publications.office.status_page import SAID_OTHERWISE, name_blanks, place_of
from publications.tables.progress import Progress
from publications.wording import legal_text, lower_first, one_line
from transforms.numbers_vi import format_date

SHOWN = 10
_TRIAL = f"{SYNTHETIC_BANNER}: thư này gửi từ nơi thử hệ thống, không phải làm gì."


@dataclass(frozen=True, slots=True)
class Letter:
    """What a province is told: a subject, and a text with a greeting and a signature."""

    subject: str
    text: str


def write_letter(
    catalogue: Catalogue,
    period_code: str,
    progress: Progress,
    reminder: Reminder,
    place: str,
    on: dt.date,
    is_trial: bool = False,
) -> Letter:
    """The letter to one province as things stand on a day; `place` says where the file is to be put.

    A trial is a home that takes made-up figures: whoever gets the letter all the same has nothing to do.
    """
    entry = catalogue.calendar[period_code]
    province = catalogue.province_in(progress.province_id, period_code)
    chair = catalogue.chair_of(period_code)
    office = "Văn phòng Cụm trưởng" + (f" ({lower_first(chair.full_name)})" if chair else "")
    names = {
        "unit": lower_first(province.full_name) if province is not None else progress.name,
        "report": f"báo cáo kết quả thi đua {entry.name}",
        "due": format_date(entry.due_on) + (" (dự kiến)" if entry.is_assumed else ""),
        "days": str(abs((entry.due_on - on).days)),
    }
    paragraphs = [
        *([_TRIAL] if is_trial else []),
        f"Kính gửi: {province.full_name if province is not None else progress.name}",
        reminder.opening.format(**names),
        *_details(progress),
        f"{_request(progress)} Nơi gửi: {place}.",
        "Nếu báo cáo đã được gửi sau thời điểm trên, đề nghị bỏ qua thông báo này.",
        "Trân trọng.",
        f"{catalogue.form.organisation}\n{office}",
    ]
    subject = one_line(f"{TRIAL_SUBJECT if is_trial else ''} {reminder.subject.format(**names)}")
    return Letter(subject, "\n\n".join(paragraphs) + "\n")


def _details(progress: Progress) -> list[str]:
    """What is missing or must be mended, worst first, as paragraphs."""
    if progress.state == "missing":
        return []
    told: list[str] = []
    grave = [f for f in progress.findings if f["severity"] == "critical" and f["rule_code"] not in SAID_OTHERWISE]
    if grave:
        head = "Tệp đã gửi không dùng được:" if progress.state == "refused" else "Những chỗ phải sửa:"
        lines = [head, *(_item(n, f) for n, f in enumerate(grave[:SHOWN], 1))]
        if len(grave) > SHOWN:
            lines.append(f"… và {len(grave) - SHOWN} chỗ nữa.")
        told.append("\n".join(lines))
    if progress.blanks and progress.has_figures:
        told.append(f"Còn để trống {len(progress.blanks)} ô bắt buộc: {name_blanks(progress.blanks)}.")
    if progress.is_submitted and progress.has_figures and progress.warning_count:
        told.append(
            f"Ngoài ra còn {progress.warning_count} chỗ cần xem lại (kể cả ô để trống): đề nghị sửa hoặc giải trình."
        )
    return told


def _item(number: int, finding: dict[str, object]) -> str:
    place = place_of(finding)
    message = one_line(str(finding["message"]), 400)
    advice = one_line(str(finding["advice"] or ""), 400)
    return f"{number}. {place + ': ' if place else ''}{message}" + (f"\n   Cách sửa: {advice}" if advice else "")


def _request(progress: Progress) -> str:
    if progress.state == "missing":
        return (
            "Đề nghị điền vào mẫu biểu của Cụm và gửi trước khi hết hạn."
            if not progress.late_days
            else ("Đề nghị điền vào mẫu biểu của Cụm và gửi ngay để Cụm kịp tổng hợp.")
        )
    file = f" “{legal_text(progress.file_name)}”" if progress.file_name else ""
    if progress.state == "empty":
        return f"Đề nghị điền số liệu vào tệp{file}, lưu lại và gửi lại; bản gửi sau thay bản gửi trước."
    if progress.state == "refused":
        return "Đề nghị làm theo hướng dẫn trên rồi gửi lại."
    return f"Đề nghị sửa trong tệp{file}, lưu lại và gửi lại; bản gửi sau thay bản gửi trước."
