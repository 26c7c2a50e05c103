"""Broken rules and reading problems into findings: located, quoted as read, said in Vietnamese."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from catalogue.model import Catalogue, Indicator, Rule
from transforms.measurement import Measurement, describe_range
from transforms.numbers_vi import format_number
from transforms.observation import Finding, Observation, Problem, Revision, name_place

RATE_PLACES = 4
LONGEST_QUOTE = 120
LONGEST_LIST = 12_000  # of what we name ourselves; a cell of Excel takes 32,767
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DOTTED_GROUPS = re.compile(r"\d{1,3}\.\d{3}")  # a text, where it does not mean its decimals


def show_figure(catalogue: Catalogue, observation: Observation | None) -> str:
    """A figure as the officer wrote it: a text as it stands, a number in Vietnamese form with its percent sign."""
    if observation is None or observation.value is None:
        return "" if observation is None else observation.raw_text
    raw = observation.raw_text
    indicator = catalogue.indicators[observation.indicator_code]
    if not _PLAIN_NUMBER.fullmatch(raw):
        return raw
    value = Decimal(raw)
    if _DOTTED_GROUPS.fullmatch(raw) and value != observation.value:
        return raw
    return show_value(indicator, value)


def show_value(indicator: Indicator, value: Decimal, decimals: int | None = None) -> str:
    """A value of an indicator in Vietnamese form, with its percent sign."""
    if decimals is not None and value != round(value, decimals):
        text = format_number(value, decimals)
    else:
        text = format_number(value)
    return f"{text}%" if indicator.unit_code == "percent" else text


def from_measurement(
    catalogue: Catalogue, period_code: str, measurement: Measurement, names: dict[str, str], file_name: str = ""
) -> Finding:
    """The finding of a broken measurement. `names` gives the provinces' names of the period by identifier."""
    rule = catalogue.rules[measurement.rule_code]
    subject = measurement.subject
    if measurement.rule_code == "return_missing":
        entry = catalogue.calendar[period_code]
        return _finding(
            catalogue,
            rule,
            period_code,
            measurement.province_id,
            observed=names.get(measurement.province_id, measurement.province_id),
            expected=period_code,
            detail=f"{entry.due_on.day:02d}/{entry.due_on.month:02d}/{entry.due_on.year}",
        )
    indicator = catalogue.indicators[measurement.indicator_code]
    other = measurement.other
    disputed: tuple[str, ...] = ()
    if rule.disputes != "none":
        disputed = (indicator.indicator_code,)
        if rule.disputes == "operands" and other is not None:
            disputed = (*disputed, other.indicator_code)
    return _finding(
        catalogue,
        rule,
        period_code,
        measurement.province_id,
        indicator=indicator,
        sheet="" if subject is None else subject.sheet,
        cell="" if subject is None else subject.cell,
        observed=show_figure(catalogue, subject),
        expected=_expected(catalogue, period_code, indicator, measurement),
        detail=measurement.detail,
        other=other,
        submission_id=measurement.submission_id,
        file_name=file_name,
        disputed=disputed,
    )


def _expected(catalogue: Catalogue, period_code: str, indicator: Indicator, measurement: Measurement) -> str:
    family = catalogue.rules[measurement.rule_code].family
    other, subject = measurement.other, measurement.subject
    if other is not None:
        is_same_text = subject is not None and (other.sheet, other.cell) == (subject.sheet, subject.cell)
        if is_same_text and other.value is not None:
            return show_value(catalogue.indicators[other.indicator_code], other.value)
        return show_figure(catalogue, other)
    if measurement.reference is not None:
        return show_value(indicator, measurement.reference, RATE_PLACES if indicator.unit_code == "percent" else 1)
    if measurement.rule_code == "whole_number":
        return "số nguyên"
    return describe_range(catalogue, period_code, indicator.indicator_code) if family == "range" else ""


def from_problem(
    catalogue: Catalogue, period_code: str, province_id: str, problem: Problem, submission_id: str, file_name: str
) -> Finding | None:
    """The finding of a reading problem; None where its rule is not in force in the period."""
    rule = catalogue.rule_in(problem.rule_code, period_code)
    if rule is None:
        return None
    indicator = catalogue.indicators.get(problem.indicator_code)
    return _finding(
        catalogue,
        rule,
        period_code,
        province_id,
        indicator=indicator,
        sheet=problem.sheet,
        cell=problem.cell,
        observed=problem.observed,
        expected=problem.expected,
        detail=problem.detail,
        submission_id=submission_id,
        file_name=file_name,
        disputed=(problem.indicator_code,) if rule.disputes != "none" and problem.indicator_code else (),
    )


def from_revision(
    catalogue: Catalogue, period_code: str, revision: Revision, files: Mapping[str, str]
) -> Finding | None:
    """The finding of an earlier figure that is repeated as another; `files` gives the names by submission."""
    indicator = catalogue.indicators[revision.indicator_code]
    now, then = (show_value(indicator, value) for value in (revision.value_now, revision.value_then))
    read = Observation(revision.indicator_code, "number", revision.value_now, raw_text=revision.raw_text)
    written = show_figure(catalogue, read)
    if written != now:
        unit = "" if indicator.unit_code == "percent" else f" {catalogue.unit_of(indicator).name}"
        now, then = f"{written} (tức {now}{unit})", f"{then}{unit}"
    place = (revision.indicator_code, revision.sheet, revision.cell)
    problem, came = Problem("figure_revised", *place, now, then), revision.submission_id
    return from_problem(catalogue, period_code, revision.province_id, problem, came, files.get(came, ""))


def _finding(
    catalogue: Catalogue,
    rule: Rule,
    period_code: str,
    province_id: str,
    *,
    indicator: Indicator | None = None,
    sheet: str = "",
    cell: str = "",
    observed: str = "",
    expected: str = "",
    detail: str = "",
    other: Observation | None = None,
    submission_id: str = "",
    file_name: str = "",
    disputed: tuple[str, ...] = (),
) -> Finding:
    words = {
        "label": "" if indicator is None else indicator.label,
        "unit": "" if indicator is None else catalogue.unit_of(indicator).name,
        "observed": observed,
        "expected": expected,
        "detail": detail,
        "sheet": sheet,
        "cell": cell,
        "file": file_name,
        "parameter": "" if rule.parameter is None else format_number(rule.parameter),
        "other_label": "" if other is None else _lower_first(catalogue.indicators[other.indicator_code].label),
        "other_cell": "" if other is None else other.cell,
    }
    shown = {name: text if name == "detail" else _shorten(text) for name, text in words.items()}
    if len(detail) > LONGEST_LIST:
        shown["detail"] = _shorten(detail)
    unit = "" if province_id == catalogue.cluster_id else province_id
    code = "" if indicator is None else indicator.indicator_code
    subject = (code,) if code else (sheet, cell) if sheet else (file_name,)
    return Finding(
        period_code,
        unit,
        rule.rule_code,
        rule.severity,
        _name_places(rule.message, cell).format(**shown),
        _name_places(rule.advice, cell).format(**shown),
        code,
        sheet,
        cell,
        observed,
        expected,
        submission_id,
        file_name,
        disputed,
        _short_hash(period_code, unit, rule.rule_code, *subject),
        _short_hash(observed, expected, detail),
        reason=shown["detail"],
    )


def _short_hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def join_hashes(texts: Iterable[str]) -> str:
    """The short hash of several texts, in their order."""
    return _short_hash(*texts)


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE * 2 else f"{text[:LONGEST_QUOTE]}… (dài {len(text)} ký tự)"


def _name_places(template: str, cell: str) -> str:
    """A figure of a published report stands at no cell: its place says by itself what it is."""
    is_cell = name_place(cell) != cell
    return template if is_cell else template.replace("ô {cell}", "{cell}").replace("ô {other_cell}", "{other_cell}")


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
