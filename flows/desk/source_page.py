"""The source cell of a figure, read anew from the archived original in a limited child and shown as a page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from flows.closing.seal_folder import hash_file
from flows.desk.trace import Row, Trace, TraceError
from flows.desk.trace_report import trace_lines
from flows.reading.pool import ReadingPool
from flows.settings import Settings
from flows.shares.folders import archive_path
from transforms.surroundings import Surroundings, look_around

ENDS_BADLY = "không đọc lại được bản gốc (mã {0}): {1}"


def write_source_page(settings: Settings, office: str, trace: Trace, folder: Path | None = None) -> Path:
    """Writes the page of a trace's source cell into a folder (a new private one where none is named).

    Raises TraceError where the figure has no cell, or its original is gone, altered or cannot be read.
    """
    file, cell = _source(trace)
    original = archive_path(settings.archive, file["sha256"])
    if not original.is_file():
        raise TraceError(f"bản gốc không còn trong kho lưu: {original} (tệp “{file['file_name']}”)")
    if hash_file(original) != file["sha256"]:
        raise TraceError(f"bản gốc trong kho lưu đã bị đổi: {original} (tệp “{file['file_name']}”)")
    around = _look(settings, original, cell["sheet"], cell["cell"])
    if around is None:
        raise TraceError(f"bản gốc “{file['file_name']}” không có trang “{cell['sheet']}”")
    from publications.labels import SYNTHETIC_BANNER
    from publications.office.source_page import render_source_page

    title = f"{trace.indicator.label}: {trace.province_name}, kỳ {trace.period_code}"
    banner = SYNTHETIC_BANNER if trace.is_made_up else ""
    lines = list(trace_lines(trace))[bool(banner) :]  # which begin with it
    text = render_source_page(office, title, file["file_name"], file["sha256"], around, lines, banner)
    target = Path(tempfile.mkdtemp(prefix="thidua-")) if folder is None else folder
    path = target / f"{trace.period_code}_{trace.province_id}_{trace.indicator.indicator_code}.html"
    path.write_text(text, encoding="utf-8")
    return path


def _source(trace: Trace) -> tuple[Row, Row]:
    files, cells = trace.of("file"), [row for row in trace.of("cell") if row["cell"]]
    if not cells:
        parts = " Xem ô của các thành phần bằng lệnh này cho từng tỉnh." if trace.is_cluster else ""
        raise TraceError(f"số này không đọc từ ô nào: {_why(trace)}.{parts}")
    file = next((row for row in files if row["submission_id"] == cells[0]["submission_id"]), None)
    if file is None:
        raise TraceError("kho không ghi số này đọc từ tệp nào")
    return file, cells[0]


def _why(trace: Trace) -> str:
    return trace.reading[0] if trace.reading else "số của cả Cụm, tính từ số của các tỉnh"


def _look(settings: Settings, original: Path, sheet: str, cell: str) -> Surroundings | None:
    with ReadingPool(settings.catalogue, workers=1) as pool:
        try:
            found: Surroundings | None = pool.call(_look_in_child, str(original), sheet, cell)
        except Exception as error:
            raise TraceError(ENDS_BADLY.format(original.name[:12], error)) from error
    return found


def _look_in_child(path: str, sheet: str, cell: str) -> Surroundings | None:
    return look_around(Path(path).read_bytes(), sheet, re.split(r"[:,;]", cell)[0])


def show_page(path: Path) -> bool:
    """Opens a page where there is a desktop to open it on; tells whether it did."""
    has_desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    opener = shutil.which("xdg-open") or shutil.which("wslview")
    if not has_desktop or opener is None:
        return False
    subprocess.Popen([opener, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    return True
