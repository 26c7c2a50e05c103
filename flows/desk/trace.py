"""From a figure back to its cell: every step of the warehouse, and where the figure was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from catalogue.model import Catalogue, Indicator
from flows.desk.sql_words import fold
from flows.settings import Settings
from transforms.figure_steps import explain_figure
from transforms.numbers_vi import format_number
from transforms.prose.published_report import FOLDER
from warehouse import WarehouseError, WarehouseUnusableError, published_marts, query

Row = dict[str, Any]


class TraceError(Exception):
    """What is asked for cannot be told; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure with its steps. `reading` tells how the text became the value, `place` where it was published."""

    period_code: str
    province_id: str
    province_name: str
    indicator: Indicator
    steps: tuple[Row, ...]
    reading: tuple[str, ...]
    place: Row | None

    def of(self, step: str) -> list[Row]:
        """The rows of one kind of step."""
        return [row for row in self.steps if row["step"] == step]

    @property
    def is_made_up(self) -> bool:
        """Whether the figure, or a part of it, is synthetic."""
        return any(row["source"] in ("synthetic", "mixed") for row in self.steps)

    @property
    def is_cluster(self) -> bool:
        return not self.of("figure") and bool(self.of("total"))


def find_indicator(catalogue: Catalogue, period_code: str, text: str) -> Indicator:
    """The indicator that a code, or a part of its name, means in a period; raises TraceError with the candidates."""
    asked = catalogue.indicators_of(period_code)
    wanted = fold(text)
    exact = [i for i in asked if wanted in (i.indicator_code, fold(i.label), fold(i.heading), i.number.casefold())]
    exact = exact or [i for i in asked if wanted in {fold(a) for a in i.aliases}]
    if len(exact) == 1:
        return exact[0]
    found = exact or [i for i in asked if wanted in fold(i.label) or wanted in i.indicator_code]
    if len(found) == 1:
        return found[0]
    if not found:
        raise TraceError(f"không có chỉ tiêu nào của kỳ {period_code} có “{text}” trong mã hoặc tên")
    names = "\n".join(f"  {i.indicator_code:<40} {i.label}" for i in found)
    raise TraceError(f"“{text}” có thể là {len(found)} chỉ tiêu; viết rõ một trong các mã:\n{names}")


def trace_figure(
    catalogue: Catalogue, settings: Settings, period_code: str, province_id: str, indicator: Indicator
) -> Trace:
    """All that leads to one figure, from the published copy; raises TraceError."""
    path = settings.published_warehouse
    if not path.exists():
        raise TraceError("chưa có kho dữ liệu phát hành; chạy: thidua run KỲ")
    code = indicator.indicator_code
    try:
        names, rows = query(path, f"SELECT * FROM trace('{period_code}', '{province_id}', '{code}') ORDER BY step_no")
        steps = tuple(dict(zip(names, row, strict=True)) for row in rows)
        if not any(row["step"] in ("figure", "total") for row in steps):
            raise TraceError(
                f"kho không có gì về chỉ tiêu này của đơn vị này trong kỳ {period_code}: "
                "kỳ chưa thu thập, đơn vị không thuộc Cụm trong kỳ, hoặc chỉ tiêu không cộng được cho cả Cụm"
            )
        place = _published(catalogue, settings, period_code, province_id, code)
    except WarehouseUnusableError:
        raise
    except WarehouseError as error:
        if "trace" in str(error):
            raise TraceError("bản kho do phiên bản cũ phát hành, chưa có hàm trace; chạy lại: thidua run KỲ") from error
        raise TraceError(str(error)) from error
    province = catalogue.province_in(province_id, period_code)
    return Trace(
        period_code,
        province_id,
        province.name if province is not None else province_id,
        indicator,
        steps,
        _reading(catalogue, indicator, period_code, steps),
        place,
    )


def _reading(catalogue: Catalogue, indicator: Indicator, period_code: str, steps: tuple[Row, ...]) -> tuple[str, ...]:
    """How the text became the value, or why there is a value without a text."""
    figure = next((row for row in steps if row["step"] == "figure"), None)
    if figure is None:
        return tuple(_read_announced(catalogue, indicator, period_code, steps))
    value: Decimal | None = figure["value"]
    if figure["state"] == "derived":
        formula = catalogue.formulas.get(indicator.indicator_code)
        by = f" theo công thức {formula.formula.text}" if formula is not None else ""
        return (f"tỉnh không ghi; hệ thống tính từ các số khác của chính tỉnh{by}",)
    if figure["cell"] is None:
        return ("không có ô nào ghi số này: để trống, không phải 0",)
    is_estimated = "số ước" in figure["said"]
    text = figure["raw_text"] or ""
    if value is not None and is_from_report(steps):
        estimate = ", số ước" if is_estimated else ""
        unit = catalogue.unit_of(indicator).name
        return (f"câu văn ghi “{text}”", f"đọc theo cả câu là {format_number(value)} {unit}{estimate}")
    return tuple(explain_figure(catalogue, indicator, text, period_code, value, is_estimated))


def is_from_report(steps: tuple[Row, ...]) -> bool:
    """Whether a figure comes from a published report that the office has taken in."""
    return any(row["step"] == "file" and (row["path"] or "").startswith(f"{FOLDER}/") for row in steps)


def _read_announced(
    catalogue: Catalogue, indicator: Indicator, period_code: str, steps: tuple[Row, ...]
) -> Iterator[str]:
    """How the chair's own text became the figure that it announces; nothing where it announces none."""
    for row in steps:
        if row["step"] == "cell" and row["raw_text"]:
            yield from explain_figure(catalogue, indicator, row["raw_text"], period_code, row["value"], False)


def _published(catalogue: Catalogue, settings: Settings, period_code: str, province_id: str, code: str) -> Row | None:
    from publications.tables.figure_places import find_figure

    marts = published_marts(settings.published_warehouse, period_code)
    folder = settings.published_period(period_code)
    place = find_figure(catalogue, period_code, marts, folder, province_id, code)
    return None if place is None else {**asdict(place), "folder": str(folder)}
