"""What a command does with an error that ends it: says it in a sentence, and keeps the rest for who maintains this."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path

from catalogue import CatalogueError
from flows.local_time import now

MOST_KEPT = 50
_home: list[Path] = []
_catalogue: list[Path | str] = ["catalogue/data"]


def note_places(home: Path, catalogue: Path) -> None:
    """The home and the catalogue of this command, so that an error that ends it can be told, and kept in the home."""
    _home[:], _catalogue[:] = [home], [catalogue]


def say_end(error: BaseException) -> str:
    """What the person at the keyboard reads of an error that ends the command; never a traceback."""
    from flows.telling.machine_troubles import say_trouble

    home = _home[0] if _home else None
    if isinstance(error, CatalogueError):
        from flows.telling.catalogue_words import say_catalogue_error

        wrong = say_catalogue_error(error)
        return f"Danh mục có lỗi: {wrong}. Sửa tệp ấy (thư mục danh mục: {_catalogue[0]}) rồi chạy lại."
    trouble = say_trouble(error, home)
    if trouble:
        return trouble
    if type(error).__module__.startswith("flows."):  # an exception of ours says in Vietnamese what is wrong
        return str(error)
    kept = _keep(error, home)
    said = " ".join(str(error).split())
    return f"Phần mềm gặp lỗi ({type(error).__name__}: {said[:300]}). Không phải lỗi của số liệu. " + (
        f"Gửi tệp này cho người phụ trách phần mềm: {kept}" if kept else "Báo nguyên dòng này cho người phụ trách."
    )


def _keep(error: BaseException, home: Path | None) -> str:
    """Writes what only a programmer reads into a file, in the home or else among temporary files; "" where it cannot
    be."""
    text = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]) + "\n\n" + "".join(traceback.format_exception(error))
    name = f"{now():%Y-%m-%d_%H%M%S}_{os.getpid()}.txt"
    for folder in (home / "errors" if home is not None and home.is_dir() else None, Path(tempfile.gettempdir())):
        if folder is None:
            continue
        try:
            folder.mkdir(exist_ok=True)
            file = folder / (name if folder.name == "errors" else f"thidua_{name}")
            file.write_text(text, encoding="utf-8", errors="replace")
            if folder.name == "errors":
                for old in sorted(folder.glob("*.txt"))[:-MOST_KEPT]:
                    old.unlink(missing_ok=True)
            return str(file)
        except OSError:
            continue
    return ""


class _Raised(logging.Filter):
    """Leaves out what Prefect logs of an error in a flow or task: it is raised as well, and told once, by us."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = str(record.msg)
        is_of_run = record.name.startswith(("prefect.flow_runs", "prefect.task_runs", "prefect.results"))
        is_of_error = record.levelno >= logging.ERROR or record.exc_info or "Failed to write result" in text
        return not (is_of_run and is_of_error) and "Still processing items" not in text


def quiet_flow_errors() -> None:
    """Keeps Prefect's tracebacks off the terminal; its page shows them. To be called with Prefect imported."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.addFilter(_Raised())


class ProgressLines(logging.Formatter):
    """Progress with the time of day; of an error that is only told, not the traceback but what it was."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s  %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        told = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return super().format(told)
        from flows.telling.machine_troubles import say_trouble

        said = say_trouble(error)
        if not said:  # a fault of ours, which somebody has to be able to find
            kept = _keep(error, _home[0] if _home else None)
            said = f"{type(error).__name__}: {error}" + (f" ({kept})" if kept else "")
        return f"{super().format(told)}: {said}"
