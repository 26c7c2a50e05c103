"""Whether an archive may be opened: bounded sizes, told before anything is unpacked; nothing is ever written out."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from functools import lru_cache

from transforms.sheets import UnreadableFileError

MAX_MEMBERS = 10_000
MAX_UNPACKED = 300 * 1024**2
MAX_RATIO = 200  # of a member that unpacks to more than _SMALL; tables of figures stay below 50
_SMALL = 20 * 1024**2
_DEFLATE_AT_MOST = 1032  # bytes that one deflated byte can become
_CHUNK = 64 * 1024
_PROLOGUE = 1024**2
_MEMBER_HEADER = 30
_XML_PARTS = (".xml", ".rels", ".vml")
_BEFORE_ROOT = re.compile(rb"(?:[\s\xef\xbb\xbf\xfe\xff]|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_ROOT = re.compile(rb"<[A-Za-z_]")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MANIFEST = "META-INF/manifest.xml"  # OpenOffice 2 names its document type there, without a definition

LARGE = (
    "nội dung giải nén ra lớn bất thường (nghi là tệp phá hoại); hãy mở bằng Excel, chép số liệu sang mẫu mới rồi gửi"
)
ODD = "cấu trúc nén bất thường, không do Excel hay Word tạo ra; hãy mở bằng Excel rồi lưu lại ở dạng .xlsx"
CHECK = "hãy chép lại tệp gốc, mở thử bằng Excel rồi gửi lại"
BROKEN = f"tệp bị cắt cụt hoặc hỏng; {CHECK}"
LOCKED = "tệp nén có mật khẩu; hãy bỏ mật khẩu rồi gửi lại"
DECLARED = (
    "tệp chứa khai báo kiểu tài liệu XML (DTD), không phải do Excel hay Word lưu; "
    "hãy mở bằng Excel rồi lưu lại ở dạng .xlsx"
)


@lru_cache(maxsize=2)
def open_archive(data: bytes) -> zipfile.ZipFile:
    """An archive in memory, opened once for all who look into it; raises as zipfile does for what is none."""
    return zipfile.ZipFile(io.BytesIO(data))


def check_archive(data: bytes) -> None:
    """Passes an archive that is safe to read in memory; else raises UnreadableFileError, naming the reason.

    What the directory says is not believed where it could hurt: sizes are counted by unpacking piecewise,
    members that share bytes and methods of compression that Office does not use are refused.
    """
    try:
        archive = open_archive(data)
        members = archive.infolist()
        _check_directory(members, len(data))
        if sum(m.compress_size for m in members) * _DEFLATE_AT_MOST > MAX_UNPACKED:
            for member in members:
                _count(data, member)
        for member in members:
            if member.filename.lower().endswith(_XML_PARTS):
                _check_prologue(archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError(BROKEN) from error


def _check_directory(members: list[zipfile.ZipInfo], size: int) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFileError(LOCKED)
    if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
        raise UnreadableFileError(LARGE)
    if any(m.file_size > _SMALL and m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in members):
        raise UnreadableFileError(LARGE)
    if sum(m.compress_size for m in members) > size:
        raise UnreadableFileError(ODD)
    if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
        raise UnreadableFileError(ODD)


def _count(data: bytes, member: zipfile.ZipInfo) -> None:
    """Unpacks a member piecewise into nothing; one that is larger than it says is refused."""
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return
    at = member.header_offset
    start = at + _MEMBER_HEADER + sum(int.from_bytes(data[at + n : at + n + 2], "little") for n in (26, 28))
    unpacker, counted = zlib.decompressobj(-zlib.MAX_WBITS), 0
    for offset in range(start, start + member.compress_size, _CHUNK):
        packed = data[offset : min(offset + _CHUNK, start + member.compress_size)]
        while packed and not unpacker.eof:
            counted += len(unpacker.decompress(packed, _CHUNK))
            packed = unpacker.unconsumed_tail
            if counted > member.file_size:
                raise UnreadableFileError(ODD)


def _check_prologue(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuses a part that declares a document type or entities before its root element."""
    with archive.open(member) as part:
        head = part.read(4096).replace(b"\0", b"")  # a part may be in UTF-16
        if not _starts_at_root(head) and member.file_size > 4096:
            head += part.read(_PROLOGUE).replace(b"\0", b"")
    if _starts_at_root(head) or not _DECLARATION.search(head):
        return
    if member.filename != _MANIFEST or b"[" in head.partition(b">")[0]:
        raise UnreadableFileError(DECLARED)


def _starts_at_root(head: bytes) -> bool:
    prologue = _BEFORE_ROOT.match(head)
    return prologue is not None and _ROOT.match(head, prologue.end()) is not None
