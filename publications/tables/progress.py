"""How far the returns of a period are: per province, and for the whole cluster as rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from catalogue.model import Catalogue
from publications.tables.figures import Marts, Row
from publications.wording import local_time
from transforms.numbers_vi import format_number, round_half_up
from transforms.prose.published_report import REPORTS

State = Literal["missing", "refused", "empty", "critical", "warning", "clean"]
STATES: dict[State, str] = {
    "missing": "Chưa gửi",
    "refused": "Bị trả lại",
    "empty": "Chưa có số liệu",
    "critical": "Phải sửa",
    "warning": "Cần xem lại",
    "clean": "Đạt",
}
_FIGURES = ("reported", "none_arising", "derived")


@dataclass(frozen=True, slots=True)
class Progress:
    """One province's return of a period. Moments carry a zone; days are those of Việt Nam.

    `is_on_time` and `late_days` are None where collecting began after the due date, or the return has not come and is
    not due yet. `findings` are the open ones, gravest first; `waiting_count` of them were explained, and the office has
    not decided; `blanks` are the labels of required figures left blank.
    """

    province_id: str
    province_code: str
    name: str
    due_on: dt.date
    is_submitted: bool
    is_refused: bool
    has_figures: bool
    is_on_time: bool | None
    first_received_at: dt.datetime | None
    received_at: dt.datetime | None
    version: int | None
    file_name: str
    late_days: int | None
    cells_expected: int
    cells_received: int
    critical_count: int
    warning_count: int
    findings: tuple[Row, ...]
    blanks: tuple[str, ...]
    sent_by: str = ""
    is_from_report: bool = False
    waiting_count: int = 0

    @property
    def state(self) -> State:
        """The one state by which the return is called."""
        if not self.is_submitted:
            return "refused" if self.is_refused else "missing"
        if not self.has_figures:
            return "empty"
        return "critical" if self.critical_count else "warning" if self.warning_count else "clean"

    @property
    def words(self) -> str:
        """The state in words, with how much is to be mended or looked at."""
        if self.state == "critical":
            return f"Phải sửa {self.critical_count} chỗ"
        return f"Cần xem lại {self.warning_count} chỗ" if self.state == "warning" else STATES[self.state]

    @property
    def is_complete(self) -> bool:
        """Whether it has come with every required figure."""
        return self.is_submitted and self.has_figures and self.cells_received >= self.cells_expected

    @property
    def is_clean(self) -> bool:
        """Whether it has come with figures, and nothing in it is open."""
        return self.state == "clean"


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole; never more than the whole."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """In percent with one decimal; 100 only where nothing lacks, None where nothing is expected."""
        if not self.whole:
            return None
        rounded = round_half_up(Decimal(100 * self.part) / self.whole, 1)
        return min(rounded, Decimal("99.9")) if self.part < self.whole else Decimal(100)

    @property
    def text(self) -> str:
        """The percentage as printed; a dash where there is none."""
        return "–" if self.percent is None else f"{format_number(self.percent, 1)} %"


@dataclass(frozen=True, slots=True)
class Rates:
    """The cluster's rates, in the sense of DHIS2: expected are the members' returns of the period.

    `on_time` is None where collecting began after the due date: it cannot be known then.
    """

    received: Rate
    on_time: Rate | None
    with_figures: Rate
    complete: Rate
    cells: Rate
    clean: Rate


def find_progress(catalogue: Catalogue, period_code: str, marts: Marts, on: dt.date) -> tuple[Progress, ...]:
    """Every member province's return as it stands on a day, in the order of membership; () before any judgement."""
    rows = {r["province_id"]: r for r in marts["completeness"] if r["period_code"] == period_code}
    files = _by_province(marts["submissions"], period_code)
    found = _by_province(marts["findings"], period_code)
    figures = _by_province(marts["observations"], period_code)
    return tuple(
        _progress(
            catalogue,
            row,
            [f for f in files.get(unit, ()) if not f["sent_by"]],
            [f for f in found.get(unit, ()) if f.get("status", "open") == "open"],
            figures.get(unit, []),
            on,
        )
        for unit, row in ((p.province_id, rows.get(p.province_id)) for p in catalogue.members_of(period_code))
        if row is not None
    )


def find_rates(several: Sequence[Progress]) -> Rates:
    """The rates of a period over its provinces."""
    expected = len(several)
    sent = [p for p in several if p.is_submitted]
    is_judged = all(p.is_on_time is not None for p in sent)
    return Rates(
        received=Rate(len(sent), expected),
        on_time=Rate(sum(p.is_on_time is True for p in sent), expected) if is_judged else None,
        with_figures=Rate(sum(p.has_figures for p in sent), expected),
        complete=Rate(sum(p.is_complete for p in sent), expected),
        cells=Rate(sum(p.cells_received for p in several), sum(p.cells_expected for p in several)),
        clean=Rate(sum(p.is_clean for p in sent), expected),
    )


def _by_province(rows: Iterable[Row], period_code: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        if row["period_code"] == period_code and row["province_id"]:
            grouped.setdefault(row["province_id"], []).append(row)
    return grouped


def _progress(
    catalogue: Catalogue, row: Row, files: list[Row], found: list[Row], figures: list[Row], on: dt.date
) -> Progress:
    is_submitted = bool(row["is_submitted"])
    usable = [f["received_at"] for f in files if f["verdict"] not in (None, "rejected")]
    first = min(usable, default=row["received_at"]) if is_submitted else None
    current = next((f for f in files if f["is_current"]), None) or max(files, key=lambda f: f["version"], default=None)
    due_on: dt.date = row["due_on"]
    sender = catalogue.province_in(row["sent_by"], row["period_code"]) if row["sent_by"] else None
    return Progress(
        province_id=row["province_id"],
        province_code=row["province_code"],
        name=row["province_name"],
        due_on=due_on,
        is_submitted=is_submitted,
        is_refused=not is_submitted and bool(files) and all(f["verdict"] == "rejected" for f in files),
        has_figures=is_submitted and any(_is_figure(f) for f in figures),
        is_on_time=row["is_on_time"],
        first_received_at=first,
        received_at=row["received_at"] if is_submitted else None,
        version=row["version"] if is_submitted else None,
        file_name=current["file_name"] if current else "",
        late_days=_late_days(row["is_on_time"], first, due_on, on),
        cells_expected=row["cells_expected"],
        cells_received=min(row["cells_received"], row["cells_expected"]),
        critical_count=row["critical_count"],
        warning_count=row["warning_count"],
        findings=tuple(sorted(found, key=lambda f: (_GRAVITY.get(f["severity"], 3), f["position"]))),
        blanks=tuple(f["indicator_name"] for f in figures if f["is_required"] and f["status"] == "blank"),
        sent_by=sender.name if sender is not None else "",
        is_from_report=row["sent_by"] == REPORTS,
        waiting_count=sum(is_waiting(f) for f in found),
    )


_GRAVITY = {"critical": 0, "warning": 1, "info": 2}


def is_waiting(row: Row) -> bool:
    """Whether an open finding was explained and nothing is decided about these words."""
    is_open = (row.get("status") or "open") == "open"
    return bool(is_open and row.get("explanation") and not row.get("refusal"))


def _is_figure(row: Row) -> bool:
    """Whether a row says something: a number, or that nothing arose. Blanks and "not yet" do not."""
    return row["status"] in _FIGURES or (row["status"] == "disputed" and row["value"] is not None)


def _late_days(is_on_time: bool | None, first: dt.datetime | None, due_on: dt.date, on: dt.date) -> int | None:
    if first is None:
        return (on - due_on).days if on > due_on else None
    if is_on_time is None:
        return None
    return 0 if is_on_time else max(0, (local_time(first).date() - due_on).days)
