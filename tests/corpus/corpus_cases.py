"""The corpus's cases as tables say them: a file, what it is, and what must come out of it."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from transforms.observation import Observation, Problem, Reading

HERE = Path(__file__).resolve().parent
FILES = HERE / "files"


@dataclass(frozen=True)
class Part:
    """What one unit says for one period: each figure as "indicator = value · sheet!cell", ~ before an estimate.

    `same_as` names the sample return whose observations these are, in place of figures.
    """

    province: str = ""
    period: str = ""
    figures: tuple[str, ...] = ()
    same_as: str = ""
    tells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case(Part):
    """A file of the corpus, what it is, and what is told of it: each problem as "rule sheet!cell".

    `refused` is the rule that rejects it whole, `reason` a piece of what the sender is told. A file of several
    units or periods has `parts`.
    """

    file: str = ""
    what: str = ""
    refused: str = ""
    reason: str = ""
    parts: tuple[Part, ...] = ()


def load_cases() -> list[Case]:
    """Every case of `cases.toml`; raises where a row names what no case has."""
    rows = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))["case"]
    return [Case(**{key: _frozen(value) for key, value in row.items()}) for row in rows]


def _frozen(value: object) -> object:
    if not isinstance(value, list):
        return value
    return tuple(Part(**{k: _frozen(v) for k, v in one.items()}) if isinstance(one, dict) else one for one in value)


def show_figure(observation: Observation) -> str:
    """An observation as the cases write it."""
    value = f"{observation.value:f}" if isinstance(observation.value, Decimal) else observation.state
    estimated = "~" if observation.is_estimated else ""
    return f"{observation.indicator_code} = {estimated}{value} · {observation.sheet}!{observation.cell}"


def show_problem(problem: Problem) -> str:
    """A problem as the cases write it."""
    place = f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet
    return f"{problem.rule_code} {place}".strip()


def said(reading: Reading) -> tuple[str, ...]:
    """What a reading says, blanks aside; in one line where it says the same of every indicator."""
    shown = [show_figure(o).partition(" ") for o in reading.observations if o.state != "blank"]
    if len(shown) > 1 and len(shown) == len(reading.observations) and len({rest for _, _, rest in shown}) == 1:
        return (f"every indicator {shown[0][2]}",)
    return tuple("".join(parts) for parts in shown)


def told(reading: Reading) -> tuple[str, ...]:
    """Every problem of a reading, sorted; what is told more than once of one place is counted."""
    counts = Counter(map(show_problem, reading.problems))
    return tuple(sorted(text if count == 1 else f"{text} × {count}" for text, count in counts.items()))


def draft(file: str, reading: Reading) -> str:
    """A case as the reader would write it, for a person to judge before it becomes one."""
    lines = ["[[case]]", f'file = "{file}"', 'what = ""']
    if reading.is_rejected:
        lines += [f'refused = "{reading.problems[0].rule_code}"', f'reason = "{reading.problems[0].detail}"']
        return "\n".join(lines)
    lines += _draft_part(reading)
    for part in reading.parts:
        lines += ["[[case.parts]]", *_draft_part(part)]
    return "\n".join(lines)


def _draft_part(reading: Reading) -> list[str]:
    lines = [f'province = "{reading.province_id}"', f'period = "{reading.period_code}"']
    for name, found in (("figures", said(reading)), ("tells", told(reading))):
        if found:
            lines += [f"{name} = [", *(f'  "{text}",' for text in found), "]"]
    return lines
