"""One file that breaks its reader costs nobody else's reading."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from office import EXAMPLES

from catalogue import DATA
from flows.reading import pool as reading_pool
from flows.reading.pool import ReadingPool
from transforms.observation import Reading
from transforms.reading import hash_bytes, reject

FILES = [(path, hash_bytes(path.read_bytes())) for path in sorted(EXAMPLES.rglob("*.xlsx"))]
POISONED = FILES[3][1]


def poison(path: str, sha256: str) -> Reading:
    """Stands in for the reader in forked children: one file ends the process, hangs, or meets a fault of ours."""
    if sha256 == POISONED:
        harm = Path(os.environ["THIDUA_TEST_HARM"]).read_text()
        if harm == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if harm == "hangs":
            time.sleep(60)
        raise ZeroDivisionError(harm)
    return reject(sha256, "file_unreadable", "đọc xong")


@pytest.mark.parametrize(
    ("harm", "rule_code", "words"),
    [
        ("dies", "file_unreadable", "dừng đột ngột"),
        ("hangs", "file_unreadable", "chưa xong"),
        ("fails", "reader_failed", "ZeroDivisionError"),
    ],
)
def test_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str, rule_code: str, words: str
) -> None:
    import multiprocessing

    (tmp_path / "harm").write_text(harm)
    monkeypatch.setenv("THIDUA_TEST_HARM", str(tmp_path / "harm"))
    monkeypatch.setattr(reading_pool, "_read_file", poison)
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(reading_pool.multiprocessing, "get_context", lambda _: fork)
    with ReadingPool(DATA, workers=2, time_limit=2.0) as pool:
        readings = list(pool.read(FILES))
    assert [r.sha256 for r in readings] == [sha256 for _, sha256 in FILES]
    for reading in readings:
        [problem] = reading.problems
        if reading.sha256 == POISONED:
            assert problem.rule_code == rule_code
            assert words in problem.detail
        else:
            assert problem.detail == "đọc xong"


def greedy(catalogue: object, data: bytes, sha256: str) -> Reading:
    """Stands in for a reader that a file makes ask for more memory than a child may have."""
    wanted = 8 << 30 if sha256 == POISONED else 1
    return reject(sha256, "file_unreadable", f"đã có {len(bytearray(wanted))} byte")


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    import multiprocessing

    monkeypatch.setattr(reading_pool, "read_return", greedy)
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(reading_pool.multiprocessing, "get_context", lambda _: fork)
    with ReadingPool(DATA, workers=1) as pool:
        details = {r.sha256: r.problems[0].detail for r in pool.read(FILES)}
    assert "quá nhiều bộ nhớ" in details.pop(POISONED)
    assert set(details.values()) == {"đã có 1 byte"}


def test_readings_come_in_order_and_whole() -> None:
    with ReadingPool(DATA, workers=2) as pool:
        readings = list(pool.read([*FILES, *FILES]))
    assert [r.sha256 for r in readings] == [sha256 for _, sha256 in [*FILES, *FILES]]
    assert not any(r.is_rejected for r in readings)
