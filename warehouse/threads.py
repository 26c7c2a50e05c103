"""What DuckDB keeps going by itself."""

from __future__ import annotations

import duckdb


def end_threads() -> None:
    """Ends the threads of DuckDB's default connection, which nobody uses: a process that forks must have none.

    A copy would have the thread no more, and be aborted at its end while waiting for it.
    """
    duckdb.close()
