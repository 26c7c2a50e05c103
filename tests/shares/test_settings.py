"""The settings file: addresses as people write them, and no secret in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue import Catalogue
from flows.settings import find_settings
from flows.shares.folders import FolderError
from flows.shares.settings import (
    Limits,
    Share,
    ShareSettingsError,
    find_secret,
    find_shares,
    match_shares,
    read_shares,
)

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Rất-bí-mật-5512"


def read(folder: Path, text: str) -> tuple[Share, ...]:
    file = folder / "shares.toml"
    file.write_text(text, encoding="utf-8")
    return read_shares(file).shares


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ShareSettingsError) as caught:
        read(folder, text)
    told = str(caught.value)
    assert SECRET not in told
    assert caught.value.__cause__ is None
    return told


@pytest.mark.parametrize(
    ("written", "shown", "parts"),
    [
        ("/mnt/ha-nam", "/mnt/ha-nam", ("file", "", None, "/mnt/ha-nam")),
        ("file:///mnt/hà nam", "/mnt/hà nam", ("file", "", None, "/mnt/hà nam")),
        ("smb://files.hn.example/share/6 tháng", None, ("smb", "files.hn.example", None, "/share/6 tháng")),
        ("SMB://Files:1445/share/", "smb://Files:1445/share", ("smb", "Files", 1445, "/share")),
        (r"\\files\share\6 tháng", "smb://files/share/6 tháng", ("smb", "files", None, "/share/6 tháng")),
        ("sftp://[::1]:2222/srv/x", None, ("sftp", "::1", 2222, "/srv/x")),
        ("ssh://files/srv/a%23b", "sftp://files/srv/a#b", ("sftp", "files", None, "/srv/a#b")),
        ("memory://Bucket/x", "memory://Bucket/x", ("memory", "Bucket", None, "/x")),
    ],
)
def test_addresses(tmp_path: Path, written: str, shown: str | None, parts: tuple[str, str, int | None, str]) -> None:
    [share] = read(tmp_path, f"[units]\n'Hà Nam' = '{written}'\n")
    assert share.address == (shown or written)
    assert (share.scheme, share.host, share.port, share.path) == parts


def test_a_relative_path_lies_beside_the_settings(tmp_path: Path) -> None:
    [share] = read(tmp_path, '[units."Hà Nam"]\naddress = "thư mục"\n')
    assert share.path == str(tmp_path / "thư mục")


def test_a_user_may_stand_in_the_address_and_is_not_shown(tmp_path: Path) -> None:
    [share] = read(tmp_path, '[units]\n"Hà Nam" = "smb://HN%5Ccum@files/share"\n')
    assert (share.user, share.address) == (r"HN\cum", "smb://files/share")


@pytest.mark.parametrize(
    "line",
    [
        f'password = "{SECRET}"',
        f'Password = "{SECRET}"',
        f'mat_khau = "{SECRET}"',
        f'"mật khẩu" = "{SECRET}"',
        f'secret = "{SECRET}"',
        f'passphrase = "{SECRET}"',
        f'options = {{ token = "{SECRET}" }}',
        f'options = {{ account_key = "{SECRET}" }}',
    ],
)
def test_a_secret_is_refused_and_not_repeated(tmp_path: Path, line: str) -> None:
    told = refused(tmp_path, f'[units."Hà Nam"]\naddress = "smb://files/share"\n{line}\n')
    assert "“Hà Nam”" in told and "không ghi mật khẩu vào tệp này" in told and "password_env" in told


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f'[units]\n"Hà Nam" = "smb://cum:{SECRET}@files/share"\n', "không ghi mật khẩu"),
        (f'[units]\n"Hà Nam" = "https://files/share?sig={SECRET}"\n', "không ghi mật khẩu"),
        (f'[units."Hà Nam"]\naddress = "smb://f/s"\npassword_env = "{SECRET}"\n', "tên một biến môi trường"),
        (f'[units."Hà Nam"]\naddress = "smb://f/s"\npassword_block = "{SECRET}"\n', "tên một khối Secret"),
        (f'password = "{SECRET}"\n', "không ghi mật khẩu"),
        (f'[units."Hà Nam"]\naddress = "smb://f/s"\npassword = {SECRET}\n', "không đúng dạng TOML (dòng 3, cột 12)"),
        ('[units]\nHà Nam = "smb://f/s"\n', "phải đặt trong ngoặc kép"),
        (f'[units."Hà Nam"]\naddress = "smb://f/s"\n"người" = "{SECRET}"\n', "không biết mục “người”"),
        ('[units."Hà Nam"]\nuser = "x"\n', "thiếu “address”"),
        ('[units."Hà Nam"]\naddress = ""\n', "không để trống"),
        ('[units]\n"Hà Nam" = 5\n', "phải là một địa chỉ"),
        ('[units]\n"Hà Nam" = "smb://files/"\n', "địa chỉ viết sai"),
        ('[units]\n"Hà Nam" = "smb:///share/x"\n', "địa chỉ viết sai"),
        ('[units]\n"Hà Nam" = "smb://files/share/../x"\n', "địa chỉ viết sai"),
        ('[units]\n"Hà Nam" = "smb://files:chín/share"\n', "địa chỉ viết sai"),
        ('[units]\n"Hà Nam" = "zip://a::smb://files/share"\n', "“::”"),
        ('[units."Hà Nam"]\naddress = "smb://f/s"\npassword_env = "A"\npassword_block = "b"\n', "chỉ dùng một"),
        ("[limits]\ntries = 0\n", "“tries” phải là số dương"),
        ("[limits]\nconnect_seconds = -1\n", "phải là số dương"),
        ("[limits]\nhours = 1\n", "không biết mục “hours”"),
        ("units = 1\n", "phần [units] phải là bảng"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, word: str) -> None:
    assert word in refused(tmp_path, text)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ShareSettingsError, match="không đọc được tệp"):
        read_shares(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ShareSettingsError, match="UTF-8"):
        read_shares(tmp_path / "x.toml")


def test_limits(tmp_path: Path) -> None:
    file = tmp_path / "shares.toml"
    file.write_text("[limits]\ntries = 5\nshare_seconds = 0.5\n")
    assert read_shares(file).limits == Limits(tries=5, share_seconds=0.5)


def test_units_are_named_as_people_name_them(tmp_path: Path, catalogue: Catalogue) -> None:
    shares = read(
        tmp_path,
        '[units]\n"UBND tỉnh Hà Nam" = "/a"\n"36" = "/b"\n"hung-yen" = "/c"\n"Toàn Cụm" = "/d"\n"Hà Tây" = "/e"\n',
    )
    matched, strays = match_shares(catalogue, "2021H1", shares)
    assert [(unit, share.path) for unit, share in matched] == [
        ("ha-nam", "/a"),
        ("nam-dinh", "/b"),
        ("hung-yen", "/c"),
        ("toan-cum", "/d"),
    ]
    assert strays == ["shares.toml: Hà Tây"]


def test_a_unit_of_another_time_is_left_quietly(tmp_path: Path, catalogue: Catalogue) -> None:
    shares = read(tmp_path, '[units]\n"Hà Nam" = "/a"\n"Hưng Yên" = "/b"\n')
    matched, strays = match_shares(catalogue, "2025H2", shares)
    assert ([unit for unit, _ in matched], strays) == (["hung-yen"], [])


def test_the_secret_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [share] = read(tmp_path, '[units."Hà Nam"]\naddress = "smb://f/s"\npassword_env = "THIDUA_TEST_X"\n')
    with pytest.raises(FolderError) as caught:
        find_secret(share)
    assert "THIDUA_TEST_X" not in caught.value.reason  # it might be the password itself, put in the wrong place
    monkeypatch.setenv("THIDUA_TEST_X", SECRET)
    assert find_secret(share) == SECRET
    assert SECRET not in repr(share)


def test_which_file_counts(tmp_path: Path) -> None:
    settings = find_settings(tmp_path)
    assert find_shares(settings) is None
    own = tmp_path / "shares.toml"
    own.write_text("")
    assert find_shares(settings) == own
    assert find_shares(settings, None, tmp_path / "returns") is None
    assert find_shares(settings, tmp_path / "other.toml", tmp_path / "returns") == tmp_path / "other.toml"


def test_the_example_can_be_used_and_is_the_one_that_is_explained(catalogue: Catalogue) -> None:
    file = ROOT / "deployments" / "shares.example.toml"
    settings = read_shares(file)
    assert {share.scheme for share in settings.shares} == {"file", "smb", "sftp"}
    assert match_shares(catalogue, "2021H1", settings.shares)[1] == []
    shown = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "shares.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None and shown[1] == file.read_text(encoding="utf-8")
