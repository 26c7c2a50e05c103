"""Sentences in other words, orders and half-years: what is read in them, and nothing else."""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalogue import load_catalogue
from transforms.prose.claims import Claim, TextBlock
from transforms.prose.reading import read_prose

CASES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))["case"]
LEAST = 95

Said = tuple[str, str, str, Decimal, bool, bool]


def wanted_of(case: dict[str, Any]) -> Counter[Said]:
    return Counter(parse_claim(text, case["period"]) for text in case["claims"])


def parse_claim(text: str, period: str) -> Said:
    """A claim as the table writes it: "new_jobs@ha-nam=7115 ~"."""
    head, *marks = text.split()
    code, _, rest = head.partition("@")
    province, _, value = rest.partition("=")
    half = next((mark for mark in marks if mark[4:5] == "H"), period)
    province = load_catalogue().cluster_id if province == "*" else province
    return code, province, half, Decimal(value), "index" in marks, "~" in marks


def said_by(claim: Claim) -> Said:
    return (
        claim.indicator_code,
        claim.province_id,
        claim.period_code,
        claim.value,
        claim.basis == "index",
        claim.is_estimated,
    )


def read_case(case: dict[str, Any]) -> Counter[Said]:
    lines = [line for line in case["text"].splitlines() if line.strip()]
    blocks = tuple(TextBlock(number, line, f"đoạn {number + 1}") for number, line in enumerate(lines))
    return Counter(said_by(claim) for claim in read_prose(load_catalogue(), blocks, case["period"]).claims)


@pytest.mark.parametrize("category", sorted({case["category"] for case in CASES}))
def test_sentences_are_read(category: str) -> None:
    """In each category at least 95 of 100 figures are found and rightly attributed, and none is made up."""
    cases = [case for case in CASES if case["category"] == category]
    wanted = sum((wanted_of(case) for case in cases), Counter[Said]())
    found = sum((read_case(case) & wanted_of(case) for case in cases), Counter[Said]())
    false = [(case["text"][:60], read_case(case) - wanted_of(case)) for case in cases]
    assert found.total() * 100 >= wanted.total() * LEAST, wanted - found
    assert [f for f in false if f[1]] == []


def test_there_are_enough_sentences() -> None:
    assert len(CASES) >= 140
