"""Servers for messages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers_of_messages import MailServer, Receiver, running


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
