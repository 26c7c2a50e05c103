"""Samba and OpenSSH on loopback, started once, and an office that collects from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import PASSWORD, Samba, Sshd
from shared_office import SharedOffice

from catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THIDUA_TEST_PASSWORD", PASSWORD)
    monkeypatch.setenv("THIDUA_TEST_WRONG_PASSWORD", PASSWORD + "x")


@pytest.fixture(scope="session")
def samba(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samba]:
    server = Samba(tmp_path_factory.mktemp("samba"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    server = Sshd(tmp_path_factory.mktemp("sshd"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[[type[Samba] | type[Sshd]], Samba | Sshd]]:
    """Servers of a test's own, to be killed."""
    started: list[Samba | Sshd] = []

    def start(kind: type[Samba] | type[Sshd]) -> Samba | Sshd:
        server = kind(tmp_path / f"server-{len(started)}")
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def office(tmp_path: Path, catalogue: Catalogue) -> SharedOffice:
    return SharedOffice(tmp_path, catalogue)
