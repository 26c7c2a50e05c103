"""How the tables of a period stand to what was approved: draft, final, or changed since."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flows.closing.seal_contents import DATABASE
from flows.closing.seal_folder import seal_path
from flows.settings import Settings
from transforms.differences import Difference, compare_with_seal
from transforms.operation import Closing, ClosingEvent, digest_figures, digest_findings, follow_closing
from warehouse import WarehouseError, published_marts

if TYPE_CHECKING:
    from publications.standing import Standing

PROGRESS = logging.getLogger("thidua.progress")
APPROVALS = ("publish", "publish_noted")
Marts = dict[str, list[dict[str, Any]]]


def find_standing(settings: Settings, period_code: str, events: Sequence[ClosingEvent], marts: Marts) -> Standing:
    """What the tables have to say of themselves, given every step of the closing and the figures of today."""
    from publications.standing import DRAFTED, Standing

    closing = follow_closing(events)
    approval = approval_of(events, closing.seal)
    if closing.seal is None or approval is None:
        return DRAFTED
    seal_no = closing.seal.seal_no or 0
    is_final = closing.is_final(digest_figures(marts))
    differences = () if is_final else differences_from_seal(settings, period_code, seal_no, marts)
    return Standing(
        seal_no,
        is_final,
        approval.decided_by,
        approval.happened_at,
        approval.reason,
        approval.step == "publish_noted",
        differences,
    )


def approval_of(events: Sequence[ClosingEvent], seal: ClosingEvent | None) -> ClosingEvent | None:
    """The decision by which a seal was made."""
    if seal is None:
        return None
    found = [e for e in events if e.closing_id == seal.closing_id and e.step in APPROVALS]
    return found[-1] if found else None


def differences_from_seal(
    settings: Settings, period_code: str, seal_no: int, marts: Marts
) -> tuple[Difference, ...] | None:
    """What differs today from a seal of the home; None where that seal cannot be looked into."""
    database = seal_path(settings, period_code, seal_no) / DATABASE
    try:
        return compare_with_seal(published_marts(database, period_code), marts)
    except WarehouseError as error:
        PROGRESS.warning("Không so được với bản đã chốt số %d: %s", seal_no, error)
        return None


def is_seal_due(closing: Closing, marts: Marts) -> bool:
    """Whether a state was approved that is not sealed yet, and is the very state of today."""
    return closing.is_to_seal and is_state(closing.decision, marts)


def is_overtaken(closing: Closing, marts: Marts) -> bool:
    """Whether a state was approved, and became another before it could be sealed: it has to be approved anew."""
    return closing.is_to_seal and not is_state(closing.decision, marts)


def is_state(event: ClosingEvent | None, marts: Marts) -> bool:
    """Whether a step of a closing speaks of the figures and open findings of today."""
    named = (event.figures_digest, event.findings_digest) if event is not None else None
    return named == (digest_figures(marts), digest_findings(marts))
