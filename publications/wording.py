"""Texts for people: data made safe to print, lists of provinces that stay short, times of Việt Nam."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from transforms.numbers_vi import format_date

VIETNAM = dt.timezone(dt.timedelta(hours=7), "ICT")
LISTED = 10
NOTE_LENGTH = 240

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")


def legal_text(text: str | None) -> str:
    """The text without the characters that XML forbids; None is the empty text."""
    if not text:
        return ""
    return text if text.isprintable() else _ILLEGAL.sub("", text.replace("\r\n", "\n"))


def one_line(text: str | None, length: int = NOTE_LENGTH) -> str:
    """The text in one line, cut with an ellipsis where it is longer than `length` characters."""
    line = _SPACES.sub(" ", legal_text(text)).strip()
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def join_names(names: Sequence[str], separator: str = ", ", rest: str = "tỉnh khác") -> str:
    """The first names of a list, and how many more there are."""
    if len(names) <= LISTED:
        return separator.join(names)
    return f"{separator.join(names[:LISTED])} và {len(names) - LISTED} {rest}"


def lower_first(text: str) -> str:
    """A title as it stands inside a sentence; abbreviations such as GRDP keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def local_time(moment: dt.datetime) -> dt.datetime:
    """A moment with a zone as the clock of Việt Nam shows it, without the zone."""
    return moment.astimezone(VIETNAM).replace(tzinfo=None)


def format_time(moment: dt.datetime) -> str:
    """A moment with a zone in words: 08 giờ 05 phút, ngày 06/7/2021."""
    local = local_time(moment)
    return f"{local:%H} giờ {local:%M} phút, ngày {format_date(local.date())}"
