"""What is to be decided and what was sealed, in words: lines for the terminal, Markdown for the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from catalogue.model import Catalogue
from flows.closing.question import Question
from flows.local_time import say_moment
from flows.runs.outcome import SEVERITIES, Outcome, change_lines, who_has_sent
from flows.settings import Settings
from transforms.numbers_vi import format_date
from transforms.observation import Ruling, name_place
from transforms.operation import ClosingEvent

SHOWN = 15
STEPS = {
    "asked": "Xin ý kiến",
    "publish": "Duyệt công bố",
    "publish_noted": "Duyệt kèm ghi chú phát hiện",
    "wait": "Để chờ",
    "sealed": "Niêm phong",
    "reopened": "Mở lại",
}


def say_standing(catalogue: Catalogue, question: Question) -> str:
    """In one sentence: how the closing of the period stands."""
    closing, name = question.closing, catalogue.calendar[question.period_code].name
    if question.is_final and closing.seal is not None and question.approval is not None:
        by, when = question.approval.decided_by, say_moment(question.approval.happened_at)
        return f"{name}: đã chốt, bản số {closing.seal.seal_no}, {by} duyệt lúc {when} (tên tự ghi, chưa xác minh)."
    if closing.is_pending and closing.decision is not None:
        decision = closing.decision
        when = say_moment(decision.happened_at)
        return f"{name}: {decision.decided_by} để chờ từ {when} ({decision.reason}); vẫn cần quyết định."
    if closing.is_pending and closing.asked is not None:
        return f"{name}: chờ quyết định từ {say_moment(closing.asked.happened_at)}."
    if closing.is_to_seal and closing.decision is not None:
        by, code = closing.decision.decided_by, question.period_code
        return f"{name}: {by} đã duyệt, chưa niêm phong xong; chạy: thidua close {code}"
    return f"{name}: chưa xin ý kiến."


def describe_findings(question: Question, most: int = SHOWN) -> list[str]:
    """The open findings by what they would change, each in a line, how many more there are, and blanks as one line."""
    rows = [r for r in question.standing_findings if r["rule_code"] != "required_present"]
    lines = [
        f"[{SEVERITIES[r['severity']]}] {_whose(r)}{_place(r)}: {_flat(r['message'])}{_impact(r)}" for r in rows[:most]
    ]
    if len(rows) > most:
        lines.append(f"… và {len(rows) - most} phát hiện nữa, xem trang phat-hien của bảng tổng hợp")
    blank = [r for r in question.standing_findings if r["rule_code"] == "required_present"]
    if blank:
        cells = sum(1 + (len(r["alike"].split(", ")) if r["alike"] else 0) for r in blank)
        units = len({r["province_id"] for r in blank})
        lines.append(f"[Cần xem lại] {cells} ô bắt buộc để trống ở {units} tỉnh, xem trang phat-hien của bảng tổng hợp")
    return lines


def describe_missing(question: Question) -> str:
    """Who has not sent, or that all have."""
    outcome = Outcome(question.period_code, question.marts)
    total = len(question.marts["completeness"])
    sent = total - len(outcome.missing)
    return f"Đã gửi {sent}/{total} tỉnh" + (f"; chưa gửi: {', '.join(outcome.missing)}." if outcome.missing else ".")


def describe_commands(question: Question, options: str = "") -> list[str]:
    """The commands by which this very question is answered, word for word; `options` say where its files lie."""
    of_question = f" --question {question.closing_id}{options}"
    approve = f'thidua approve {question.period_code} --by "HỌ VÀ TÊN"'
    if question.standing_findings:
        approve = f'thidua approve {question.period_code} --with-findings --by "HỌ VÀ TÊN" --reason "LÝ DO"'
    hold = f'thidua hold {question.period_code} --by "HỌ VÀ TÊN" --reason "LÝ DO"'
    return [f"Công bố và niêm phong:  {approve}{of_question}", f"Để chờ:                 {hold}{of_question}"]


def question_markdown(catalogue: Catalogue, settings: Settings, question: Question, trouble: str = "") -> str:
    """What the form of the page shows above its fields; `trouble` says why an answer before was not taken."""
    outcome = Outcome(question.period_code, question.marts)
    entry = catalogue.calendar[question.period_code]
    findings = question.standing_findings
    critical = sum(r["severity"] == "critical" for r in findings)
    from publications.labels import find_banner

    banner = find_banner(question.marts)
    lines = [f"**{banner}**", ""] if banner else []
    lines += [f"**Chưa nhận quyết định vừa gửi:** {_flat(trouble)}", ""] if trouble else []
    lines += [
        f"## Chốt số liệu {entry.name}",
        "",
        f"Họp Cụm ngày {format_date(entry.meets_on)}{' (giả định)' if entry.is_assumed else ''}. "
        f"{describe_missing(question)} Còn mở: {critical} “Phải sửa”, {len(findings) - critical} “Cần xem lại”.",
        "",
    ]
    if findings:
        lines += [
            "**Phát hiện còn mở, nặng nhất trước:**",
            "",
            *[f"- {line}" for line in describe_findings(question)],
            "",
        ]
        lines += [
            "Còn phát hiện mở nên chỉ công bố được **kèm ghi chú**: các phát hiện đó được liệt kê trong bảng, là người "
            "duyệt đã biết. Muốn công bố không ghi chú thì để tỉnh sửa hoặc giải trình trước.",
            "",
        ]
    if outcome.waiting:
        lines += [
            f"{len(outcome.waiting)} giải trình chờ quyết định: `thidua explain {question.period_code} --waiting`",
            "",
        ]
    folder = settings.published_period(question.period_code)
    lines += [
        *_table(who_has_sent(outcome)),
        "",
        f"Bảng dự thảo: `{folder / 'bang-tong-hop.xlsx'}`; tình hình từng tỉnh: `{folder / 'tinh-hinh.html'}`",
        "",
        "Quyết định chỉ áp dụng cho đúng số liệu này; nếu có tệp mới đến trước khi gửi thì hệ thống hỏi lại. Tên và lý "
        "do được lưu như đã ghi, **không xác minh**.",
    ]
    return "\n".join(lines)


def say_what_came_between(question: Question, rulings: Iterable[Ruling]) -> str:
    """What happened since the office was asked, as far as the warehouse tells."""
    asked = question.closing.asked
    since = asked.happened_at if asked is not None else dt.datetime.min.replace(tzinfo=dt.UTC)
    files = [r for r in question.marts["submissions"] if r["received_at"] > since]
    said = [f"{_whose(r)} gửi “{r['file_name']}” (lần {r['version']})" for r in files]
    versions = {(r["province_id"], r["version"]) for r in files}
    marts = {
        **question.marts,
        "changes": [r for r in question.marts["changes"] if (r["province_id"], r["version"]) in versions],
    }
    changed = change_lines(Outcome(question.period_code, marts))
    said += [*changed[:SHOWN], *([f"và {len(changed) - SHOWN} số khác"] if len(changed) > SHOWN else [])]
    said += [f"quyết định {r.ruling_id} của {r.decided_by}: {r.reason}" for r in rulings if r.decided_at > since]
    return "; ".join(said) + "." if said else "không có tệp mới, nhưng danh mục, phần mềm hoặc thư mục của tỉnh đã đổi."


def seal_rows(events: Iterable[ClosingEvent]) -> list[dict[str, str]]:
    """Every step of closings as rows of a table, oldest first."""
    return [
        {
            "Kỳ": e.period_code,
            "Lúc": say_moment(e.happened_at),
            "Bước": STEPS[e.step],
            "Bản": "" if e.seal_no is None else str(e.seal_no),
            "Người (chưa xác minh)": e.decided_by,
            "Lý do": e.reason,
            "SHA-256 của manifest.json": e.manifest_hash,
        }
        for e in events
    ]


def _table(rows: list[dict[str, str]]) -> list[str]:
    if not rows:
        return []
    heads = [h for h in ("Tỉnh", "Trạng thái", "Số liệu nhận/cần") if h in rows[0]]  # the form is narrow, and cuts
    body = [f"| {' | '.join(_flat(row[h]) for h in heads)} |" for row in rows]
    return [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}", *body]


def _whose(row: dict[str, Any]) -> str:
    return row.get("province_name") or "Toàn Cụm"


def _place(row: dict[str, Any]) -> str:
    return f" ({row['sheet']} · {name_place(row['cell'])})" if row["cell"] else ""


def _impact(row: dict[str, Any]) -> str:
    return f" → {_flat(row['impact'])}" if row["impact"] else ""


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
