"""The floor: what the mandated parts cost before any work of ours is done. Run as a process of its own."""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main() -> None:
    """Imports the mandated packages, runs one flow with empty tasks, reads the files barely; prints the times."""
    started = time.perf_counter()
    import duckdb  # noqa: F401
    import great_expectations  # noqa: F401
    import pandas  # noqa: F401
    import python_calamine
    import sqlalchemy  # noqa: F401
    from prefect import flow, task

    imported = time.perf_counter()

    @task
    def nothing() -> None:
        return None

    @flow(name="floor")
    def empty(count: int) -> None:
        for future in [nothing.submit() for _ in range(count)]:
            future.result()

    empty(int(sys.argv[1]))
    flowed = time.perf_counter()
    for path in sorted(Path(sys.argv[2]).rglob("*.xlsx")):
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    read = time.perf_counter()
    print(f"{imported - started:.3f} {flowed - imported:.3f} {read - flowed:.3f}")


if __name__ == "__main__":
    main()
