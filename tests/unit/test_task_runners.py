"""Who reads is a setting: what it may be, and what is said where it cannot be."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from flows.reading import task_runners
from flows.reading.task_runners import TaskRunner, find_task_runner
from flows.settings import find_settings


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("threads", TaskRunner()),
        ("dask", TaskRunner(True)),
        ("dask:tcp://may-doc.hungyen.example:8786", TaskRunner(True, "tcp://may-doc.hungyen.example:8786")),
        ("dask:tls://10.0.0.7:8786", TaskRunner(True, "tls://10.0.0.7:8786")),
        ("dask:tcp://[::1]:8786", TaskRunner(True, "tcp://[::1]:8786")),
    ],
)
def test_what_may_be_chosen(text: str, wanted: TaskRunner) -> None:
    assert find_task_runner(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("", "Dask", "process", "threads:4", "dask:", "dask:8786", "dask:tcp://host"),
        *("dask:tcp://host:0", "dask:tcp://host:70000", "dask:http://host:1", "dask:tcp://a b:1"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(text: str) -> None:
    with pytest.raises(ValueError, match=r"THIDUA_TASK_RUNNER.*viết threads .* dask:tcp://MÁY:CỔNG"):
        find_task_runner(text)


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(task_runners, "version", missing)
    assert find_task_runner("threads") == TaskRunner()
    with pytest.raises(ValueError, match=r"prefect-dask.*thidua\[dask\].*THIDUA_TASK_RUNNER=threads"):
        find_task_runner("dask")


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("THIDUA_TASK_RUNNER", raising=False)
    assert find_settings(tmp_path).task_runner == "threads"
    monkeypatch.setenv("THIDUA_TASK_RUNNER", " dask ")
    assert find_settings(tmp_path).task_runner == "dask"
    monkeypatch.setenv("THIDUA_TASK_RUNNER", "nhiều máy")
    with pytest.raises(ValueError, match="nhiều máy"):
        find_settings(tmp_path)


def test_dask_is_not_imported_where_it_is_not_chosen() -> None:
    code = "import sys, flows.runs.flow; print(sorted({'dask', 'distributed', 'prefect_dask'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
