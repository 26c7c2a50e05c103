"""Who of the office decides something, why, and when."""

from __future__ import annotations

import datetime as dt
import getpass
import os
from dataclasses import dataclass

BY_VARIABLE = "THIDUA_OPERATOR"


@dataclass(frozen=True, slots=True)
class Word:
    """Who decides, as typed and not verified, why, and when."""

    decided_by: str
    reason: str
    decided_at: dt.datetime


def take_word(decided_by: str | None, reason: str) -> Word:
    """A person's word as typed at a command, now; without a name, that of the login."""
    try:
        name = " ".join((getpass.getuser() if decided_by is None else decided_by).split())
    except (KeyError, OSError):
        name = str(os.getuid())
    return Word(name, " ".join(reason.split()), dt.datetime.now(dt.UTC))
