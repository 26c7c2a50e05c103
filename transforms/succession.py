"""Which of the files that a unit sent is its answer: versions, rivals, latecomers, and files of someone else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.model import Catalogue
from transforms.observation import Problem, Reading, Submission
from transforms.prose.published_report import PUBLISHED, REPORTS

_ONLY_BY_COMMAND = Problem(
    "file_not_a_return", detail="là phiếu nhập từ báo cáo đã công bố, chỉ nhận qua lệnh thidua import-report"
)
RIVAL, OLDER, REPLY, SAME = "rival_files", "older_file", "reply", "same_figures"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it lies in a unit's folder now."""

    path: str
    file_name: str
    sha256: str
    modified_at: dt.datetime


def attribute(catalogue: Catalogue, reading: Reading, province_id: str, period_code: str, sent_by: str = "") -> Reading:
    """A reading as the answer of one unit for one period: another unit's is rejected, a nameless one taken.

    Of a reading with parts it is the part of that unit and period, whole but for the name of the file's other units;
    without such a part it is rejected. Out of a file that another unit sent (`sent_by`) only what is named is taken,
    and told; the file's own problems stay with its sender.
    """
    if reading.is_rejected:
        return reading
    if (reading.source == PUBLISHED) != (sent_by == REPORTS):
        return replace(reading, parts=(), observations=(), problems=(_ONLY_BY_COMMAND,), is_rejected=True)
    if reading.parts:
        return _attribute_part(catalogue, reading, province_id, period_code, sent_by)
    if reading.province_id == province_id:
        return reading if not sent_by else _from_consolidated(catalogue, reading, province_id, period_code)
    expected = _name(catalogue, province_id, period_code)
    if not reading.province_id and not sent_by:
        problem = Problem("province_from_folder", expected=expected)
        return replace(reading, problems=(*reading.problems, problem))
    observed = _name(catalogue, reading.province_id, period_code)
    return replace(
        reading, problems=(Problem("province_mismatch", observed=observed, expected=expected),), is_rejected=True
    )


def _attribute_part(
    catalogue: Catalogue, reading: Reading, province_id: str, period_code: str, sent_by: str
) -> Reading:
    expected = _name(catalogue, province_id, period_code)
    part = find_part(reading, province_id, period_code)
    if part is None and not sent_by:
        part = find_part(reading, "", period_code)
    if part is None:
        problem = Problem(
            "several_units", observed=_list_contents(catalogue, reading.parts, period_code), expected=expected
        )
        return replace(reading, parts=(), problems=(problem,), is_rejected=True)
    part = replace(
        part,
        form_version=part.form_version or reading.form_version,
        reported_on=part.reported_on or reading.reported_on,
    )
    if sent_by:
        return _from_consolidated(catalogue, part, province_id, period_code)
    problems = [*part.problems, *reading.problems]
    if not part.province_id:
        problems.append(Problem("province_from_folder", expected=expected))
    if len(reading.parts) > 1:
        problems.append(name_others(catalogue, reading, province_id, period_code, part))
    return replace(part, problems=tuple(problems))


def _from_consolidated(catalogue: Catalogue, part: Reading, province_id: str, period_code: str) -> Reading:
    name = _name(catalogue, province_id, period_code)
    rule_code = "taken_from_report" if part.source == PUBLISHED else "taken_from_consolidated"
    problem = Problem(rule_code, observed=name, expected=period_code)
    return replace(part, problems=(*part.problems, problem))


def name_others(
    catalogue: Catalogue, reading: Reading, province_id: str, period_code: str, taken: Reading | None = None
) -> Problem:
    """The problem that tells which units and periods of a file are no part of a unit's return."""
    others = [p for p in reading.parts if taken is None or _key(p) != _key(taken)]
    observed = _list_contents(catalogue, others, period_code)
    return Problem("other_units_in_file", observed=observed, expected=_name(catalogue, province_id, period_code))


def _list_contents(catalogue: Catalogue, parts: Iterable[Reading], period_code: str) -> str:
    """The units of parts, each with its period where that is not the one that is asked for."""
    named = []
    for part in parts:
        words = [_name(catalogue, part.province_id, part.period_code)] if part.province_id else []
        if part.period_code != period_code or not words:
            words.append(f"kỳ {part.period_code}")
        named.append(" ".join(words))
    return ", ".join(named)


def _key(part: Reading) -> tuple[str, str]:
    return part.province_id, part.period_code


def find_part(reading: Reading, province_id: str, period_code: str) -> Reading | None:
    """The part of a file that names a unit and a period; with no unit, the part that names none."""
    return next((p for p in reading.parts if _key(p) == (province_id, period_code)), None)


def find_other_periods(reading: Reading, province_id: str, period_code: str) -> str:
    """The periods for whose runs a unit's file is kept; empty where it concerns this one, or is rejected.

    Of a file with parts those of the unit decide, or, where none is the unit's, all of them.
    """
    if reading.is_rejected:
        return ""
    own = [p for p in reading.parts if p.province_id in (province_id, "")]
    periods = sorted({p.period_code for p in own or reading.parts or (reading,)})
    return "" if period_code in periods else ", ".join(periods)


def _name(catalogue: Catalogue, province_id: str, period_code: str) -> str:
    province = catalogue.province_in(province_id, period_code)
    return province.name if province is not None else province_id


def find_current(submissions: Iterable[Submission], rejected: frozenset[str] | set[str]) -> Submission | None:
    """The submission that counts: the latest one taken whose content is not rejected. `rejected` holds hashes.

    What a unit sent itself comes before what was taken for it out of another's file, and that before what a published
    report says of it.
    """
    taken = [s for s in submissions if s.is_taken and s.sha256 not in rejected]
    return max(taken, key=lambda s: (not s.sent_by, s.sent_by != REPORTS, s.version), default=None)


def find_unseen(known: Sequence[Submission], arrivals: Iterable[Arrival]) -> list[Arrival]:
    """The arrivals that are news: a path with other content than when last seen, or content never seen.

    A copy of known content under another path is recognised as the same; of equal copies one is kept.
    """
    last_at: dict[str, str] = {}
    for submission in sorted(known, key=lambda s: s.version):
        last_at[submission.path] = submission.sha256
    seen = {s.sha256 for s in known}
    unseen: dict[str, Arrival] = {}
    for arrival in sorted(arrivals, key=lambda a: (a.path not in last_at, a.path)):
        is_reverted = arrival.path in last_at and last_at[arrival.path] != arrival.sha256
        if arrival.sha256 not in seen or is_reverted:
            unseen.setdefault(arrival.sha256, arrival)
    return list(unseen.values())


def settle(
    province_id: str,
    period_code: str,
    known: Sequence[Submission],
    arrivals: Sequence[Arrival],
    readings: Mapping[str, Reading],
    received_at: dt.datetime,
    sent_by: str = "",
) -> list[Submission]:
    """The new submissions of one unit for one period, numbered on from the known ones.

    Those of one sender are settled among themselves: the unit's own, or those of another's files (`sent_by`).

    One newcomer is taken, unless it is an unknown path's older file. Of several different newcomers none
    replaces an accepted version; without one, the later-modified is taken provisionally. What is not taken is
    kept with the reason, as is a file that only answers our findings, or repeats another newcomer's figures.
    A workbook that we marked, with a known file's figures and nothing explained, is no news, whatever home wrote it.
    `readings` are attributed ones by content hash, and cover known and new files.
    """
    version = max((s.version for s in known), default=0)
    known = [s for s in known if s.sent_by == sent_by]
    arrivals = [a for a in arrivals if not _is_unfilled(readings[a.sha256], known, readings)]
    rejected = frozenset(sha for sha, reading in readings.items() if reading.is_rejected)
    current = find_current(known, rejected)
    unseen = sorted(find_unseen(known, arrivals), key=lambda a: (a.modified_at, a.path))
    held = {a.sha256: REPLY for a in unseen if readings[a.sha256].is_reply_only}
    sound = [a for a in unseen if a.sha256 not in rejected and a.sha256 not in held]
    held |= {a.sha256: SAME for a in _repeating(sound, readings)}
    sound = [a for a in sound if a.sha256 not in held]
    known_paths = {s.path for s in known}
    if len(sound) > 1:
        chosen = None if current is not None else sound[-1]
        held |= {a.sha256: RIVAL for a in sound if a is not chosen}
    elif sound and current is not None and _is_latecomer(sound[0], current, known_paths):
        held |= {sound[0].sha256: OLDER}
    if not sound:
        unseen += _left_alone(known, current, arrivals)
    found = []
    for arrival in unseen:
        version += 1
        found.append(
            Submission(
                f"{period_code}-{province_id}-{version:03d}-{arrival.sha256[:12]}",
                province_id,
                period_code,
                arrival.sha256,
                arrival.path,
                arrival.file_name,
                version,
                received_at,
                arrival.modified_at,
                arrival.sha256 not in held,
                readings[arrival.sha256].form_version,
                held.get(arrival.sha256, ""),
                sent_by,
            )
        )
    return found


def _is_unfilled(reading: Reading, known: Sequence[Submission], readings: Mapping[str, Reading]) -> bool:
    if not reading.has_list or reading.explanations or reading.sha256 in {s.sha256 for s in known}:
        return False
    figures = _figures(reading)
    return bool(figures) and any(_figures(readings[s.sha256]) == figures for s in known if s.sha256 in readings)


def _figures(reading: Reading) -> tuple[object, ...]:
    """What a file says of figures, however and wherever it writes them."""
    return tuple(sorted((o.indicator_code, o.state, str(o.value), o.is_estimated) for o in reading.observations))


def _repeating(newcomers: Sequence[Arrival], readings: Mapping[str, Reading]) -> list[Arrival]:
    """Newcomers that say no more than another one: the same figures, and nothing explained. Of those the last is one
    that we marked."""
    said: dict[tuple[object, ...], Arrival] = {}
    repeating = []
    for arrival in sorted(newcomers, key=lambda a: readings[a.sha256].has_list):
        figures = _figures(readings[arrival.sha256])
        if figures and said.setdefault(figures, arrival) is not arrival and not readings[arrival.sha256].explanations:
            repeating.append(arrival)
    return repeating


def _is_latecomer(arrival: Arrival, current: Submission, known_paths: set[str]) -> bool:
    return arrival.path not in known_paths and arrival.modified_at < current.modified_at


def _left_alone(known: Sequence[Submission], current: Submission | None, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The rival that the province left in its folder when it took the others away: now it is the answer."""
    waiting = {s.sha256 for s in unresolved(known) if s.held_because == RIVAL}
    if not waiting:
        return []
    present = {a.sha256: a for a in arrivals if a.sha256 in waiting | ({current.sha256} if current else set())}
    only = next(iter(present.values())) if len(present) == 1 else None
    return [only] if only is not None and only.sha256 in waiting else []


def unresolved(known: Sequence[Submission]) -> list[Submission]:
    """Submissions held back with nothing taken since."""
    last_taken = max((s.received_at for s in known if s.is_taken), default=None)
    return [s for s in known if s.held_because and (last_taken is None or s.received_at >= last_taken)]


def held_notices(
    known: Sequence[Submission], current: Submission | None, arrivals: Sequence[Arrival]
) -> list[tuple[Problem, str]]:
    """What the province has to say about files held back that still lie in its folder: (problem, file name)."""
    present = {a.sha256 for a in arrivals}
    waiting = [s for s in unresolved(known) if s.sha256 in present]
    using = current.file_name if current is not None else "không tệp nào"
    notices = [
        (Problem(OLDER, observed=s.file_name, expected=using), s.path) for s in waiting if s.held_because == OLDER
    ]
    rivals = [s for s in waiting if s.held_because == RIVAL]
    if rivals:
        provisional = [current] if current is not None and current.received_at == rivals[0].received_at else []
        names = ", ".join(f"“{s.path}”" for s in sorted([*rivals, *provisional], key=lambda s: s.version))
        notices.append((Problem(RIVAL, observed=names, expected=using), rivals[0].path))
    return notices
