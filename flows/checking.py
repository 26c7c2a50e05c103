"""One file checked by itself, for `thidua check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from catalogue.model import Catalogue
from flows.outcome import SEVERITIES
from flows.reading_pool import ReadingPool
from flows.settings import Settings
from transforms.observation import Finding, Reading
from transforms.reading import hash_bytes, reject


def check_file(settings: Settings, catalogue: Catalogue, file: Path) -> tuple[tuple[Finding, ...], Reading]:
    """The findings of one file and what was read; the file is read in a child process like any other."""
    from expectations.judgement import judge_alone

    try:
        sha256 = hash_bytes(file.read_bytes())
    except OSError as error:
        reading = reject("", "file_unreadable", f"không mở được ({error.strerror or error})")
        return judge_alone(catalogue, reading, file.name), reading
    with ReadingPool(settings.catalogue, workers=1) as pool:
        reading = next(iter(pool.read([(file, sha256)])))
    return judge_alone(catalogue, reading, file.name), reading


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


def print_findings(catalogue: Catalogue, name: str, reading: Reading, findings: tuple[Finding, ...]) -> None:
    """The findings for a person, worst first, each with its place and what to do."""
    province = next((p for p in catalogue.provinces if p.province_id == reading.province_id), None)
    figures = sum(o.value is not None for o in reading.observations)
    title = f"{name}: {province.name if province else 'chưa rõ đơn vị'}, kỳ {reading.period_code or 'chưa rõ'}"
    click.echo(f"{title}, {figures} số liệu đọc được")
    counts = [f"{words} {sum(f.severity == s for f in findings)}" for s, words in SEVERITIES.items()]
    click.echo(f"Kết quả: {' · '.join(counts)}" if findings else "Kết quả: không có phát hiện nào.")
    for finding in findings:
        place = f"{finding.sheet} · ô {finding.cell}" if finding.cell else finding.sheet
        click.echo(f"\n[{SEVERITIES[finding.severity]}] {place}".rstrip())
        click.echo(f"  {finding.message}")
        click.echo(f"  → {finding.advice}")
