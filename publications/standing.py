"""How far tables are approved, and how it is said on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from publications.tables.figures import Figures, is_open
from publications.tables.shape import SEVERITIES, WHOLE_CLUSTER
from publications.wording import format_time, one_line
from transforms.differences import Difference

DRAFT = "DỰ THẢO"
NOT_VERIFIED = "tên tự ghi, chưa xác minh"


@dataclass(frozen=True, slots=True)
class Standing:
    """A draft, a draft that differs from seal `seal_no`, or final under that number.

    The person, the moment and the reason are those of the approval; `is_noted` says that it was given although findings
    stood open, which are then listed. `differences` is None where the seal cannot be looked into.
    """

    seal_no: int | None = None
    is_final: bool = False
    approved_by: str = ""
    approved_at: dt.datetime | None = None
    reason: str = ""
    is_noted: bool = False
    differences: tuple[Difference, ...] | None = ()

    @property
    def is_draft(self) -> bool:
        return not self.is_final

    @property
    def mark(self) -> str:
        """Names the standing in short; equal exactly where tables of equal figures say the same of it."""
        if self.is_final:
            return f"final {self.seal_no}"
        return "draft" if self.seal_no is None else f"draft after {self.seal_no}"

    @property
    def headline(self) -> str:
        """What stands on the cover and at the foot of every page of a draft; nothing on final tables."""
        if self.is_final:
            return ""
        return DRAFT if self.seal_no is None else f"{DRAFT}, có thay đổi so với bản đã chốt số {self.seal_no}"

    def facts(self) -> list[tuple[str, str]]:
        """Rows for the cover."""
        if self.seal_no is None or self.approved_at is None:
            return []
        words = f"{self.approved_by} ({NOT_VERIFIED}), {format_time(self.approved_at)}"
        if self.is_final:
            rows = [("Bản chốt", f"số {self.seal_no}"), ("Người duyệt", words)]
            return [*rows, ("Lý do", one_line(self.reason))] if self.reason else rows
        return [(f"Bản đã chốt số {self.seal_no}", f"do {words} duyệt"), ("Khác bản đã chốt", self._count())]

    def _count(self) -> str:
        if self.differences is None:
            return "không đối chiếu được: không đọc được bản niêm phong"
        if not self.differences:
            return "không số nào khác; bản đã chốt đã được mở lại"
        return f"{len(self.differences)} số, xem trang “so-voi-ban-chot”"


DRAFTED = Standing()


def noted_findings(figures: Figures) -> list[str]:
    """The open findings that the approval took note of, gravest first, as sentences."""
    return [
        f"{SEVERITIES[row['severity']]} – {row['province_name'] or WHOLE_CLUSTER}: {one_line(row['message'])}"
        for row in figures.findings
        if is_open(row) and row["severity"] != "info"
    ]
