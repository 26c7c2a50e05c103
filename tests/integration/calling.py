"""`thidua` as people call it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "returns"
COMMAND = [sys.executable, "-c", "from flows.command_line import main; main()"]

Thidua = Callable[..., subprocess.CompletedProcess[str]]
