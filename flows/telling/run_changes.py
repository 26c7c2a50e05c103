"""What a run found different from the run before it, as sentences: one cause one line, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.model import Catalogue
from flows.telling.period_state import GRAVITY, PeriodState
from transforms.operation import ChangeKind, RunChange
from transforms.prose.published_report import REPORTS

NAMED = 3
MOST_UNITS = 40
MESSAGE_LENGTH = 160
MISSING = [GRAVITY.index("missing"), "Chưa gửi"]
BLANK = "(trống)"
_UNUSED = {"rejected": "không dùng được"}


@dataclass
class _Difference:
    """All that differs in one reporting unit, or in what concerns no unit (`unit` is "")."""

    unit: str
    files: list[list[Any]] = field(default_factory=list)
    new: list[list[Any]] = field(default_factory=list)
    gone: list[list[Any]] = field(default_factory=list)
    had_figures: bool = False
    has_figures: bool = False
    figures: list[tuple[str, str, str]] = field(default_factory=list)


def find_changes(
    catalogue: Catalogue, period_code: str, before: PeriodState | None, after: PeriodState
) -> list[RunChange]:
    """Everything that differs between two states of a period; nothing between equal ones.

    Without an earlier state every return that has come is new.
    """
    old = before or PeriodState()
    if old == after:
        return []
    found = _differences(old, after)
    order = [p.province_id for p in catalogue.members_of(period_code)]
    units = [u for u in (*order, *sorted(set(found) - set(order))) if u in found or _words(old, u) != _words(after, u)]
    several = [found.get(unit) or _Difference(unit) for unit in units]
    several.sort(key=lambda d: _urgency(d, old, after))
    changes = [
        RunChange("", 0, _kind(d, old, after), d.unit, _say(catalogue, period_code, d, old, after)) for d in several
    ]
    if len(changes) > MOST_UNITS:
        rest = f"… và {len(changes) - MOST_UNITS} đơn vị nữa có thay đổi."
        changes = [*changes[:MOST_UNITS], RunChange("", 0, "state", "", rest)]
    totals = _say_totals(catalogue, old, after)
    return [*changes, RunChange("", 0, "figure", "", totals)] if totals else changes


def _differences(old: PeriodState, new: PeriodState) -> dict[str, _Difference]:
    found: dict[str, _Difference] = {}

    def of(unit: str) -> _Difference:
        return found.setdefault(unit, _Difference(unit))

    for submission_id, file in new.files.items():
        known = old.files.get(submission_id)
        if known is None or (file[3] and not known[3]):
            of(file[0]).files.append([*file, known is None])
    for finding_id, finding in new.findings.items():
        if finding_id not in old.findings:
            of(finding[0]).new.append(finding)
    for finding_id, finding in old.findings.items():
        if finding_id not in new.findings:
            of(finding[0]).gone.append(finding)
    for key in dict.fromkeys((*old.figures, *new.figures)):
        was, now = old.figures.get(key, BLANK), new.figures.get(key, BLANK)
        if was != now:
            unit, _, indicator = key.partition(" ")
            of(unit).figures.append((indicator, was, now))
    had, has = ({key.partition(" ")[0] for key in state.figures} for state in (old, new))
    for unit, difference in found.items():
        difference.had_figures, difference.has_figures = unit in had, unit in has
    return found


def _words(state: PeriodState, unit: str) -> list[Any]:
    return state.units.get(unit, MISSING)


def _urgency(difference: _Difference, old: PeriodState, new: PeriodState) -> tuple[int, ...]:
    worse = _words(new, difference.unit)[0] - _words(old, difference.unit)[0]
    count = {severity: sum(f[1] == severity for f in difference.new) for severity in ("critical", "warning")}
    return -count["critical"], -max(worse, 0), -count["warning"]


def _kind(difference: _Difference, old: PeriodState, new: PeriodState) -> ChangeKind:
    if difference.files:
        return "file"
    if _words(old, difference.unit) != _words(new, difference.unit):
        return "state"
    return "finding_new" if difference.new else "finding_gone" if difference.gone else "figure"


def _say(catalogue: Catalogue, period_code: str, d: _Difference, old: PeriodState, new: PeriodState) -> str:
    province = catalogue.province_in(d.unit, period_code) if d.unit else None
    name = province.name if province is not None else "Toàn Cụm"
    was, now = _words(old, d.unit), _words(new, d.unit)
    parts = [
        f"{was[1]} → {now[1]}" if was != now else "",
        *_say_files(d.files),
        _say_figures(catalogue, d),
        _say_new(d.new),
        f"hết {len(d.gone)} phát hiện" if d.gone and (d.has_figures or not d.had_figures) else "",
    ]
    text = f"{name}: {'; '.join(filter(None, parts))}"
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


def _say_files(files: Iterable[list[Any]]) -> Iterator[str]:
    rejected = []
    for _, name, version, is_current, verdict, is_shared, is_new in files:
        if verdict in _UNUSED:
            rejected.append(f"“{name}”")
        elif is_current and is_shared:
            yield f"số liệu lấy từ {'báo cáo đã công bố' if is_shared == REPORTS else 'tệp tổng hợp'} “{name}”"
        elif is_current:
            yield f"gửi lần {version}, tệp “{name}”" if is_new else f"nay tính theo lần gửi {version}, tệp “{name}”"
        else:
            yield f"gửi tệp “{name}”, chưa được dùng"
    if rejected:
        yield f"tệp không dùng được: {_some(rejected, 'tệp nữa', ', ')}"


def _say_figures(catalogue: Catalogue, d: _Difference) -> str:
    if not d.figures:
        return ""
    if not d.had_figures:
        return f"có {len(d.figures)} số liệu"
    if not d.has_figures:
        return "không còn số liệu nào được dùng"
    told = [f"{_label(catalogue, code)} {was} → {now}" for code, was, now in d.figures]
    return f"số liệu đổi: {_some(told, 'số nữa')}"


def _say_new(findings: Sequence[list[Any]]) -> str:
    if not findings:
        return ""
    worst = min(findings, key=lambda f: (f[1] != "critical", f[3]))
    told = worst[2] if len(worst[2]) <= MESSAGE_LENGTH else worst[2][: MESSAGE_LENGTH - 1].rstrip() + "…"
    more = f" và {len(findings) - 1} phát hiện nữa" if len(findings) > 1 else ""
    return f"phát hiện mới: {told.rstrip('.')}{more}"


def _say_totals(catalogue: Catalogue, old: PeriodState, new: PeriodState) -> str:
    keys = dict.fromkeys((*old.totals, *new.totals))
    changed = [(c, old.totals.get(c, BLANK), new.totals.get(c, BLANK)) for c in keys]
    changed = [(code, was, now) for code, was, now in changed if was != now]
    if not changed:
        return ""
    if not old.totals:
        return f"Toàn Cụm: lần đầu có số tổng hợp, {len(changed)} chỉ tiêu."
    told = [f"{_label(catalogue, code)} {was} → {now}" for code, was, now in changed]
    return f"Toàn Cụm: số tổng hợp đổi: {_some(told, 'số nữa')}."


def _label(catalogue: Catalogue, code: str) -> str:
    indicator = catalogue.indicators.get(code)
    return code if indicator is None else " ".join(indicator.heading.split()) or indicator.label


def _some(texts: Sequence[str], rest: str, separator: str = "; ") -> str:
    if len(texts) <= NAMED:
        return separator.join(texts)
    return f"{separator.join(texts[:NAMED])} và {len(texts) - NAMED} {rest}"
