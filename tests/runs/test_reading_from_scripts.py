"""Files are read for a script on standard input too; a script that cannot be loaded anew is told what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCRIPT = """
from pathlib import Path
from catalogue import DATA
from flows.reading.pool import ReadingPool
file = next(Path("examples/returns/Hà Nam").glob("*.xlsx"))
with ReadingPool(DATA, workers=1) as pool:
    print([reading.province_id for reading in pool.read([(file, "h")])])
"""


def python(*arguments: str, script: str = "") -> subprocess.CompletedProcess[str]:
    path = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": ""}
    command = [sys.executable, *arguments]
    return subprocess.run(command, input=script, capture_output=True, text=True, cwd=ROOT, env=path, timeout=120)


def test_a_script_on_standard_input_reads_files() -> None:
    done = python(script=SCRIPT)
    assert done.stdout == "['ha-nam']\n", done.stderr


def test_a_script_without_a_guard_is_told_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text(SCRIPT, encoding="utf-8")
    done = python(str(file))
    assert done.returncode == 1 and not done.stdout
    assert 'if __name__ == "__main__":' in done.stderr.strip().splitlines()[-1]
