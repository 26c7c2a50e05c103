"""One file checked by itself, for `thidua check`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from catalogue.model import Catalogue
from flows.places import readable
from flows.reading.pool import ReadingPool
from flows.runs.outcome import SEVERITIES
from flows.settings import Settings
from transforms.admission import admit
from transforms.observation import Finding, Reading, name_place
from transforms.reading import hash_bytes, reject

Checked = tuple[Reading, tuple[Finding, ...]]


def check_file(settings: Settings, catalogue: Catalogue, file: Path) -> list[Checked]:
    """What was read of one file, with its findings; the file is read in a child process like any other.

    A file with parts comes as what concerns it as a whole, then part by part.
    """
    name = readable(file.name)
    try:
        sha256 = hash_bytes(file.read_bytes())
    except OSError as error:
        refused = reject("", "file_unreadable", f"không mở được ({error.strerror or type(error).__name__})")
        return check_reading(catalogue, refused, name)
    with ReadingPool(settings.catalogue, workers=1) as pool:
        reading = admit(next(iter(pool.read([(file, sha256)]))), settings.takes_synthetic)
    return check_reading(catalogue, reading, name)


def check_reading(catalogue: Catalogue, reading: Reading, name: str) -> list[Checked]:
    """What can be said of a reading and of each of its parts, without the rules across returns."""
    from expectations.findings import from_problem
    from expectations.judgement import Received, judge, judge_alone

    if not reading.parts:
        return [(reading, judge_alone(catalogue, reading, name))]
    newest = max(catalogue.calendar)
    told = [from_problem(catalogue, newest, "", p, "", name) for p in reading.problems]
    whole = tuple(replace(finding, period_code="") for finding in told if finding is not None)
    found: dict[int, tuple[Finding, ...]] = {}
    for period_code in {p.period_code for p in reading.parts}:
        # All units of a period are judged at once: an engine's run costs the same for one as for all.
        of_period = {
            str(n): Received(str(n), part.province_id, name, part, is_current=True)
            for n, part in enumerate(reading.parts)
            if part.period_code == period_code and part.province_id
        }
        findings = (
            judge(catalogue, period_code, of_period.values(), is_whole_period=False).findings if of_period else ()
        )
        for number in of_period:
            found[int(number)] = tuple(f for f in findings if f.submission_id == number)
    parts = [
        (part, found[n] if n in found else judge_alone(catalogue, part, name)) for n, part in enumerate(reading.parts)
    ]
    return [(reading, whole), *parts]


def finding_row(catalogue: Catalogue, finding: Finding) -> dict[str, Any]:
    """A finding with the keys of the `findings` view; what is not there is null."""
    province = _province(catalogue, finding)
    return {
        "period_code": finding.period_code or None,
        "province_code": province,
        "rule_code": finding.rule_code,
        "severity": finding.severity,
        "indicator_code": finding.indicator_code or None,
        "sheet": finding.sheet or None,
        "cell": finding.cell or None,
        "observed": finding.observed or None,
        "expected": finding.expected or None,
        "message": finding.message,
    }


def _province(catalogue: Catalogue, finding: Finding) -> str | None:
    entry = catalogue.calendar.get(finding.period_code)
    day = entry.ends_on if entry is not None else max(c.ends_on for c in catalogue.calendar.values())
    found = catalogue.province_on(finding.province_id, day)
    return found.province_code or None if found is not None else None


def print_checked(catalogue: Catalogue, name: str, checked: list[Checked]) -> None:
    """What was checked of a file for a person: each unit and period by itself, findings worst first."""
    (reading, findings), *parts = checked
    if not parts:
        _print_title(catalogue, name, reading)
        _print_findings(findings)
        return
    click.echo(f"{name}: tệp gộp {len(parts)} phần, mỗi phần là số liệu của một đơn vị trong một kỳ")
    if findings:
        click.echo("\nCả tệp")
        _print_findings(findings)
    for part, of_part in parts:
        click.echo()
        _print_title(catalogue, "Phần", part)
        _print_findings(of_part)


def _print_title(catalogue: Catalogue, name: str, reading: Reading) -> None:
    province = next((p for p in catalogue.provinces if p.province_id == reading.province_id), None)
    figures = sum(o.value is not None for o in reading.observations)
    title = f"{name}: {province.name if province else 'chưa rõ đơn vị'}, kỳ {reading.period_code or 'chưa rõ'}"
    click.echo(f"{title}, {figures} số liệu đọc được")


def _print_findings(findings: tuple[Finding, ...]) -> None:
    counts = [f"{words} {sum(f.severity == s for f in findings)}" for s, words in SEVERITIES.items()]
    click.echo(f"Kết quả: {' · '.join(counts)}" if findings else "Kết quả: không có phát hiện nào.")
    for finding in findings:
        place = f"{finding.sheet} · {name_place(finding.cell)}" if finding.cell else finding.sheet
        click.echo(f"\n[{SEVERITIES[finding.severity]}] {place}".rstrip())
        click.echo(f"  {finding.message}")
        click.echo(f"  → {finding.advice}")
