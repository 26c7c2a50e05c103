"""What a proof-reading came to, as lines for a screen and as rows for programs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.prose.claims import Prose
from transforms.prose.known_figures import KnownFigure
from transforms.prose.proofreading import Audit, Remark, Weight

GROUPS: tuple[tuple[Weight, str], ...] = (
    ("change", "Phải sửa"),
    ("doubt", "Cần xem lại"),
    ("info", "Để biết"),
)
_AROUND = 45
MOST_PLACES = 6
_COUNTED = (
    ("agrees", "khớp"),
    ("differs", "khác"),
    ("not_in_warehouse", "kho không có"),
    ("unmatched", "không đối chiếu được"),
)


def summary_line(audit: Audit) -> str:
    """How many figures there are, and how many of them agree."""
    counts = audit.counts
    total = format_number(Decimal(sum(counts.values())))
    told = ", ".join(f"{format_number(Decimal(counts[kind]))} {words}" for kind, words in _COUNTED if counts[kind])
    return f"{total} số: {told or 'không có số nào để đối chiếu'}"


def audit_lines(catalogue: Catalogue, name: str, prose: Prose, audit: Audit) -> Iterator[str]:
    """First what has to be changed, with place and quoted words, then doubts, then what is only told, then counts."""
    yield f"{name}: báo cáo {catalogue.calendar[audit.period_code].name} (kỳ {audit.period_code})"
    for weight, title in GROUPS:
        several = audit.of_weight(weight)
        if several:
            yield f"\n{title} ({len(several)}):"
        for group in several:
            shown = group[:1] if weight == "info" else group
            for remark in shown:
                yield f"  {remark.place}: {quote(prose, remark)}"
            yield f"    → {group[0].message}"
            places = list(dict.fromkeys(r.place for r in group[len(shown) :]))
            if places:
                rest = f" và {len(places) - MOST_PLACES} chỗ nữa" if len(places) > MOST_PLACES else ""
                yield f"    Cũng vậy ở: {'; '.join(places[:MOST_PLACES])}{rest}"
    yield f"\n{summary_line(audit)}."
    if audit.ignored:
        yield f"Ngoài ra {audit.ignored} số không phải số liệu (ngày tháng, số văn bản, tên gọi…), không đối chiếu."
    if not audit.has_figures:
        yield "Không có số liệu nào để đối chiếu; xem lại có đúng là báo cáo số liệu của kỳ."
    if audit.is_clean:
        yield "Mọi số trong văn bản đều khớp với kho."


def quote(prose: Prose, remark: Remark) -> str:
    """The words around a figure, which stands in ⟦ ⟧."""
    text = prose.blocks[remark.block].text
    begin = 0 if remark.start <= _AROUND else text.find(" ", remark.start - _AROUND, remark.start) + 1
    end = len(text)
    if end - remark.end > _AROUND:
        end = max(text.rfind(" ", remark.end, remark.end + _AROUND), remark.end)
    if begin <= 0 < remark.start - _AROUND:
        begin = remark.start
    before, after = text[begin : remark.start], text[remark.end : end]
    return f"“{'…' if begin else ''}{before}⟦{remark.raw}⟧{after}{'…' if end < len(text) else ''}”"


def audit_row(remark: Remark) -> dict[str, Any]:
    """A remark with stable keys; figures with all their digits as texts, what is not there is null."""
    return {
        "kind": remark.kind,
        "weight": remark.weight,
        "place": remark.place,
        "block": remark.block,
        "start": remark.start,
        "end": remark.end,
        "raw": remark.raw,
        "indicator_code": remark.indicator_code or None,
        "province_id": remark.province_id or None,
        "period_code": remark.period_code or None,
        "value": _number(remark.value),
        "expected": _number(remark.expected),
        "source": None if remark.figure is None else _source(remark.figure),
        "message": remark.message or None,
    }


def _source(figure: KnownFigure) -> dict[str, Any]:
    places = {"file": figure.file_name, "sheet": figure.sheet, "cell": figure.cell, "raw_text": figure.raw_text}
    return {name: text or None for name, text in places.items()}


def _number(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
