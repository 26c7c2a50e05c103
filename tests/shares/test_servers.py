"""Files gathered from real servers: what is taken, what is not, and what is said about it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import smbclient
from servers import HOST, PASSWORD, USER, BadNetwork, PasswordSftp, Samba, Sshd, free_port
from shared_office import SharedOffice, put

Start = Callable[[type[Samba] | type[Sshd]], Samba | Sshd]
Server = Samba | Sshd


@pytest.fixture(params=["samba", "sshd"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def folder(server: Server, request: pytest.FixtureRequest) -> str:
    """The name of a folder of the test's own on the server."""
    return "".join(c for c in request.node.name if c.isalnum())


def names(office: SharedOffice, unit: str = "ha-nam") -> list[str]:
    return [a.file_name for a in office.gather().arrivals.get(unit, [])]


def reasons(office: SharedOffice) -> list[tuple[str, str, str]]:
    return [(unit, rule, reason) for unit, _, reason, rule in office.gather().failures]


def test_files_at_any_depth_are_kept_by_content(office: SharedOffice, server: Server, folder: str) -> None:
    put(server.tree / folder / "a.xlsx", b"first")
    put(server.tree / folder / "đợt 2" / "sâu hơn" / "b.xlsx", b"second")
    office.settle({"Hà Nam": server.row(folder)})
    gathered = office.gather()
    assert gathered.failures == gathered.strays == []
    taken = {a.file_name: a for a in gathered.arrivals["ha-nam"]}
    assert list(taken) == ["a.xlsx", "b.xlsx"]
    for name, content in (("a.xlsx", b"first"), ("b.xlsx", b"second")):
        kept = office.settings.archive / taken[name].sha256[:2] / taken[name].sha256
        assert kept.read_bytes() == content
        assert not kept.stat().st_mode & 0o222
        assert abs(taken[name].modified_at.timestamp() - (time.time() - 86400)) < 3600
    assert taken["b.xlsx"].path == f"{server.address(folder)}/đợt 2/sâu hơn/b.xlsx"


def test_lock_hidden_and_temporary_files_are_left(office: SharedOffice, server: Server, folder: str) -> None:
    for name in ("~$a.xlsx", ".a.xlsx", "a.tmp", "Thumbs.db", ".git/a.xlsx", "a.xlsx"):
        put(server.tree / folder / name)
    office.settle({"Hà Nam": server.row(folder)})
    assert names(office) == ["a.xlsx"]


def test_links_do_not_lead_out_of_the_share(office: SharedOffice, server: Server, folder: str, tmp_path: Path) -> None:
    put(tmp_path / "outside" / "bí mật.xlsx")
    put(server.tree / folder / "a.xlsx")
    (server.tree / folder / "liên kết.xlsx").symlink_to(tmp_path / "outside" / "bí mật.xlsx")
    (server.tree / folder / "thư mục").symlink_to(tmp_path / "outside")
    (server.tree / folder / "vòng").symlink_to(server.tree / folder)
    office.settle({"Hà Nam": server.row(folder)})
    assert "bí mật.xlsx" not in names(office)
    assert not any("liên kết" in name for name in names(office))


def test_vietnamese_names_composed_or_not(office: SharedOffice, server: Server, folder: str) -> None:
    texts = {form: unicodedata.normalize(form, f"Báo cáo Thành phố Đông Hà {form}.xlsx") for form in ("NFC", "NFD")}
    for form, name in texts.items():
        put(server.tree / folder / name, form.encode())
    decomposed = unicodedata.normalize("NFD", f"{folder} đã tách")
    put(server.tree / decomposed / "a.xlsx")
    office.settle({"Hà Nam": server.row(folder), "Nam Định": server.row(decomposed)})
    gathered = office.gather()
    assert sorted(a.file_name for a in gathered.arrivals["ha-nam"]) == sorted(
        unicodedata.normalize("NFC", name) for name in texts.values()
    )
    assert [a.file_name for a in gathered.arrivals["nam-dinh"]] == ["a.xlsx"]


def test_a_file_too_large_is_not_fetched(office: SharedOffice, server: Server, folder: str) -> None:
    put(server.tree / folder / "a.xlsx")
    with (server.tree / folder / "phim.xlsx").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    office.settle({"Hà Nam": server.row(folder)})
    gathered = office.gather()
    assert [a.file_name for a in gathered.arrivals["ha-nam"]] == ["a.xlsx"]
    assert [(r, why) for _, _, why, r in gathered.failures] == [("file_unreadable", "tệp lớn hơn 64 MB")]


def test_a_growing_file_waits_for_the_next_run(office: SharedOffice, server: Server, folder: str) -> None:
    path = put(server.tree / folder / "lớn.xlsx", b"PK", modified=time.time())
    put(server.tree / folder / "xong.xlsx")
    office.settle({"Hà Nam": server.row(folder)})
    is_over = threading.Event()

    def copy_slowly() -> None:
        while not is_over.wait(0.02):
            with path.open("ab") as file:
                file.write(b"y" * 1000)

    copying = threading.Thread(target=copy_slowly)
    copying.start()
    gathered = office.gather()
    is_over.set()
    copying.join()
    assert [a.file_name for a in gathered.arrivals["ha-nam"]] == ["xong.xlsx"]
    assert [(r, why) for _, _, why, r in gathered.failures] == [("file_unsettled", "tệp đang được ghi")]
    assert sorted(names(office)) == ["lớn.xlsx", "xong.xlsx"]


def test_an_empty_file_is_taken_only_when_it_stays_empty(office: SharedOffice, server: Server, folder: str) -> None:
    path = put(server.tree / folder / "a.xlsx", b"", modified=time.time())
    office.settle({"Hà Nam": server.row(folder)})
    assert [rule for _, rule, _ in reasons(office)] == ["file_unsettled"]
    os.utime(path, (time.time() - 3600,) * 2)
    assert names(office) == ["a.xlsx"]


def test_a_server_that_is_down_does_not_stop_the_others(office: SharedOffice, server: Server, folder: str) -> None:
    put(server.tree / folder / "a.xlsx")
    office.settle({"Hà Nam": server.row(folder), "Nam Định": server.row(folder, port=free_port())})
    gathered = office.gather()
    assert list(gathered.arrivals) == ["ha-nam"]
    assert [(u, r, why) for u, _, why, r in gathered.failures] == [
        ("nam-dinh", "share_unreachable", "không kết nối được với máy chủ")
    ]


def test_a_missing_folder_is_told(office: SharedOffice, server: Server) -> None:
    office.settle({"Hà Nam": server.row("không có thư mục này")})
    assert reasons(office) == [("ha-nam", "share_unreachable", "máy chủ không có thư mục này")]


@pytest.mark.parametrize("kind", [Samba, Sshd])
def test_a_server_killed_between_the_looks(
    office: SharedOffice, start_server: Start, kind: type[Samba], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of a share is taken that goes away in the middle: half of what a unit sent tells another story."""
    server = start_server(kind)
    put(server.tree / "a.xlsx", modified=time.time())
    put(tmp_path / "near" / "b.xlsx")
    office.settle({"Hà Nam": server.row(), "Nam Định": str(tmp_path / "near")})
    monkeypatch.setenv("THIDUA_SETTLE_SECONDS", "0.6")
    threading.Timer(0.3, server.stop).start()
    gathered = office.gather()
    assert list(gathered.arrivals) == ["nam-dinh"]
    assert [(u, r) for u, _, _, r in gathered.failures] == [("ha-nam", "share_unreachable")]
    server.start()
    assert names(office) == ["a.xlsx"]


def test_a_line_cut_in_the_middle_of_a_file(office: SharedOffice, server: Server, folder: str) -> None:
    put(server.tree / folder / "a.xlsx", os.urandom(3_000_000))
    put(server.tree / folder / "b.xlsx", b"small")
    network = BadNetwork(server.port, 1_000_000, is_cut=True)
    if isinstance(server, Sshd):
        server.trust(network.port)
    office.settle({"Hà Nam": server.row(folder, port=network.port)})
    gathered = office.gather()
    network.close()
    assert gathered.arrivals == {}
    assert [(u, r, why) for u, _, why, r in gathered.failures] == [
        ("ha-nam", "share_unreachable", "kết nối bị đứt giữa chừng")
    ]
    assert network.connections == 2  # as many as the limits allow tries


@pytest.mark.parametrize("most_bytes", [0, 2_000_000])
def test_a_server_that_hangs_is_left_behind(office: SharedOffice, server: Server, folder: str, most_bytes: int) -> None:
    put(server.tree / folder / "a.xlsx", os.urandom(3_000_000))
    put(server.tree / folder / "kia" / "b.xlsx")
    network = BadNetwork(server.port, most_bytes, is_cut=False)
    if isinstance(server, Sshd):
        server.trust(network.port)
    office.settle(
        {"Hà Nam": server.row(folder, port=network.port), "Nam Định": server.row(f"{folder}/kia")},
        connect_seconds=30.0,
        share_seconds=1.0,
    )
    began = time.monotonic()
    gathered = office.gather()
    assert time.monotonic() - began < 4.5
    network.close()
    assert list(gathered.arrivals) == ["nam-dinh"]
    assert [(u, r, why) for u, _, why, r in gathered.failures] == [
        ("ha-nam", "share_unreachable", "máy chủ không trả lời xong trong 1 giây")
    ]


def test_a_frozen_server_is_left_behind(office: SharedOffice, start_server: Start) -> None:
    server = start_server(Samba)
    put(server.tree / "a.xlsx")
    office.settle({"Hà Nam": server.row()}, share_seconds=1.0)
    assert names(office) == ["a.xlsx"]
    server.signal(signal.SIGSTOP)
    assert [rule for _, rule, _ in reasons(office)] == ["share_unreachable"]
    server.signal(signal.SIGCONT)
    assert names(office) == ["a.xlsx"]


# What only one of the two can show.


def test_a_wrong_password_is_noticed_beside_a_right_one(office: SharedOffice, samba: Samba) -> None:
    """Both at one server, in one process, one after the other and at once: sessions are not shared."""
    put(samba.tree / "passwords" / "a.xlsx")
    wrong = samba.row("passwords", password_env="THIDUA_TEST_WRONG_PASSWORD")
    office.settle({"Hà Nam": samba.row("passwords"), "Nam Định": wrong})
    for _ in range(2):
        gathered = office.gather()
        assert list(gathered.arrivals) == ["ha-nam"]
        assert [(u, r, why) for u, _, why, r in gathered.failures] == [
            ("nam-dinh", "share_unreachable", "máy chủ không nhận tên người dùng, mật khẩu hoặc khóa")
        ]


def test_a_password_is_refused_twice_at_most(office: SharedOffice, samba: Samba) -> None:
    """More tries would lock the account on servers that count them."""
    network = BadNetwork(samba.port, 10_000_000, is_cut=True)
    row = samba.row("x", port=network.port, password_env="THIDUA_TEST_WRONG_PASSWORD")
    office.settle({"Hà Nam": row}, tries=9)
    assert [rule for _, rule, _ in reasons(office)] == ["share_unreachable"]
    assert network.connections == 2
    network.close()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"password_env": "THIDUA_TEST_NOT_SET"}, "chưa đặt biến môi trường mà password_env nêu tên"),
        ({"user": "không-có"}, "máy chủ không nhận tên người dùng, mật khẩu hoặc khóa"),
        ({"address": f"smb://{HOST}:{{port}}/nothing/x"}, "máy chủ không có thư mục này"),
        ({"address": "smb://may-chu.khong-co.invalid/thidua/x"}, "không tìm thấy máy chủ có tên này"),
    ],
)
def test_what_is_wrong_with_a_windows_share_is_told(
    office: SharedOffice, samba: Samba, change: dict[str, str], told: str
) -> None:
    row: dict[str, Any] = {**samba.row(), **change}
    office.settle({"Hà Nam": {**row, "address": row["address"].format(port=samba.port)}})
    assert reasons(office) == [("ha-nam", "share_unreachable", told)]


def test_a_file_that_someone_keeps_open(office: SharedOffice, samba: Samba) -> None:
    put(samba.tree / "locked" / "a.xlsx", b"a")
    put(samba.tree / "locked" / "b.xlsx", b"b")
    office.settle({"Hà Nam": samba.row("locked")})
    unc = rf"\\{HOST}\thidua\locked\a.xlsx"
    account: dict[str, Any] = {"username": USER, "password": PASSWORD, "port": samba.port, "connection_cache": {}}
    with smbclient.open_file(unc, "r+b", share_access=None, **account):  # nobody else may even read
        gathered = office.gather()
        assert [a.file_name for a in gathered.arrivals["ha-nam"]] == ["b.xlsx"]
        assert [(p, r, why) for _, p, why, r in gathered.failures] == [
            (samba.address("locked") + "/a.xlsx", "file_unsettled", "tệp đang mở ở máy khác")
        ]
    with smbclient.open_file(unc, "r+b", share_access="r", **account):  # as Excel does: others may read
        assert names(office) == ["a.xlsx", "b.xlsx"]
    smbclient.reset_connection_cache(connection_cache=account["connection_cache"])


def test_a_file_freed_in_time_is_taken(office: SharedOffice, samba: Samba) -> None:
    put(samba.tree / "freed" / "a.xlsx", b"a")
    office.settle({"Hà Nam": samba.row("freed")}, tries=6)
    account: dict[str, Any] = {"username": USER, "password": PASSWORD, "port": samba.port, "connection_cache": {}}
    held = smbclient.open_file(rf"\\{HOST}\thidua\freed\a.xlsx", "r+b", share_access=None, **account)
    threading.Timer(0.4, held.close).start()
    assert names(office) == ["a.xlsx"]
    smbclient.reset_connection_cache(connection_cache=account["connection_cache"])


def test_a_read_only_share_is_enough(office: SharedOffice, samba: Samba) -> None:
    put(samba.tree / "readonly" / "a.xlsx")
    address = f"smb://{HOST}:{samba.port}/chỉ-đọc/readonly"
    office.settle({"Hà Nam": samba.row(address=address)})
    assert names(office) == ["a.xlsx"]


def test_an_address_as_windows_writes_it(office: SharedOffice, start_server: Start) -> None:
    r"""\\server\share\folder, with the port that Windows would use taken from the settings of the test's server."""
    server = start_server(Samba)
    put(server.tree / "hà nam" / "a.xlsx")
    office.settle({"Hà Nam": server.row(address=rf"\\{HOST}:{server.port}\thidua\hà nam")})
    assert names(office) == ["a.xlsx"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"key_file": "other_key"}, "máy chủ không nhận tên người dùng, mật khẩu hoặc khóa"),
        ({"key_file": "no_key"}, "không có tệp khóa mà key_file nêu"),
        ({"key_file": "host_key.pub"}, "không dùng được tệp khóa (sai dạng hoặc sai mật khẩu của khóa)"),
        ({"known_hosts": "authorized_keys"}, "khóa của máy chủ chưa được ghi nhận là tin cậy (known_hosts)"),
        ({"known_hosts": "none"}, "khóa của máy chủ chưa được ghi nhận là tin cậy (known_hosts)"),
    ],
)
def test_what_is_wrong_with_an_sftp_share_is_told(
    office: SharedOffice, sshd: Sshd, change: dict[str, str], told: str
) -> None:
    office.settle({"Hà Nam": {**sshd.row(), **{key: str(sshd.folder / name) for key, name in change.items()}}})
    assert reasons(office) == [("ha-nam", "share_unreachable", told)]


def test_a_key_with_a_passphrase(office: SharedOffice, sshd: Sshd) -> None:
    key = sshd.folder / "locked_key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", PASSWORD, "-f", key], check=True
    )
    with (sshd.folder / "authorized_keys").open("a") as file:
        file.write(key.with_suffix(".pub").read_text())
    put(sshd.tree / "passphrase" / "a.xlsx")
    row = sshd.row("passphrase", key_file=str(key), password_env="THIDUA_TEST_PASSWORD")
    office.settle({"Hà Nam": row, "Nam Định": {**row, "password_env": "THIDUA_TEST_WRONG_PASSWORD"}})
    gathered = office.gather()
    assert list(gathered.arrivals) == ["ha-nam"]
    assert [why for _, _, why, _ in gathered.failures] == [
        "không dùng được tệp khóa (sai dạng hoặc sai mật khẩu của khóa)"
    ]


def test_sftp_with_a_password(office: SharedOffice, tmp_path: Path) -> None:
    server = PasswordSftp(tmp_path)
    put(tmp_path / "hà nam" / "a.xlsx", b"content")
    wrong = server.row("hà nam", password_env="THIDUA_TEST_WRONG_PASSWORD")
    office.settle({"Hà Nam": server.row("hà nam"), "Nam Định": wrong})
    gathered = office.gather()
    server.stop()
    assert list(gathered.arrivals) == ["ha-nam"]
    assert [why for _, _, why, _ in gathered.failures] == ["máy chủ không nhận tên người dùng, mật khẩu hoặc khóa"]
