"""`thidua` with shares on a real Prefect server: no secret in what it prints, logs, stores or shows."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from calling import COMMAND, lend_database, start_once
from servers import MARK, PASSWORD, BadNetwork, Samba, Sshd
from shared_office import SharedOffice, put_return

from flows.service import server
from flows.settings import find_settings
from warehouse import query

WRONG = PASSWORD + "-sai"
IN_BLOCK = "khoi-bi-mat-2846"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nhà")


@pytest.fixture(scope="module")
def running(home: Path, prepared: Callable[..., Path]) -> Iterator[server.Server]:
    settings = find_settings(home)
    lend_database(prepared("prefect", start_once), settings)
    yield server.start_server(settings)
    server.stop_server(settings)


def call(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "THIDUA_HOME": str(home), **variables}
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def block(home: Path, running: server.Server) -> str:
    """A Secret block with a password that the server does not take."""
    name, _, password = running.auth.partition(":")
    with httpx.Client(base_url=running.api, auth=(name, password), trust_env=False, timeout=20) as client:
        kind = client.get("/block_types/slug/secret").raise_for_status().json()["id"]
        wanted = {"block_schemas": {"block_type_id": {"any_": [kind]}}}
        [schema] = client.post("/block_schemas/filter", json=wanted).raise_for_status().json()
        document = {
            "name": "ninh-binh",
            "data": {"value": IN_BLOCK},
            "block_type_id": kind,
            "block_schema_id": schema["id"],
        }
        client.post("/block_documents/", json=document).raise_for_status()
    return "ninh-binh"


@pytest.fixture
def shared(office: SharedOffice, home: Path, samba: Samba, sshd: Sshd, block: str) -> SharedOffice:
    for name in ("Hà Nam", "Ninh Bình"):
        put_return(samba.tree / "secrets" / name, name)
    put_return(sshd.tree / "secrets" / "Thái Bình", "Thái Bình")
    right = {"password_env": "THIDUA_TEST_PASSWORD"}
    office.file = home / "shares.toml"
    office.settle(
        {
            "Hà Nam": samba.row("secrets/Hà Nam", **right),
            "Nam Định": samba.row("secrets/Hà Nam", password_env="THIDUA_TEST_WRONG_PASSWORD"),
            "Ninh Bình": {**samba.row("secrets/Ninh Bình"), "password_env": "", "password_block": block},
            "Thái Bình": sshd.row("secrets/Thái Bình"),
        }
    )
    text = office.file.read_text(encoding="utf-8")
    office.file.write_text(text.replace('password_env = ""\n', ""), encoding="utf-8")
    return office


def everything_kept(home: Path, running: server.Server) -> Iterator[tuple[str, bytes]]:
    """Every file of the home but the block's own place, and everything that the server's interface tells of runs."""
    for path in home.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
    name, _, password = running.auth.partition(":")
    with httpx.Client(base_url=running.api, auth=(name, password), trust_env=False, timeout=20) as client:
        for what in ("logs", "artifacts", "flow_runs", "task_runs", "events"):
            found: Any = client.post(f"/{what}/filter", json={}).raise_for_status()
            yield what, found.content
            assert what != "logs" or len(found.json()) > 5


def test_a_run_leaks_no_secret(shared: SharedOffice, home: Path, running: server.Server) -> None:
    variables = {
        "THIDUA_TEST_PASSWORD": PASSWORD,
        "THIDUA_TEST_WRONG_PASSWORD": WRONG,
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "smbprotocol,smbclient,asyncssh,fsspec,sshfs,thidua",
    }
    ran = call(home, "run", "2021H1", **variables)
    assert ran.returncode == 0, ran.stderr
    looked = call(home, "shares", "2021H1", **variables)
    assert looked.returncode == 3, looked.stderr
    refusal = "không đọc được: máy chủ không nhận tên người dùng, mật khẩu hoặc khóa"
    rows = {line.split("  ")[0]: line for line in looked.stdout.splitlines()}
    assert re.search(r" 1 +đọc được$", rows["Hà Nam"]) and re.search(r" 1 +đọc được$", rows["Thái Bình"])
    assert refusal in rows["Nam Định"] and refusal in rows["Ninh Bình"]
    assert "Chưa khai địa chỉ" in looked.stdout and "Bắc Ninh" in looked.stdout
    published = find_settings(home).published_warehouse
    findings = "SELECT province_code FROM findings WHERE rule_code = 'share_unreachable' ORDER BY 1"
    assert query(published, findings)[1] == [("36",), ("37",)]
    assert query(published, "SELECT province_code FROM submissions ORDER BY 1")[1] == [("34",), ("35",)]
    told = [("printed", text.encode()) for done in (ran, looked) for text in (done.stdout, done.stderr)]
    leaks = [
        (name, secret)
        for name, content in (*told, *everything_kept(home, running))
        for secret in (MARK, IN_BLOCK)
        if secret.encode() in content or secret.encode("utf-16-le") in content
    ]
    assert leaks == []


def test_shares_that_are_all_well(office: SharedOffice, samba: Samba, tmp_path: Path) -> None:
    put_return(samba.tree / "well" / "Hà Nam", "Hà Nam")
    office.settle({"Hà Nam": samba.row("well/Hà Nam"), "Nam Định": str(samba.tree / "well")})
    looked = call(tmp_path / "home", "shares", "2021H1", "--shares", str(office.file))
    assert looked.returncode == 0, looked.stderr
    assert samba.address("well/Hà Nam") in looked.stdout
    office.settle({"Hà Nam": samba.row("well/Hà Nam"), "Hà Tây": str(samba.tree / "well")})
    looked = call(tmp_path / "home", "shares", "2021H1", "--shares", str(office.file))
    assert looked.returncode == 3
    assert "tên này không phải đơn vị báo cáo của kỳ 2021H1" in looked.stdout


def test_wrong_settings_end_with_two(office: SharedOffice, home: Path, tmp_path: Path) -> None:
    office.settle({"Hà Nam": {"address": "smb://files/share", "password": PASSWORD}})
    for arguments in (("shares",), ("run", "2021H1")):
        refused = call(tmp_path / "home", *arguments, "--shares", str(office.file))
        assert refused.returncode == 2
        assert "không ghi mật khẩu vào tệp này" in refused.stderr
        assert PASSWORD not in refused.stderr + refused.stdout
    assert call(tmp_path / "home", "shares").returncode == 2


def test_the_process_ends_beside_a_server_that_hangs(office: SharedOffice, samba: Samba, sshd: Sshd) -> None:
    networks = [BadNetwork(s.port, 0, is_cut=False) for s in (samba, sshd)]
    office.settle(
        {
            "Hà Nam": samba.row("well", port=networks[0].port),
            "Nam Định": sshd.row("well", port=networks[1].port),
        },
        connect_seconds=60.0,
        share_seconds=1.0,
    )
    looked = subprocess.run(
        [*COMMAND, "shares", "2021H1", "--shares", office.file], capture_output=True, text=True, timeout=20
    )
    assert looked.returncode == 3, looked.stderr
    assert looked.stdout.count("máy chủ không trả lời xong trong 1 giây") == 2
    for network in networks:
        network.close()
