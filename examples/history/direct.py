"""The history straight into a warehouse: no workbooks, no runs, seconds instead of minutes.

What is read, the versions, the moments and the totals are those of a home built by `build_home`. What our rules find is
missing for the synthetic half-years; 2021H1 is collected from its real returns, with all that is found there.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from catalogue.model import Catalogue
from examples.history.home import Run, plan_runs
from examples.history.overlay import open_catalogue, write_catalogue
from examples.history.sending import SYNTHETIC, Sent, send_period
from examples.history.spans import REAL, list_periods
from examples.history.truth import Truth
from examples.history.workbooks import file_name
from examples.history.writing import MARK, Received
from transforms.comparison import same_half_before
from transforms.consolidation import UnitFigures, consolidate, derive_figures, derived_rows
from transforms.observation import Observation, Reading, Submission
from transforms.revisions import find_revisions
from warehouse import Assessment, AssessmentEntry, Warehouse

READER = "history"
RETURNS = Path(__file__).resolve().parents[1] / "returns"
_NONE_ARISING = "voter_turnout"  # told where there was an election


def fill_home(home: Path, seed: int = 2021, periods: Iterable[str] | None = None) -> Path:
    """A home that holds a catalogue and a warehouse of the history; returns the published copy."""
    from flows.runs.period_run import collect
    from flows.settings import Settings

    settings = Settings(home=home, catalogue=write_catalogue(home / "catalogue"))
    (home / MARK).write_text(f"{seed}\n", encoding="utf-8")
    catalogue = open_catalogue(settings.catalogue)
    truth = Truth(catalogue, seed)
    every = [s for period in periods or list_periods() for s in send_period(truth, period)]
    sent = {(s.period_code, s.province_id, s.version): s for s in every}
    arrived: dict[str, list[Sent]] = {}
    with Warehouse.open(settings.warehouse) as warehouse:
        warehouse.sync_catalogue(catalogue)
        for run in plan_runs(catalogue, map(_received, sent.values())):
            if run.period_code == REAL:
                warehouse.close()
                if not settings.returns.exists():  # answers are put into the folders: never into the examples
                    shutil.copytree(RETURNS, settings.returns)
                collect(settings, REAL, settings.returns, run.at)
                continue
            files = arrived.setdefault(run.period_code, [])
            files += [sent[row.period_code, row.province_id, row.version] for row in run.arrived]
            _load(warehouse, catalogue, run, files)
        warehouse.publish(settings.published_warehouse)
    return settings.published_warehouse


def _received(sent: Sent) -> Received:
    name = f"{sent.period_code}/{file_name(sent)}"
    return Received(sent.period_code, sent.province_id, sent.version, name, sent.arrives_at, sent.source, sent.event)


def _load(warehouse: Warehouse, catalogue: Catalogue, run: Run, files: Sequence[Sent]) -> None:
    """What arrived, and a judgement of the half-year in which the last version of each unit counts."""
    readings = {f"{s.period_code}-{s.province_id}-{s.version:03}": (s, _read(catalogue, s)) for s in files}
    known = {s.submission_id for s in warehouse.submissions(run.period_code)}
    fresh = [(_submit(name, s, reading, run), reading) for name, (s, reading) in readings.items() if name not in known]
    warehouse.add_submissions(fresh, READER, catalogue.content_hash, run.at)
    last = {s.province_id: name for name, (s, _) in sorted(readings.items())}
    units = {unit: _figures(catalogue, unit, name, readings[name][1]) for unit, name in last.items()}
    chair = units.pop(catalogue.cluster_id, None)
    provinces = tuple(units.values())
    expected = len(catalogue.members_of(run.period_code))
    warehouse.add_assessment(
        Assessment(
            run.period_code,
            f"{run.period_code} {run.at.isoformat()}",
            run.at,
            catalogue.content_hash,
            READER,
            tuple(AssessmentEntry(name, "accepted", last[s.province_id] == name) for name, (s, _) in readings.items()),
            (),
            derived_rows(provinces),
            consolidate(catalogue, run.period_code, provinces, chair, expected),
            find_revisions(catalogue, run.period_code, provinces, _past(warehouse, run.period_code)),
        )
    )


def _past(warehouse: Warehouse, period_code: str) -> Mapping[tuple[str, str, str], Decimal]:
    return warehouse.figures([same_half_before(period_code)])


def _read(catalogue: Catalogue, sent: Sent) -> Reading:
    sha256 = hashlib.sha256(f"{sent.period_code} {sent.province_id} {sent.version}".encode()).hexdigest()
    observations = tuple(_observe(catalogue, sent))
    day = catalogue.calendar[sent.period_code].ends_on
    version = catalogue.form.version
    return Reading(sha256, sent.province_id, sent.period_code, version, day, observations, source=SYNTHETIC)


def _observe(catalogue: Catalogue, sent: Sent) -> Iterator[Observation]:
    previous = sent.previous or {}
    for indicator in catalogue.indicators_of(sent.period_code):
        code = indicator.indicator_code
        value, before = sent.figures.get(code), previous.get(code)
        state = "number" if value is not None else "none_arising" if code == _NONE_ARISING else "blank"
        told = "" if before is None else f"{before:f}"
        raw = "" if value is None else f"{value:f}"
        yield Observation(code, state, value, raw_text=raw, previous=before, previous_text=told)


def _submit(name: str, sent: Sent, reading: Reading, run: Run) -> Submission:
    return Submission(
        submission_id=name,
        province_id=sent.province_id,
        period_code=sent.period_code,
        sha256=reading.sha256,
        path=f"{sent.period_code}/{file_name(sent)}",
        file_name=file_name(sent),
        version=sent.version,
        received_at=run.at,
        modified_at=sent.arrives_at,
        is_taken=True,
        form_version=reading.form_version,
    )


def _figures(catalogue: Catalogue, unit: str, name: str, reading: Reading) -> UnitFigures:
    observations = {o.indicator_code: o for o in reading.observations}
    return UnitFigures(unit, name, observations, derive_figures(catalogue, observations))
