"""The worker's side of the zygote: it is started, asked for copies, replaced when the code on disk has changed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import distribution
from pathlib import Path

ROOMS = ("catalogue", "transforms", "expectations", "warehouse", "publications", "flows")
START_SECONDS = 120


class ZygoteError(RuntimeError):
    """No copy could be made; the message says why, in Vietnamese."""


class WarmProcess:
    """One copy at work: what Prefect's runner asks of a process, its id and its exit code."""

    def __init__(self, pid: int, report: asyncio.StreamReader) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._report = report

    async def wait(self) -> int:
        """The exit code; negative a signal's number. A copy whose zygote was lost is ended."""
        if self.returncode is None:
            line = await self._report.readline()
            if not line:
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.returncode = int(line or -signal.SIGKILL)
        return self.returncode


class Zygote:
    """The process with everything imported. One at a time; a new one is started when it is gone or out of date."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._stamp: tuple[int, ...] = ()
        self._starting = asyncio.Lock()
        self._finishing: list[tuple[subprocess.Popen[bytes], socket.socket]] = []
        self.failed: dict[str, str] = {}

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    async def start(self) -> bool:
        """Makes sure that one is up with the code as it is on disk; True where one was started. Raises ZygoteError."""
        async with self._starting:
            stamp = code_stamp()
            if self._process is not None and self._process.poll() is None and stamp == self._stamp:
                return False
            self.drain()
            if not hasattr(os, "fork") or not hasattr(socket, "SOCK_SEQPACKET"):
                raise ZygoteError("máy này không nhân bản được tiến trình (fork); hãy dùng Linux")
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "flows.service.zygote", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # a copy of a process takes no thread along
                )
            ours.setblocking(False)
            self._control, self._stamp = ours, stamp
            try:
                answer = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(ours, 1 << 16), START_SECONDS)
            except (TimeoutError, OSError) as error:
                self.stop()
                raise ZygoteError(f"tiến trình nạp sẵn không khởi động được: {error}") from error
            if not answer:
                self.stop()
                raise ZygoteError("tiến trình nạp sẵn đã dừng ngay khi khởi động; xem lỗi in ở trên")
            self.failed = json.loads(answer)["failed"]
            return True

    async def fork(self, environment: dict[str, str], folder: str, *, is_shown: bool = True) -> WarmProcess:
        """A copy that runs the flow run named in its environment, in a folder. Raises ZygoteError."""
        await self.start()
        assert self._control is not None
        order = json.dumps({"environment": environment, "folder": folder, "is_shown": is_shown}).encode()
        reading, writing = os.pipe()
        report = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(report), os.fdopen(reading, "rb", buffering=0)
        )
        try:
            socket.send_fds(self._control, [order], [writing])
        except OSError as error:
            raise ZygoteError(f"không gửi được lệnh cho tiến trình nạp sẵn: {error}") from error
        finally:
            os.close(writing)
        line = await report.readline()
        if not line:
            raise ZygoteError("tiến trình nạp sẵn đã dừng trước khi nhân bản được")
        return WarmProcess(int(line), report)

    def drain(self) -> None:
        """Takes no more orders; what runs goes on to its end, then the process ends."""
        if self._control is not None and self._process is not None:
            with suppress(OSError):
                self._control.send(b"{}")
            self._finishing = [(p, c) for p, c in self._finishing if p.poll() is None]
            self._finishing.append((self._process, self._control))  # closing the socket would end its runs
        self._process = self._control = None

    def stop(self) -> None:
        """Ends the process and what still runs in its copies."""
        if self._control is not None:
            self._control.close()
        for process, control in self._finishing:
            control.close()
            _wait(process)
        self._finishing.clear()
        if self._process is not None:
            _wait(self._process)
        self._process = self._control = None


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def code_stamp() -> tuple[int, ...]:
    """Changes with any module of ours and with any library that is installed, removed or updated."""
    root = Path(__file__).resolve().parents[2]
    ours = [path.stat().st_mtime_ns for room in ROOMS for path in sorted((root / room).rglob("*.py"))]
    libraries = Path(str(distribution("prefect").locate_file(""))).stat().st_mtime_ns
    return (len(ours), max(ours, default=0), libraries)
