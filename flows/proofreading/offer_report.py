"""What a published report offers, as lines for a screen and as values for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.prose.published_report import Offer, OfferedFigure

SHOWN_PER_UNIT = 60


def offer_lines(catalogue: Catalogue, offer: Offer, covered: Collection[str]) -> Iterator[str]:
    """Unit by unit what would be taken, with the words and their place; then what cannot be taken, and why.

    `covered` are the units with a return of their own: of them nothing would count.
    """
    entry = catalogue.calendar[offer.period_code]
    yield f"Báo cáo đã công bố “{offer.name}”, {entry.name} (kỳ {offer.period_code})"
    for unit in _units(catalogue, offer):
        figures = [f for f in offer.figures if f.province_id == unit]
        province = catalogue.province_in(unit, offer.period_code)
        yield f"\n{province.name if province is not None else unit}: {len(figures)} số{_standing(unit in covered)}"
        for figure in figures[:SHOWN_PER_UNIT]:
            indicator = catalogue.indicators[figure.indicator_code]
            yield f"  {indicator.label}: {_value(catalogue, figure)}  (“{figure.raw}”, {figure.place})"
    if offer.left:
        yield f"\nKhông nhận được {len(offer.left)} số:"
        for left in offer.left:
            yield f"  {left.place}: “{left.raw}”: {left.reason}"
    counted = sum(f.province_id not in covered for f in offer.figures)
    yield f"\nNhận ra {len(offer.figures)} số, dùng được {counted}; không nhận được {len(offer.left)}."


def _units(catalogue: Catalogue, offer: Offer) -> list[str]:
    """The cluster first, then its provinces in their order."""
    order = [catalogue.cluster_id, *(p.province_id for p in catalogue.members_of(offer.period_code))]
    stated = {f.province_id for f in offer.figures}
    return [unit for unit in order if unit in stated]


def _standing(is_covered: bool) -> str:
    return " – đã có báo cáo của đơn vị, sẽ không dùng" if is_covered else ""


def _value(catalogue: Catalogue, figure: OfferedFigure) -> str:
    unit = catalogue.unit_of(catalogue.indicators[figure.indicator_code]).name
    estimate = " (ước)" if figure.is_estimated else ""
    return f"{format_number(figure.value)}{'' if unit == '%' else ' '}{unit}{estimate}"


def offer_values(offer: Offer, covered: Collection[str]) -> dict[str, Any]:
    """The same for programs; figures with all their digits as texts."""
    return {
        "period_code": offer.period_code,
        "report": {"file": offer.name, "sha256": offer.sha256},
        "figures": [
            {
                "province_id": f.province_id,
                "indicator_code": f.indicator_code,
                "value": format(f.value.normalize(), "f"),
                "is_estimated": f.is_estimated,
                "raw": f.raw,
                "place": f.place,
                "is_covered": f.province_id in covered,
            }
            for f in offer.figures
        ],
        "left": [{"raw": left.raw, "place": left.place, "reason": left.reason} for left in offer.left],
    }
