"""A report's file into blocks of text: Word, Markdown or plain text, whatever its encoding."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from transforms.archive_safety import check_archive
from transforms.delimited_text import decode_text
from transforms.document import BROKEN_ARCHIVE, NESTED, main_part, parse_part
from transforms.document_fonts import local_name, value_of
from transforms.document_text import DocumentText, Letters
from transforms.file_kind import FileKind, recognise
from transforms.prose.claims import TextBlock
from transforms.prose.report_lines import read_lines
from transforms.sheets import UnreadableFileError

MAX_LETTERS = 3_000_000
DOCX = "hãy mở bằng Word (hoặc LibreOffice), lưu lại ở dạng .docx rồi chạy lại"
_REASONS = {
    FileKind.EMPTY: "tệp rỗng, không có nội dung nào; hãy xem lại có chép đủ tệp không",
    FileKind.ZEROS: "tệp chỉ toàn byte 0, thường do chép dở dang; hãy chép lại tệp gốc",
    FileKind.ENCRYPTED: "tệp đặt mật khẩu mở nên không xem được; hãy bỏ mật khẩu mở, lưu lại rồi chạy lại",
    FileKind.DOC: f"tệp là Word đời cũ (.doc); {DOCX}",
    FileKind.TEXT_DOCUMENT: f"tệp là văn bản OpenDocument (.odt); {DOCX}",
    FileKind.RTF: f"tệp là văn bản RTF; {DOCX}",
    FileKind.HTML: f"tệp là trang web; {DOCX}",
    FileKind.PDF: "tệp là PDF, không đọc được câu chữ chắc chắn; hãy đưa tệp Word .docx đã dùng để in ra PDF",
    FileKind.IMAGE: "tệp là ảnh; hãy đưa tệp Word .docx của báo cáo",
    FileKind.ARCHIVE: "tệp là tệp nén; hãy giải nén rồi đưa tệp báo cáo ở trong",
    FileKind.MAIL: "tệp là thư điện tử; hãy lưu tệp báo cáo đính kèm ra rồi đưa chính tệp đó",
    FileKind.DAMAGED: "tệp bị cắt cụt hoặc hỏng; hãy chép lại tệp gốc, mở thử bằng Word",
}
UNSAFE = (
    "tệp Word có cấu trúc bất thường, không mở được an toàn; hãy mở bằng Word, lưu thành tệp .docx mới rồi chạy lại"
)
_BROKEN = (*BROKEN_ARCHIVE, ParseError, DefusedXmlException, KeyError, EOFError, OSError, ValueError)
_TAGGED = (FileKind.HTML, FileKind.XML)  # Markdown may begin with a tag
_TEXT_NAMES = (".md", ".markdown", ".txt")
_NOTES = {"footnotes": "footnote", "endnotes": "endnote"}
_STOPS = (".", ":", "!", "?")
_CLOSING = "”\"'’)/ *"
_LONG_LINE, _LONG_PARAGRAPH = 50, 200
_LISTED = re.compile(r"[-–—+•●*]\s|\(?[\da-zđ]{1,3}[.)]\s|[IVX]+\.\s")
_SMALL = re.compile(r"[a-zà-ỹđ(,;%]")


def read_report(data: bytes, name: str = "") -> tuple[TextBlock, ...]:
    """The blocks of a report. The kind is told by the content; `name` only tells Markdown with tags from a web page.

    Raises UnreadableFileError, in Vietnamese, for what is no such text: what it is and what to do.
    """
    kind = recognise(data)
    if kind is FileKind.DOCX:
        blocks = _number(read_letters(data))
    else:
        is_text = kind is FileKind.DELIMITED or (kind in _TAGGED and name.lower().endswith(_TEXT_NAMES))
        text = decode_text(data) if is_text else None
        if text is None:
            raise UnreadableFileError(_REASONS.get(kind) or _other(kind))
        _check_size(len(text))
        blocks = _number(read_lines(text))
    if not blocks:
        raise UnreadableFileError("tệp không có chữ nào (hoặc chỉ có ảnh); hãy đưa bản báo cáo có văn bản")
    if not any(c.isdigit() for block in blocks for c in block.text):
        raise UnreadableFileError(
            "văn bản không có con số nào, không phải báo cáo số liệu; hãy xem lại đã chọn đúng tệp"
        )
    return blocks


def _other(kind: FileKind) -> str:
    return f"tệp là {kind.value}, không phải báo cáo dạng văn bản; hãy đưa tệp .docx, .md hoặc .txt"


def read_letters(data: bytes) -> list[Letters]:
    """The blocks of a .docx with the elements their letters stand in; raises UnreadableFileError."""
    try:
        check_archive(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            main = main_part(archive)
            folder = posixpath.dirname(main)
            parts = {name: _optional(archive, f"{folder}/{name}.xml") for name in ("styles", *_NOTES)}
            body = parse_part(archive, main)
        return walk_parts(body, parts)
    except UnreadableFileError as error:
        raise UnreadableFileError(str(error) if str(error) == NESTED else UNSAFE) from error
    except RecursionError as error:
        raise UnreadableFileError(NESTED) from error
    except _BROKEN as error:
        raise UnreadableFileError(f"tệp Word bị hỏng; {DOCX}") from error


def walk_parts(body: Any, parts: dict[str, Any]) -> list[Letters]:
    """The blocks of a document whose parts (styles, footnotes, endnotes) are parsed already, by whatever parser."""
    notes = {}
    for name, kind in _NOTES.items():
        part = parts.get(name)
        for note in part if part is not None else ():
            if local_name(note) == kind and value_of(note, "type") in (None, "normal"):
                notes[kind, value_of(note, "id") or ""] = note
    letters = DocumentText(parts.get("styles"), notes).read(body)
    _check_size(sum(len(block.text) for block in letters))
    return letters


def _optional(archive: zipfile.ZipFile, name: str) -> Any:
    return parse_part(archive, name) if name in archive.namelist() else None


def _check_size(letters: int) -> None:
    if letters > MAX_LETTERS:
        raise UnreadableFileError("văn bản dài bất thường, không thể là báo cáo của một kỳ; hãy xem lại tệp")


def _number(letters: list[Letters]) -> tuple[TextBlock, ...]:
    blocks: list[TextBlock] = []
    before: Letters | None = None
    for number, block in enumerate(letters):
        goes_on = before is not None and _goes_on(before, block)
        blocks.append(TextBlock(number, block.text, block.place, block.is_heading, goes_on))
        before = block
    return tuple(blocks)


def _goes_on(before: Letters, block: Letters) -> bool:
    """Whether a block goes on with the sentence of the one before: a page or a line ended in the midst of it."""
    if any(b.is_heading or b.is_cell or b.anchor is not None for b in (before, block)) or block.is_item:
        return False
    end = before.text.rstrip(_CLOSING)
    if _LISTED.match(block.text) or end.endswith(_STOPS) or before.text.endswith(_STOPS):
        return False
    if _SMALL.match(block.text):
        return True
    is_next = before.place.startswith("dòng") and _line(block) == _line(before) + 1
    if is_next:
        return len(before.text) >= _LONG_LINE
    return end.endswith(",") or (len(before.text) >= _LONG_PARAGRAPH and not end.endswith(";"))


def _line(block: Letters) -> int:
    number = block.place.removeprefix("dòng ")
    return int(number) if number.isdecimal() else -1
