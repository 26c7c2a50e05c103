"""What is wrong with the machine, not with the data: said as what, where and what to do, by the error it came up as."""

from __future__ import annotations

import errno
import getpass
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from warehouse import WarehouseBusyError, WarehouseDamagedError

FULL, DENIED, READ_ONLY, BROKEN, CROWDED, MEMORY = "full", "denied", "read-only", "broken", "crowded", "memory"
DAMAGED = "damaged"

_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EACCES: DENIED,
    errno.EPERM: DENIED,
    errno.EROFS: READ_ONLY,
    errno.EIO: BROKEN,
    errno.EMFILE: CROWDED,
    errno.ENFILE: CROWDED,
    errno.ENOMEM: MEMORY,
}
# What a library says that knows no error numbers: DuckDB, SQLite, Arrow, a child process.
_TEXTS = (
    (re.compile(r"No space left on device|database or disk is full|Disk quota exceeded"), FULL),
    (re.compile(r"Permission denied|Operation not permitted"), DENIED),
    (re.compile(r"Read-only file system|readonly database"), READ_ONLY),
    (re.compile(r"Input/output error|disk I/O error"), BROKEN),
    (re.compile(r"Too many open files"), CROWDED),
    (re.compile(r"Out of Memory Error|Cannot allocate memory|could not allocate"), MEMORY),
    (re.compile(r"Corrupt|checksum|not a valid DuckDB|read enough bytes|Serialization Error|WAL file"), DAMAGED),
)
_LIBRARIES = ("duckdb", "_duckdb", "sqlalchemy", "sqlite3", "pyarrow", "alembic")
_NAMED = re.compile(r'(?:file|path|database) "([^"\n]+)"|"(/[^"\n]+)"')
_PLAIN = {
    errno.ENOENT: "không có tệp hoặc thư mục ấy",
    errno.EEXIST: "đã có tệp hoặc thư mục cùng tên ở đó",
    errno.EISDIR: "đó là một thư mục, đáng lẽ phải là tệp; đổi tên nó rồi chạy lại",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, đáng lẽ phải là thư mục",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ENOTEMPTY: "thư mục không trống",
    errno.EBUSY: "chương trình khác đang giữ nó",
    errno.ELOOP: "liên kết chạy vòng",
    errno.ESTALE: "ổ mạng đã ngắt rồi nối lại; chạy lại",
}
_SERVER_SAYS_NO = "PrefectHTTPStatusError"
_LOG_END, _LEAST_FREE = 20_000, 16 << 20
AGAIN = "rồi chạy lại đúng lệnh này: phần đã xong vẫn giữ, phần dở được làm lại."


def say_trouble(error: BaseException, home: Path | None = None) -> str:
    """What the person at the keyboard has to know and do; "" where the error tells of no trouble of the machine.

    `home` is named where the error itself names no place.
    """
    for link in _links(error):
        if isinstance(link, WarehouseDamagedError):
            return _say_damaged(link)
        if isinstance(link, WarehouseBusyError):
            return (
                f"Chương trình khác đang mở kho dữ liệu “{link.path}”: đóng chương trình ấy {AGAIN} Muốn xem số liệu "
                "bằng chương trình khác thì mở bản phát hành (thidua connect)."
            )
        if type(link).__module__.partition(".")[0] in ("httpx", "httpcore") or type(link).__name__ == _SERVER_SAYS_NO:
            said = " ".join(str(link).partition(" - ")[0].split())[:100]
            return (
                f"Máy chủ Prefect của nhà này không trả lời, hoặc không nhận mật khẩu ({said}). Dừng nó bằng: thidua "
                f"down, {AGAIN} Nếu THIDUA_AUTH_FILE hay PREFECT_API_URL được đặt thì xem lại."
            )
        kind, place = _find_kind(link)
        if kind == DAMAGED:  # found while the loader's own file was read, not when it was opened
            path = Path(place) if place else (home or Path()) / "warehouse.duckdb"
            return _say_damaged(WarehouseDamagedError(path, " ".join(str(link).split())[:200]))
        if kind:
            return _say(kind, Path(place) if place else None, home)
    if isinstance(error, OSError) and error.filename:
        return f"Máy không cho đọc hoặc ghi “{_name(error)}”: {_PLAIN.get(error.errno or 0) or error.strerror or error}"
    return ""


def say_server_trouble(log: Path) -> str:
    """Why a Prefect server did not start, as its log and its disk tell; "" where they tell nothing."""
    with suppress(OSError):
        text = log.read_bytes()[-_LOG_END:].decode("utf-8", "replace")
        if re.search("file is not a database|disk image is malformed", text):
            named = shlex.quote(str(log.with_name("prefect.db")))
            return (
                f"Cơ sở dữ liệu của máy chủ Prefect hỏng (không có số liệu nào nằm trong đó). Để chữa, cất nó đi rồi "
                f"chạy lại:\n  mv {named} {named}.hong; rm -f {named}-wal {named}-shm"
            )
        kind = next((kind for pattern, kind in _TEXTS if pattern.search(text)), "")
        if shutil.disk_usage(log.parent).free < _LEAST_FREE:
            kind = FULL
        return _say(kind, log.parent, None) if kind and kind != DAMAGED else ""
    return ""


def _links(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was raised from."""
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__


def _find_kind(error: BaseException) -> tuple[str, str]:
    if isinstance(error, MemoryError):
        return MEMORY, ""
    if isinstance(error, OSError) and error.errno in _ERRNO:
        return _ERRNO[error.errno], _name(error)
    if isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _LIBRARIES:
        text = str(error)
        named = _NAMED.search(text)
        for pattern, kind in _TEXTS:
            if pattern.search(text):
                return kind, (named[1] or named[2]) if named else ""
    return "", ""


def _name(error: OSError) -> str:
    return os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else ""


def _say(kind: str, place: Path | None, home: Path | None) -> str:
    where = f" “{place}”" if place is not None else f" (ở nhà dữ liệu “{home}” hoặc nơi nhận kết quả)" if home else ""
    if kind == FULL:
        return (
            f"Ổ đĩa không đủ chỗ{_free(place)}, không ghi được{where}. Xóa bớt tệp không cần hoặc thêm chỗ cho ổ ấy, "
            f"{AGAIN}"
        )
    if kind == DENIED:
        return (
            f"Máy không cho đọc hoặc ghi{where}: không có quyền{_owners(place)}. Chạy bằng đúng người dùng của nhà dữ "
            "liệu, hoặc nhờ quản trị máy giao quyền, rồi chạy lại."
        )
    if kind == READ_ONLY:
        return (
            f"Máy không cho đọc hoặc ghi{where}: ổ đĩa ấy đang chỉ cho đọc. Nhờ quản trị máy xem ổ đĩa (máy thường "
            f"chuyển sang chỉ đọc khi ổ có lỗi), {AGAIN}"
        )
    if kind == BROKEN:
        return (
            f"Ổ đĩa báo lỗi khi đọc hoặc ghi{where}: ổ có thể sắp hỏng. Sao lưu ngay sang ổ khác (thidua backup) và "
            "nhờ quản trị máy kiểm tra."
        )
    if kind == CROWDED:
        return f"Máy đang mở quá nhiều tệp, không mở thêm được{where}. Đóng bớt chương trình, {AGAIN}"
    return f"Máy hết bộ nhớ. Đóng bớt chương trình, {AGAIN}"


def _say_damaged(error: WarehouseDamagedError) -> str:
    path = error.path
    if error.is_newer:
        return (
            f"“{path}” do bản phần mềm mới hơn ghi ra ({error.reason}), bản này không đọc được và không đụng vào. Cài "
            "lại đúng bản mới ấy, hoặc dựng lại từ bản sao lưu: thidua restore."
        )
    copy = path.parent / "published" / path.name
    if path.parent.name == "published" or not copy.is_file():
        rest = (
            "chạy lại lượt thu thập (thidua run KỲ), bản này được ghi mới"
            if path.parent.name == "published"
            else "dựng lại từ bản sao lưu (thidua restore)"
        )
        return f"Tệp “{path}” hỏng, không mở được ({error.reason}). Để chữa: {rest}."
    aside = " ".join(
        f"mv {shlex.quote(str(p))} {shlex.quote(f'{p}.hong')};"
        for p in (path, path.with_name(path.name + ".wal"))
        if p.exists()
    )
    return (
        f"Kho dữ liệu “{path}” hỏng, không mở được ({error.reason}). Không có gì bị xóa. Để chữa, lấy lại bản phát "
        f"hành gần nhất rồi chạy lại:\n  {aside} cp {shlex.quote(str(copy))} {shlex.quote(str(path))}\n"
        "Việc ghi sau lần phát hành ấy (quyết định của văn phòng) phải ghi lại; nếu bản phát hành cũng hỏng thì dựng "
        "lại từ bản sao lưu: thidua restore."
    )


def _free(place: Path | None) -> str:
    for folder in (place, *place.parents) if place is not None else ():
        with suppress(OSError):
            return f" (còn trống {shutil.disk_usage(folder).free / (1 << 20):.0f} MB)"
    return ""


def _owners(place: Path | None) -> str:
    """Whose a file is, or the nearest folder above it, and who asks; "" where it is the same or nobody can tell."""
    for folder in (place, *place.parents) if place is not None else ():
        with suppress(OSError, KeyError, NotImplementedError):
            owner, user = folder.owner(), getpass.getuser()
            return f" (của “{owner}”, lệnh chạy bằng “{user}”)" if owner != user else ""
    return ""
