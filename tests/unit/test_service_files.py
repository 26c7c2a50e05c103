"""The files by which others keep the services: what they call exists and takes these options; systemd checks them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped]

from flows.command_line import cli
from flows.service.serving import ServerError, database_url, is_loopback

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deployments" / "systemd").iterdir())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deployments" / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}


def understand(arguments: list[str]) -> None:
    """Parses a command line as `thidua` would, without doing it."""
    with click.Context(cli) as context:
        name, command, rest = cli.resolve_command(context, arguments)
        assert command is not None, arguments
        command.make_context(name, list(rest), parent=context)


@pytest.mark.parametrize("unit", [u for u in UNITS if "ExecStart" in u.read_text()], ids=lambda unit: unit.name)
def test_a_unit_calls_a_command_that_exists(unit: Path) -> None:
    (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
    program, *arguments = shlex.split(line)
    assert program.endswith("/.venv/bin/thidua")
    understand(arguments)


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    assert analyze is not None, "install Debian's package systemd: this test needs its systemd-analyze"
    for unit in UNITS:  # the program is not where the units want it, and nobody is called thidua here
        text = unit.read_text().replace("/opt/thidua/.venv/bin/thidua", "/bin/true")
        (tmp_path / unit.name).write_text(text.replace("file:/opt/thidua/docs/service.md", "man:true(1)"))
    files = [str(tmp_path / unit.name.replace("@.", "@1.")) for unit in UNITS]
    done = subprocess.run([analyze, "verify", "--man=no", *files], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "thidua" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".timer"], ids=lambda unit: unit.name)
def test_a_timer_has_its_service(unit: Path) -> None:
    assert unit.with_suffix(".service") in UNITS


@pytest.mark.parametrize("name", OURS)
def test_a_container_calls_a_command_that_exists(name: str) -> None:
    understand([re.sub(r"\$\{\w+:-(.*)\}", r"\1", word) for word in OURS[name]["command"]])


def test_no_container_shows_a_password_or_opens_a_port_to_the_outside() -> None:
    text = (ROOT / "deployments" / "compose.yaml").read_text()
    assert not re.search(r"PASSWORD:|AUTH_STRING", text)
    for service in COMPOSE["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        assert re.search(r":\d|:local", service["image"]), "a version, never latest"
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])


def test_the_image_gets_every_room() -> None:
    copied = set(re.findall(r"^COPY (\w+) ", (ROOT / "deployments" / "Dockerfile").read_text(), re.MULTILINE))
    wheel = re.findall(r"^packages = \[(.*)\]", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[0]
    assert copied == set(re.findall(r'"(\w+)"', wheel))


def test_neither_git_nor_the_image_takes_the_passwords() -> None:
    for file in (".gitignore", ".dockerignore"):
        assert {"deployments/secrets", "deployments/data"} <= {
            line.rstrip("/") for line in (ROOT / file).read_text().splitlines()
        }
    assert all(str(secret["file"]).startswith("./secrets/") for secret in COMPOSE["secrets"].values())


def test_the_address_of_the_database() -> None:
    assert database_url("postgresql://a:b@c/d") == "postgresql+asyncpg://a:b@c/d"
    assert database_url("postgresql://a@c:5433/d", "p@ss/wörd") == "postgresql+asyncpg://a:p%40ss%2Fw%C3%B6rd@c:5433/d"
    assert database_url("sqlite+aiosqlite:////x.db") == "sqlite+aiosqlite:////x.db"
    for text, password in (("mysql://a:b@c/d", ""), ("postgresql://a:b@c/d", "x"), ("postgresql://c/d", "x")):
        with pytest.raises(ServerError):
            database_url(text, password)


def test_which_addresses_are_this_machine_alone() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "::1", "localhost", "127.0.0.2")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.4", "thidua.example", "")))
