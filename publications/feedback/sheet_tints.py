"""Tints of a worksheet's cells as conditional formats: what a cell looks like by itself is never touched."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape

from publications.feedback.remarks import Remark
from publications.feedback.style_sheet import StyleSheet
from publications.feedback.xml_part import XmlPart
from transforms.addresses import parse_address

SIGN = '"thidua"="thidua"'  # always true, and ours alone
FILLS = {"critical": "FFFF9B9B", "warning": "FFFFC56B", "info": "FFCFE2F3"}
_INKS = {"critical": "FF9C0006", "warning": "FF7F4A00", "info": "FF1F4E79"}
_LINES = {"critical": "thin", "warning": "dashed", "info": "dotted"}  # still told apart where colours are not printed
ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection"),
    *("protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells"),
    *("phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins"),
    *("pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors"),
    *(
        "smartTags",
        "drawing",
        "legacyDrawing",
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "AlternateContent",
        "oleObjects",
        "controls",
    ),
    *("webPublishItems", "tableParts", "extLst"),
)


def dxf_of(severity: str) -> str:
    """The differential format of a severity: fill, ink and line."""
    ink = f'<color rgb="{_INKS[severity]}"/>'
    font = f"<font><b/>{ink}</font>" if severity == "critical" else ""
    fill = (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{FILLS[severity]}"/>'
        f'<bgColor rgb="{FILLS[severity]}"/></patternFill></fill>'
    )
    sides = "".join(f'<{side} style="{_LINES[severity]}">{ink}</{side}>' for side in ("left", "right", "top", "bottom"))
    return f"<dxf>{font}{fill}<border>{sides}</border></dxf>"


def remove_tints(data: bytes) -> bytes:
    """A worksheet without the tints of an earlier version."""
    if b"thidua" not in data:
        return data
    part = XmlPart(data)
    rules, formulas, formats = part.find("cfRule"), part.find("formula"), part.find("conditionalFormatting")
    ours = [
        rule
        for rule in rules
        if any(rule.holds(f) and unescape(part.inner(f).decode()).replace(" ", "") == SIGN for f in formulas)
    ]
    starts = {rule.start for rule in ours}
    for block in formats:
        inside = [rule for rule in rules if block.holds(rule)]
        if inside and all(rule.start in starts for rule in inside):
            part.remove(block)
            starts -= {rule.start for rule in inside}
    for rule in ours:
        if rule.start in starts:
            part.remove(rule)
    return part.result()


def add_tints(data: bytes, remarks: Iterable[Remark], styles: StyleSheet) -> bytes:
    """A worksheet with its doubtful cells tinted, above whatever conditional formats it has."""
    by_severity: dict[str, list[str]] = {}
    for remark in remarks:
        by_severity.setdefault(remark.severity, []).append(remark.cell)
    if not by_severity:
        return data
    part = XmlPart(data)
    for rule in part.find("cfRule"):
        priority = rule.attribute("priority")
        if priority.isdigit():
            part.set_attribute(rule, "priority", str(int(priority) + len(by_severity)))
    merged = [m.attribute("ref") for m in part.find("mergeCell")]
    prefix = part.children()[0].prefix
    texts = []
    for number, severity in enumerate((s for s in FILLS if s in by_severity), 1):
        cells = sorted({_whole(cell, merged) for cell in by_severity[severity]}, key=_position)
        texts.append(
            f'<{prefix}conditionalFormatting sqref="{" ".join(cells)}"><{prefix}cfRule type="expression" '
            f'dxfId="{styles.add("dxfs", dxf_of(severity))}" priority="{number}">'
            f"<{prefix}formula>{SIGN}</{prefix}formula></{prefix}cfRule></{prefix}conditionalFormatting>"
        )
    first = next(iter(part.find("conditionalFormatting", at_depth=1)), None)
    if first is None:
        part.insert_child(ORDER, "conditionalFormatting", "".join(texts))
    else:
        part.insert(first.start, "".join(texts))
    return part.result()


def _whole(cell: str, merged: Iterable[str]) -> str:
    """The merged range that a cell is the first of, or the cell."""
    return next((ref for ref in merged if ref.partition(":")[0] == cell), cell)


def _position(reference: str) -> tuple[int, int]:
    return parse_address(reference.partition(":")[0])
