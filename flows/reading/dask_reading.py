"""Files read on the machines of a Dask cluster: their content goes there, and readings come back.

Only plain values travel: whoever reads needs the same software, but neither the home nor its archive or catalogue.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from multiprocessing.util import Finalize
from pathlib import Path
from types import TracebackType
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from catalogue import load_catalogue
from flows.reading.pool import ReadingPool
from flows.reading.task_runners import VARIABLE
from flows.runs.task_names import drawn
from transforms.observation import Reading
from transforms.versions import reader_version

Files = list[tuple[Path, str]]
MOST_SHIPPED = 4 * 1024 * 1024  # a larger file is read at home: a return has some twenty kilobytes
CONNECT_SECONDS = 20.0
WORKERLESS_SECONDS = 60.0
LOOK_SECONDS = 2.0


class DaskError(Exception):
    """The cluster cannot do the reading; the message says what to do."""


class Shipment:
    """Files by content, and what it takes to read them as at home; a plain object, which Prefect does not walk."""

    def __init__(self, files: Files, catalogue_folder: Path, catalogue_hash: str) -> None:
        self.files = [(sha256, path.read_bytes()) for path, sha256 in files]
        self.tables = [(path.name, path.read_bytes()) for path in sorted(catalogue_folder.iterdir()) if path.is_file()]
        self.catalogue_hash = catalogue_hash
        self.reader_version = reader_version()


class _Desk:
    """Where a worker reads: a folder with the catalogue that came, and a pool of children with their limits."""

    def __init__(self, shipment: Shipment, parent: str | None, children: int) -> None:
        self.catalogue_hash = shipment.catalogue_hash
        self._folder = tempfile.TemporaryDirectory(prefix="thidua-", dir=parent)
        self.path = Path(self._folder.name)
        tables = self.path / "catalogue"
        tables.mkdir()
        for name, data in shipment.tables:
            (tables / name).write_bytes(data)
        if load_catalogue(tables).content_hash != shipment.catalogue_hash:
            raise DaskError(f"danh mục gửi tới máy đọc {socket.gethostname()} không còn nguyên vẹn; hãy chạy lại")
        self.pool = ReadingPool(tables, workers=children)

    def close(self) -> None:
        self.pool.__exit__(DaskError, None, None)
        self._folder.cleanup()


_desks: list[_Desk] = []
_lock = threading.Lock()


def read_shipment(shipment: Shipment) -> list[Reading]:
    """The readings of shipped files, in their order; on a worker, in children with the same limits as at home.

    Raises DaskError where this worker's reader is another than that of the home.
    """
    if reader_version() != shipment.reader_version:
        raise DaskError(
            f"máy đọc {socket.gethostname()} cài bộ đọc khác ({reader_version()}; ở nhà: {shipment.reader_version}); "
            "hãy cài cùng một phiên bản của hệ thống trên mọi máy rồi khởi động lại máy đọc"
        )
    desk = _find_desk(shipment)
    with tempfile.TemporaryDirectory(prefix="files-", dir=desk.path) as folder:
        files = []
        for number, (sha256, data) in enumerate(shipment.files):
            path = Path(folder) / f"{number}"
            path.write_bytes(data)
            files.append((path, sha256))
        return list(desk.pool.read(files))


def _find_desk(shipment: Shipment) -> _Desk:
    """The desk of this worker process, kept from one shipment to the next."""
    with _lock:
        for desk in _desks:
            if desk.catalogue_hash == shipment.catalogue_hash:
                return desk
        parent, children = _worker_place()
        # Under Dask's nanny a worker is a daemon, which Python forbids to have children; ours end when it does.
        current: Any = multiprocessing.current_process()
        current._config.pop("daemon", None)
        desk = _Desk(shipment, parent, children)
        if not _desks:
            Finalize(None, _close_desks, exitpriority=100)  # a child of Dask's nanny never comes to atexit
        _desks.append(desk)
        return desk


def _worker_place() -> tuple[str | None, int]:
    """The folder that Dask cleans after a killed worker, and how many files this worker may read at once."""
    from distributed import get_worker

    worker = get_worker()
    return worker.local_directory, worker.state.nthreads


def _close_desks() -> None:
    while _desks:
        _desks.pop().close()


@task(task_run_name=drawn("{title} · {period_code} · trích số liệu"), cache_policy=NO_CACHE, persist_result=False)
def read_shipped(title: str, period_code: str, shipment: Shipment) -> list[Reading]:
    readings = read_shipment(shipment)
    get_run_logger().info("%s: đọc %d tệp trên máy %s", title, len(readings), socket.gethostname())
    return readings


class DaskReaders:
    """Hands files to a Dask cluster. Use as a context manager; a cluster of its own ends with it."""

    def __init__(
        self,
        address: str,
        catalogue_folder: Path,
        catalogue_hash: str,
        read_here: Callable[[Files], Iterable[Reading]],
    ) -> None:
        from prefect_dask.task_runners import DaskTaskRunner

        self._address = address
        self._catalogue = (catalogue_folder, catalogue_hash)
        self._read_here = read_here
        client = {"timeout": CONNECT_SECONDS}
        if address:
            self._runner = DaskTaskRunner(address=address, client_kwargs=client)
        else:
            self._runner = DaskTaskRunner(cluster_kwargs=_local_cluster(), client_kwargs=client)

    def __enter__(self) -> DaskReaders:
        runner: Any = self._runner
        runner.__enter__()
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except BaseException as error:
            self._runner.__exit__(type(error), error, error.__traceback__)
            if isinstance(error, OSError):
                raise DaskError(self._no_readers()) from error
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.__exit__(kind, error, trace)

    def submit(self, title: str, period_code: str, files: Files) -> Callable[[], list[Reading]]:
        """Sends files away under a name; the call that is returned waits for their readings, in their order.

        Where a worker is lost on the way, Dask gives its files to another. Raises DaskError where none is left.
        """
        far = [file for file in files if file[0].stat().st_size <= MOST_SHIPPED]
        given = {"title": drawn(title), "period_code": period_code, "shipment": Shipment(far, *self._catalogue)}
        future = self._runner.submit(read_shipped, given)

        def wait() -> list[Reading]:
            self._wait(future.wrapped_future)
            found = dict(zip((sha for _, sha in far), future.result(), strict=True))
            near = [file for file in files if file[1] not in found]
            if near:
                found.update(zip((sha for _, sha in near), self._read_here(near), strict=True))
            return [found[sha] for _, sha in files]

        return wait

    @property
    def _client(self) -> Any:  # Dask's own annotations do not hold under --strict
        return self._runner.client

    def _wait(self, future: Any) -> None:
        seen = time.monotonic()
        while not future.done():
            time.sleep(0.01)
            try:
                future.result(timeout=LOOK_SECONDS)
            except TimeoutError:
                if self._client.nthreads():
                    seen = time.monotonic()
                elif time.monotonic() - seen > WORKERLESS_SECONDS:
                    raise DaskError(self._no_readers()) from None
            except Exception as error:
                raise DaskError(f"cụm Dask không đọc xong: {type(error).__name__}: {error}") from error
        if future.status != "finished":
            raise DaskError(f"cụm Dask bỏ dở việc đọc ({future.status}); hãy chạy lại")

    def _no_readers(self) -> str:
        where = f"bộ điều phối Dask ở {self._address}" if self._address else "cụm Dask mở trên máy này"
        return f"không nối được với máy đọc nào qua {where}; hãy xem các máy đọc, hoặc đặt {VARIABLE}=threads"


def _local_cluster() -> dict[str, Any]:
    """A cluster of this machine alone: bound to loopback, without a page of its own, limits left to our children."""
    return {
        "n_workers": min(os.cpu_count() or 1, 8),
        "threads_per_worker": 1,
        "host": "127.0.0.1",
        "dashboard_address": None,
        "memory_limit": None,
        "silence_logs": "ERROR",
    }
