"""Servers for messages, and an office half-way through a season."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from office import EXAMPLES, Office
from servers_of_messages import MailServer, Receiver, make_certificate, running

from catalogue import Catalogue, load_catalogue
from transforms.template.blank import write_template

LATE = dt.datetime(2021, 7, 8, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def season(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, prepared: Callable[..., Path]) -> Office:
    """2021H1, due on 5 July: Hà Nam sent nothing, Thái Bình a broken file, Vĩnh Phúc the blank form, Nam Định on 8 July
    what the others sent in time; Ninh Bình's return has a real mistake."""
    made = prepared("season", lambda folder: _collect_season(folder, catalogue))
    office = Office(shutil.copytree(made, tmp_path_factory.mktemp("season"), dirs_exist_ok=True))
    office.now = LATE + dt.timedelta(hours=1)
    return office


def _collect_season(folder: Path, catalogue: Catalogue) -> None:
    shutil.copytree(EXAMPLES, folder / "returns")
    office = Office(folder)
    office.file("Hà Nam").unlink()
    office.file("Thái Bình").write_bytes(b"PK\x03\x04 broken")
    write_template(catalogue, "2021H1", office.file("Vĩnh Phúc"), "vinh-phuc")
    late = office.file("Nam Định")
    content = late.read_bytes()
    late.unlink()
    office.run()
    late.write_bytes(content)
    office.now = LATE
    office.run()
