"""What is said to an officer of the likely culprit of a finding."""

from __future__ import annotations

from dataclasses import replace

from expectations.findings import show_figure, show_value
from transforms.consolidation import UnitFigures
from transforms.culprit import Culprit
from transforms.history import find_witness
from transforms.measurement import Measurement
from transforms.observation import Finding
from transforms.relations import Ground, operands_of
from transforms.written import write_like

MOST_SUSPECTS = 3  # more cells than these are no hint
ROUNDED = {"parts_sum_to_total": "tổng các phần", "rate_follows_counts": "tỷ lệ tính lại từ số đếm"}


def tell_cells(ground: Ground, unit: UnitFigures, at: Measurement, finding: Finding) -> Finding:
    """The finding with the cells that have to agree, where a total, a rate or a growth is broken."""
    if at.rule_code not in (*ROUNDED, "change_fits_growth"):
        return finding
    cells = [cell_of(unit, code, finding.sheet) for code in _ordered(ground, operands_of(ground.catalogue, at))]
    told = ", ".join(dict.fromkeys(cell for cell in cells if cell))
    witness = None if at.rule_code in ROUNDED else find_witness(ground.catalogue, unit, at.indicator_code)
    if witness is not None:
        told = f"{told}. Mức tăng khớp với số cùng kỳ ghi ở ô {witness.previous_cell}: có lẽ số kỳ trước đã điều chỉnh"
    return _advise(finding, f"Các ô phải khớp nhau: {told}.")


def tell_culprit(ground: Ground, unit: UnitFigures, culprit: Culprit, finding: Finding) -> Finding:
    """The finding with its likely culprit named; where several are as likely, with the cells in question."""
    codes = [code for code, _ in culprit.changes]
    cells = {code: cell_of(unit, code, finding.sheet) for code in codes}
    if not culprit.slip_code:
        return _tell_doubt(list(dict.fromkeys(cells.values())), finding)
    slip = ground.catalogue.slips[culprit.slip_code]
    first, last = codes[0], codes[-1]
    proposed = {code: _written(ground, unit, code, culprit) for code in codes}
    sentence = slip.sentence.format(
        label=ground.catalogue.indicators[first].label,
        cell=cells[first],
        observed=show_figure(ground.catalogue, unit.observations[first]),
        proposed=proposed[first] or "(không rõ)",
        other_cell=cells[last],
        other_proposed=proposed[last] or "(không rõ)",
    )
    told = _advise(finding, f"{'Nhiều khả năng' if culprit.is_sure else 'Có lẽ'} {sentence}.")
    if finding.cell not in [cells[code] for code in codes] or slip.scope == "run":
        named = f"đoạn ô {cells[first]}–{cells[last]}" if slip.scope == "run" else f"ô {cells[first]}"
        told = replace(told, message=f"{told.message} Nghi ghi sai ở {named}.")
    observation = unit.observations[first]
    return replace(
        told,
        suspect_indicator=first,
        suspect_sheet=observation.sheet,
        suspect_cell=observation.cell,
        slip=culprit.slip_code,
        proposed=proposed[first],
    )


def tell_computed(ground: Ground, unit: UnitFigures, at: Measurement, finding: Finding) -> Finding:
    """The finding with what the others give, where no slip explains the difference: a sum or a rate, no more."""
    if at.rule_code not in ROUNDED or at.reference is None or not ground.is_exact(unit, at):
        return finding
    indicator = ground.catalogue.indicators[at.indicator_code]
    shown = show_value(indicator, at.reference, 2)
    what = ROUNDED[at.rule_code]
    told = _advise(finding, f"Không thấy lỗi gõ nào giải thích được chỗ lệch; {what} là {shown}.")
    return replace(told, proposed=shown)


def cell_of(unit: UnitFigures, code: str, sheet: str) -> str:
    """Where an indicator stands, with its sheet where that is another one."""
    observation = unit.observations.get(code)
    if observation is None or not observation.cell:
        return ""
    return observation.cell if observation.sheet == sheet else f"{observation.cell} trang “{observation.sheet}”"


def _tell_doubt(cells: list[str], finding: Finding) -> Finding:
    if not 1 < len(cells) <= MOST_SUSPECTS:
        return finding
    told = " hoặc ".join(f"ô {cell}" for cell in cells)
    return _advise(finding, f"Chưa rõ ô nào ghi sai: có thể là {told}.")


def _written(ground: Ground, unit: UnitFigures, code: str, culprit: Culprit) -> str:
    value = dict(culprit.changes)[code]
    return "" if value is None else write_like(ground.catalogue, unit.observations[code], value)


def _ordered(ground: Ground, codes: set[str]) -> list[str]:
    return [code for code in ground.catalogue.indicators if code in codes]


def _advise(finding: Finding, sentence: str) -> Finding:
    return replace(finding, advice=f"{finding.advice} {sentence}".strip())
