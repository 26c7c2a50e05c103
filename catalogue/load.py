"""Reads the catalogue's tables and refuses, naming file and line, whatever does not hold together."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from catalogue import model
from catalogue.arithmetic import Expression
from catalogue.diagnosis import Grouping, Slip
from catalogue.feedback import FeedbackForm
from catalogue.form import CoverField, Form, FormField
from catalogue.phrases import Phrase
from catalogue.report import ReportPhrase, ReportPlan, ReportSection, ReportSentence, plan_report
from catalogue.tiles import Tile, verify_tiles
from catalogue.verify import CatalogueError, Located, verify
from catalogue.verify_diagnosis import verify_diagnosis
from catalogue.verify_mergers import verify_mergers
from catalogue.verify_phrases import verify_phrases

DATA = Path(__file__).parent / "data"
REPORT = "report_sections.csv"  # catalogues that were sealed before there was a report have no plan of one
TILES = "tiles.csv"  # catalogues that were sealed before there was a map have none
PHRASES = "phrases.csv"  # catalogues that were sealed before reports were read have none

Row = TypeVar("Row")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not a number") from error


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"{text!r} is neither 0 nor 1")
    return text == "1"


def _severity(text: str) -> str:
    if text not in ("critical", "warning", "info"):
        raise ValueError(f"{text!r} is neither critical, warning nor info")
    return text


_CONVERTERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    bool: _flag,
    Decimal: _decimal,
    Decimal | None: lambda text: _decimal(text) if text else None,
    dt.date: dt.date.fromisoformat,
    dt.date | None: lambda text: dt.date.fromisoformat(text) if text else None,
    tuple[str, ...]: lambda text: tuple(part for part in text.split("|") if part),
    Expression: Expression,
    model.Severity: _severity,
}


def _text(path: Path) -> str:
    """A file of the catalogue as text; Excel's mark in front of UTF-8 is none of it."""
    content = b""
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise CatalogueError(path.name, 0, "the table is missing") from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CatalogueError(path.name, line, "the text is not in UTF-8") from error


def _cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table, each with the line on which it ends."""
    reader = csv.reader(_text(path).splitlines(), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise CatalogueError(path.name, reader.line_num, f"quotation marks: {error}") from error


def _read_table(path: Path, row_type: type[Row]) -> list[Located[Row]]:
    hints = get_type_hints(row_type)
    columns = [f.name for f in fields(row_type)]  # type: ignore[arg-type]
    converters = [_CONVERTERS[hints[name]] for name in columns]
    rows: list[Located[Row]] = []
    reader = _cells(path)
    _, header = next(reader, (0, []))
    if header != columns:
        unknown, missing = set(header) - set(columns), set(columns) - set(header)
        detail = f"unknown {sorted(unknown)}, missing {sorted(missing)}" if unknown or missing else "wrong order"
        raise CatalogueError(path.name, 1, f"columns: {detail}")
    for line, cells in reader:
        if len(cells) != len(columns):
            raise CatalogueError(path.name, line, f"{len(cells)} cells where {len(columns)} columns stand")
        values: dict[str, Any] = {}
        for name, convert, cell in zip(columns, converters, cells, strict=True):
            try:
                values[name] = convert(cell.strip())
            except ValueError as error:
                raise CatalogueError(path.name, line, f"column {name}: {error}") from error
        rows.append(Located(row_type(**values), path.name, line))
    return rows


def _read_form(path: Path) -> Form:
    try:
        raw = tomllib.loads(_text(path))
        return Form(
            version=raw["version"],
            known_versions=tuple(raw["known_versions"]),
            title=raw["title"],
            organisation=raw["organisation"],
            cover_sheet=raw["cover_sheet"],
            instructions_sheet=raw["instructions_sheet"],
            cover=tuple(CoverField(**{**c, "aliases": tuple(c["aliases"])}) for c in raw["cover"]),
            fields=tuple(FormField(**{**f, "aliases": tuple(f["aliases"])}) for f in raw["field"]),
            choices={name: tuple(choices) for name, choices in raw["choices"].items()},
            feedback=FeedbackForm(**raw["feedback"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(path.name, 0, f"{type(error).__name__}: {error}") from error


def _plain(rows: Iterable[Located[Row]]) -> tuple[Row, ...]:
    return tuple(located.row for located in rows)


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".toml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _read_report(
    folder: Path, tables: list[Located[model.Table]], indicators: list[Located[model.Indicator]]
) -> ReportPlan | None:
    if not (folder / REPORT).exists():
        return None
    sections = _read_table(folder / REPORT, ReportSection)
    phrases = _read_table(folder / "report_phrases.csv", ReportPhrase)
    sentences = _read_table(folder / "report_sentences.csv", ReportSentence)
    return plan_report(sections, phrases, sentences, tables, indicators)


@lru_cache(maxsize=4)
def load_catalogue(folder: Path = DATA) -> model.Catalogue:
    """The verified catalogue of a folder of tables; raises CatalogueError with file and line."""
    if not folder.exists():
        raise CatalogueError(str(folder), 0, "there is no such folder")
    sections = _read_table(folder / "sections.csv", model.Section)
    indicators = _read_table(folder / "indicators.csv", model.Indicator)
    units = _read_table(folder / "units.csv", model.Unit)
    formulas = _read_table(folder / "formulas.csv", model.Formula)
    parts = _read_table(folder / "totals.csv", model.TotalPart)
    orderings = _read_table(folder / "orderings.csv", model.Ordering)
    rank_fields = _read_table(folder / "rank_fields.csv", model.RankField)
    provinces = _read_table(folder / "provinces.csv", model.Province)
    aliases = _read_table(folder / "province_aliases.csv", model.ProvinceAlias)
    label_answers = _read_table(folder / "label_answers.csv", model.LabelAnswer)
    mergers = _read_table(folder / "mergers.csv", model.Merger)
    memberships = _read_table(folder / "memberships.csv", model.Membership)
    calendar = _read_table(folder / "calendar.csv", model.CalendarEntry)
    tables = _read_table(folder / "tables.csv", model.Table)
    rules = _read_table(folder / "rules.csv", model.Rule)
    slips = _read_table(folder / "slips.csv", Slip)
    groupings = _read_table(folder / "groupings.csv", Grouping)
    for name, rows in (("calendar.csv", calendar), ("memberships.csv", memberships), ("indicators.csv", indicators)):
        if not rows:
            raise CatalogueError(name, 1, "the table has no row")
    tiles = _read_table(folder / TILES, Tile) if (folder / TILES).exists() else []
    verify(
        sections=sections,
        indicators=indicators,
        units=units,
        formulas=formulas,
        parts=parts,
        orderings=orderings,
        rank_fields=rank_fields,
        provinces=provinces,
        aliases=aliases,
        label_answers=label_answers,
        mergers=mergers,
        memberships=memberships,
        calendar=calendar,
        tables=tables,
        rules=rules,
    )
    phrases = _read_table(folder / PHRASES, Phrase) if (folder / PHRASES).exists() else []
    verify_mergers(provinces, mergers)
    verify_phrases(phrases, {i.indicator_code: i for i in _plain(indicators)}, {u.unit_code: u for u in _plain(units)})
    verify_tiles(tiles, {p.province_id for p in _plain(provinces)})
    report = _read_report(folder, tables, indicators)
    verify_diagnosis(slips, groupings, {r.rule_code for r in _plain(rules)})
    totals: dict[str, tuple[model.TotalPart, ...]] = {}
    for part in _plain(parts):
        totals[part.total_code] = (*totals.get(part.total_code, ()), part)
    return model.Catalogue(
        sections=_plain(sections),
        units={u.unit_code: u for u in _plain(units)},
        unit_aliases=_plain(_read_table(folder / "unit_aliases.csv", model.UnitAlias)),
        magnitudes=_plain(_read_table(folder / "magnitudes.csv", model.Magnitude)),
        words=_plain(_read_table(folder / "words.csv", model.Word)),
        indicators={i.indicator_code: i for i in _plain(indicators)},
        formulas={f.indicator_code: f for f in _plain(formulas)},
        totals=totals,
        orderings=_plain(orderings),
        rank_fields=_plain(rank_fields),
        provinces=_plain(provinces),
        province_aliases=_plain(aliases),
        label_answers=_plain(label_answers),
        phrases=_plain(phrases),
        mergers=_plain(mergers),
        memberships=_plain(memberships),
        calendar={c.period_code: c for c in _plain(calendar)},
        tables=_plain(tables),
        rules={r.rule_code: r for r in _plain(rules)},
        slips={s.slip_code: s for s in _plain(slips)},
        groupings={g.rule_code: g for g in _plain(groupings)},
        tiles=_plain(tiles),
        report=report,
        form=_read_form(folder / "form.toml"),
        content_hash=_content_hash(folder),
    )
