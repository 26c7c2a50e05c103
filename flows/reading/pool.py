"""Files read, and answered, in a reused pool of child processes with limits; what happens there is never a crash."""

from __future__ import annotations

import logging
import multiprocessing
import os
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from catalogue import load_catalogue
from catalogue.model import Catalogue
from transforms.observation import Reading
from transforms.reading import read_return, reject

if TYPE_CHECKING:
    from publications.feedback import FeedbackFile

Facts = dict[str, Any]
LOG = logging.getLogger("thidua")
MEMORY_LIMIT = 2 * 1024**3
TIME_LIMIT = 60.0
MAX_BYTES = 64 * 1024 * 1024
SAVE_AGAIN = "hãy mở tệp bằng Excel, lưu lại ở dạng .xlsx hoặc chép số liệu sang mẫu mới rồi gửi"
IMPORTED_ONCE = [
    "flows.reading.pool",
    "publications.feedback",
]  # by the process that forks the children, for all of them
FILES_PER_CALL = 8  # a call between processes costs about as much as a small file

_catalogue: Catalogue | None = None


def _start_child(catalogue_folder: str, memory_limit: int) -> None:
    global _catalogue
    most = memory_limit + _mapped_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 2)  # a reader that aborts prints a page of its own
    _catalogue = load_catalogue(Path(catalogue_folder))


def _mapped_bytes() -> int:
    """What is mapped before the first file: more in a child that was forked warm."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _read_in_child(files: list[tuple[str, str]]) -> list[Reading]:
    return [_read_file(path, sha256) for path, sha256 in files]


def _read_file(path: str, sha256: str) -> Reading:
    assert _catalogue is not None
    try:
        if Path(path).stat().st_size > MAX_BYTES:
            return reject(
                sha256,
                "file_unreadable",
                f"tệp lớn hơn {MAX_BYTES // 1024**2} MB; hãy chỉ gửi biểu báo cáo, bỏ ảnh và trang thừa",
            )
        return read_return(_catalogue, Path(path).read_bytes(), sha256)
    except MemoryError:
        return reject(sha256, "file_unreadable", f"tệp cần quá nhiều bộ nhớ để đọc; {SAVE_AGAIN}")
    except (Exception, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # calamine's panics are no Exception
        return reject(sha256, "file_unreadable", f"bộ đọc không đọc nổi tệp; {SAVE_AGAIN}")


def _answer_in_child(asked: list[tuple[Facts, str]]) -> list[tuple[FeedbackFile, ...]]:
    from publications.feedback import Feedback, render_feedback

    assert _catalogue is not None
    return [
        render_feedback(Feedback(catalogue=_catalogue, original=Path(path).read_bytes(), **facts))
        for facts, path in asked
    ]


def _forget_nameless_script() -> None:
    """A script that came on standard input has no file that children could load anew; they need none of it."""
    script = sys.modules.get("__main__")
    name = getattr(script, "__file__", None)
    if script is not None and name is not None and getattr(script, "__spec__", None) is None and name.startswith("<"):
        del script.__file__


class ReadersCannotStartError(RuntimeError):
    """The children that read do not start; the message says what is likely wrong, in Vietnamese."""


CANNOT_START = (
    "không khởi động được tiến trình con để đọc tệp. Nếu gọi từ một tập lệnh Python: đặt lời gọi trong "
    'if __name__ == "__main__": (tiến trình con nạp lại chính tập lệnh đó), hoặc chạy bằng lệnh thidua run'
)


class ReadingPool:
    """A pool to read files with. Use as a context manager; children start with the first file."""

    def __init__(
        self, catalogue_folder: Path, workers: int = 0, memory_limit: int = MEMORY_LIMIT, time_limit: float = TIME_LIMIT
    ) -> None:
        _forget_nameless_script()
        self._time_limit = time_limit
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(IMPORTED_ONCE)
        self._pool = ProcessPool(
            max_workers=workers or min(os.cpu_count() or 1, 8),
            initializer=_start_child,
            initargs=[str(catalogue_folder), memory_limit],
            context=context,
        )

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()

    def read(self, files: Iterable[tuple[Path, str]]) -> Iterator[Reading]:
        """The readings of (path, content hash) files, in their order; one that breaks its reader is rejected."""
        files = list(files)
        groups = [files[n : n + FILES_PER_CALL] for n in range(0, len(files), FILES_PER_CALL)]
        for group, future in [(group, self._schedule(group)) for group in groups]:
            try:
                yield from future.result()
            except (Exception, CancelledError):  # one of them is to blame: each by itself tells which
                self._check_readers()
                yield from map(self._read_alone, group)

    def answer(self, asked: Iterable[tuple[Facts, Path]]) -> Iterator[tuple[FeedbackFile, ...] | None]:
        """The files that answer (facts of a Feedback, path of its original), in their order; None where that failed."""
        items = [(facts, str(path)) for facts, path in asked]
        groups = [items[n : n + FILES_PER_CALL] for n in range(0, len(items), FILES_PER_CALL)]
        for group, future in [(group, self._schedule_answers(group)) for group in groups]:
            try:
                yield from future.result()
            except (Exception, CancelledError):
                self._check_readers()
                yield from map(self._answer_alone, group)

    def call(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What a function of a module says of a file, asked in a child with the same limits; raises what it raises."""
        return self._pool.schedule(work, args=list(arguments), timeout=self._time_limit).result()

    def _check_readers(self) -> None:
        """Raises ReadersCannotStartError where not a file is to blame: no child lives to read any."""
        if not self._pool.active:
            raise ReadersCannotStartError(CANNOT_START)

    def _schedule_answers(self, group: list[tuple[Facts, str]]) -> ProcessFuture[list[tuple[FeedbackFile, ...]]]:
        return self._pool.schedule(_answer_in_child, args=[group], timeout=self._time_limit)

    def _answer_alone(self, item: tuple[Facts, str]) -> tuple[FeedbackFile, ...] | None:
        try:
            return self._schedule_answers([item]).result()[0]
        except Exception:
            LOG.exception("no answer could be made for %s", item[1])
            return None

    def _schedule(self, group: list[tuple[Path, str]]) -> ProcessFuture[list[Reading]]:
        arguments = [[(str(path), sha256) for path, sha256 in group]]
        return self._pool.schedule(_read_in_child, args=arguments, timeout=self._time_limit)

    def _read_alone(self, file: tuple[Path, str]) -> Reading:
        sha256 = file[1]
        try:
            return self._schedule([file]).result()[0]
        except FutureTimeoutError:
            return reject(sha256, "file_unreadable", f"đọc quá {self._time_limit:.0f} giây chưa xong; {SAVE_AGAIN}")
        except ProcessExpired:
            return reject(sha256, "file_unreadable", f"bộ đọc bị tệp làm dừng đột ngột; {SAVE_AGAIN}")
        except Exception as error:
            LOG.exception("the reader failed on the file with content hash %s", sha256)
            return reject(sha256, "reader_failed", f"{type(error).__name__}, mã {sha256[:12]}")
