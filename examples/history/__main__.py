"""`python -m examples.history DIR [--seed N] [--from P] [--to P] [--home HOME]`: writes a synthetic history."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from examples.history.home import build_home
from examples.history.spans import FIRST, LAST, SEED, list_periods
from examples.history.writing import CATALOGUE, write_history


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 when everything is written, 2 where it was asked for what cannot be."""
    parser = argparse.ArgumentParser(prog="python -m examples.history", description="Writes a synthetic history.")
    parser.add_argument("folder", type=Path, help="where the files go: an empty folder, or that of an earlier history")
    parser.add_argument("--seed", type=int, default=SEED, help=f"the same seed, the same files (default {SEED})")
    parser.add_argument("--from", dest="first", default=FIRST, help=f"first half-year (default {FIRST})")
    parser.add_argument("--to", dest="last", default=LAST, help=f"last half-year (default {LAST})")
    parser.add_argument("--home", type=Path, help="also collect everything, in its order, into this new home")
    parser.add_argument("--no-publish", action="store_true", help="no tables, pages and answers: the warehouse alone")
    asked = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        rows = write_history(asked.folder, asked.seed, list_periods(asked.first, asked.last))
        print(f"{len(rows)} files, {time.perf_counter() - started:.0f} s: {asked.folder}")
        if asked.home is not None:
            started = time.perf_counter()
            done = build_home(asked.folder, asked.home, publishes=not asked.no_publish)
            print(f"{len(done)} runs, {time.perf_counter() - started:.0f} s: {asked.home}")
            print(say_where_to_look(asked.folder, asked.home, is_published=not asked.no_publish))
    except ValueError as trouble:
        print(trouble, file=sys.stderr)
        return 2
    return 0


def say_where_to_look(folder: Path, home: Path, is_published: bool) -> str:
    """The next commands and files, for whoever built a home."""
    lines = [
        "",
        "SỐ LIỆU GIẢ LẬP – không phải số thật / synthetic data",
        f"  export THIDUA_HOME={home.resolve()} THIDUA_CATALOGUE={folder.resolve() / CATALOGUE}",
        '  thidua sql "SELECT period_code, source, count(*) FROM observations GROUP BY ALL ORDER BY ALL"',
        f"  kho / warehouse:   {home / 'published' / 'warehouse.duckdb'}",
    ]
    pages = (home / "published" / "van-hanh.html", home / "published" / LAST / "bang-tong-hop.xlsx")
    names = ("trang / pages:     ", "bảng / tables:     ")
    if is_published:
        lines += [f"  {name}{page}" for name, page in zip(names, pages, strict=True) if page.exists()]
    return "\n".join([*lines, f"  sự kiện / events:  {folder / 'README.md'}"])


if __name__ == "__main__":
    sys.exit(main())
