"""How Vietnamese letters were written before Unicode: the tables of the old encodings, verified while they load."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalogue.load import DATA, _read_table
from catalogue.verify import CatalogueError, Located

ENCODINGS = ("tcvn3", "vni", "cp1258")


@dataclass(frozen=True, slots=True)
class LegacyLetter:
    """One letter of one old encoding: `code` is its bytes in hexadecimal, `letter` the composed Unicode letter."""

    encoding: str
    code: str
    letter: str


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A Vietnamese word that, in an old encoding, is another one: `usual` is the one of the two that people write."""

    encoding: str
    shown: str
    usual: str


@lru_cache(maxsize=4)
def load_legacy_encodings(folder: Path = DATA) -> Mapping[str, Mapping[str, str]]:
    """By encoding: the letters as they look when their bytes are taken for Windows-1252 → the Unicode letters.

    Where a letter has several codes, the usual one stands first. Raises CatalogueError with file and line.
    """
    tables: dict[str, dict[str, str]] = {encoding: {} for encoding in ENCODINGS}
    for located in _read_table(folder / "legacy_encodings.csv", LegacyLetter):
        row = located.row
        if row.encoding not in tables:
            raise located.refuse(f"{row.encoding!r} is none of {', '.join(ENCODINGS)}")
        shown = _show(located)
        if shown in tables[row.encoding]:
            raise located.refuse(f"{row.code} of {row.encoding} stands already for {tables[row.encoding][shown]}")
        if len(row.letter) != 1 or row.letter.isascii() or not unicodedata.is_normalized("NFC", row.letter):
            raise located.refuse(f"{row.letter!r} is not one composed letter")
        tables[row.encoding][shown] = row.letter
    for encoding, table in tables.items():
        if not table:
            raise CatalogueError("legacy_encodings.csv", 0, f"no letter of {encoding}")
    return tables


@lru_cache(maxsize=4)
def load_lookalikes(folder: Path = DATA) -> Mapping[str, Mapping[str, str]]:
    """By encoding: words that are Vietnamese as shown and as converted → the one commonly meant, in small letters.

    Where both are common the table is silent. Raises CatalogueError with file and line.
    """
    tables: dict[str, dict[str, str]] = {encoding: {} for encoding in ENCODINGS}
    for located in _read_table(folder / "legacy_lookalikes.csv", Lookalike):
        row = located.row
        if row.encoding not in tables:
            raise located.refuse(f"{row.encoding!r} is none of {', '.join(ENCODINGS)}")
        if row.shown in tables[row.encoding]:
            raise located.refuse(f"{row.shown!r} of {row.encoding} stands already")
        for word in (row.shown, row.usual):
            if not word.isalpha() or word != unicodedata.normalize("NFC", word.lower()):
                raise located.refuse(f"{word!r} is no word in small composed letters")
        tables[row.encoding][row.shown] = row.usual
    return tables


def _show(located: Located[LegacyLetter]) -> str:
    try:
        return bytes.fromhex(located.row.code).decode("cp1252")
    except ValueError as error:
        raise located.refuse(f"code {located.row.code!r}: {error}") from error
