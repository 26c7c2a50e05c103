"""What must hold for the tables of slips and of findings that are told together."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence

from catalogue.diagnosis import Grouping, Slip
from catalogue.verify import Located, Row

SCOPES = ("figure", "pair", "run", "column", "past")
OF_SLIPS = frozenset(("label", "cell", "observed", "proposed", "other_cell", "other_proposed"))
OF_GROUPS = frozenset(("reason", "sheet", "count", "cells", "observed"))


def verify_diagnosis(slips: Sequence[Located[Slip]], groupings: Sequence[Located[Grouping]], rules: set[str]) -> None:
    """Raises CatalogueError at the first row that does not hold."""
    seen: set[str] = set()
    for slip in slips:
        if slip.row.slip_code in seen:
            raise slip.refuse(f"{slip.row.slip_code!r} stands twice")
        seen.add(slip.row.slip_code)
        if slip.row.scope not in SCOPES:
            raise slip.refuse(f"column scope: {slip.row.scope!r} is unknown")
        if slip.row.told_by and slip.row.told_by not in rules:
            raise slip.refuse(f"column told_by: {slip.row.told_by!r} is unknown")
        if slip.row.weight < 1:
            raise slip.refuse("a slip without weight is never believed")
        _known_placeholders(slip, (slip.row.sentence,), OF_SLIPS)
    grouped: set[str] = set()
    for grouping in groupings:
        if grouping.row.rule_code not in rules or grouping.row.rule_code in grouped:
            raise grouping.refuse(f"column rule_code: {grouping.row.rule_code!r} is unknown, or stands twice")
        grouped.add(grouping.row.rule_code)
        if grouping.row.at_least < 2:
            raise grouping.refuse("a group has two members at least")
        _known_placeholders(grouping, (grouping.row.message, grouping.row.advice), OF_GROUPS)


def _known_placeholders(located: Located[Row], texts: Iterable[str], known: frozenset[str]) -> None:
    for text in texts:
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as error:
            raise located.refuse(f"text: {error}") from error
        if names - known:
            raise located.refuse(f"unknown placeholders {sorted(names - known)}")
