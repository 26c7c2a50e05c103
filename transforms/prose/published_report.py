"""The figures of a published report as a submission of its own kind: what is offered, its file, and its reading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.observation import Observation, Problem, Reading
from transforms.prose.claims import Claim, Prose
from transforms.sheets import TEXT_SHEET

PUBLISHED = "published_report"  # the source of such figures
REPORTS = "published-report"  # who stands as their sender
FOLDER = "Báo cáo đã công bố"
MARK = b'{"thidua": "published report", "version": 1,'
_BROKEN = (ValueError, KeyError, TypeError, ArithmeticError)
_LIMIT = Decimal(10) ** 27
_ANNOUNCED = re.compile(r"(?<!chưa )(?<!chưa được )\bcông bố(?: \([^()]*\))?(?: là|:)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OfferedFigure:
    """One figure that a report states of a unit: in the indicator's unit, as printed, and where."""

    province_id: str
    indicator_code: str
    value: Decimal
    is_estimated: bool
    raw: str
    place: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A number of a report that cannot be taken, and why, in Vietnamese."""

    raw: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a report offers for one period: figures by unit, and what cannot be taken of it."""

    period_code: str
    name: str
    sha256: str
    figures: tuple[OfferedFigure, ...]
    left: tuple[LeftOut, ...]


def offer_figures(catalogue: Catalogue, prose: Prose, period_code: str, name: str, sha256: str) -> Offer:
    """The figures of a report for a period: those of its provinces, and those that the cluster announces.

    What a report states in two ways is not taken at all.
    """
    units = {p.province_id for p in catalogue.members_of(period_code)} | {catalogue.cluster_id}
    asked = {i.indicator_code: i for i in catalogue.indicators_of(period_code)}
    stated: dict[tuple[str, str], list[Claim]] = {}
    left = [(n.block, n.start, LeftOut(n.raw, prose.blocks[n.block].place, n.reason)) for n in prose.unplaced]
    for claim in prose.claims:
        indicator = asked.get(claim.indicator_code)
        reason = ""
        if claim.period_code != period_code:
            reason = f"là số của kỳ {claim.period_code or 'không rõ'}"
        elif claim.province_id not in units:
            reason = f"đơn vị không thuộc Cụm trong kỳ {period_code}"
        elif indicator is None:
            reason = f"chỉ tiêu không được hỏi trong kỳ {period_code}"
        elif claim.province_id == catalogue.cluster_id and not indicator.is_announced:
            reason = "Cụm không công bố chỉ tiêu này; số chung do hệ thống tính"
        if reason:
            left.append((claim.block, claim.start, LeftOut(claim.raw, prose.blocks[claim.block].place, reason)))
        else:
            stated.setdefault((claim.province_id, claim.indicator_code), []).append(claim)
    figures = []
    for (province_id, code), claims in stated.items():
        values = list(dict.fromkeys(c.value for c in claims))
        if len(values) > 1 and province_id == catalogue.cluster_id:
            claims, summed = _divide(claims, prose)
            values = list(dict.fromkeys(c.value for c in claims))
            if len(values) == 1:
                told = f"là số tổng hợp; văn bản ghi riêng số do Cụm công bố là {format_number(values[0])}"
                left += [(c.block, c.start, LeftOut(c.raw, prose.blocks[c.block].place, told)) for c in summed]
            else:
                claims = [*claims, *summed]
                values = list(dict.fromkeys(c.value for c in claims))
        if len(values) > 1:
            both = " và ".join(format_number(v) for v in values)
            for c in claims:
                doubt = LeftOut(c.raw, prose.blocks[c.block].place, f"văn bản nêu {both} cho cùng một số")
                left.append((c.block, c.start, doubt))
            continue
        first = claims[0]
        place = prose.blocks[first.block].place
        figures.append(OfferedFigure(province_id, code, first.value, first.is_estimated, first.raw, place))
    left.sort(key=lambda item: item[:2])
    return Offer(period_code, name, sha256, tuple(figures), tuple(told for _, _, told in left))


def _divide(claims: Iterable[Claim], prose: Prose) -> tuple[list[Claim], list[Claim]]:
    """The claims that a text itself calls announced, with those of the same value; and the others."""
    claims = list(claims)
    values = {c.value for c in claims if _ANNOUNCED.search(prose.blocks[c.block].text[: c.start])}
    return [c for c in claims if c.value in values], [c for c in claims if c.value not in values]


def write_offer(offer: Offer) -> bytes:
    """The file of an accepted offer; equal offers give equal bytes."""
    content = {
        "period_code": offer.period_code,
        "report": {"name": offer.name, "sha256": offer.sha256},
        "figures": [{**asdict(f), "value": format(f.value.normalize(), "f")} for f in offer.figures],
    }
    body = json.dumps(content, ensure_ascii=False, indent=1)
    return MARK + body.removeprefix("{").encode()


def is_offer(data: bytes) -> bool:
    """Whether a file is one that an offer was written to."""
    return data.startswith(MARK)


def report_of(data: bytes) -> tuple[str, str]:
    """Name and content hash of the report that an offer was made from; raises ValueError."""
    try:
        report = json.loads(data)["report"]
        return str(report["name"]), str(report["sha256"])
    except _BROKEN as error:
        raise ValueError("no offer of a report") from error


def read_offer(catalogue: Catalogue, data: bytes, sha256: str) -> Reading:
    """The reading of an offer's file: a part per unit, in which what the report does not state is blank."""
    try:
        content = json.loads(data)
        period_code = str(content["period_code"])
        parts = tuple(_parts(catalogue, sha256, period_code, content["figures"]))
    except (*_BROKEN, RecursionError):
        detail = "phiếu nhập từ báo cáo đã công bố bị hỏng; hãy nhập lại: thidua import-report"
        return Reading(sha256, problems=(Problem("file_unreadable", detail=detail),), is_rejected=True)
    return Reading(sha256, period_code=period_code, parts=parts, source=PUBLISHED)


def _parts(catalogue: Catalogue, sha256: str, period_code: str, rows: Iterable[dict[str, Any]]) -> Iterable[Reading]:
    asked = [i.indicator_code for i in catalogue.indicators_of(period_code)]
    stated: dict[str, dict[str, Observation]] = {}
    for row in rows:
        value, code = Decimal(str(row["value"])), str(row["indicator_code"])
        if not value.is_finite() or abs(value) >= _LIMIT:
            raise ValueError(row["value"])
        place, raw = str(row["place"]), str(row["raw"])
        figure = Observation(code, "number", value, bool(row["is_estimated"]), raw, TEXT_SHEET, place)
        stated.setdefault(str(row["province_id"]), {})[code] = figure
    for province_id, figures in stated.items():
        observations = tuple(figures.get(code) or Observation(code, "blank") for code in asked)
        yield Reading(sha256, province_id, period_code, observations=observations, source=PUBLISHED)
