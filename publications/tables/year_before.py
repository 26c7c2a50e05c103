"""How a figure has changed since the same half of the year before, where the two may be compared at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from catalogue.model import Indicator
from publications.tables.figures import Figures, Row
from transforms.comparison import same_half_before
from transforms.numbers_vi import format_number, round_half_up

Direction = Literal["up", "down", "same", ""]

NO_EARLIER = "chưa có số cùng kỳ"
OTHER_BOUNDARIES = "địa giới đã đổi, không so với cùng kỳ"
OTHER_MEMBERS = "thành viên Cụm đã đổi, không so với cùng kỳ"
OTHER_SOURCE = "cách lập khác cùng kỳ, không so"
OTHER_FIELD = "số tỉnh được xếp hạng đã đổi, không so với cùng kỳ"
IN_DISPUTE = "có số chưa được xác nhận, chưa so với cùng kỳ"


@dataclass(frozen=True, slots=True)
class Change:
    """What a figure was, and the change in words; where there is none, `words` says why.

    `earlier` is None wherever the two may not be compared, so that nothing is drawn or reckoned from it.
    """

    earlier: Decimal | None
    direction: Direction
    words: str


def earlier_period(figures: Figures) -> str:
    """The code of the same half of the year before."""
    return same_half_before(figures.period_code)


def find_change(figures: Figures, unit_id: str, indicator: Indicator) -> Change:
    """The change of a unit's figure, or of the cluster's."""
    is_cluster = unit_id == figures.catalogue.cluster_id
    return _of_cluster(figures, indicator) if is_cluster else _of_unit(figures, unit_id, indicator)


def _of_unit(figures: Figures, unit_id: str, indicator: Indicator) -> Change:
    key = (unit_id, indicator.indicator_code)
    now, before = figures.observations.get(key), figures.earlier.get(key)
    value, earlier = counted_value(now, indicator), counted_value(before, indicator)
    if value is None or earlier is None or now is None or before is None:
        return _refused("" if value is None else NO_EARLIER)
    if not _is_unchanged(figures, unit_id):
        return _refused(OTHER_BOUNDARIES)
    if "disputed" in (now["status"], before["status"]):
        return _refused(IN_DISPUTE)
    return _compare(figures, indicator, value, earlier)


def _of_cluster(figures: Figures, indicator: Indicator) -> Change:
    code = indicator.indicator_code
    now, before = figures.totals.get(code), figures.earlier_totals.get(code)
    value, earlier = (None if row is None else row["value"] for row in (now, before))
    if value is None or now is None:
        return _refused("")
    if earlier is None or before is None:
        return _refused(NO_EARLIER)
    members = figures.catalogue.members_of(earlier_period(figures))
    if {p.province_id for p in members} != {p.province_id for p in figures.members} or not all(
        _is_unchanged(figures, p.province_id) for p in members
    ):
        return _refused(OTHER_MEMBERS)
    if now["value_source"] != before["value_source"]:
        return _refused(OTHER_SOURCE)
    if now["value_source"] != "announced":
        counts = [(row["provinces_reporting"], row["provinces_expected"]) for row in (now, before)]
        if any(reporting != expected for reporting, expected in counts):
            (a, b), (c, d) = counts
            return _refused(f"chưa đủ tỉnh để so: kỳ này {a}/{b}, cùng kỳ {c}/{d}")
        if now["disputed_count"] or before["disputed_count"]:
            return _refused(IN_DISPUTE)
    return _compare(figures, indicator, value, earlier)


def counted_value(row: Row | None, indicator: Indicator) -> Decimal | None:
    """What a province's figure counts as: what has not arisen is 0 of what is added up, and no rate or rank at all."""
    if row is None:
        return None
    if row["status"] == "none_arising":
        return Decimal(0) if indicator.aggregation == "sum" else None
    value: Decimal | None = row["value"]
    return value


def _is_unchanged(figures: Figures, unit_id: str) -> bool:
    catalogue = figures.catalogue
    return catalogue.province_in(unit_id, earlier_period(figures)) == catalogue.province_in(
        unit_id, figures.period_code
    )


def _refused(why: str) -> Change:
    return Change(None, "", why)


def _compare(figures: Figures, indicator: Indicator, value: Decimal, earlier: Decimal) -> Change:
    """Rates and growth in percentage points, ranks in places, all else in percent of what it was."""
    unit = figures.catalogue.unit_of(indicator)
    is_rank = unit.unit_code == "rank"
    if indicator.time_kind == "previous_year_rank" and not is_rank:
        return _refused("")
    if indicator.rank_field:
        sizes = {figures.catalogue.rank_size(indicator, p) for p in (figures.period_code, earlier_period(figures))}
        if len(sizes) > 1:
            return _refused(OTHER_FIELD)
    gap = value - earlier
    if not gap:
        return Change(earlier, "same", "bằng cùng kỳ")
    direction: Direction = "up" if gap > 0 else "down"
    verb = "tăng" if gap > 0 else "giảm"
    if is_rank:
        return Change(earlier, direction, f"{'xuống' if gap > 0 else 'lên'} {format_number(abs(gap), 0)} bậc")
    if unit.unit_code == "percent":
        if indicator.is_growth:
            verb = "cao hơn" if gap > 0 else "thấp hơn"
        return Change(earlier, direction, f"{verb} {_nonzero(abs(gap), indicator.decimals)} điểm phần trăm")
    if earlier <= 0 or value < 0:
        return Change(earlier, direction, f"{verb} {format_number(abs(gap), indicator.decimals)} {unit.name}")
    return Change(earlier, direction, f"{verb} {_nonzero(abs(100 * gap / earlier), 1)}%")


def _nonzero(value: Decimal, decimals: int) -> str:
    """A change as it is printed, with further decimals rather than as nothing."""
    while decimals < 6 and not round_half_up(value, decimals):
        decimals += 1
    return format_number(value, decimals)
