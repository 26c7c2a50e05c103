"""What a file says its figures are: a unit's own, or made up to try the system with."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from catalogue.model import Catalogue
from transforms.compound_file import SIGNATURE
from transforms.lexicon import lexicon_of
from transforms.sheets import Workbook
from transforms.text import clean_text, fold

SYNTHETIC = "synthetic"
_PROPERTIES = ("docProps/core.xml", "meta.xml")  # of Office's newer files and of LibreOffice's
_MOST_BYTES = 100_000
_PROPERTY = re.compile(r"<(?:\w+:)?(?:category|keywords?)\b[^>]*>([^<]*)<", re.IGNORECASE)
_FIELD = "m_finality"


def find_source(catalogue: Catalogue, data: bytes, workbook: Workbook) -> str:
    """`synthetic` where a file says so, empty for a unit's own report.

    It says so in the field of finality, on the cover, beside its label or behind it on one line above a table of any
    kind ("Tính chất số liệu: Giả lập"), or in its properties: category or keywords.
    """
    is_marked = _says_so_in_cells(catalogue, workbook) or _says_so_in_properties(data)
    return SYNTHETIC if is_marked else ""


def _says_so_in_properties(data: bytes) -> bool:
    try:
        said = list(_package_properties(data)) if data.startswith(b"PK") else _old_properties(data)
    except Exception:  # broken bytes are met with errors of many kinds; the tables were read all the same
        return False
    return any(word.strip().casefold() == SYNTHETIC for text in said for word in re.split(r"[;,]", text))


def _package_properties(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            if member.filename in _PROPERTIES and member.file_size <= _MOST_BYTES:
                yield from _PROPERTY.findall(archive.read(member).decode("utf-8", "replace"))


def _old_properties(data: bytes) -> list[str]:
    if not data.startswith(SIGNATURE):
        return []
    from transforms.old_properties import read_old_properties

    return read_old_properties(data)


def _says_so_in_cells(catalogue: Catalogue, workbook: Workbook) -> bool:
    phrases = {phrase for phrase, meaning in lexicon_of(catalogue).finality.items() if meaning == SYNTHETIC}
    covers = [cover for cover in catalogue.form.cover if cover.name == _FIELD]
    labels = {fold(text) for cover in covers for text in (cover.label, *cover.aliases)}
    sheet, row, column = workbook.names.get(_FIELD, ("", 0, 0))
    for name, cells in workbook.cells.items():
        for (at_row, at_column), cell in cells.items():
            if cell.kind != "text" or not _ends_with(cell.raw, phrases):
                continue
            if (name, at_row, at_column) == (sheet, row, column):
                return True
            label, _, said = cell.raw.rpartition(":")
            before = (cells[at_row, c].raw for c in range(at_column) if (at_row, c) in cells)
            if _word(said) in phrases and any(fold(text) in labels for text in ((label,) if label else before)):
                return True
    return False


def _ends_with(text: str, phrases: Iterable[str]) -> bool:
    word = _word(text)
    return any(word.endswith(phrase) for phrase in phrases)


def _word(text: str) -> str:
    return clean_text(text).casefold().strip(" .;,()")
