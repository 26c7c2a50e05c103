"""Returns taken apart and put together again: real and blank forms, changed with openpyxl or in their XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl

from catalogue import load_catalogue
from expectations.judgement import Received, judge
from transforms.observation import Finding, Observation, Problem, Reading
from transforms.placement import place
from transforms.reading import read_return
from transforms.template.blank import FormValue, render_template

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
SLOTS = {slot.name: slot for slot in place(CATALOGUE, PERIOD)}
RETURNS = Path(__file__).parents[2] / "examples" / "returns"
SHEETS = list(dict.fromkeys(slot.sheet for slot in SLOTS.values() if slot.indicator_code))

Change = Callable[[Any], object]


@lru_cache(maxsize=16)
def real_return(name: str = "Hưng Yên") -> bytes:
    """The bytes of a real return by its unit's name."""
    return next((RETURNS / name).glob("*.xlsx")).read_bytes()


def read_form(values: Mapping[str, FormValue]) -> Reading:
    """The reading of Hưng Yên's form in which only these cells are filled."""
    return read_return(CATALOGUE, render_template(CATALOGUE, PERIOD, "hung-yen", values))


def changed(data: bytes, *changes: Change) -> bytes:
    """A workbook after changes by openpyxl, which keeps no cached values and moves no names."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for change in changes:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def patched(data: bytes, sheet: str, replace: Callable[[str], str]) -> bytes:
    """A workbook whose sheet's XML is rewritten, for what no library writes."""
    source = zipfile.ZipFile(io.BytesIO(data))
    names = re.findall(r'<sheet name="([^"]+)"', source.read("xl/workbook.xml").decode())
    part = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            content = source.read(member)
            if member == part:
                text = content.decode()
                content = replace(text).encode()
                assert content != text.encode(), "nothing was replaced"
            target.writestr(member, content)
    return stream.getvalue()


def put(name: str, value: Any, number_format: str = "") -> Change:
    """A change that writes into the cell of a workbook-scoped name."""
    slot = SLOTS[name]

    def write(book: Any) -> None:
        cell = book[slot.sheet][slot.address]
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return write


def write(sheet: str, address: str, value: Any) -> Change:
    """A change that writes anywhere."""

    def write_cell(book: Any) -> None:
        book[sheet][address] = value

    return write_cell


def read(data: bytes) -> Reading:
    return read_return(CATALOGUE, data)


def observation(reading: Reading, code: str) -> Observation:
    return next(o for o in reading.observations if o.indicator_code == code)


def told(reading: Reading) -> list[tuple[str, str, str, str]]:
    """Rule, indicator, sheet and cell of every problem."""
    return [(p.rule_code, p.indicator_code, p.sheet, p.cell) for p in reading.problems]


def values(reading: Reading) -> dict[str, Any]:
    """What is loaded, without where it stands."""
    return {o.indicator_code: (o.state, o.value, o.is_estimated, o.note) for o in reading.observations}


def problem(reading: Reading, rule_code: str) -> Problem:
    """The only problem of a rule."""
    found = [p for p in reading.problems if p.rule_code == rule_code]
    assert len(found) == 1, told(reading)
    return found[0]


def judge_each(readings: Iterable[Reading]) -> list[list[Finding]]:
    """The findings of every reading by itself, from one validation for all."""
    received = [Received(str(n), f"case-{n}", "tệp.xlsx", reading, True) for n, reading in enumerate(readings)]
    found: dict[str, list[Finding]] = {one.submission_id: [] for one in received}
    for finding in judge(CATALOGUE, PERIOD, received, is_whole_period=False).findings:
        found[finding.submission_id].append(finding)
    return list(found.values())
