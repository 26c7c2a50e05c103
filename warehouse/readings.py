"""Submissions and readings in and out: what came, and what was read in it, exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from transforms.observation import Observation, Problem, Reading, Submission
from warehouse.arrow import plain_value
from warehouse.dimensions import dim_reading, dim_submission
from warehouse.facts import fact_observation, fact_reading_problem
from warehouse.lookups import indicator_key, period_key, province_key, reading_keys, submission_keys
from warehouse.session import Session

_SUBMISSION = tuple(c.name for c in dim_submission.columns if c.name != "submission_key")


def add_submission(session: Session, submission: Submission) -> None:
    """Record a received file inside the caller's transaction; a known submission is left as it is."""
    keys = submission_keys(session)
    if submission.submission_id in keys:
        return
    [key] = session.next_keys(dim_submission, 1)
    row = {name: [_blank(getattr(submission, name))] for name in _SUBMISSION}
    session.insert(dim_submission, {"submission_key": [key], **row})
    keys[submission.submission_id] = key


def add_reading(
    session: Session, reading: Reading, reader_version: str, catalogue_hash: str, read_at: dt.datetime
) -> None:
    """Record what was read inside the caller's transaction; a known reading is left as it is."""
    keys = reading_keys(session)
    natural = (reading.sha256, reader_version, catalogue_hash)
    if natural in keys:
        return
    [key] = session.next_keys(dim_reading, 1)
    session.insert(
        dim_reading,
        {
            "reading_key": [key],
            "sha256": [reading.sha256],
            "reader_version": [reader_version],
            "catalogue_hash": [catalogue_hash],
            "province_id": [_blank(reading.province_id)],
            "period_code": [_blank(reading.period_code)],
            "form_version": [_blank(reading.form_version)],
            "reported_on": [reading.reported_on],
            "is_rejected": [reading.is_rejected],
            "read_at": [read_at],
        },
    )
    _insert_observations(session, key, reading)
    _insert_problems(session, key, reading.problems)
    keys[natural] = key


def _insert_observations(session: Session, key: int, reading: Reading) -> None:
    seen = reading.observations
    if not seen:
        return
    count = len(seen)
    province = province_key(session, reading.province_id, reading.period_code)
    session.insert(
        fact_observation,
        {
            "reading_key": [key] * count,
            "position": range(count),
            "indicator_key": [indicator_key(session, o.indicator_code) for o in seen],
            "province_key": [province] * count,
            "period_key": [period_key(session, reading.period_code)] * count,
            "state": [o.state for o in seen],
            "value": [o.value for o in seen],
            "is_estimated": [o.is_estimated for o in seen],
            "raw_text": [o.raw_text or None for o in seen],
            "sheet": [o.sheet or None for o in seen],
            "cell": [o.cell or None for o in seen],
            "note": [o.note or None for o in seen],
        },
    )


def _insert_problems(session: Session, key: int, problems: tuple[Problem, ...]) -> None:
    names = ("rule_code", "indicator_code", "sheet", "cell", "observed", "expected", "detail")
    count = len(problems)
    texts = {name: [_blank(getattr(p, name)) for p in problems] for name in names}
    session.insert(fact_reading_problem, {"reading_key": [key] * count, "position": range(count), **texts})


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
    columns["value"] = [None if v is None else plain_value(v) for v in columns["value"]]
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


def _blank(value: Any) -> Any:
    """Empty text is stored as NULL."""
    return None if value == "" else value
