"""The process that forks the reading children of a run, itself forked where everything is imported already."""

from __future__ import annotations

import os
import socket
from multiprocessing import connection, forkserver, resource_tracker
from typing import Any


def fork_reading_server() -> bool:
    """Makes a forkserver of multiprocessing out of a copy of this process, for the pools that this process opens.

    Call while no other thread runs. False, and nothing done, where this Python keeps its forkserver otherwise: then
    the first pool starts one that has to import.
    """
    kept: Any = getattr(forkserver, "_forkserver", None)
    if not all(hasattr(kept, name) for name in ("_forkserver_address", "_forkserver_alive_fd", "_forkserver_pid")):
        return False
    resource_tracker.ensure_running()
    listener = socket.socket(socket.AF_UNIX)
    address = connection.arbitrary_address("AF_UNIX")  # type: ignore[attr-defined]
    listener.bind(address)
    if not address.startswith("\0"):
        os.chmod(address, 0o600)  # noqa: PTH101 - the name of a socket, abstract or not
    listener.listen()
    closed_at_end, alive = os.pipe()
    pid = os.fork()
    if pid == 0:
        _serve(listener.detach(), closed_at_end, alive)
    listener.close()
    os.close(closed_at_end)
    kept._forkserver_address, kept._forkserver_alive_fd, kept._forkserver_pid = address, alive, pid
    return True


def _serve(listener: int, closed_at_end: int, alive: int) -> None:
    """Forks children until the last process that holds the other end of the pipe has ended; never returns."""
    try:
        os.close(alive)
        forkserver.main(listener, closed_at_end, [])
    finally:
        os._exit(0)
