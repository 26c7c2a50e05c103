"""Real file servers on loopback, with all that they keep in a folder of their own, and a bad network before them."""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import asyncssh
import psutil

HOST = "127.0.0.1"
USER = "cum-thi-dua"
MARK = "Kx7391mZq"  # what a leak is recognised by, however the rest of the password is written there
PASSWORD = f"Mật khẩu #{MARK}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def find_program(name: str, package: str) -> str:
    """Where a server's program is; a machine without it fails the test, and says what to install."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    assert found, f"{name} is missing on this machine: install the Debian package {package} (apt-get install {package})"
    return found


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((HOST, port)) == 0:
                return
        assert process.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.05)


class FileServer:
    """A server process with its children; `tree` is what it shares."""

    scheme = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self.tree.mkdir(parents=True)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self, command: list[str]) -> None:
        log = self.folder / "server.log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        wait_for_port(self.port, self.process, log)

    def signal(self, sign: int) -> None:
        """Sends a signal to the server and all its children."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        for process in (parent, *parent.children(recursive=True)):  # sshd's children leave its process group
            with suppress(psutil.NoSuchProcess):
                process.send_signal(sign)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait()

    def address(self, path: str = "", port: int | None = None) -> str:
        raise NotImplementedError

    def row(self, path: str = "", port: int | None = None, **changes: str) -> dict[str, str]:
        """The settings of a share on this server."""
        raise NotImplementedError


class Samba(FileServer):
    """smbd with one user, a share `thidua` and the same read-only as `chỉ-đọc`."""

    def start(self) -> None:
        smbd = find_program("smbd", "samba")
        smbpasswd = find_program("smbpasswd", "samba-common-bin")
        for name in ("private", "lock", "state", "cache", "run"):
            (self.folder / name).mkdir(exist_ok=True)
        configuration = self.folder / "smb.conf"
        configuration.write_text(
            f"""[global]
server role = standalone server
smb ports = {self.port}
interfaces = lo
bind interfaces only = yes
disable netbios = yes
private dir = {self.folder}/private
lock directory = {self.folder}/lock
state directory = {self.folder}/state
cache directory = {self.folder}/cache
pid directory = {self.folder}/run
ncalrpc dir = {self.folder}/run/ncalrpc
passdb backend = tdbsam:{self.folder}/private/passdb.tdb
username map = {self.folder}/users
map to guest = never
load printers = no
disable spoolss = yes
printcap name = /dev/null
[thidua]
path = {self.tree}
read only = no
[chỉ-đọc]
path = {self.tree}
read only = yes
"""
        )
        (self.folder / "users").write_text(f"{getpass.getuser()} = {USER}\n")
        subprocess.run(
            [smbpasswd, "-c", configuration, "-s", "-a", getpass.getuser()],
            input=f"{PASSWORD}\n{PASSWORD}\n".encode(),
            check=True,
            capture_output=True,
        )
        self.launch([smbd, "-F", "--no-process-group", "-s", str(configuration), "-l", str(self.folder)])

    def address(self, path: str = "", port: int | None = None) -> str:
        return f"smb://{HOST}:{port or self.port}/thidua/{path}"

    def row(self, path: str = "", port: int | None = None, **changes: str) -> dict[str, str]:
        return {"address": self.address(path, port), "user": USER, "password_env": "THIDUA_TEST_PASSWORD", **changes}


class Sshd(FileServer):
    """sshd with one host key and one user's key."""

    def start(self) -> None:
        sshd = find_program("sshd", "openssh-server")
        keygen = find_program("ssh-keygen", "openssh-client")
        for name in ("host_key", "user_key", "other_key"):
            if not (self.folder / name).exists():
                subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True)
        shutil.copy(self.folder / "user_key.pub", self.folder / "authorized_keys")
        self.trust(self.port)
        configuration = self.folder / "sshd_config"
        configuration.write_text(
            f"""ListenAddress {HOST}
Port {self.port}
HostKey {self.folder}/host_key
AuthorizedKeysFile {self.folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
"""
        )
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where sshd insists on having an empty folder
        self.launch([sshd, "-D", "-e", "-f", str(configuration)])

    def trust(self, port: int) -> None:
        """Notes the server's key as known at a port."""
        kind, key = (self.folder / "host_key.pub").read_text().split()[:2]
        with (self.folder / "known_hosts").open("a") as file:
            file.write(f"[{HOST}]:{port} {kind} {key}\n")

    def address(self, path: str = "", port: int | None = None) -> str:
        return f"sftp://{HOST}:{port or self.port}{self.tree}/{path}"

    def row(self, path: str = "", port: int | None = None, **changes: str) -> dict[str, str]:
        return {
            "address": self.address(path, port),
            "user": getpass.getuser(),
            "key_file": str(self.folder / "user_key"),
            "known_hosts": str(self.folder / "known_hosts"),
            **changes,
        }


class PasswordSftp:
    """An SFTP server that asks for a password. OpenSSH would ask the passwords of this machine, so it is asyncssh's."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder
        self._key = asyncssh.generate_private_key("ssh-ed25519")
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.known_hosts = folder / "known_hosts"
        self.known_hosts.write_text(f"[{HOST}]:{self.port} {self._key.export_public_key().decode()}")

    async def _listen(self) -> int:
        class Door(asyncssh.SSHServer):
            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                return (username, password) == (USER, PASSWORD)

        found = await asyncssh.create_server(
            Door, HOST, 0, server_host_keys=[self._key], sftp_factory=lambda c: asyncssh.SFTPServer(c, chroot=self.tree)
        )
        return found.get_port()

    def row(self, path: str, **changes: str) -> dict[str, str]:
        return {
            "address": f"sftp://{HOST}:{self.port}/{path}",
            "user": USER,
            "password_env": "THIDUA_TEST_PASSWORD",
            "known_hosts": str(self.known_hosts),
            **changes,
        }

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)


class BadNetwork:
    """A way to a server that stops after so many bytes from it: cut, or silent for ever."""

    def __init__(self, port: int, most_bytes: int, *, is_cut: bool) -> None:
        self._target, self._left, self._is_cut = port, most_bytes, is_cut
        self._sockets: list[socket.socket] = []
        self._door = socket.create_server((HOST, 0))
        self.port = int(self._door.getsockname()[1])
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection((HOST, self._target))
            self._sockets += [near, far]
            threading.Thread(target=self._pass, args=[near, far, None], daemon=True).start()
            threading.Thread(target=self._pass, args=[far, near, self._spend], daemon=True).start()

    def _spend(self, count: int) -> bool:
        self._left -= count
        return self._left >= 0

    def _pass(self, source: socket.socket, target: socket.socket, may_pass: Callable[[int], bool] | None) -> None:
        try:
            while data := source.recv(65536):
                if may_pass is not None and not may_pass(len(data)):
                    if self._is_cut:
                        break
                    return
                target.sendall(data)
        except OSError:
            pass
        if self._is_cut:
            cut(source, target)

    def close(self) -> None:
        cut(self._door, *self._sockets)


def cut(*ends: socket.socket) -> None:
    """Ends connections at once; closing alone would wait for who is reading."""
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
