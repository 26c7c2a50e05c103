"""What kind of file some bytes are, by their content and never by a name, and why a kind is not read."""

from __future__ import annotations

import re
import zipfile
from enum import Enum

from transforms.archive_safety import BROKEN, open_archive
from transforms.compound_file import SIGNATURE, is_plausible, is_workbook_locked, stream_names
from transforms.delimited_text import decode_text
from transforms.sheets import UnreadableFileError


class FileKind(Enum):
    """Every kind of file that is told apart."""

    XLSX = "Excel (.xlsx)"
    XLSM = "Excel có macro (.xlsm)"
    XLSB = "Excel nhị phân (.xlsb)"
    XLS = "Excel 97–2003 (.xls)"
    ODS = "bảng tính OpenDocument (.ods)"
    DOCX = "Word (.docx)"
    DELIMITED = "văn bản phân cách (.csv, .tsv)"
    HTML = "trang web (HTML)"
    SPREADSHEET_XML = "bảng tính XML 2003"
    EMPTY = "tệp rỗng"
    ZEROS = "tệp chỉ có byte 0"
    ENCRYPTED = "tệp mã hóa"
    OLD_EXCEL = "Excel trước 1997"
    DOC = "Word 97–2003 (.doc)"
    PRESENTATION = "bản trình chiếu"
    TEXT_DOCUMENT = "văn bản OpenDocument (.odt)"
    MAIL = "thư Outlook (.msg)"
    OTHER_OLE = "tệp Office cũ không rõ loại"
    PDF = "PDF"
    RTF = "RTF"
    IMAGE = "ảnh"
    ARCHIVE = "tệp nén"
    DAMAGED = "tệp hỏng"
    XML = "tệp XML"
    UNKNOWN = "không rõ loại"


_SEND_FORM = "hãy gửi biểu Excel theo mẫu của Cụm"
_REFUSED = {
    FileKind.EMPTY: f"tệp rỗng, không có nội dung nào; có thể chép chưa xong, {_SEND_FORM}",
    FileKind.ZEROS: "tệp chỉ toàn byte 0, thường do chép dở dang; hãy chép lại tệp gốc",
    FileKind.ENCRYPTED: "tệp đặt mật khẩu mở hoặc bị mã hóa nên không xem được; hãy bỏ mật khẩu mở, lưu lại rồi gửi "
    "(mật khẩu chống sửa trang tính thì không phải bỏ)",
    FileKind.OLD_EXCEL: "tệp Excel đời trước 1997; hãy mở bằng Excel rồi lưu lại ở dạng .xlsx",
    FileKind.DOC: "tệp là Word đời cũ (.doc), hệ thống không đọc số liệu từ đó; hãy mở bằng Word, lưu lại ở dạng "
    ".docx, hoặc gửi biểu Excel theo mẫu của Cụm",
    FileKind.PRESENTATION: f"tệp là bản trình chiếu, hệ thống không đọc số liệu từ đó; {_SEND_FORM}",
    FileKind.TEXT_DOCUMENT: "tệp là văn bản OpenDocument (.odt), hệ thống không đọc số liệu từ đó; hãy lưu lại ở dạng "
    ".docx, hoặc gửi biểu Excel theo mẫu của Cụm",
    FileKind.MAIL: "tệp là thư điện tử; hãy lưu tệp đính kèm trong thư ra rồi gửi chính tệp đó",
    FileKind.OTHER_OLE: f"tệp là một loại tệp Office đời cũ không chứa bảng tính; {_SEND_FORM}",
    FileKind.PDF: f"tệp là PDF, hệ thống không đọc số liệu từ PDF; {_SEND_FORM} "
    "hoặc tệp Word .docx đã dùng để in ra PDF",
    FileKind.RTF: "tệp là văn bản RTF, hệ thống không đọc số liệu từ RTF; hãy mở bằng Word, lưu lại ở dạng .docx, hoặc "
    "gửi biểu Excel theo mẫu của Cụm",
    FileKind.IMAGE: f"tệp là ảnh, hệ thống không đọc số liệu từ ảnh; {_SEND_FORM}",
    FileKind.ARCHIVE: "tệp là tệp nén, hệ thống không mở tệp nén; hãy giải nén rồi gửi từng tệp Excel ở trong",
    FileKind.DAMAGED: BROKEN,
    FileKind.XML: f"tệp là XML nhưng không phải bảng tính; {_SEND_FORM}",
    FileKind.UNKNOWN: f"nội dung không phải bảng tính, văn bản Word hay văn bản phân cách (.csv); {_SEND_FORM}",
    FileKind.HTML: "tệp là trang web (HTML) mang đuôi Excel; hãy mở bằng Excel rồi lưu lại ở dạng .xlsx",
    FileKind.SPREADSHEET_XML: "tệp là bảng tính XML 2003; hãy mở bằng Excel rồi lưu lại ở dạng .xlsx",
}
_MAGIC = (
    (b"%PDF-", FileKind.PDF),
    (b"{\\rtf", FileKind.RTF),
    (b"\x89PNG\r\n\x1a\n", FileKind.IMAGE),
    (b"\xff\xd8\xff", FileKind.IMAGE),
    (b"GIF87a", FileKind.IMAGE),
    (b"GIF89a", FileKind.IMAGE),
    (b"II*\0", FileKind.IMAGE),
    (b"MM\0*", FileKind.IMAGE),
    (b"BM", FileKind.IMAGE),
    (b"Rar!\x1a\x07", FileKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    (b"\x1f\x8b\x08", FileKind.ARCHIVE),
    (b"BZh", FileKind.ARCHIVE),
    (b"\xfd7zXZ\0", FileKind.ARCHIVE),
    (b"\x09\x00\x04\x00", FileKind.OLD_EXCEL),
    (b"\x09\x02\x06\x00", FileKind.OLD_EXCEL),
    (b"\x09\x04\x06\x00", FileKind.OLD_EXCEL),
)
_TEXT_LIKE = (b"BM", b"BZh", b"GIF87a", b"GIF89a")  # what a line of text may also begin with
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_OLE_STREAMS = (
    ("EncryptedPackage", FileKind.ENCRYPTED),
    ("Workbook", FileKind.XLS),
    ("Book", FileKind.XLS),
    ("WordDocument", FileKind.DOC),
    ("PowerPoint Document", FileKind.PRESENTATION),
    ("__properties_version1.0", FileKind.MAIL),
)
_CONTENT_TYPES = (
    (b"sheet.binary.macroEnabled.main+xml", FileKind.XLSB),
    (b"excel.sheet.macroEnabled.main+xml", FileKind.XLSM),
    (b"excel.template.macroEnabled.main+xml", FileKind.XLSM),
    (b"spreadsheetml.sheet.main+xml", FileKind.XLSX),
    (b"spreadsheetml.template.main+xml", FileKind.XLSX),
    (b"word.document.macroEnabled.main+xml", FileKind.DOCX),
    (b"wordprocessingml.document.main+xml", FileKind.DOCX),
    (b"wordprocessingml.template.main+xml", FileKind.DOCX),
    (b"presentationml.", FileKind.PRESENTATION),
)
_MAIN_PARTS = (
    ("xl/workbook.bin", FileKind.XLSB),
    ("xl/workbook.xml", FileKind.XLSX),
    ("word/document.xml", FileKind.DOCX),
    ("ppt/presentation.xml", FileKind.PRESENTATION),
)
_OPEN_DOCUMENTS = (
    (b"opendocument.spreadsheet", FileKind.ODS),
    (b"opendocument.text", FileKind.TEXT_DOCUMENT),
    (b"opendocument.presentation", FileKind.PRESENTATION),
)
_BEFORE_ROOT = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|table|style|title|div)\b", re.IGNORECASE)
_SPREADSHEET_ROOT = re.compile(r"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_TAG = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*(?:\s[^<>]*)?/?>|<!DOCTYPE", re.IGNORECASE)
_HEAD = 8192


def recognise(data: bytes) -> FileKind:
    """The kind of a file, by its content; never raises."""
    if not data:
        return FileKind.EMPTY
    if data.startswith(b"PK"):
        return _recognise_zip(data)
    if data.startswith(SIGNATURE):
        return _recognise_compound(data)
    magic = next((m for m in _MAGIC if data.startswith(m[0])), None)
    if magic and not (magic[0] in _TEXT_LIKE and decode_text(data) is not None):
        return magic[1]
    if (data[4:8] == b"ftyp" and data[8:12] in _HEIC) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return FileKind.IMAGE
    if b"%PDF-" in data[:1024] and b"\nstartxref" in data[-2048:]:
        return FileKind.PDF
    if not data.strip(b"\0"):
        return FileKind.ZEROS
    text = decode_text(data)
    return FileKind.UNKNOWN if text is None else _recognise_text(text)


def refuse_unread(kind: FileKind) -> None:
    """Raises UnreadableFileError for a kind that is not read, with what to send instead."""
    reason = _REFUSED.get(kind)
    if reason is not None:
        raise UnreadableFileError(reason)


def has_macros(data: bytes, kind: FileKind) -> bool:
    """Whether a file of a kind that is read carries a program of its own; nobody ever runs it."""
    if kind is FileKind.XLS:
        return bool(stream_names(data, ("_VBA_PROJECT_CUR", "_VBA_PROJECT")))
    if not data.startswith(b"PK"):
        return False
    names = _member_names(data)
    return any(n.endswith("vbaProject.bin") or n.startswith(("Basic/", "Scripts/", "xl/macrosheets/")) for n in names)


def has_external_links(data: bytes) -> bool:
    """Whether an Excel package refers to cells of other workbooks; they are never opened."""
    return data.startswith(b"PK") and any(n.startswith("xl/externalLinks/external") for n in _member_names(data))


def _member_names(data: bytes) -> list[str]:
    return open_archive(data).namelist()


def _recognise_zip(data: bytes) -> FileKind:
    try:
        archive = open_archive(data)
        if any(member.flag_bits & 1 for member in archive.infolist()):
            return FileKind.ENCRYPTED
        members = set(archive.namelist())
        if "mimetype" in members:
            kind = _recognise_open_document(archive, members)
            if kind is not None:
                return kind
        if "[Content_Types].xml" in members:
            types = _read_head(archive, "[Content_Types].xml", 1024**2)
            found = next((kind for mark, kind in _CONTENT_TYPES if mark in types), None)
            if found is FileKind.XLSX and "xl/vbaProject.bin" in members:
                return FileKind.XLSM
            if found is not None:
                return found
        return next((kind for part, kind in _MAIN_PARTS if part in members), FileKind.ARCHIVE)
    except Exception:  # zipfile meets broken bytes with errors of many kinds
        return FileKind.DAMAGED


def _recognise_open_document(archive: zipfile.ZipFile, members: set[str]) -> FileKind | None:
    mime = _read_head(archive, "mimetype", 200)
    kind = next((kind for mark, kind in _OPEN_DOCUMENTS if mark in mime), None)
    manifest = "META-INF/manifest.xml"
    if kind is not None and manifest in members and b"encryption-data" in _read_head(archive, manifest, 1024**2):
        return FileKind.ENCRYPTED
    return kind


def _read_head(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    with archive.open(name) as part:
        return part.read(size)


def _recognise_compound(data: bytes) -> FileKind:
    found = stream_names(data, tuple(name for name, _ in _OLE_STREAMS))
    kind = next((kind for name, kind in _OLE_STREAMS if name in found), None)
    if kind is FileKind.XLS and is_workbook_locked(data):
        return FileKind.ENCRYPTED
    if kind in (FileKind.XLS, None) and not is_plausible(data):
        return FileKind.DAMAGED
    return kind or FileKind.OTHER_OLE


def _recognise_text(text: str) -> FileKind:
    start = text[:_HEAD]
    prologue = _BEFORE_ROOT.match(start)
    root = start[prologue.end() :] if prologue else start
    if not root.startswith("<"):
        return FileKind.DELIMITED if text.strip() else FileKind.EMPTY
    if _HTML.match(root):
        return FileKind.HTML
    if _SPREADSHEET_ROOT.match(root):
        return FileKind.SPREADSHEET_XML
    return FileKind.XML if start.startswith(("<?xml", "\ufeff<?xml")) or _TAG.match(root) else FileKind.DELIMITED
