"""The Prefect server of a home in the foreground, for whoever keeps services: systemd, a container, a terminal."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from flows.service.own_processes import is_of_home
from flows.service.server import Server, ServerError, environment, find_auth, find_server, make_folder, note_server
from flows.settings import Settings

PASSWORD_LETTERS = 12  # nothing slows guessing down but the network
ASYNC_DRIVERS = {"postgresql://": "postgresql+asyncpg://", "postgres://": "postgresql+asyncpg://"}


@dataclass(frozen=True)
class Serving:
    """Where a server listens, under which address others see it, and where it keeps its own records."""

    host: str = "127.0.0.1"
    port: int = 4200
    shown: str = ""
    database: str = ""
    database_password: str = ""


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def database_url(text: str, password: str = "") -> str:
    """The address of a database as Prefect wants it: PostgreSQL through asyncpg, with its password.

    Raises ServerError where it is none.
    """
    if password:
        parts = urlsplit(text)
        user, _, place = parts.netloc.rpartition("@")
        if not user or ":" in user:
            raise ServerError("địa chỉ cơ sở dữ liệu phải có tên và chưa có mật khẩu: postgresql://tên@máy/csdl")
        text = urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{place}"))
    for plain, asynchronous in ASYNC_DRIVERS.items():
        if text.startswith(plain):
            return asynchronous + text.removeprefix(plain)
    if text and not text.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite://")):
        raise ServerError("cơ sở dữ liệu của máy chủ phải là postgresql://… (hoặc sqlite+aiosqlite:///…)")
    return text


def serve(settings: Settings, serving: Serving) -> None:
    """Becomes the server: returns never. Raises ServerError where it may not start so."""
    make_folder(settings)
    found = find_server(settings)
    if found is not None and is_of_home(found.pid, settings):
        raise ServerError(f"máy chủ của nhà này đang chạy: {found.page} (dừng bằng: thidua down)")
    auth = find_auth(settings)
    if not is_loopback(serving.host) and len(auth.partition(":")[2]) < PASSWORD_LETTERS:
        raise ServerError(
            f"mật khẩu quá ngắn để mở máy chủ ra ngoài máy này ({serving.host}): đặt một dòng “tên:mật khẩu”, mật khẩu "
            f"ít nhất {PASSWORD_LETTERS} ký tự, vào tệp mà THIDUA_AUTH_FILE chỉ ra"
        )
    near = "127.0.0.1" if serving.host in ("0.0.0.0", "::", "localhost") else serving.host
    shown = serving.shown.rstrip("/")
    if not shown and not is_loopback(serving.host):
        shown = f"http://{socket.gethostname() if near == '127.0.0.1' else near}:{serving.port}"
    with suppress(OSError):  # `thidua down` ends the group
        if os.getpgid(0) != os.getpid():
            os.setpgid(0, 0)
    server = Server(serving.port, os.getpid(), auth, f"[{near}]" if ":" in near else near, shown)
    note_server(settings, server)
    variables = {**os.environ, **environment(settings, server)}
    if serving.database:
        variables["PREFECT_API_DATABASE_CONNECTION_URL"] = database_url(serving.database, serving.database_password)
    sys.stdout.flush()
    sys.stderr.flush()
    command = ["-m", "prefect", "server", "start", "--host", serving.host, "--port", str(serving.port)]
    os.execve(sys.executable, [sys.executable, *command], variables)
