"""A published report offered and taken in, for a half-year whose returns no longer exist."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.model import Catalogue
from flows.home_lock import one_at_a_time
from flows.places import readable
from flows.proofreading.auditing import AuditError, Understood
from flows.rulings.office import Office, RulingError
from flows.settings import Settings
from flows.shares.folders import keep
from flows.word import Word
from transforms.observation import Ruling
from transforms.prose.published_report import REPORTS, Offer, offer_figures, write_offer
from transforms.reading import hash_bytes
from warehouse import Warehouse, WarehouseError, query

Row = dict[str, Any]


def offer_report(catalogue: Catalogue, understood: Understood, file: Path, period_code: str) -> Offer:
    """What a report offers for a period. Raises AuditError where that is nothing."""
    name, sha256 = readable(file.name), hash_bytes(understood.data)
    offer = offer_figures(catalogue, understood.prose, period_code, name, sha256)
    if not offer.figures:
        raise AuditError(f"“{name}” không nêu số liệu nào của kỳ {period_code} mà hệ thống nhận ra")
    return offer


def refuse_unneeded(offer: Offer, covered: Set[str]) -> None:
    """Raises AuditError where every unit that a report tells of has a return of its own (`covered`)."""
    if {f.province_id for f in offer.figures} <= covered:
        raise AuditError(
            f"không có gì để nhập: mọi đơn vị mà “{offer.name}” nêu số liệu đã có báo cáo riêng cho kỳ "
            f"{offer.period_code}, và báo cáo của đơn vị luôn được dùng trước"
        )


def find_covered(settings: Settings, period_code: str) -> set[str]:
    """The units that have a return of their own for a period, by the published copy: a report never displaces it."""
    if not settings.published_warehouse.exists():
        return set()
    sql = f"SELECT province_id, sent_by FROM submissions WHERE is_current AND period_code = '{period_code}'"
    try:
        return {unit for unit, sent_by in query(settings.published_warehouse, sql)[1] if sent_by != REPORTS}
    except WarehouseError:
        return set()


def accept_offer(
    catalogue: Catalogue, settings: Settings, offer: Offer, data: bytes, word: Word
) -> tuple[Ruling, bool]:
    """Records that an offer counts from the next run on; the ruling, and whether it is new. Raises RulingError.

    The report and its accepted figures are kept first, then one ruling is recorded: killed in between, nothing counts,
    and the same command does it again.
    """
    with _open_home(catalogue, settings) as office:
        keep(settings.archive, data)
        return office.import_report(offer.period_code, keep(settings.archive, write_offer(offer)), word)


@contextmanager
def _open_home(catalogue: Catalogue, settings: Settings) -> Iterator[Office]:
    """The office also of a home that never ran: its first half-years may be all that old reports tell."""
    if settings.warehouse.exists() and not settings.warehouse.is_file():
        raise RulingError(f"“{settings.warehouse}” không phải kho dữ liệu")
    for folder in (settings.home, settings.archive):
        folder.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(settings), Warehouse.open(settings.warehouse) as warehouse:
        yield Office(catalogue, warehouse)
