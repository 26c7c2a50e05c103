"""The bar chart beside or below a table of provinces: native to the spreadsheet, drawn from the table's own cells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalogue.model import Indicator
from publications.tables.figures import Figures
from publications.tables.same_period import SamePeriod
from publications.tables.shape import MOST_UNITS, PublishedTable
from publications.tables.year_before import earlier_period
from publications.workbook.formats import FONT, lines_needed
from publications.workbook.printing import PRINTED_WIDTH, fits_page
from transforms.numbers_vi import format_number

MOST_FIGURES_BESIDE = 2  # a table of so few figures leaves room for a chart at its side
MOST_BELOW = 15  # bars under a wide table, so that both go onto one page
CLOSE = 10  # more bars than these stand closer together
_NOW, _BEFORE, _OUTLINE = "#1F4E79", "#C9D7E8", "#1F4E79"  # dark and light: apart in grey print, and for any eye
_WIDE = 680.0  # points across a wide table
_SHARES = frozenset({"stock_rate", "event"})


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """What a chart shows: the first `bars` rows of a table, by its column at `place`.

    `doubted` are the bars of figures in dispute; `earlier_start` is where their figures of the year before begin among
    the rows of the comparison. `step` is that of the axis, which then begins at 0; None where figures are negative.
    """

    place: int
    bars: int
    title: str
    axis: str
    description: str
    decimals: int
    is_share: bool
    step: int | None
    doubted: tuple[int, ...]
    series: str
    earlier_series: str
    earlier_start: int | None

    @property
    def height(self) -> int:
        """In pixels, so that every bar has room for its name."""
        roomy, close = (26, 20) if self.earlier_start is None else (34, 24)
        return 120 + self.bars * (roomy if self.bars <= CLOSE else close)


def plan_chart(figures: Figures, table: PublishedTable, same: SamePeriod | None) -> ChartPlan | None:
    """The chart of the indicator that ranks a table.

    None for a table that nothing ranks, for ranks (the longest bar would be the worst), for fewer than two figures, for
    more provinces than a chart can name, and where the table leaves no room on its page.
    """
    if not table.sorted_by or len(table.rows) > MOST_UNITS:
        return None
    indicator = figures.catalogue.indicators[table.sorted_by]
    ranks, place = table.column("rank"), table.column(table.sorted_by)
    known = sum(row[ranks].value is not None for row in table.rows)  # who has no figure comes last, and gets no bar
    if known < 2 or indicator.rank_field:
        return None
    is_wide = sum(column.kind == "number" for column in table.columns) > MOST_FIGURES_BESIDE
    bars = min(known, MOST_BELOW) if is_wide else known
    values = [v if isinstance(v := row[place].value, Decimal) else Decimal(0) for row in table.rows[:bars]]
    doubted = tuple(n for n, row in enumerate(table.rows[:bars]) if row[place].status == "disputed")
    period = figures.catalogue.calendar[figures.period_code].name
    unit = figures.catalogue.unit_of(indicator).name
    before = earlier_period(figures)
    is_known = before in figures.catalogue.calendar
    plan = ChartPlan(
        place=place,
        bars=bars,
        title=f"{indicator.label}, {period}" + (f", {bars} tỉnh đầu bảng" if bars < known else ""),
        axis=f"{indicator.heading} ({unit})" + ("; gạch chéo: chưa được xác nhận" if doubted else ""),
        description=_describe(table, indicator, unit, period, values),
        decimals=indicator.decimals,
        is_share=unit == "%" and indicator.time_kind in _SHARES and Decimal(50) < max(values) <= 100,
        step=_step(max(values)) if min(values) >= 0 else None,
        doubted=doubted,
        series=period,
        earlier_series=figures.catalogue.calendar[before].name if is_known else "",
        earlier_start=None if same is None else same.starts.get((table.table_code, table.sorted_by)),
    )
    return plan if not is_wide or fits_page((_WIDE, _height(table) + plan.height * 3 / 4)) else None


def _height(table: PublishedTable) -> float:
    """About how many points a wide table takes with its head and footnotes."""
    notes = sum(lines_needed(text, PRINTED_WIDTH, 10) for text in table.footnotes)
    return 140.0 + 18.0 * (len(table.rows) + 2) + 15.0 * notes


def _step(largest: Decimal) -> int | None:
    """The step of an axis that reaches a figure in about five; None leaves small figures to the spreadsheet."""
    rough = largest / 5
    if rough < 1:
        return None
    size = int("1" + "0" * (len(str(int(rough))) - 1))
    return next(size * n for n in (1, 2, 5, 10) if size * n >= rough)


def _describe(table: PublishedTable, indicator: Indicator, unit: str, period: str, values: list[Decimal]) -> str:
    """What somebody who cannot see the chart should know of it."""
    names = [str(row[table.column("province_name")].value) for row in table.rows[: len(values)]]
    first, last = (f"{names[n]} {format_number(values[n], indicator.decimals)}" for n in (0, -1))
    return (
        f"Biểu đồ thanh ngang: {indicator.label} ({unit}), {period}; {len(values)} tỉnh, thứ tự như trong bảng. "
        f"Đầu bảng: {first}; cuối bảng: {last}."
    )


def draw_chart(
    workbook: Any, plan: ChartPlan, sheet: str, first_row: int, names: int, column: int, same: tuple[str, int, int]
) -> Any:
    """The chart of rows from `first_row` on, with names and figures in two columns of a sheet.

    `same` is the comparison's sheet, first row and column; all count from 0.
    """
    chart = workbook.add_chart({"type": "bar"})
    last_row = first_row + plan.bars - 1
    categories = [sheet, first_row, names, last_row, names]
    inside = {"position": "inside_end", "font": _font(9, color="#FFFFFF")} if plan.is_share else {"font": _font(9)}
    chart.add_series(
        {
            "name": plan.series,
            "categories": categories,
            "values": [sheet, first_row, column, last_row, column],
            "fill": {"color": _NOW},
            "border": {"color": _OUTLINE},
            "gap": 45,
            "data_labels": {"value": True, "num_format": _digits(plan.decimals), **inside},
            "points": _points(plan),
        }
    )
    if plan.earlier_start is not None:
        name, row, place = same
        row += plan.earlier_start
        chart.add_series(
            {
                "name": plan.earlier_series,
                "categories": categories,
                "values": [name, row, place, row + plan.bars - 1, place],
                "fill": {"color": _BEFORE},
                "border": {"color": _OUTLINE},
            }
        )
        chart.set_legend({"position": "bottom", "font": _font(10)})
    else:
        chart.set_legend({"none": True})
    limits: dict[str, Any] = {"min": 0, "major_unit": plan.step} if plan.step else {}
    if plan.is_share:
        limits["max"] = 100
    chart.set_title({"name": plan.title, "name_font": _font(12, bold=True), "overlay": False})
    chart.set_y_axis({"reverse": True, "crossing": "max", "label_position": "low", "num_font": _font(10)})
    chart.set_x_axis(
        {
            "name": plan.axis,
            "name_font": _font(10, bold=False, italic=True),
            "num_font": _font(9),
            "num_format": "#,##0" if plan.step else "General",
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            **limits,
        }
    )
    chart.set_chartarea({"border": {"color": "#A6A6A6"}})
    return chart


def _points(plan: ChartPlan) -> list[dict[str, Any] | None] | None:
    """Hatched bars for figures in dispute."""
    if not plan.doubted:
        return None
    hatched = {
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": _NOW, "bg_color": "#FFFFFF"},
        "border": {"color": _OUTLINE},
    }
    return [hatched if n in plan.doubted else None for n in range(plan.bars)]


def _digits(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _font(size: int, **more: Any) -> dict[str, Any]:
    return {"name": FONT, "size": size, **more}
