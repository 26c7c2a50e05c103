"""What a failure of a server or of its library means, in Vietnamese. Nothing of an error's own text is passed on."""

from __future__ import annotations

import errno
import socket

from flows.places import (
    BAD_NAME,
    CHANGED,
    FULL,
    HELD_OPEN,
    NOT_WRITABLE,
    OFTEN,
    READ_ONLY,
    FolderError,
    held_open,
    unwritable,
)

REFUSED = "máy chủ không nhận tên người dùng, mật khẩu hoặc khóa"
SILENT = "không kết nối được với máy chủ"
UNFOUND = "không tìm thấy máy chủ có tên này"
NO_FOLDER = "máy chủ không có thư mục này"
NOT_ALLOWED = "không có quyền đọc"
NEW_HOST = "khóa của máy chủ chưa được ghi nhận là tin cậy (known_hosts)"
BAD_KEY = "không dùng được tệp khóa (sai dạng hoặc sai mật khẩu của khóa)"
BROKEN = "kết nối bị đứt giữa chừng"

_NT_HELD = {0xC0000043, 0xC0000054}  # sharing violation, lock conflict
_NT_BROKEN = {0xC00000B5, 0xC00000C9, 0xC000020C, 0xC0000203}  # timeout, network name gone, disconnected, session gone
_NT_REASONS = {
    0xC000006D: REFUSED,  # logon failure
    0xC000006A: REFUSED,  # wrong password
    0xC0000064: REFUSED,  # no such user
    0xC000006E: "tài khoản bị máy chủ hạn chế",
    0xC0000071: "mật khẩu đã hết hạn",
    0xC0000072: "tài khoản đã bị vô hiệu hóa",
    0xC0000224: "tài khoản phải đổi mật khẩu trước",
    0xC0000234: "tài khoản đang bị khóa",
    0xC0000022: NOT_ALLOWED,
    0xC00000CC: NO_FOLDER,  # no share of this name
    0xC0000225: NO_FOLDER,
    0xC0000034: NO_FOLDER,
    0xC000003A: NO_FOLDER,
    0xC0000103: NO_FOLDER,  # a file
}
_CLASS_REASONS = {
    "SMBAuthenticationError": REFUSED,
    "PermissionDenied": REFUSED,
    "SFTPPermissionDenied": NOT_ALLOWED,
    "SFTPNoSuchFile": NO_FOLDER,
    "HostKeyNotVerifiable": NEW_HOST,
    "KeyImportError": BAD_KEY,
    "KeyEncryptionError": "không đọc được tệp khóa đã mã hóa dạng này; đổi sang dạng PKCS8",
    "NoCredentialError": "chưa khai tên người dùng và mật khẩu",
    "ImportError": "máy này chưa cài thư viện cho loại địa chỉ này",
    "FileNotFoundError": NO_FOLDER,
    "NotADirectoryError": NO_FOLDER,
    "PermissionError": NOT_ALLOWED,
}
_BROKEN_CLASSES = {"SMBConnectionClosed", "ConnectionLost", "SFTPConnectionLost", "SFTPNoConnection", "SMBException"}
_NT_WRITE_REASONS = {
    0xC000007F: FULL,
    0xC0000044: FULL,  # quota
    0xC00000A2: READ_ONLY,
    0xC0000033: BAD_NAME,
    0xC0000035: CHANGED,  # a file of this name is there meanwhile
}
_WRITE_CLASS_REASONS = {
    "FileExistsError": CHANGED,
    "SFTPFileAlreadyExists": CHANGED,
    "SFTPNoSpaceOnFilesystem": FULL,
    "SFTPQuotaExceeded": FULL,
    "SFTPWriteProtect": READ_ONLY,
    "SFTPBadMessage": BAD_NAME,
    "SFTPInvalidFilename": BAD_NAME,
    "SFTPFailure": "máy chủ từ chối ghi (thư mục có thể chỉ cho đọc, hoặc ổ đĩa đã đầy)",
    "NotImplementedError": "máy này không ghi được vào loại địa chỉ này",
}
_ERRNO_WRITE_REASONS = {
    errno.EROFS: READ_ONLY,
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.ENAMETOOLONG: BAD_NAME,
    errno.EEXIST: CHANGED,
}


def explain_write(error: BaseException) -> FolderError:
    """What it means that a file could not be written."""
    classes = [c.__name__ for c in type(error).__mro__]
    reason = _NT_WRITE_REASONS.get(getattr(error, "ntstatus", 0) or 0)
    if reason is None and isinstance(error, OSError):
        reason = _ERRNO_WRITE_REASONS.get(error.errno or 0)
    if reason is None:
        reason = next((_WRITE_CLASS_REASONS[name] for name in classes if name in _WRITE_CLASS_REASONS), None)
    if reason is not None:
        return unwritable(reason)
    trouble = explain(error)
    return unwritable(NOT_WRITABLE) if trouble.reason == NOT_ALLOWED else trouble


def explain(error: BaseException) -> FolderError:
    """What a failure of a server or its library means. Quotes nothing of the error, which might hold a secret."""
    status = getattr(error, "ntstatus", None) or getattr(error, "status", None)
    classes = {c.__name__ for c in type(error).__mro__}
    if status in _NT_HELD or (isinstance(error, OSError) and error.errno in HELD_OPEN):
        return held_open()
    if status in _NT_BROKEN:
        return _broken(BROKEN)
    if status in _NT_REASONS:
        return _told(_NT_REASONS[status])
    if error.__cause__ is not None and (
        type(error) in (PermissionError, FileNotFoundError, ValueError) or "SMBAuthenticationError" in classes
    ):
        return explain(error.__cause__)
    if isinstance(error, socket.gaierror):
        return _broken(UNFOUND)
    if isinstance(error, ConnectionRefusedError | TimeoutError) or (
        isinstance(error, OSError) and error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN)
    ):
        return _broken(SILENT)
    for name, reason in _CLASS_REASONS.items():
        if name in classes:
            return _told(reason)
    if isinstance(error, ConnectionError | EOFError) or classes & _BROKEN_CLASSES:
        return _broken(BROKEN)
    return FolderError("share_unreachable", f"lỗi {type(error).__name__}", most_tries=2, is_connection=True)


def _broken(reason: str) -> FolderError:
    return FolderError("share_unreachable", reason, most_tries=OFTEN, is_connection=True)


def _told(reason: str) -> FolderError:
    """A plain answer. A refusal is tried once more only: some servers lock an account after a few wrong passwords."""
    if reason == REFUSED:
        return FolderError("share_unreachable", reason, most_tries=2, is_connection=True)
    return FolderError("share_unreachable", reason, is_connection=reason not in (NO_FOLDER, NOT_ALLOWED))
