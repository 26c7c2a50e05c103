"""A PostgreSQL of its own for a test, from Debian's package: a cluster in a temporary folder, on a loopback port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PASSWORD = "mật-khẩu-thử".encode().hex()


def find_program(name: str) -> str:
    """Where a program of PostgreSQL lies; Debian keeps them off PATH."""
    found = shutil.which(name) or next(
        (str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    assert found is not None, "install Debian's package postgresql: this test needs it"
    return found


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database that asks for its password."""
    folder = Path(tempfile.mkdtemp(prefix="thidua-postgres-"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # it refuses to be run by root
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(folder, "nobody", "nogroup")
    secret = folder / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    data = folder / "data"
    quiet: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, **user}
    initdb = [find_program("initdb"), "-D", str(data), "-U", "thidua", "-A", "scram-sha-256", "--pwfile", str(secret)]
    subprocess.run([*initdb, "-N", "-E", "UTF8"], check=True, capture_output=True, **quiet)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [find_program("postgres"), "-D", str(data), "-k", str(folder), "-p", str(port), "-h", "127.0.0.1", "-F"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **quiet,
    )
    try:
        ready = [find_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        while subprocess.run(ready).returncode:
            assert process.poll() is None
            time.sleep(0.1)
        yield f"postgresql://thidua:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(2)  # SIGINT: at once, whoever is connected
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)
