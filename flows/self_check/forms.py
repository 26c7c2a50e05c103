"""The part of the self-check that works: forms written, filled, read back and judged, with known errors among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalogue.model import Catalogue
from transforms.observation import Finding, Problem, Reading
from transforms.practice import Figures, form_values, practice_figures
from transforms.practice_errors import PracticeError, names_place, practice_errors
from transforms.reading import read_return
from transforms.succession import attribute
from transforms.template.blank import render_template

if TYPE_CHECKING:  # Great Expectations takes seconds to import
    from expectations.judgement import Case


@dataclass(frozen=True)
class FormCheck:
    """The forms of a period as they came back: units read, and what was not read as it was written."""

    readings: Mapping[str, Reading]
    figures: Mapping[str, Figures]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class PlantedCheck:
    """What was made of known errors: how many were planted, which were missed or not named, and the false alarms."""

    planted: int
    missed: tuple[str, ...]
    unnamed: tuple[str, ...]
    false_alarms: tuple[str, ...]


def check_forms(catalogue: Catalogue, period_code: str) -> FormCheck:
    """Writes the form of every unit, fills it and reads it back; nothing touches a disk."""
    figures = practice_figures(catalogue, period_code)
    readings = {
        unit: read_return(catalogue, render_template(catalogue, period_code, unit, form_values(own)))
        for unit, own in figures.items()
    }
    wrong = [text for unit in figures for text in _differences(catalogue, period_code, unit, readings, figures)]
    return FormCheck(readings, figures, tuple(wrong))


def _differences(
    catalogue: Catalogue,
    period_code: str,
    unit: str,
    readings: Mapping[str, Reading],
    figures: Mapping[str, Figures],
) -> list[str]:
    reading, name = readings[unit], _name(catalogue, period_code, unit)
    if (reading.province_id, reading.period_code) != (unit, period_code):
        return [f"biểu của {name} đọc lại thành {reading.province_id or 'không rõ'} {reading.period_code}".strip()]
    read = {o.indicator_code: o.value for o in reading.observations}
    return [
        f"{name}, {catalogue.indicators[code].label}: ghi {value}, đọc lại {read.get(code)}"
        for code, value in figures[unit].items()
        if read.get(code) != value
    ]


def check_planted(catalogue: Catalogue, period_code: str, forms: FormCheck) -> PlantedCheck:
    """Judges the filled forms as they are, then with one error at a time."""
    from expectations.judgement import judge_all

    errors = practice_errors(catalogue, period_code, forms.figures)
    cases = [_case(catalogue, period_code, forms)]
    cases += [_case(catalogue, period_code, forms, error) for error in errors]
    clean, *judged = judge_all(catalogue, period_code, cases)
    alarms = [f for f in clean.findings if f.severity != "info"]
    known = {(f.finding_id, f.message) for f in alarms}
    missed, unnamed = [], []
    for error, judgement in zip(errors, judged, strict=True):
        fresh = [f for f in judgement.findings if f.severity != "info" and (f.finding_id, f.message) not in known]
        about = _about(catalogue, period_code, error, fresh)
        if not about:
            missed.append(error.title)
        elif not _is_named(error, about):
            unnamed.append(error.title)
    return PlantedCheck(len(errors), tuple(missed), tuple(unnamed), tuple(f.message for f in alarms))


def _case(catalogue: Catalogue, period_code: str, forms: FormCheck, error: PracticeError | None = None) -> Case:
    from expectations.judgement import Case, Received

    received, notices = [], []
    for unit, reading in forms.readings.items():
        if error is not None and error.province_id == unit:
            values = {**form_values(forms.figures[unit]), **error.cells}
            reading = read_return(catalogue, render_template(catalogue, period_code, unit, values))
            if reading.period_code not in ("", period_code) and not reading.is_rejected:
                notices.append((unit, Problem("other_period", observed=reading.period_code), f"{unit}.xlsx"))
                continue
            reading = attribute(catalogue, reading, unit, period_code)
        received.append(Received(f"{unit}-1", unit, f"{unit}.xlsx", reading, True))
    return Case(tuple(received), {}, tuple(notices))


def _about(catalogue: Catalogue, period_code: str, error: PracticeError, findings: Sequence[Finding]) -> list[Finding]:
    name = _name(catalogue, period_code, error.province_id)
    return [f for f in findings if f.province_id == error.province_id or (not f.province_id and name in f.message)]


def _is_named(error: PracticeError, findings: Sequence[Finding]) -> bool:
    if error.says:
        return any(error.says in f.message for f in findings)
    return any(names_place(f, error.sheet, error.cell) for f in findings)


def _name(catalogue: Catalogue, period_code: str, unit: str) -> str:
    province = catalogue.province_in(unit, period_code)
    return province.name if province is not None else unit
