"""Names of the files that we put into others' folders: such as every server takes, and numbered beside theirs."""

from __future__ import annotations

import re

from flows.places import is_skipped, readable, split_path

MOST_BYTES = 200  # in UTF-8; file systems take 255
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_NUMBER = re.compile(r" \((\d+)\)$")


def fit_path(path: str) -> str:
    """A path within our subfolder, each name made fit for Windows, Linux and gathering. Raises ValueError."""
    return "/".join(fit_name(part) for part in split_path(path))


def fit_name(name: str) -> str:
    """A file's name that every server takes; "x (2).xlsx" becomes "x - 2.xlsx", as such numbers are ours to give."""
    name = _FORBIDDEN.sub("_", readable(name)).rstrip(". ") or "_"
    if _DEVICE.match(name) or is_skipped(name):
        name = f"_{name}"
    if is_skipped(name):
        name = f"{name}_"
    stem, ending = _split(name)
    stem = _NUMBER.sub(r" - \1", stem)
    while len((stem + ending).encode()) > MOST_BYTES:
        stem = stem[:-1]
    return stem.rstrip() + ending


def numbered(name: str, number: int) -> str:
    """The name under which a file lies where it is the second, third … of its name."""
    stem, ending = _split(name)
    return name if number == 1 else f"{stem} ({number}){ending}"


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    is_ending = bool(stem) and 0 < len(ending) <= 5 and ending.isalnum() and "/" not in ending
    return (stem, dot + ending) if is_ending else (name, "")
