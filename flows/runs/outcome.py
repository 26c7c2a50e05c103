"""What a run came to, as values for the command line, the summary and the artifacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.prose.published_report import REPORTS

SEVERITIES = {"critical": "Phải sửa", "warning": "Cần xem lại", "info": "Thông tin"}


class Outcome:
    """The state of a period after a run: the rows of its views, what is new, and where it was published.

    `answers` are the files for the units' folders: place, unit, why it does not lie there, whether it is new.
    `renewed_answers` of those that are new took the place of an older one of the same name.
    """

    def __init__(
        self,
        period_code: str,
        marts: dict[str, list[dict[str, Any]]],
        new_files: tuple[str, ...] = (),
        had_work: bool = True,
        folder: Path | None = None,
        answers: Sequence[tuple[str, str, str, bool]] = (),
        renewed_answers: int = 0,
    ) -> None:
        self.period_code = period_code
        self.marts = marts
        self.new_files = new_files
        self.had_work = had_work
        self.folder = folder
        self.answers = answers
        self.renewed_answers = renewed_answers

    @property
    def new_answers(self) -> int:
        """How many files were put into the units' folders."""
        return sum(is_new and not reason for _, _, reason, is_new in self.answers)

    @property
    def kept_answers(self) -> dict[tuple[str, str], int]:
        """How many files could not be put there and lie in the home, by unit and reason."""
        return Counter((unit, reason) for place, unit, reason, _ in self.answers if reason and place)

    def count(self, severity: str) -> int:
        """How many findings of a severity stand."""
        return sum(row["severity"] == severity for row in self.open_findings)

    @property
    def open_findings(self) -> list[dict[str, Any]]:
        """The findings that are neither explained nor waived."""
        return [row for row in self.marts["findings"] if row["status"] == "open"]

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """The open findings that were explained and wait for a decision."""
        return [row for row in self.open_findings if row["explanation"] and not row.get("refusal")]

    @property
    def missing(self) -> list[str]:
        """The names of the provinces that have sent no return of their own."""
        return [row["province_name"] for row in self.marts["completeness"] if not row["is_submitted"]]


def province_state(row: dict[str, Any]) -> str:
    """The one readable state of a province's return, from its row of `completeness`."""
    if not row["is_submitted"]:
        source = "báo cáo đã công bố" if row["sent_by"] == REPORTS else "tệp tổng hợp"
        return f"Chưa gửi, lấy từ {source}" if row["submission_id"] else "Chưa gửi"
    if row["critical_count"]:
        return f"Phải sửa {row['critical_count']} chỗ"
    if row["warning_count"]:
        return f"Cần xem lại {row['warning_count']} chỗ"
    return "Đạt"


def who_has_sent(outcome: Outcome) -> list[dict[str, str]]:
    """The rows of the table "who has sent what", one per province."""
    sent = {r["province_id"]: r for r in outcome.marts["submissions"] if r["is_current"]}
    rows = []
    for row in outcome.marts["completeness"]:
        current = sent.get(row["province_id"], {})
        rows.append(
            {
                "Tỉnh": row["province_name"],
                "Trạng thái": province_state(row),
                "Tệp": current.get("file_name", ""),
                "Lần gửi": str(current.get("version", "")),
                "Số liệu nhận/cần": f"{row['cells_received']}/{row['cells_expected']}",
                "Phải sửa": str(row["critical_count"]),
                "Cần xem lại": str(row["warning_count"]),
                "Thông tin": str(row["info_count"]),
            }
        )
    return rows


def say_outcome(outcome: Outcome) -> str:
    """What a run came to, in one line: what was new, and what is still to do."""
    new = f"{len(outcome.new_files)} tệp mới" if outcome.new_files else "Không có gì mới"
    if outcome.had_work and not outcome.new_files:
        new = "Không có tệp mới, đã kiểm tra lại"
    left = [
        f"còn {len(outcome.missing)} tỉnh chưa gửi" if outcome.missing else "",
        f"còn {outcome.count('critical')} chỗ phải sửa" if outcome.count("critical") else "",
        f"{outcome.count('warning')} chỗ cần xem lại" if outcome.count("warning") else "",
    ]
    return "; ".join([new, *filter(None, left)]) + "."


def change_lines(outcome: Outcome) -> list[str]:
    """What changed between versions, figure by figure, as lines."""
    return [
        f"{_whose(r)}, lần {r['version']}: {' '.join(r['indicator_name'].split())}: "
        f"{show_figure(r['state_before'], r['value_before'], r['was_estimated'])} → "
        f"{show_figure(r['state'], r['value'], r['is_estimated'])}"
        for r in outcome.marts["changes"]
    ]


def answer_lines(catalogue: Catalogue, outcome: Outcome, bullet: str = "") -> list[str]:
    """What was put into the units' folders, and what had to stay in the home and why."""
    lines = []
    if outcome.new_answers:
        renewed = outcome.renewed_answers
        counts = [(outcome.new_answers - renewed, "tệp mới"), (renewed, "tệp thay bản cũ")]
        told = ", ".join(f"{count} {words}" for count, words in counts if count)
        lines.append(f"{bullet}Phản hồi: {told} trong thư mục của các đơn vị")
    for (unit, reason), count in outcome.kept_answers.items():
        province = catalogue.province_in(unit, outcome.period_code)
        name = province.name if province is not None else unit
        lines.append(f"{bullet}Phản hồi của {name}: {count} tệp nằm ở nhà dữ liệu (feedback/), vì {reason}")
    return lines


NO_FIGURE = {
    "blank": "(trống)",
    "none_arising": "không phát sinh",
    "not_yet_available": "chưa có số liệu",
    "unreadable": "không đọc được",
}


def show_figure(state: str, value: Any, is_estimated: bool) -> str:
    """A figure in Vietnamese form, or the words for why there is none."""
    if state != "number" or value is None:
        return NO_FIGURE.get(state, state)
    return f"{format_number(value)}{' (ước)' if is_estimated else ''}"


def _whose(row: dict[str, Any]) -> str:
    return row.get("province_name") or "Toàn Cụm"
