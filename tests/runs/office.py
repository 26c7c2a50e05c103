"""One office with its shared folders: runs without Prefect, and a look into what they published."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import openpyxl

from flows.runs.outcome import Outcome
from flows.runs.period_run import collect
from flows.settings import Settings, find_settings
from warehouse import query

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "returns"
PERIOD = "2021H1"


class Office:
    """One home with its shared folders, and the clock of the chair's office."""

    def __init__(self, folder: Path, hours: int = 0) -> None:
        self.settings: Settings = find_settings(folder / "home")
        self.returns = folder / "returns"
        self.now = dt.datetime(2021, 7, 4, 1 + hours, tzinfo=dt.UTC)

    def run(self, period: str = PERIOD) -> Outcome:
        self.now += dt.timedelta(hours=1)
        return collect(self.settings, period, self.returns, self.now)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        return query(self.settings.published_warehouse, statement)[1]

    def file(self, province: str) -> Path:
        return next((self.returns / province).glob("*.xlsx"))

    def value(self, code: str, indicator: str) -> tuple[Any, ...]:
        [row] = self.sql(
            "SELECT value, status FROM observations "
            f"WHERE period_code = '{PERIOD}' AND province_code = '{code}' AND indicator_code = '{indicator}'"
        )
        return row

    def rules(self, where: str = "true") -> list[str]:
        return [row[0] for row in self.sql(f"SELECT rule_code FROM findings WHERE {where} ORDER BY position")]


def fill(path: Path, values: dict[str, Any], target: Path | None = None) -> Path:
    """Writes values into a form by its workbook-scoped names, as another program would."""
    book = openpyxl.load_workbook(path)
    for name, value in values.items():
        [(sheet, address)] = book.defined_names[name].destinations
        book[sheet][address.replace("$", "")] = value
    book.save(target or path)
    return target or path


def collect_examples(folder: Path) -> None:
    """One run over the real returns, in a folder in which an office can be found afterwards."""
    shutil.copytree(EXAMPLES, folder / "returns")
    Office(folder).run()
