"""What is imported late is not imported before it is used, and is the real module then."""

from __future__ import annotations

import subprocess
import sys

ASKED_LATE = """
import sys
from expectations.late_imports import import_late
import_late("wave", "json")
import inspect, json, wave
inspect.getmodule(lambda: None)  # looks through all modules
assert "_wave_params" not in vars(wave) and json.dumps([1]) == "[1]"
from wave import Wave_read
assert Wave_read is wave.Wave_read and sys.modules["wave"].Wave_read is Wave_read
assert type(sys.modules["wave"]).__name__ == "module"
"""
SUITE = """
import sys
import expectations.suite
assert not {"scipy.stats._stats_py", "altair.vegalite"} & set(sys.modules)
from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as distributions
assert round(distributions.stats.entropy([0.5, 0.5]), 4) == 0.6931
"""


def ask(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_module_is_imported_when_it_is_used_and_is_then_the_real_one() -> None:
    ask(ASKED_LATE)


def test_the_suite_imports_nothing_of_distributions_and_they_still_work_for_who_asks() -> None:
    ask(SUITE)
