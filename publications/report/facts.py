"""The figures that a report tells, of provinces and of the cluster, now and in the same half a year before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Indicator, Province
from publications.report.values import Figure, MarkBook
from publications.tables.figures import Figures, Row
from publications.tables.year_before import find_change
from transforms.comparison import same_half_before
from transforms.figure_marks import Basis
from transforms.numbers_vi import format_number, round_half_up


@dataclass(frozen=True, slots=True)
class Fact:
    """One known figure: whose, of which period, how sure, and where it was read."""

    indicator: Indicator
    province_id: str
    period_code: str
    value: Decimal
    basis: Basis
    is_estimated: bool = False
    is_disputed: bool = False
    place: tuple[str, str, str] = ("", "", "")


class Facts:
    """What is known of one period; figures are told through it, so that each gets its mark."""

    def __init__(self, figures: Figures, book: MarkBook) -> None:
        self.figures = figures
        self.catalogue = figures.catalogue
        self.book = book
        self.before_code = same_half_before(figures.period_code)

    def of_province(self, province: Province, indicator: Indicator) -> Fact | None:
        row = self.figures.observations.get((province.province_id, indicator.indicator_code))
        return _reported(indicator, self.figures.period_code, row)

    def before(self, province: Province, indicator: Indicator) -> Fact | None:
        """A province's figure of the year before, where the two may be compared."""
        if find_change(self.figures, province.province_id, indicator).earlier is None:
            return None
        row = self.figures.earlier.get((province.province_id, indicator.indicator_code))
        return _reported(indicator, self.before_code, row)

    def of_cluster(self, indicator: Indicator) -> Fact | None:
        return self._cluster(indicator, self.figures.totals, self.figures.period_code)

    def cluster_before(self, indicator: Indicator) -> Fact | None:
        """The cluster's figure of the year before, where the two may be compared."""
        if find_change(self.figures, self.catalogue.cluster_id, indicator).earlier is None:
            return None
        return self._cluster(indicator, self.figures.earlier_totals, self.before_code)

    def growth_of_cluster(self, indicator: Indicator) -> Decimal | None:
        """By how many percent a sum of the provinces changed, where the two may be compared."""
        now, before = self.of_cluster(indicator), self.cluster_before(indicator)
        if now is None or before is None or not before.value or indicator.aggregation != "sum":
            return None
        if now.basis != "cluster":
            return None
        return round_half_up(100 * (now.value - before.value) / before.value, 2)

    def tell(self, fact: Fact) -> Figure:
        """The fact as it stands in a sentence: rounded as tables are, without empty decimals, small counts padded."""
        return self.tell_number(fact, fact.value)

    def tell_number(self, fact: Fact, value: Decimal) -> Figure:
        """A number that belongs to a fact, such as the size of a fall, told as the fact is."""
        return self.tell_text(fact, number_text(fact.indicator, value))

    def tell_text(self, fact: Fact, text: str) -> Figure:
        """The fact in another form of its number."""
        code = fact.indicator.indicator_code
        return self.book.tell(text, fact.value, fact.period_code, fact.province_id, code, fact.basis, fact.place)

    def tell_computed(self, indicator: Indicator, value: Decimal, text: str) -> Figure:
        """A number of the cluster that follows from others, such as a gap or a change."""
        unit = self.catalogue.cluster_id
        return self.book.tell(text, value, self.figures.period_code, unit, indicator.indicator_code, "computed")

    def _cluster(self, indicator: Indicator, totals: dict[str, Row], period_code: str) -> Fact | None:
        row = totals.get(indicator.indicator_code)
        if row is None or row["value"] is None:
            return None
        unit = self.catalogue.cluster_id
        if row["value_source"] == "announced":
            return Fact(indicator, unit, period_code, row["value"], "announced", place=control_place(row))
        is_now = period_code == self.figures.period_code
        is_estimated = is_now and any(
            fact is not None and fact.is_estimated
            for fact in (self.of_province(p, indicator) for p in self.figures.members)
        )
        return Fact(indicator, unit, period_code, row["value"], "cluster", is_estimated)


def control_place(row: Row) -> tuple[str, str, str]:
    """File, sheet and cell of a figure that the chair announced."""
    return (row.get("control_file_name") or "", row["control_sheet"] or "", row["control_cell"] or "")


def number_text(indicator: Indicator, value: Decimal) -> str:
    """A figure as offices write it in a sentence: 19.044,4; 08 for a count of 8; 98,32%; 17 for a rank."""
    rounded = round_half_up(value, indicator.decimals)
    text = format_number(rounded)
    if indicator.unit_code == "percent":
        return f"{text}%"
    is_count = indicator.is_whole and not indicator.rank_field
    return f"0{text}" if is_count and 0 < rounded < 10 else text


def _reported(indicator: Indicator, period_code: str, row: Row | None) -> Fact | None:
    if row is None or row["value"] is None:
        return None
    place = (row["file_name"] or "", row["sheet"] or "", row["cell"] or "")
    is_disputed = row["status"] == "disputed"
    is_computed = row["status"] == "derived"
    basis: Basis = "computed" if is_computed else "reported"
    estimated = bool(row["is_estimated"])
    return Fact(indicator, row["province_id"], period_code, row["value"], basis, estimated, is_disputed, place)
