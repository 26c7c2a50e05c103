"""The catalogue's rules as one Great Expectations suite over a long frame of measurements."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import expectations.late_imports  # noqa: F401 - before Great Expectations: a third of the time of its import

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.core import (
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from catalogue.model import Catalogue, Rule
from transforms.measurement import Measurement

LOW, HIGH, PRESENT = "low", "high", "present"

# What each measured rule bounds: the measured value from below, from above, or that there is one at all.
BOUNDS: dict[str, tuple[str, ...]] = {
    "share_in_range": (LOW, HIGH),
    "growth_in_range": (LOW,),
    "rank_in_range": (LOW, HIGH),
    "amount_in_range": (LOW, HIGH),
    "whole_number": (HIGH,),
    "part_within_whole": (HIGH,),
    "parts_sum_to_total": (LOW, HIGH),
    "rate_follows_counts": (LOW, HIGH),
    "rate_rounding": (HIGH,),
    "levels_in_order": (HIGH,),
    "required_present": (PRESENT,),
    "return_missing": (LOW,),
    "announced_equals_sum": (LOW, HIGH),
    "announced_equals_rate": (LOW, HIGH),
    "rank_held_once": (HIGH,),
    "magnitude_of_peers": (HIGH,),
    "zero_among_peers": (HIGH,),
    "magnitude_of_past": (HIGH,),
    "change_fits_growth": (LOW, HIGH),
    "past_repeated": (HIGH,),
    "index_among_peers": (HIGH,),
}


class SuiteError(Exception):
    """An expectation could not be evaluated: our fault, never the data's."""


def build_suite(catalogue: Catalogue, period_code: str, rule_codes: Iterable[str]) -> gx.ExpectationSuite:
    """The suite of the rules in force in a period, restricted to `rule_codes`; one expectation per bound."""
    rules = (catalogue.rule_in(code, period_code) for code in rule_codes)
    expectations = [_expectation(rule, bound) for rule in rules if rule is not None for bound in BOUNDS[rule.rule_code]]
    return gx.ExpectationSuite(name=period_code, expectations=expectations)


def _expectation(rule: Rule, bound: str) -> Expectation:
    common: dict[str, Any] = {
        "row_condition": Column("rule_code") == rule.rule_code,
        "severity": rule.severity,
        "meta": {"rule_code": rule.rule_code, "bound": bound, "title": rule.title},
    }
    if bound == PRESENT:
        return ExpectColumnValuesToNotBeNull(column="value", **common)
    larger, smaller = ("value", "low") if bound == LOW else ("high", "value")
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=larger, column_B=smaller, or_equal=True, ignore_row_if="either_value_is_missing", **common
    )


def failing(catalogue: Catalogue, period_code: str, measurements: Sequence[Measurement]) -> list[Measurement]:
    """The measurements that break a rule in force, in their order; raises SuiteError where one cannot be judged."""
    if not measurements:
        return []
    frame = pd.DataFrame(
        {
            "measurement": range(len(measurements)),
            "rule_code": [m.rule_code for m in measurements],
            "value": [m.value for m in measurements],
            "low": [m.low for m in measurements],
            "high": [m.high for m in measurements],
        }
    )
    batch = _batch().get_batch({"dataframe": frame})
    measured = dict.fromkeys(m.rule_code for m in measurements)
    suite = build_suite(catalogue, period_code, (code for code in BOUNDS if code in measured))
    if not suite.expectations:
        return []
    result = batch.validate(
        suite,
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["measurement"]},
    )
    broken: set[int] = set()
    for outcome in result.results:
        if outcome.exception_info and outcome.exception_info.get("raised_exception"):
            raise SuiteError(f"{outcome.expectation_config.meta}: {outcome.exception_info['exception_message']}")
        if not outcome.success:
            broken.update(int(row["measurement"]) for row in outcome.result["unexpected_index_list"])
    return [measurements[n] for n in sorted(broken)]


@lru_cache(maxsize=1)
def _batch() -> Any:
    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("returns")
    return source.add_dataframe_asset("measurements").add_batch_definition_whole_dataframe("period")
