"""Submissions and readings in and out: what came, and what was read in it, exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Table

from transforms.observation import Explanation, Observation, Problem, Reading, Submission
from warehouse.dialogue import fact_explanation
from warehouse.dimensions import dim_reading, dim_submission
from warehouse.facts import fact_observation, fact_reading_problem
from warehouse.lookups import indicator_key, period_key, province_key, reading_keys, submission_keys
from warehouse.session import Session

_SUBMISSION = tuple(c.name for c in dim_submission.columns if c.name != "submission_key")
_READING = ("sha256", "province_id", "period_code", "form_version", "reported_on", "is_rejected", "has_list")

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Addition:
    """What one file adds: its new rows by their keys, none where they are there already.

    Of a reading these are the file as a whole, then its parts, numbered from 1.
    """

    submission: Submission | None
    submission_key: int
    readings: tuple[tuple[int, int | None, Reading], ...]


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
        submission_key = 0
        readings: tuple[tuple[int, int | None, Reading], ...] = ()
        if new_submission:
            [submission_key] = session.next_keys(dim_submission, 1)
            known_submissions[new_submission.submission_id] = submission_key
        if natural not in known_readings:
            keys = session.next_keys(dim_reading, 1 + len(reading.parts))
            known_readings[natural] = keys[0]
            parts = zip(keys[1:], range(1, len(keys)), reading.parts, strict=True)
            readings = ((keys[0], None, reading), *parts)
        if new_submission or readings:
            additions.append(_Addition(new_submission, submission_key, readings))
    return additions


def _move(session: Session, addition: _Addition) -> None:
    if addition.submission:
        session.move(dim_submission, "submission_key", addition.submission_key)
    for key, _, reading in addition.readings:
        session.move(dim_reading, "reading_key", key)
        if reading.observations:
            session.move(fact_observation, "reading_key", key)
        if reading.problems:
            session.move(fact_reading_problem, "reading_key", key)
        if reading.explanations:
            session.move(fact_explanation, "reading_key", key)


def _rows(
    session: Session, additions: Sequence[_Addition], reader_version: str, catalogue_hash: str, read_at: dt.datetime
) -> dict[Table, Columns]:
    submissions = [(a.submission_key, a.submission) for a in additions if a.submission]
    rows = [row for a in additions for row in a.readings]
    readings = [(key, reading) for key, _, reading in rows]
    count = len(readings)
    return {
        dim_submission: {
            "submission_key": [key for key, _ in submissions],
            **{name: [getattr(s, name) for _, s in submissions] for name in _SUBMISSION},
        },
        dim_reading: {
            "reading_key": [key for key, _ in readings],
            **{name: [getattr(r, name) for _, r in readings] for name in _READING},
            "source": [r.source or None for _, r in readings],
            "reader_version": [reader_version] * count,
            "catalogue_hash": [catalogue_hash] * count,
            "read_at": [read_at] * count,
            "part": [part for _, part, _ in rows],
        },
        fact_observation: _observation_rows(session, readings),
        fact_reading_problem: _problem_rows(readings),
        fact_explanation: _explanation_rows(readings),
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
        "previous_value": [o.previous for o in seen],
        "previous_text": [o.previous_text for o in seen],
        "previous_cell": [o.previous_cell for o in seen],
    }


def _problem_rows(readings: Sequence[tuple[int, Reading]]) -> Columns:
    met = [(key, position, p) for key, reading in readings for position, p in enumerate(reading.problems)]
    names = ("rule_code", "indicator_code", "sheet", "cell", "observed", "expected", "detail")
    texts = {name: [getattr(p, name) for _, _, p in met] for name in names}
    return {"reading_key": [m[0] for m in met], "position": [m[1] for m in met], **texts}


def _explanation_rows(readings: Sequence[tuple[int, Reading]]) -> Columns:
    said = [(key, position, e) for key, reading in readings for position, e in enumerate(reading.explanations)]
    texts = {n: [getattr(e, n) for _, _, e in said] for n in ("finding_id", "figure_hash", "text", "sheet", "cell")}
    return {"reading_key": [s[0] for s in said], "position": [s[1] for s in said], **texts}


def stored_readings(
    session: Session, sha256s: Iterable[str], reader_version: str, catalogue_hash: str
) -> dict[str, Reading]:
    """The readings of files by this reader and catalogue, by hash; files not read so are left out."""
    known = reading_keys(session)
    wanted = sorted({sha for sha in sha256s if (sha, reader_version, catalogue_hash) in known})
    if not wanted:
        return {}
    rows = session.rows(
        "SELECT reading_key, sha256, province_id, period_code, form_version, reported_on, is_rejected, part, has_list, "
        "source FROM dim_reading WHERE sha256 IN (SELECT unnest(?)) AND reader_version = ? AND catalogue_hash = ? "
        "ORDER BY part",
        [wanted, reader_version, catalogue_hash],
    )
    keys = [row[0] for row in rows]
    observations = _grouped(_observations(session, keys))
    problems = _grouped(_problems(session, keys))
    explanations = _grouped(_explanations(session, keys))
    wholes: dict[str, Reading] = {}
    parts: dict[str, list[Reading]] = {}
    for key, sha256, province_id, period_code, form_version, reported_on, is_rejected, part, has_list, source in rows:
        reading = Reading(
            sha256,
            province_id or "",
            period_code or "",
            form_version or "",
            reported_on,
            tuple(observations.get(key, ())),
            tuple(problems.get(key, ())),
            is_rejected,
            explanations=tuple(explanations.get(key, ())),
            has_list=bool(has_list),
            source=source or "",
        )
        if part is None:
            wholes[sha256] = reading
        else:
            parts.setdefault(sha256, []).append(reading)
    return wholes | {sha256: replace(wholes[sha256], parts=tuple(of)) for sha256, of in parts.items()}


def _observations(session: Session, wanted: list[int]) -> Iterator[tuple[int, Observation]]:
    columns = session.columns(
        "SELECT reading_key, indicator_code, state, value, is_estimated, coalesce(raw_text, '') AS raw_text, "
        "coalesce(sheet, '') AS sheet, coalesce(cell, '') AS cell, coalesce(note, '') AS note, previous_value, "
        "coalesce(previous_text, '') AS previous_text, coalesce(previous_cell, '') AS previous_cell "
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


def _explanations(session: Session, wanted: list[int]) -> Iterator[tuple[int, Explanation]]:
    rows = session.rows(
        "SELECT reading_key, finding_id, figure_hash, text, sheet, cell "
        "FROM fact_explanation WHERE reading_key IN (SELECT unnest(?)) ORDER BY reading_key, position",
        [wanted],
    )
    return ((row[0], Explanation(*(text or "" for text in row[1:]))) for row in rows)


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
        values["sent_by"] = values["sent_by"] or ""
        found.append(Submission(**values))
    return found
