"""A connection with a lake in it, for the one who writes or for whoever reads."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import duckdb

from warehouse.arrow import ZONE
from warehouse.lake.place import ALIAS, SCHEMA, LakeError, LakePlace
from warehouse.published import CLOSED
from warehouse.quoting import literal

EXTENSIONS = ("ducklake", "postgres_scanner")
_SECRET = "thidua_lake"
# A table that may have rows in the catalogue costs a question two trips more each time it is named, three being needed.
_ALL_IN_FILES = "DATA_INLINING_ROW_LIMIT 0"
# A file of a lake is never written again, so what was read of it holds.
_UNCHANGING = ("parquet_metadata_cache = true", "validate_external_file_cache = 'NO_VALIDATION'")
# A server that is gone is noticed within a minute, and nothing waits for a lock of another program's.
_PATIENCE = (
    "connect_timeout=10 keepalives_idle=10 tcp_user_timeout=60000 "
    "options='-c statement_timeout=600000 -c lock_timeout=30000'"
)
_TROUBLES = (
    ("password authentication failed", "máy chủ danh mục {catalogue} không nhận mật khẩu của “{user}”"),
    ("no password supplied", "máy chủ danh mục {catalogue} đòi mật khẩu; thêm password_env hoặc password_block"),
    ("no pg_hba.conf entry", "máy chủ danh mục {catalogue} không cho máy này vào (pg_hba.conf)"),
    ('" does not exist\n', "máy chủ danh mục không có cơ sở dữ liệu “{database}” hoặc tài khoản “{user}”"),
    ("could not translate host name", "không tìm thấy máy chủ danh mục “{host}”"),
    ("connection refused", "không nối được máy chủ danh mục {catalogue}: máy chủ tắt, hoặc sai cổng"),
    ("timeout expired", "máy chủ danh mục {catalogue} không trả lời trong 10 giây"),
    ("timed out", "máy chủ danh mục {catalogue} không trả lời"),
    ("connection to server", "không nối được máy chủ danh mục {catalogue}"),
    ("server closed the connection", "máy chủ danh mục {catalogue} đã ngắt giữa chừng"),
    ("terminating connection", "máy chủ danh mục {catalogue} đã ngắt giữa chừng"),
    ("creating a new ducklake is explicitly disabled", "ở {catalogue} chưa có hồ dữ liệu nào của thidua"),
    ("does not match existing data path", "hồ dữ liệu ở {catalogue} đã để tệp ở thư mục khác, không phải {folder}"),
    ("permission denied", "không có quyền ở {catalogue} hoặc ở thư mục {folder}"),
    ("no space left", "hết chỗ ở thư mục {folder}"),
    ("read-only", "chỉ được đọc ở {catalogue} hoặc ở thư mục {folder}"),
)


def open_lake(place: LakePlace, *, memory: str = "") -> Any:
    """A connection that reads the lake, changes nothing of it and sees no other file; unqualified names are the lake's.

    Raises LakeError where it cannot be reached or where none is.
    """
    limits = {"memory_limit": memory} if memory else {}
    connection = duckdb.connect(config={**_OPEN, **limits})
    try:
        _attach(connection, place, "OVERRIDE_DATA_PATH true, READ_ONLY")
        connection.execute(f"USE {ALIAS}")
        connection.execute(f"SET allowed_directories = [{literal(folder_of(place))}]")
        for setting in (*_UNCHANGING, "enable_external_access = false", "lock_configuration = true"):
            connection.execute(f"SET {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def open_beside(place: LakePlace, copy: Path, *, is_writing: bool = False) -> Any:
    """A connection that has the lake beside the published copy, which is `copy` in it.

    To write, a lake is made where none is. Raises LakeError.
    """
    if is_writing:
        try_folder(place)
    connection = duckdb.connect(config=_OPEN)
    try:
        _attach(connection, place, _ALL_IN_FILES if is_writing else "OVERRIDE_DATA_PATH true, READ_ONLY")
        connection.execute(f"ATTACH {literal(str(copy))} AS copy (READ_ONLY)")
        connection.execute(f"USE {ALIAS}")
    except BaseException:
        connection.close()
        raise
    return connection


def try_folder(place: LakePlace) -> None:
    """Writes and removes a file: a bad folder is told as such, before anything is made in the catalogue.

    Raises LakeError.
    """
    trial = place.folder / ".thidua-thu-ghi"
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        raise LakeError(f"không ghi được vào thư mục của hồ dữ liệu {place.folder}: {error.strerror}") from error


_OPEN: dict[str, Any] = {name: value for name, value in CLOSED.items() if name != "enable_external_access"}


def _attach(connection: Any, place: LakePlace, options: str) -> None:
    for name in EXTENSIONS:
        connection.execute(f"LOAD {literal(str(find_extension(name)))}")
    connection.execute("SET python_enable_replacements = false")
    connection.execute(f"SET TimeZone = '{ZONE}'")
    given = {"HOST": place.host, "DATABASE": place.database, "USER": place.user, "PASSWORD": place.password}
    said = ", ".join(f"{name} {literal(value)}" for name, value in given.items() if value)
    connection.execute(f"CREATE TEMPORARY SECRET {_SECRET} (TYPE postgres, PORT {place.port}, {said})")
    where = f"DATA_PATH {literal(folder_of(place))}, METADATA_SCHEMA '{SCHEMA}', META_SECRET '{_SECRET}'"
    if options:
        where += f", {options}"
    try:
        connection.execute(f"ATTACH {literal('ducklake:postgres:' + _PATIENCE)} AS {ALIAS} ({where})")
    except duckdb.Error as error:
        raise LakeError(say_trouble(place, error)) from error


def find_extension(name: str) -> Path:
    """The file of one of DuckDB's extensions, of this very DuckDB. Raises LakeError where it is not installed."""
    package = f"duckdb_extension_{name}"
    try:
        found = distribution(package.replace("_", "-"))
    except PackageNotFoundError:
        raise LakeError(
            f"hồ dữ liệu cần gói {package.replace('_', '-')} mà máy này chưa có; cài thêm thidua[lake]"
        ) from None
    file = Path(str(found.locate_file(f"{package}/extensions/v{duckdb.__version__}/{name}.duckdb_extension")))
    if not file.is_file():
        raise LakeError(
            f"gói {package.replace('_', '-')} {found.version} không hợp với DuckDB {duckdb.__version__}; "
            "cài lại thidua[lake]"
        )
    return file


def say_trouble(place: LakePlace, error: Exception) -> str:
    """What an error of DuckDB's or PostgreSQL's means here, in Vietnamese; one that is not known is quoted."""
    said = str(error).replace(place.password, "…") if place.password else str(error)
    known = {
        "catalogue": place.catalogue,
        "user": place.user,
        "database": place.database,
        "host": place.host,
        "folder": place.folder,
    }
    for sign, meaning in _TROUBLES:
        if sign in said.casefold() + "\n":
            return meaning.format(**known)
    return f"hồ dữ liệu ở {place.catalogue} báo lỗi: {' '.join(said.split())[:300]}"


def folder_of(place: LakePlace) -> str:
    """The folder as DuckLake writes it: with a slash at its end."""
    return f"{place.folder.as_posix().rstrip('/')}/"
