"""Findings of one kind on one sheet as one, with a count; a figure in the column beside with the blank it left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalogue.model import Catalogue
from expectations.diagnosis import merge
from expectations.findings import join_hashes
from transforms.consolidation import UnitFigures
from transforms.observation import Finding

SHOWN = 12
TOGETHER = ("", "column_shifted", "past_pasted")  # slips that say the same of every member
_NUMBER = re.compile(r"[-−]?\d[\d.,]*%?")
_BESIDE = ("choice_unknown", "cell_unclaimed")


def group_alike(catalogue: Catalogue, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those of one rule on one sheet of a return told as one where the catalogue groups them.

    The group stands at its first member, names the cells of all, and disputes what they dispute.
    """
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        if finding.rule_code in catalogue.groupings and finding.slip in TOGETHER and (finding.sheet or finding.cell):
            reason = finding.reason if "{reason}" in catalogue.groupings[finding.rule_code].message else ""
            key = (finding.submission_id, finding.province_id, finding.rule_code, finding.sheet, finding.slip, reason)
            groups.setdefault(key, []).append(finding)
    kept: dict[int, Finding] = {}
    dropped: set[int] = set()
    for members in groups.values():
        if len(members) >= catalogue.groupings[members[0].rule_code].at_least:
            kept[id(members[0])] = _tell(catalogue, members)
            dropped.update(id(member) for member in members[1:])
    return [kept.get(id(f), f) for f in findings if id(f) not in dropped]


def _tell(catalogue: Catalogue, members: list[Finding]) -> Finding:
    grouping, lead = catalogue.groupings[members[0].rule_code], members[0]
    cells = list(dict.fromkeys(f.cell for f in members))
    shown = ", ".join(cells[:SHOWN]) + (f" và {len(cells) - SHOWN} ô khác" if len(cells) > SHOWN else "")
    words = {
        "sheet": lead.sheet,
        "count": len(members),
        "cells": shown,
        "observed": lead.observed,
        "reason": lead.reason,
    }
    advice = grouping.advice
    if lead.slip == "column_shifted":
        advice = f"{advice} Có lẽ số của các ô {', '.join(f.suspect_cell for f in members)} ghi lệch sang cột bên."
    told = [lead.reason] if "{reason}" in grouping.message else []
    subject = (lead.period_code, lead.province_id, lead.rule_code, lead.sheet, lead.slip, *told)
    return replace(
        merge(members),
        message=grouping.message.format(**words),
        advice=advice,
        finding_id=join_hashes(subject),
    )


def fold_blanks(catalogue: Catalogue, findings: Sequence[Finding], units: Mapping[str, UnitFigures]) -> list[Finding]:
    """A figure that stands in a column beside its blank cell is one trouble, the blank not another."""
    beside: dict[tuple[str, str], Finding] = {}
    sentence = catalogue.slips["column_shifted"].sentence
    told: list[Finding] = []
    for finding in findings:
        unit = units.get(finding.province_id)
        own = None if unit is None else unit.observations.get(finding.indicator_code)
        is_beside = finding.rule_code in _BESIDE and _NUMBER.fullmatch(finding.observed) is not None
        if own is not None and is_beside and own.state == "blank" and own.cell and own.sheet == finding.sheet:
            words = {"cell": own.cell, "other_cell": finding.cell, "proposed": finding.observed}
            said = sentence.format(label="", observed=finding.observed, other_proposed="", **words)
            finding = replace(
                finding,
                advice=f"{finding.advice} Có lẽ {said}.",
                suspect_indicator=finding.indicator_code,
                suspect_sheet=own.sheet,
                suspect_cell=own.cell,
                slip="column_shifted",
                proposed=finding.observed,
            )
            beside[finding.province_id, finding.indicator_code] = finding
        told.append(finding)
    return [f for f in told if f.rule_code != "required_present" or (f.province_id, f.indicator_code) not in beside]
