"""Who sends what when: the files of a half-year in the order of their arrival, with the figures in them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from examples.history.cluster import tell_cluster
from examples.history.events import CORRECTION, CRITICAL, LATE, MISSING, RESTATED, Event, arrival_of, find_events
from examples.history.figures import tell_figures
from examples.history.spans import REAL
from examples.history.truth import Figures, Truth
from transforms.comparison import same_half_before

VIETNAM = dt.timezone(dt.timedelta(hours=7))
SYNTHETIC, REAL_SOURCE = "synthetic", "real"
OWN_TABLE = "hai-duong"  # sends a table of its own, with a column of last year's figures, from here on
OWN_TABLE_FROM = "2018H1"
CLOSE_OF_DAY = dt.time(16, 30)


@dataclass(frozen=True)
class Sent:
    """One file of one unit. `figures` are empty for the real ones; `previous` is there where the layout repeats it."""

    period_code: str
    province_id: str
    version: int
    arrives_at: dt.datetime
    source: str
    figures: Mapping[str, Decimal]
    event: str = ""
    previous: Mapping[str, Decimal] | None = None


def send_period(truth: Truth, period_code: str) -> list[Sent]:
    """All files of a half-year by the moment of their arrival, the cluster's own among them."""
    members = [p.province_id for p in truth.catalogue.members_of(period_code)]
    if period_code == REAL:
        units = (*members, truth.catalogue.cluster_id)
        sent = [Sent(REAL, unit, 1, _on_time(truth, REAL, unit), REAL_SOURCE, {}) for unit in units]
        return sorted(sent, key=_order)
    sent = [file for province_id in members for file in _send_province(truth, period_code, province_id)]
    return sorted([*sent, *_announce(truth, period_code, sent)], key=_order)


def _order(sent: Sent) -> tuple[dt.datetime, str]:
    return sent.arrives_at, sent.province_id


def _send_province(truth: Truth, period_code: str, province_id: str) -> list[Sent]:
    if find_events(period_code, province_id, MISSING):
        return []
    late = find_events(period_code, province_id, LATE)
    restated = find_events(period_code, province_id, RESTATED)
    wrong = find_events(period_code, province_id, CORRECTION, CRITICAL)
    base_shifts = _restated(period_code, province_id)
    figures = tell_figures(truth, province_id, period_code, base_shifts=base_shifts)
    previous = None
    if restated or (province_id == OWN_TABLE and period_code >= OWN_TABLE_FROM):
        previous = _repeat_last_year(truth, period_code, province_id, base_shifts)
    first = _first_sent(truth, period_code, province_id, figures, wrong)
    day = arrival_of(late)
    at = _on_time(truth, period_code, province_id) if day is None else _during(truth, day, province_id)
    named = ", ".join(dict.fromkeys(e.event for e in (*late, *restated, *wrong)))
    sent = [Sent(period_code, province_id, 1, at, SYNTHETIC, first, named, previous)]
    corrected_on = arrival_of(wrong)
    if corrected_on is not None:
        at = _during(truth, corrected_on, province_id)
        sent.append(Sent(period_code, province_id, 2, at, SYNTHETIC, figures, wrong[0].event, previous))
    return sent


def _restated(period_code: str, province_id: str) -> dict[str, Decimal]:
    """How much more a return says of last year's figures than was reported then."""
    return {e.indicator_code: e.amount for e in find_events(period_code, province_id, RESTATED)}


def _first_sent(
    truth: Truth, period_code: str, province_id: str, figures: Figures, wrong: list[Event]
) -> Mapping[str, Decimal]:
    """What the first version says where a later one corrects it; what follows from a wrong figure follows it."""
    shifts = {e.indicator_code: -e.amount for e in wrong if e.kind == CORRECTION}
    first = tell_figures(truth, province_id, period_code, shifts) if shifts else dict(figures)
    return first | {e.indicator_code: e.amount for e in wrong if e.kind == CRITICAL}


def _repeat_last_year(
    truth: Truth, period_code: str, province_id: str, shifts: Mapping[str, Decimal]
) -> Mapping[str, Decimal]:
    """What the column of last year's figures says: what was reported then, but for the restated ones."""
    before = same_half_before(period_code)
    if before == REAL:
        reported = {code: value for (unit, code), value in truth.anchors.real.items() if unit == province_id}
    elif truth.parts_of(province_id, before) != truth.parts_of(province_id, period_code):
        return {}
    else:
        reported = tell_figures(truth, province_id, before, base_shifts=_restated(before, province_id))
    return {code: value + shifts.get(code, Decimal(0)) for code, value in reported.items()}


def _announce(truth: Truth, period_code: str, sent: list[Sent]) -> list[Sent]:
    """The cluster's own return, and again where a correction changes what it announces."""
    unit = truth.catalogue.cluster_id
    first = [s.figures for s in sent if s.version == 1]
    told = tell_cluster(truth, period_code, first)
    due = dt.datetime.combine(truth.catalogue.calendar[period_code].due_on, CLOSE_OF_DAY, VIETNAM)
    found = [Sent(period_code, unit, 1, due, SYNTHETIC, told)]
    for correction in sorted((s for s in sent if s.version > 1), key=_order):
        current = {
            s.province_id: s for s in sorted(sent, key=lambda s: s.version) if s.arrives_at <= correction.arrives_at
        }
        late = {s.province_id: s for s in sent if s.version == 1 and s.province_id not in current}
        again = tell_cluster(truth, period_code, [s.figures for s in {**late, **current}.values()])
        if again != told:
            at = correction.arrives_at + dt.timedelta(minutes=40)
            found.append(Sent(period_code, unit, len(found) + 1, at, SYNTHETIC, again, correction.event))
            told = again
    return found


def _on_time(truth: Truth, period_code: str, unit: str) -> dt.datetime:
    """Some working hour between the opening and the day it is due."""
    entry = truth.catalogue.calendar[period_code]
    chance = random.Random(f"{truth.seed} arrival {period_code} {unit}")
    days = min((entry.due_on - entry.opens_on).days - 1, chance.choice((0, 1, 1, 2, 3, 4, 6, 8)))
    return _during(truth, entry.due_on - dt.timedelta(days=days), unit)


def _during(truth: Truth, day: dt.date, unit: str) -> dt.datetime:
    chance = random.Random(f"{truth.seed} hour {day} {unit}")
    return dt.datetime.combine(day, dt.time(chance.randint(8, 15), chance.randrange(0, 60)), VIETNAM)
