"""Where the provinces' files are read: by this machine's own processes, or on the machines of a Dask cluster."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

VARIABLE = "THIDUA_TASK_RUNNER"
THREADS = "threads"
_DASK = re.compile(r"dask(?::((?:tcp|tls)://(?:[\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TaskRunner:
    """The readers chosen: Dask or not, and the address of its scheduler; without one a cluster is started here."""

    is_dask: bool = False
    address: str = ""


def find_task_runner(text: str) -> TaskRunner:
    """The readers that a setting names: `threads`, `dask`, `dask:tcp://host:port` (or `tls`).

    Raises ValueError, in Vietnamese, where it names nothing that is, or Dask where that is not installed.
    """
    if text == THREADS:
        return TaskRunner()
    match = _DASK.fullmatch(text)
    if match is None or not 0 < int(match[2] or 1) < 65536:
        raise ValueError(
            f"nơi đọc biểu ({VARIABLE}) không dùng được: “{text}”; viết threads (máy này tự đọc), "
            "dask (cụm Dask mở trên máy này) hoặc dask:tcp://MÁY:CỔNG (bộ điều phối Dask đang chạy)"
        )
    try:
        version("prefect-dask")
    except PackageNotFoundError:
        raise ValueError(
            f"{VARIABLE}={text} cần thư viện prefect-dask mà máy này chưa có; "
            f"cài thêm thidua[dask], hoặc đặt {VARIABLE}={THREADS}"
        ) from None
    return TaskRunner(True, match[1] or "")
