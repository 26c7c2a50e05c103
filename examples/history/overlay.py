"""The catalogue of the synthetic history: a copy of the real one with the changes declared beside this file."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from catalogue import DATA, load_catalogue
from catalogue.model import Catalogue

HERE = Path(__file__).parent
FINALITY = "Giả lập"
_CHOICES = 'finality = ["Chính thức", "Ước tính"]'


def write_catalogue(folder: Path) -> Path:
    """Copies the catalogue into `folder` and applies the overlay there; the same catalogue gives the same bytes.

    Its form offers one choice more for what the figures of a return are ("Giả lập"), it ends one indicator and asks
    another for it. Every catalogue knows that word: a synthetic return that strays into a real home is refused there.
    """
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("__pycache__"))
    _change_indicators(folder / "indicators.csv")
    form = folder / "form.toml"
    if f'"{FINALITY}"' not in _text(form):
        if _CHOICES not in _text(form):
            raise ValueError(f"{form}: the choices of finality are no longer written as {_CHOICES}")
        form.write_text(_text(form).replace(_CHOICES, f'{_CHOICES[:-1]}, "{FINALITY}"]'), encoding="utf-8")
    return folder


def open_catalogue(folder: Path) -> Catalogue:
    """The verified catalogue of a folder written by `write_catalogue`."""
    load_catalogue.cache_clear()  # the folder may have been written anew since
    return load_catalogue(folder)


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return text if text.endswith("\n") else f"{text}\n"


def _change_indicators(table: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(_text(table))))
    columns = list(rows[0])
    by_code = {row["indicator_code"]: row for row in rows}
    for change in read_rows("indicator_changes.csv"):
        by_code[change["indicator_code"]][change["column"]] = change["value"]
    for new in read_rows("new_indicators.csv"):
        rows.append({column: new[column] for column in columns})
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    table.write_text(out.getvalue(), encoding="utf-8")


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a table that lies beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
