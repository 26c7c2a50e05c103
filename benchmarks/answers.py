"""The answer to a return: its pages and its marked workbook, against openpyxl opening and saving the same file."""

from __future__ import annotations

import datetime as dt
import io
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import openpyxl

from catalogue import load_catalogue
from expectations.judgement import judge_alone
from publications.feedback import Feedback, render_feedback
from transforms.observation import Submission
from transforms.reading import read_return

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "returns"
ROUNDS = 5
NOON = dt.datetime(2021, 7, 4, 12, tzinfo=dt.UTC)


def measure() -> tuple[float, float]:
    """Milliseconds per sample return, best of some rounds: ours with everything that was found, and bare openpyxl."""
    warnings.simplefilter("ignore")
    files = sorted(EXAMPLES.rglob("*.xlsx"))
    feedbacks = [_feedback(path) for path in files]
    ours = _best(lambda: [render_feedback(feedback) for feedback in feedbacks])
    bare = _best(lambda: [openpyxl.load_workbook(path).save(io.BytesIO()) for path in files])
    return ours / len(files) * 1000, bare / len(files) * 1000


def _feedback(path: Path) -> Feedback:
    catalogue, data = load_catalogue(), path.read_bytes()
    reading = read_return(catalogue, data)
    submission = Submission(
        path.stem, reading.province_id, "2021H1", reading.sha256, path.name, path.name, 1, NOON, NOON, True
    )
    findings = judge_alone(catalogue, reading, path.name)
    return Feedback(
        catalogue,
        "2021H1",
        submission,
        data,
        was_read=True,
        verdict="accepted_with_findings",
        findings=findings,
        observations=reading.observations,
        counting=submission,
    )


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    ours, bare = measure()
    print(f"a marked workbook with its pages: {ours:.1f} ms = {ours / bare:.2f} × openpyxl ({bare:.1f} ms)")


if __name__ == "__main__":
    main()
