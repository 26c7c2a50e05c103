"""The catalogue's tables into the dimensions, keeping the keys of what is already there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Table

from catalogue.model import Catalogue, Formula, Indicator
from transforms.boundaries import compare_maps
from transforms.checks import list_reach
from warehouse.dimensions import (
    bridge_boundary,
    bridge_membership,
    bridge_merger,
    bridge_rule_indicator,
    dim_catalogue,
    dim_formula,
    dim_indicator,
    dim_period,
    dim_province,
    dim_rule,
    dim_table,
    dim_unit,
)
from warehouse.kept import keep_all
from warehouse.session import Session
from warehouse.wide import define_wide_views

Record = dict[str, Any]


def sync_catalogue(session: Session, catalogue: Catalogue) -> None:
    """Make the dimensions say what the catalogue says, in one transaction; nothing where they do already."""
    current = session.rows("SELECT catalogue_hash FROM dim_catalogue WHERE is_current")
    is_whole = session.rows(f"SELECT 1 FROM {dim_table.name} LIMIT 1")  # empty after the migration that made it
    if current == [(catalogue.content_hash,)] and is_whole:
        return
    with session.transaction():
        _replace(session, dim_unit, ("unit_code",), [_record(dim_unit, u) for u in catalogue.units.values()])
        _replace(
            session,
            dim_province,
            ("province_id", "valid_from"),
            [_record(dim_province, p) for p in catalogue.provinces],
        )
        _replace(session, dim_period, ("period_code",), [_record(dim_period, c) for c in catalogue.calendar.values()])
        _refill(session, bridge_membership, [_record(bridge_membership, m) for m in catalogue.memberships])
        _refill(session, bridge_merger, [_record(bridge_merger, m) for m in catalogue.mergers])
        maps = compare_maps(catalogue.provinces, catalogue.mergers)
        _refill(session, bridge_boundary, [_record(bridge_boundary, part) for part in maps])
        _refill(session, dim_table, [_record(dim_table, t) for t in catalogue.tables])
        _refill(session, dim_formula, [_formula(f) for f in catalogue.formulas.values()])
        _refill(session, bridge_rule_indicator, [_record(bridge_rule_indicator, r) for r in list_reach(catalogue)])
        indicators = [_indicator(catalogue, i) for i in catalogue.indicators.values()]
        _add_versions(session, dim_indicator, "indicator_code", indicators)
        _add_versions(session, dim_rule, "rule_code", [_record(dim_rule, r) for r in catalogue.rules.values()])
        _remember(session, catalogue.content_hash)
        keep_all(session)
        define_wide_views(session)
        session.keys.clear()


def _indicator(catalogue: Catalogue, indicator: Indicator) -> Record:
    names = {
        "unit_name": catalogue.unit_of(indicator).name,
        "section_name": next(s.name for s in catalogue.sections if s.section_code == indicator.section_code),
    }
    return _record(dim_indicator, indicator, without=names) | names


def _formula(formula: Formula) -> Record:
    factor, numerator, denominator = formula.formula.ratio() or (None, None, None)
    return {
        "indicator_code": formula.indicator_code,
        "formula": formula.formula.text,
        "decimals": formula.decimals,
        "factor": factor,
        "numerator_code": numerator,
        "denominator_code": denominator,
    }


def _record(table: Table, row: object, without: Iterable[str] = ()) -> Record:
    """The row's own fields that the table has columns for; keys and marks of versions are added later."""
    ours = {*table.primary_key.columns.keys(), "content_hash", "is_current", *without}
    return {column.name: getattr(row, column.name) for column in table.columns if column.name not in ours}


def _insert(session: Session, table: Table, records: Sequence[Record], *, replacing: str = "") -> None:
    if records:
        session.insert(table, {name: [r[name] for r in records] for name in records[0]}, replacing=replacing)


def _refill(session: Session, table: Table, records: Sequence[Record]) -> None:
    """The records and nothing else, in a table that no key points to."""
    session.execute(f"DELETE FROM {table.name}")
    _insert(session, table, records)


def _keyed(session: Session, table: Table, natural: Sequence[str], where: str = "") -> dict[tuple[Any, ...], int]:
    key = next(iter(table.primary_key)).name
    rows = session.rows(f"SELECT {', '.join(natural)}, {key} FROM {table.name} {where}")
    return {row[:-1]: row[-1] for row in rows}


def _with_keys(session: Session, table: Table, records: list[Record], known: Callable[[Record], int | None]) -> None:
    key = next(iter(table.primary_key)).name
    fresh = [r for r in records if known(r) is None]
    for record, number in zip(fresh, session.next_keys(table, len(fresh)), strict=True):
        record[key] = number
    for record in records:
        record.setdefault(key, known(record))


def _replace(session: Session, table: Table, natural: tuple[str, ...], records: list[Record]) -> None:
    """Rows equal to the records; a natural key keeps its surrogate key, rows gone from the catalogue go."""
    known = _keyed(session, table, natural)
    _with_keys(session, table, records, lambda r: known.get(tuple(r[n] for n in natural)))
    key = next(iter(table.primary_key)).name
    gone = set(known.values()) - {r[key] for r in records}
    if gone:
        session.execute(f"DELETE FROM {table.name} WHERE {key} IN (SELECT unnest(?))", [sorted(gone)])
    _insert(session, table, records, replacing=key)


def _add_versions(session: Session, table: Table, code: str, records: list[Record]) -> None:
    """A new row for each content not seen before; the catalogue's own versions are marked current."""
    for record in records:
        content = "\0".join(f"{name}={record[name]}" for name in sorted(record))
        record["content_hash"] = hashlib.sha256(content.encode()).hexdigest()
        record["is_current"] = True
    known = _keyed(session, table, (code, "content_hash"))
    _with_keys(session, table, records, lambda r: known.get((r[code], r["content_hash"])))
    key = next(iter(table.primary_key)).name
    seen = set(known.values())
    keys = [r[key] for r in records]
    session.execute(f"UPDATE {table.name} SET is_current = list_contains(?::INTEGER[], {key})", [keys])
    _insert(session, table, [r for r in records if r[key] not in seen])


def _remember(session: Session, content_hash: str) -> None:
    session.execute("UPDATE dim_catalogue SET is_current = catalogue_hash = ?", [content_hash])
    if not session.rows("SELECT 1 FROM dim_catalogue WHERE catalogue_hash = ?", [content_hash]):
        [key] = session.next_keys(dim_catalogue, 1)
        record = {"catalogue_key": key, "catalogue_hash": content_hash, "is_current": True}
        _insert(session, dim_catalogue, [record])
