"""What is so in every half-year: counts, shares and ranks of every province in its boundaries of before the merger."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from catalogue.model import Catalogue
from examples.history.anchors import Anchors, read_anchors
from examples.history.overlay import HERE
from examples.history.paths import Path, walk_flow, walk_growth, walk_new_standard, walk_share, walk_stock
from examples.history.ranks import Ranks, walk_ranks
from examples.history.rounding import to_step
from examples.history.spans import LAST, REAL, list_periods, number_of, period_at, year_of

Figures = dict[str, Decimal]
PRIZES = ("first", "second", "third", "consolation")


@dataclass(frozen=True)
class Truth:
    """The whole history of one seed; every call gives the same figures."""

    catalogue: Catalogue
    seed: int

    @cached_property
    def anchors(self) -> Anchors:
        return read_anchors(self.catalogue)

    @cached_property
    def rules(self) -> dict[str, Any]:
        """How figures move, as paths.toml says."""
        with (HERE / "paths.toml").open("rb") as file:
            return tomllib.load(file)

    @cached_property
    def ranks(self) -> Ranks:
        return walk_ranks(self.seed, self.rules["rank"], self.anchors)

    @cached_property
    def counts(self) -> dict[tuple[str, str], Figures]:
        """What can be summed, by province of before the merger and half-year (2015 included, to compare with)."""
        found: dict[tuple[str, str], Figures] = {}
        for province_id in self.anchors.provinces:
            for code, path in self._count_paths(province_id).items():
                for period_code, value in path.items():
                    found.setdefault((province_id, period_code), {})[code] = value
        return found

    @cached_property
    def shares(self) -> dict[tuple[str, str], dict[str, float]]:
        """What cannot be summed, in the same way, not rounded."""
        found: dict[tuple[str, str], dict[str, float]] = {}
        for province_id in self.anchors.provinces:
            for code, path in self._share_paths(province_id).items():
                for period_code, value in path.items():
                    found.setdefault((province_id, period_code), {})[code] = value
        return found

    def parts_of(self, province_id: str, period_code: str) -> tuple[str, ...]:
        """The provinces of before the merger whose territory a province has in a half-year."""
        ends_on = self.catalogue.calendar[period_code].ends_on
        merged = [m.predecessor_id for m in self.catalogue.mergers if m.successor_id == province_id]
        has_merged = any(m.merged_on <= ends_on for m in self.catalogue.mergers if m.successor_id == province_id)
        return tuple(merged) if has_merged else (province_id,)

    def _chance(self, *names: str) -> random.Random:
        return random.Random(" ".join((str(self.seed), *names)))

    def _count_paths(self, province_id: str) -> dict[str, dict[str, Decimal]]:
        paths: dict[str, dict[str, Decimal]] = {}
        for code, rule in self.rules["flow"].items():
            anchor, growth = self.anchors.find(province_id, code), self.anchors.find(province_id, f"{code}_growth")
            if anchor is not None:
                told = None if growth is None else float(growth)
                path = walk_flow(self._chance(code, province_id), rule, float(anchor), told)
                paths[code] = {p: to_step(value, rule["step"]) for p, value in path.items()}
                paths[code][REAL] = anchor
        paths |= self._stock_paths(province_id)
        return paths | self._prize_paths(province_id)

    def _stock_paths(self, province_id: str) -> dict[str, dict[str, Decimal]]:
        paths: dict[str, dict[str, int]] = {}
        for code, rule in self.rules["stock"].items():
            within = rule["within"]
            if within not in paths:
                paths[within] = dict.fromkeys(list_periods(), int(self.anchors.value(province_id, within)))
            anchor = int(self.anchors.value(province_id, code))
            paths[code] = walk_stock(self._chance(code, province_id), rule, anchor, paths[within])
        return {code: {p: Decimal(n) for p, n in path.items()} for code, path in paths.items()}

    def _prize_paths(self, province_id: str) -> dict[str, dict[str, Decimal]]:
        """Prizes are of a school year: both halves of a calendar year tell the same."""
        paths: dict[str, dict[str, Decimal]] = {}
        for kind in PRIZES:
            code = f"national_student_prizes_{kind}"
            anchor, chance = self.anchors.value(province_id, code), self._chance(code, province_id)
            for n in range(number_of(LAST) + 1):
                period_code = period_at(n)
                if n % 2 == 0:
                    shaken = anchor * chance.uniform(1 - self.rules["prizes"]["spread"], 1.1) + chance.choice((0, 0, 1))
                is_real = year_of(period_code) == year_of(REAL)
                paths.setdefault(code, {})[period_code] = Decimal(round(anchor if is_real else shaken))
        return paths

    def _share_paths(self, province_id: str) -> dict[str, Path]:
        paths: dict[str, Path] = {}
        for kind, walk in (("growth", walk_growth), ("share", walk_share)):
            for code, rule in self.rules[kind].items():
                anchor = self.anchors.find(province_id, code)
                if anchor is not None:
                    paths[code] = walk(self._chance(code, province_id), rule, float(anchor))
        new = self.rules["new_standard"]
        paths[new["code"]] = walk_new_standard(self._chance(new["code"], province_id), new, paths[new["old"]])
        turnout = self.rules["turnout"]
        chance = self._chance("voter_turnout", province_id)
        usual = self.anchors.value(province_id, "voter_turnout")
        paths["voter_turnout"] = {
            p: min(99.99, usual + chance.gauss(0, turnout["spread"])) for p in turnout["elections"]
        }
        return paths
