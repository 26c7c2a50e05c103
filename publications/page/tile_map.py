"""The provinces as tiles: classes of one indicator's figures, named in words, and where each unit stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Indicator, Province
from catalogue.ranking import ranked_by
from publications.page.traces import TraceBook
from publications.tables.figures import Figures
from publications.tables.shape import NO_FIGURE, NONE_ARISING, PublishedTable
from publications.tables.year_before import counted_value
from publications.wording import join_names, legal_text
from transforms.numbers_vi import format_number, round_half_up

NAMES = {1: ("bằng nhau",), 2: ("thấp", "cao"), 3: ("thấp", "giữa", "cao")}
RANK_NAMES = {1: ("bằng nhau",), 2: ("đầu", "cuối"), 3: ("đầu", "giữa", "cuối")}
NO_CLASS, NONE = "chưa có số liệu", "không phát sinh"


@dataclass(frozen=True, slots=True)
class TilePlace:
    unit_id: str
    name: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class TileFigure:
    """What a unit's tile shows; `level` counts classes from 1, 0 is none."""

    text: str
    level: int
    words: str
    marks: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class TileChoice:
    """One indicator on the map; `legend` holds the level, the name and the range of each class."""

    code: str
    label: str
    group: str
    unit: str
    legend: tuple[tuple[int, str, str], ...]
    figures: dict[str, TileFigure]


@dataclass(frozen=True, slots=True)
class TileMap:
    """Every indicator that may be chosen, the places, and the units that have no tile."""

    places: tuple[TilePlace, ...]
    without: tuple[TilePlace, ...]
    more_without: str
    choices: tuple[TileChoice, ...]
    first: TileChoice | None


MOST_WITHOUT = 100


def build_map(figures: Figures, tables: Sequence[PublishedTable], book: TraceBook) -> TileMap:
    """The map of a period; it has no choices where no figure is known or no unit has a tile."""
    tiles = {t.province_id: t for t in figures.catalogue.tiles if t.is_valid_in(figures.period_code)}
    members = figures.members
    places = [
        TilePlace(p.province_id, p.name, tiles[p.province_id].row, tiles[p.province_id].column)
        for p in members
        if p.province_id in tiles
    ]
    places.sort(key=lambda place: (place.row, place.column))
    rest = [p for p in members if p.province_id not in tiles]
    without = tuple(TilePlace(p.province_id, p.name, 0, 0) for p in rest[:MOST_WITHOUT])
    more = join_names([p.name for p in rest[MOST_WITHOUT:]], rest="đơn vị khác")
    shown = [p for p in members if p.province_id in tiles] + rest[:MOST_WITHOUT]
    choices = []
    for table in tables if places else ():
        if table.layout != "provinces":
            continue
        for column in table.columns:
            indicator = figures.catalogue.indicators.get(column.code)
            if indicator is not None and column.kind == "number":
                choice = _choose(figures, table, indicator, shown, book)
                if choice is not None:
                    choices.append(choice)
    leading = {ranked_by(figures.catalogue, table, figures.period_code) for table in figures.catalogue.tables}
    first = next((choice for choice in choices if choice.code in leading), choices[0] if choices else None)
    return TileMap(tuple(places), without, more, tuple(choices), first)


def divide(values: Sequence[Decimal]) -> list[tuple[Decimal, Decimal]]:
    """Up to three classes of nearly equal size, from the smallest; equal values stand in one class."""
    distinct = sorted(set(values))
    wanted = min(3, len(distinct))
    ordered = sorted(values)
    found: list[list[Decimal]] = []
    left = list(distinct)
    for number in range(wanted, 0, -1):
        held = [left.pop(0)]
        target = sum(value >= held[0] for value in ordered) / number
        while len(left) >= number and number > 1:
            size, more = (sum(v in group for v in ordered) for group in (held, [*held, left[0]]))
            if abs(more - target) > abs(size - target):
                break
            held.append(left.pop(0))
        found.append(held + (left if number == 1 else []))
    return [(group[0], group[-1]) for group in found]


def _choose(
    figures: Figures, table: PublishedTable, indicator: Indicator, shown: Sequence[Province], book: TraceBook
) -> TileChoice | None:
    code = indicator.indicator_code
    unit = figures.catalogue.unit_of(indicator).name
    is_rank = figures.catalogue.unit_of(indicator).unit_code == "rank"
    rows = {p.province_id: figures.observations.get((p.province_id, code)) for p in figures.members}
    rounded = {
        u: round_half_up(value, indicator.decimals)
        for u, row in rows.items()
        if (value := counted_value(row, indicator)) is not None
    }
    if not rounded:
        return None
    classes = divide(list(rounded.values()))
    names = (RANK_NAMES if is_rank else NAMES)[len(classes)]
    levels = [1 + n * 2 if len(classes) == 2 else 1 + n + (len(classes) == 1) for n in range(len(classes))]

    def show(value: Decimal) -> str:
        return format_number(value, indicator.decimals) + ("%" if unit == "%" else "")

    told = {}
    for province in shown:
        row = rows[province.province_id]
        value = rounded.get(province.province_id)
        if row is None or value is None:
            is_none = row is not None and row["status"] == "none_arising"
            words = (NONE_ARISING, 0, NONE) if is_none else (NO_FIGURE, 0, NO_CLASS)
            told[province.province_id] = TileFigure(*words, key=book.refer(province.province_id, code))
            continue
        place = next(n for n, (low, high) in enumerate(classes) if low <= value <= high)
        text = NONE_ARISING if row["status"] == "none_arising" else show(value)
        marks = " *" if row["status"] == "disputed" else ""
        marks += " (ước)" if row["is_estimated"] else ""
        key = book.refer(province.province_id, code)
        told[province.province_id] = TileFigure(text, levels[place], f"nhóm {names[place]}", marks, key)
    legend = [
        (level, f"Nhóm {name}", show(low) if low == high else f"{show(low)} – {show(high)}")
        for level, name, (low, high) in zip(levels, names, classes, strict=True)
    ]
    if len(rounded) < len(figures.members):
        legend.append((0, "Không có số liệu", f"{len(figures.members) - len(rounded)} tỉnh"))
    return TileChoice(code, legal_text(indicator.label), table.title, unit, tuple(legend), told)


def map_content(tile_map: TileMap) -> dict[str, object]:
    """The choices as values that JSON can hold."""
    return {
        choice.code: {
            "unit": choice.unit,
            "legend": [list(line) for line in choice.legend],
            "tiles": {unit: [f.text + f.marks, f.level, f.words] for unit, f in choice.figures.items()},
        }
        for choice in tile_map.choices
    }
