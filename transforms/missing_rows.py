"""The indicators that a file has no row for: by the sheets of the form, or all in one for free tables."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.model import Catalogue
from transforms.layout import Layout
from transforms.observation import Observation, Problem
from transforms.placement import indicators_by_section, place

NAMED_MISSING = 3


def report_missing_rows(
    catalogue: Catalogue, layout: Layout, period_code: str, observations: Iterable[Observation]
) -> list[Problem]:
    """What is lacking, told by sheet for the form, once for a free table; nothing where the sender declares no data."""
    if layout.declared is not None:
        return []
    if layout.is_free:
        return _report_free(catalogue, period_code, observations)
    return _report_form(catalogue, layout, period_code)


def _report_form(catalogue: Catalogue, layout: Layout, period_code: str) -> list[Problem]:
    """The indicators that have no row in the file: one by one, or as one problem for a sheet that lacks many."""
    missing: dict[str, list[str]] = {}
    for slot in place(catalogue, period_code):
        if slot.field == "value" and slot.indicator_code not in layout.rows:
            missing.setdefault(slot.sheet, []).append(slot.indicator_code)
    problems: list[Problem] = []
    for sheet, codes in missing.items():
        labels = [catalogue.indicators[code].label for code in codes]
        where = sheet if sheet in layout.sheets or sheet in layout.unread else ""
        if len(codes) <= NAMED_MISSING:
            problems.extend(
                Problem("layout_incomplete", code, where, detail=f"dòng “{label}” của trang “{sheet}”")
                for code, label in zip(codes, labels, strict=True)
            )
            continue
        subject = "cột Giá trị của" if where in layout.unread else "bảng của" if not where else "nhiều dòng của"
        detail = f"{subject} trang “{sheet}” nên {len(labels)} chỉ tiêu (như “{labels[0]}”) chưa đọc được"
        problems.append(Problem("layout_incomplete", "", where, observed=f"{len(labels)} chỉ tiêu", detail=detail))
    return problems


def _report_free(catalogue: Catalogue, period_code: str, observations: Iterable[Observation]) -> list[Problem]:
    """The required indicators of which the tables say nothing, whole sections by their name."""
    said = {o.indicator_code for o in observations if o.state != "blank" or o.cell}
    names = {s.section_code: s.name for s in catalogue.sections}
    told: list[str] = []
    count = 0
    for section, indicators in indicators_by_section(catalogue, period_code).items():
        required = [i for i in indicators if i.is_required]
        lacking = [i for i in required if i.indicator_code not in said]
        count += len(lacking)
        if len(lacking) > 1 and len(lacking) == len(required):
            told.append(f"cả phần {section}. {names[section]}")
        else:
            told.extend(f"“{i.label}”" for i in lacking)
    if not count:
        return []
    detail = f"{count} chỉ tiêu bắt buộc, không thấy trong bảng nào: {'; '.join(told)}"
    return [Problem("layout_incomplete", observed=f"{count} chỉ tiêu", detail=detail)]
