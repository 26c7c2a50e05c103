"""The answers to the provinces: a workbook marked, in a process of its own, against openpyxl opening and saving it."""

from __future__ import annotations

import io
import sys
import time
import warnings
from pathlib import Path

import openpyxl


def main() -> None:
    """Opens and saves every workbook of a folder with openpyxl; prints the seconds that took."""
    warnings.simplefilter("ignore")
    started = time.perf_counter()
    for path in sorted(Path(sys.argv[1]).rglob("*.xlsx")):
        openpyxl.load_workbook(path).save(io.BytesIO())
    print(f"{time.perf_counter() - started:.3f}")


if __name__ == "__main__":
    main()
