"""Submissions and readings in and out: what came, and what was read in it, exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from transforms.observation import Observation, Problem, Reading, Submission
from warehouse.dimensions import dim_reading, dim_submission
from warehouse.facts import fact_observation, fact_reading_problem
from warehouse.lookups import indicator_key, period_key, province_key, reading_keys, submission_keys
from warehouse.session import Session

_SUBMISSION = tuple(c.name for c in dim_submission.columns if c.name != "submission_key")
_READING = ("sha256", "province_id", "period_code", "form_version", "reported_on", "is_rejected")

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Addition:
    """What one file adds: the keys of its new rows, none where they are there already."""

    submission: Submission | None
    submission_key: int
    reading: Reading | None
    reading_key: int


def add_received(
    session: Session,
    received: Iterable[tuple[Submission | None, Reading]],
    reader_version: str,
    catalogue_hash: str,
    read_at: dt.datetime,
) -> None:
    """Record files and their readings, one transaction each; what is known already is left as it is.

    Several files are staged together first, which is quicker than to send each on its own.
    """
    try:
        additions = _plan(session, received, reader_version, catalogue_hash)
        if not additions:
            return
        rows = _rows(session, additions, reader_version, catalogue_hash, read_at)
        session.use_one_thread(True)
        if len(additions) == 1:
            with session.transaction():
                for table, columns in rows.items():
                    session.insert(table, columns)
            return
        for table, columns in rows.items():
            session.stage(table, columns)
        for addition in additions:
            with session.transaction():
                _move(session, addition)
    except BaseException:
        session.forget()
        raise


def _plan(
    session: Session, received: Iterable[tuple[Submission | None, Reading]], reader_version: str, catalogue_hash: str
) -> list[_Addition]:
    known_submissions, known_readings = submission_keys(session), reading_keys(session)
    additions = []
    for submission, reading in received:
        natural = (reading.sha256, reader_version, catalogue_hash)
        new_submission = submission if submission and submission.submission_id not in known_submissions else None
        new_reading = reading if natural not in known_readings else None
        submission_key = reading_key = 0
        if new_submission:
            [submission_key] = session.next_keys(dim_submission, 1)
            known_submissions[new_submission.submission_id] = submission_key
        if new_reading:
            [reading_key] = session.next_keys(dim_reading, 1)
            known_readings[natural] = reading_key
        if new_submission or new_reading:
            additions.append(_Addition(new_submission, submission_key, new_reading, reading_key))
    return additions


def _move(session: Session, addition: _Addition) -> None:
    if addition.submission:
        session.move(dim_submission, "submission_key", addition.submission_key)
    if addition.reading:
        session.move(dim_reading, "reading_key", addition.reading_key)
        if addition.reading.observations:
            session.move(fact_observation, "reading_key", addition.reading_key)
        if addition.reading.problems:
            session.move(fact_reading_problem, "reading_key", addition.reading_key)


def _rows(
    session: Session, additions: Sequence[_Addition], reader_version: str, catalogue_hash: str, read_at: dt.datetime
) -> dict[Table, Columns]:
    submissions = [(a.submission_key, a.submission) for a in additions if a.submission]
    readings = [(a.reading_key, a.reading) for a in additions if a.reading]
    count = len(readings)
    return {
        dim_submission: {
            "submission_key": [key for key, _ in submissions],
            **{name: [getattr(s, name) for _, s in submissions] for name in _SUBMISSION},
        },
        dim_reading: {
            "reading_key": [key for key, _ in readings],
            **{name: [getattr(r, name) for _, r in readings] for name in _READING},
            "reader_version": [reader_version] * count,
            "catalogue_hash": [catalogue_hash] * count,
            "read_at": [read_at] * count,
        },
        fact_observation: _observation_rows(session, readings),
        fact_reading_problem: _problem_rows(readings),
    }


def _observation_rows(session: Session, readings: Sequence[tuple[int, Reading]]) -> Columns:
    keys: list[int] = []
    positions: list[int] = []
    provinces: list[int | None] = []
    periods: list[int | None] = []
    for key, reading in readings:
        count = len(reading.observations)
        keys += [key] * count
        positions += range(count)
        provinces += [province_key(session, reading.province_id, reading.period_code)] * count
        periods += [period_key(session, reading.period_code)] * count
    seen = [o for _, reading in readings for o in reading.observations]
    return {
        "reading_key": keys,
        "position": positions,
        "indicator_key": [indicator_key(session, o.indicator_code) for o in seen],
        "province_key": provinces,
        "period_key": periods,
        "state": [o.state for o in seen],
        "value": [o.value for o in seen],
        "is_estimated": [o.is_estimated for o in seen],
        "raw_text": [o.raw_text for o in seen],
        "sheet": [o.sheet for o in seen],
        "cell": [o.cell for o in seen],
        "note": [o.note for o in seen],
    }


def _problem_rows(readings: Sequence[tuple[int, Reading]]) -> Columns:
    met = [(key, position, p) for key, reading in readings for position, p in enumerate(reading.problems)]
    names = ("rule_code", "indicator_code", "sheet", "cell", "observed", "expected", "detail")
    texts = {name: [getattr(p, name) for _, _, p in met] for name in names}
    return {"reading_key": [m[0] for m in met], "position": [m[1] for m in met], **texts}


def stored_readings(
    session: Session, sha256s: Iterable[str], reader_version: str, catalogue_hash: str
) -> dict[str, Reading]:
    """The readings of files by this reader and catalogue, by hash; files not read so are left out."""
    keys = reading_keys(session)
    natural = {(sha256, reader_version, catalogue_hash) for sha256 in sha256s}
    wanted = sorted(keys[n] for n in natural if n in keys)
    if not wanted:
        return {}
    observations = _grouped(_observations(session, wanted))
    problems = _grouped(_problems(session, wanted))
    rows = session.rows(
        "SELECT reading_key, sha256, province_id, period_code, form_version, reported_on, is_rejected "
        "FROM dim_reading WHERE reading_key IN (SELECT unnest(?))",
        [wanted],
    )
    return {
        sha256: Reading(
            sha256,
            province_id or "",
            period_code or "",
            form_version or "",
            reported_on,
            tuple(observations.get(key, ())),
            tuple(problems.get(key, ())),
            is_rejected,
        )
        for key, sha256, province_id, period_code, form_version, reported_on, is_rejected in rows
    }


def _observations(session: Session, wanted: list[int]) -> Iterator[tuple[int, Observation]]:
    columns = session.columns(
        "SELECT reading_key, indicator_code, state, value, is_estimated, coalesce(raw_text, '') AS raw_text, "
        "coalesce(sheet, '') AS sheet, coalesce(cell, '') AS cell, coalesce(note, '') AS note "
        "FROM fact_observation JOIN dim_indicator USING (indicator_key) "
        "WHERE reading_key IN (SELECT unnest(?)) ORDER BY reading_key, fact_observation.position",
        [wanted],
    )
    keys = columns.pop("reading_key")
    return zip(keys, map(Observation, *columns.values()), strict=True)


def _problems(session: Session, wanted: list[int]) -> Iterator[tuple[int, Problem]]:
    rows = session.rows(
        "SELECT reading_key, rule_code, indicator_code, sheet, cell, observed, expected, detail "
        "FROM fact_reading_problem WHERE reading_key IN (SELECT unnest(?)) ORDER BY reading_key, position",
        [wanted],
    )
    return ((row[0], Problem(*(text or "" for text in row[1:]))) for row in rows)


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def stored_submissions(session: Session, period_code: str) -> list[Submission]:
    """Every submission of a period, by province and version."""
    rows = session.rows(
        f"SELECT {', '.join(_SUBMISSION)} FROM dim_submission WHERE period_code = ? "
        "ORDER BY province_id, version, submission_id",
        [period_code],
    )
    found = []
    for row in rows:
        values = dict(zip(_SUBMISSION, row, strict=True))
        values["form_version"] = values["form_version"] or ""
        values["held_because"] = values["held_because"] or ""
        found.append(Submission(**values))
    return found
