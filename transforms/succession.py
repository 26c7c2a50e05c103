"""Which of the files that a unit sent is its answer: versions, rivals, latecomers, and files of someone else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.model import Catalogue
from transforms.observation import Problem, Reading, Submission

RIVAL, OLDER = "rival_files", "older_file"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it lies in a unit's folder now."""

    path: str
    file_name: str
    sha256: str
    modified_at: dt.datetime


def attribute(catalogue: Catalogue, reading: Reading, province_id: str, period_code: str) -> Reading:
    """A reading as the answer of the unit in whose folder it lies: another unit's is rejected, a nameless one taken."""
    if reading.is_rejected or reading.province_id == province_id:
        return reading
    expected = _name(catalogue, province_id, period_code)
    if not reading.province_id:
        problem = Problem("province_from_folder", expected=expected)
        return replace(reading, problems=(*reading.problems, problem))
    observed = _name(catalogue, reading.province_id, period_code)
    return replace(
        reading, problems=(Problem("province_mismatch", observed=observed, expected=expected),), is_rejected=True
    )


def _name(catalogue: Catalogue, province_id: str, period_code: str) -> str:
    province = catalogue.province_in(province_id, period_code)
    return province.name if province is not None else province_id


def find_current(submissions: Iterable[Submission], rejected: frozenset[str] | set[str]) -> Submission | None:
    """The submission that counts: the latest one taken whose content is not rejected. `rejected` holds hashes."""
    taken = [s for s in submissions if s.is_taken and s.sha256 not in rejected]
    return max(taken, key=lambda s: s.version, default=None)


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
) -> list[Submission]:
    """The new submissions of one unit for one period, numbered on from the known ones.

    One newcomer is taken, unless it is an unknown path's older file. Of several different newcomers none
    replaces an accepted version; without one, the later-modified is taken provisionally. What is not taken is
    kept with the reason. `readings` are attributed ones by content hash, and cover known and new files.
    """
    rejected = frozenset(sha for sha, reading in readings.items() if reading.is_rejected)
    current = find_current(known, rejected)
    unseen = sorted(find_unseen(known, arrivals), key=lambda a: (a.modified_at, a.path))
    sound = [a for a in unseen if a.sha256 not in rejected]
    known_paths = {s.path for s in known}
    held: dict[str, str] = {}
    if len(sound) > 1:
        chosen = None if current is not None else sound[-1]
        held = {a.sha256: RIVAL for a in sound if a is not chosen}
    elif sound and current is not None and _is_latecomer(sound[0], current, known_paths):
        held = {sound[0].sha256: OLDER}
    if not sound:
        unseen += _left_alone(known, current, arrivals)
    version = max((s.version for s in known), default=0)
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
            )
        )
    return found


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
