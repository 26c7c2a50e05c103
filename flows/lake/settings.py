"""The file that says where the lake lies; the password is never in it, only the name of its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.secret_places import SECRET_KEY, SecretError, find_place_problem, load_secret
from flows.settings import Settings
from flows.settings_file import read_toml
from warehouse.lake.place import LakePlace

FILE_NAME = "lake.toml"
KEYS = ("catalogue", "folder", "password_env", "password_block")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class LakeSettingsError(Exception):
    """The lake's settings cannot be used as they are; the message says where and what, in Vietnamese."""


@dataclass(frozen=True)
class LakeSettings:
    """Where a lake lies, without its password, and where that is kept."""

    place: LakePlace
    password_env: str = ""
    password_block: str = ""


def find_lake(settings: Settings) -> Path | None:
    """The home's own file of the lake, where there is one."""
    file = settings.home / FILE_NAME
    return file if file.is_file() else None


def read_lake(file: Path) -> LakeSettings:
    """The lake of a settings file. Raises LakeSettingsError, whose message quotes no value that may be a secret."""
    row = read_toml(file, LakeSettingsError)
    for key, value in row.items():
        if key not in KEYS:
            hint = "mật khẩu không ghi ở đây, dùng password_env" if SECRET_KEY.search(key) else f"có: {', '.join(KEYS)}"
            raise LakeSettingsError(f"tệp “{file}”: không có mục “{key}” ({hint})")
        if not isinstance(value, str) or not value.strip():
            raise LakeSettingsError(f"tệp “{file}”: mục “{key}” phải là chữ trong ngoặc kép, không trống")
    for key in ("catalogue", "folder"):
        if key not in row:
            raise LakeSettingsError(f"tệp “{file}”: thiếu mục “{key}”")
    problem = find_place_problem(row, "password")
    if problem:
        raise LakeSettingsError(f"tệp “{file}”: {problem}")
    place = _read_place(file, row)
    return LakeSettings(place, row.get("password_env", ""), row.get("password_block", ""))


def _read_place(file: Path, row: dict[str, Any]) -> LakePlace:
    """The two addresses of a lake as one value."""
    wanted = 'viết catalogue = "postgresql://TÀI-KHOẢN@MÁY:5432/CƠ-SỞ-DỮ-LIỆU"'
    try:
        parts = urlsplit(row["catalogue"].strip())
        host, port = parts.hostname or "", parts.port or 5432
    except ValueError:
        raise LakeSettingsError(f"tệp “{file}”: địa chỉ danh mục không dùng được; {wanted}") from None
    if parts.password is not None:
        raise LakeSettingsError(
            f"tệp “{file}”: mật khẩu không ghi trong địa chỉ; dùng password_env hoặc password_block"
        )
    user, database = unquote(parts.username or ""), unquote(parts.path.removeprefix("/"))
    is_known = parts.scheme in ("postgresql", "postgres") and not parts.query and not parts.fragment
    if not is_known or not host or not _NAME.fullmatch(user) or not _NAME.fullmatch(database):
        raise LakeSettingsError(f"tệp “{file}”: địa chỉ danh mục không dùng được; {wanted}")
    if "://" in row["folder"]:
        raise LakeSettingsError(
            f"tệp “{file}”: folder là một thư mục (ổ mạng đã gắn cũng được), không phải địa chỉ mạng"
        )
    folder = Path(row["folder"]).expanduser()
    if not folder.is_absolute():
        raise LakeSettingsError(f"tệp “{file}”: folder phải là đường dẫn đầy đủ, bắt đầu bằng /")
    return LakePlace(host, port, database, user, folder)


def open_place(known: LakeSettings) -> LakePlace:
    """The lake's address with its password. Raises LakeSettingsError where that is not where the settings say."""
    try:
        secret = load_secret(known.password_env, known.password_block, "password")
    except SecretError as error:
        raise LakeSettingsError(str(error)) from error
    place = known.place
    return LakePlace(place.host, place.port, place.database, place.user, place.folder, secret)
