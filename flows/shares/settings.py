"""The file that says where each unit's files lie. Secrets are never in it, only the names of their places."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from catalogue.model import Catalogue
from flows.secret_places import SECRET_KEY, SecretError, find_place_problem, load_secret
from flows.settings import Settings
from flows.settings_file import read_toml
from flows.shares.folders import FolderError, units_of
from transforms.identification import find_province
from transforms.text import clean_text

FILE_NAME = "shares.toml"
TEXT_KEYS = ("address", "user", "password_env", "password_block", "key_file", "known_hosts")
_CHAIN = re.compile(r"::[A-Za-z][A-Za-z0-9+.-]*://")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


class ShareSettingsError(Exception):
    """The settings file of the shares cannot be used as it is; the message says where and what, in Vietnamese."""


@dataclass(frozen=True)
class Limits:
    """How long is waited for shares, in seconds, how often a thing is tried, and how many shares are read at once."""

    tries: int = 3
    first_delay: float = 1.0
    connect_seconds: float = 10.0
    share_seconds: float = 60.0
    parallel: int = 8


@dataclass(frozen=True)
class Share:
    """Where one unit's files lie. `name` is the unit as the settings write it; `address` is fit to be shown."""

    name: str
    address: str
    scheme: str
    host: str
    port: int | None
    path: str
    user: str = ""
    password_env: str = ""
    password_block: str = ""
    key_file: str = ""
    known_hosts: str = ""
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def is_local(self) -> bool:
        return self.scheme == "file"


@dataclass(frozen=True)
class ShareSettings:
    """All shares of an office, and how patient a run is with them."""

    shares: tuple[Share, ...] = ()
    limits: Limits = Limits()


def find_shares(settings: Settings, chosen: Path | None = None, returns: Path | None = None) -> Path | None:
    """The file of the shares: the chosen one, else the home's own unless a folder of returns was chosen."""
    if chosen is not None:
        return chosen.expanduser().resolve()
    own = settings.home / FILE_NAME
    return own if returns is None and own.is_file() else None


def read_shares(file: Path) -> ShareSettings:
    """The shares of a settings file. Raises ShareSettingsError, whose message quotes no value of the file."""
    content = read_toml(file, ShareSettingsError, "tên có dấu hoặc có dấu cách phải đặt trong ngoặc kép")
    for key in content.keys() - {"units", "limits"}:
        raise _wrong(file, "", key)
    units = content.get("units", {})
    if not isinstance(units, dict):
        raise ShareSettingsError(f"tệp “{file}”: phần [units] phải là bảng")
    shares = tuple(_read_share(file, name, row) for name, row in units.items())
    return ShareSettings(shares, _read_limits(file, content.get("limits", {})))


def match_shares(
    catalogue: Catalogue, period_code: str, shares: tuple[Share, ...]
) -> tuple[list[tuple[str, Share]], list[str]]:
    """The shares of the units of a period, and the names that are of no unit at any time."""
    units = units_of(catalogue, period_code)
    matched: list[tuple[str, Share]] = []
    strays: list[str] = []
    for share in shares:
        unit = find_province(catalogue, share.name, period_code)
        if unit is None:
            strays.append(f"{FILE_NAME}: {share.name}")
        elif unit in units:
            matched.append((unit, share))
    return matched, strays


def find_secret(share: Share) -> str:
    """The password (or passphrase of the key) of a share, "" where none is named. Raises FolderError."""
    try:
        return load_secret(share.password_env, share.password_block, "password")
    except SecretError as error:
        raise FolderError("share_unreachable", str(error)) from None


def _read_limits(file: Path, row: Any) -> Limits:
    known = {f.name: type(f.default) for f in fields(Limits)}
    if not isinstance(row, dict):
        raise ShareSettingsError(f"tệp “{file}”: phần [limits] phải là bảng")
    for key, value in row.items():
        if key not in known:
            raise _wrong(file, "limits", key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or value < 0 or (known[key] is int and (value < 1 or not isinstance(value, int))):
            raise ShareSettingsError(f"tệp “{file}”, phần [limits]: “{key}” phải là số dương")
    return Limits(**row)


def _read_share(file: Path, name: str, row: Any) -> Share:
    if isinstance(row, str):
        row = {"address": row}
    if not isinstance(row, dict):
        raise ShareSettingsError(f"tệp “{file}”, “{name}”: phải là một địa chỉ hoặc một bảng")
    where = f"tệp “{file}”, “{name}”"
    for key, value in row.items():
        if key not in (*TEXT_KEYS, "options"):
            raise _wrong(file, name, key)
        if key != "options" and not (isinstance(value, str) and value.strip()):
            raise ShareSettingsError(f"{where}: “{key}” phải là chữ, không để trống")
    if "address" not in row:
        raise ShareSettingsError(f"{where}: thiếu “address”")
    problem = find_place_problem(row, "password")
    if problem:
        raise ShareSettingsError(f"{where}: {problem}")
    texts = {key: row[key] for key in TEXT_KEYS if key in row and key != "address"}
    for key in ("key_file", "known_hosts"):
        if key in texts:
            texts[key] = str((file.parent / Path(texts[key]).expanduser()).resolve())
    return _at_address(file, name, row["address"], texts, _read_options(file, name, row.get("options", {})))


def _read_options(file: Path, name: str, row: Any) -> tuple[tuple[str, Any], ...]:
    if not isinstance(row, dict):
        raise ShareSettingsError(f"tệp “{file}”, “{name}”: “options” phải là bảng")
    for key, value in row.items():
        if SECRET_KEY.search(key):
            raise _wrong(file, name, key)
        if not isinstance(value, str | int | float | bool):
            raise ShareSettingsError(f"tệp “{file}”, “{name}”: “options.{key}” phải là chữ, số hoặc true/false")
    return tuple(row.items())


def _at_address(
    file: Path, name: str, address: str, texts: dict[str, str], options: tuple[tuple[str, Any], ...]
) -> Share:
    where = f"tệp “{file}”, “{name}”"
    if address.startswith("\\\\"):
        address = "smb:" + address.replace("\\", "/")
    scheme = _SCHEME.match(address)
    if _CHAIN.search(address):
        raise ShareSettingsError(f"{where}: không nhận địa chỉ nối chuỗi (“::”)")
    if scheme is None or scheme[1].lower() in ("file", "local"):
        folder = Path(address[scheme.end() :] if scheme else address).expanduser()
        path = str((file.parent / folder).absolute())
        return Share(name, clean_text(path), "file", "", None, path, options=options, **texts)
    try:
        parts = urlsplit(address, allow_fragments=False)
        port = parts.port
    except ValueError:
        raise ShareSettingsError(f"{where}: địa chỉ viết sai") from None
    if parts.password is not None or "?" in address:
        raise ShareSettingsError(f"{where}: không ghi mật khẩu hay mã trong địa chỉ; dùng “password_env”")
    if parts.username:
        texts.setdefault("user", unquote(parts.username))
    kind = {"ssh": "sftp", "cifs": "smb"}.get(scheme[1].lower(), scheme[1].lower())
    path = unquote(parts.path).rstrip("/") or "/"
    if ".." in path.split("/") or (kind in ("smb", "sftp") and not parts.hostname) or (kind == "smb" and path == "/"):
        raise ShareSettingsError(f"{where}: địa chỉ viết sai; viết như smb://máy-chủ/chia-sẻ/thư-mục")
    host = re.sub(r":\d*$", "", parts.netloc.rpartition("@")[2])
    shown = f"{kind}://{host}{f':{port}' if port else ''}{clean_text(path)}"
    return Share(name, shown, kind, host.strip("[]"), port, path, options=options, **texts)


def _wrong(file: Path, name: str, key: str) -> ShareSettingsError:
    where = f"tệp “{file}”" + (f", “{name}”" if name else "")
    if SECRET_KEY.search(key):
        return ShareSettingsError(
            f"{where}: không ghi mật khẩu vào tệp này (“{key}”); đặt mật khẩu vào một biến môi trường rồi ghi "
            "tên biến vào “password_env”, hoặc vào khối Secret của Prefect rồi ghi tên khối vào “password_block”"
        )
    return ShareSettingsError(f"{where}: không biết mục “{key}”")
