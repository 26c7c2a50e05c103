"""Which files in the units' folders are ours: told by content, and without reading where they lie as we left them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.places import Item, Place, fold_name
from flows.settings import Settings
from flows.whole_files import put_file
from transforms.observation import WrittenFile

PAGE_MARK = b'<meta name="generator" content="thidua">'
NEVER_RETURNS = (".html", ".htm", ".pdf", ".txt")  # under such a name of ours nobody sends figures back


@dataclass(frozen=True, slots=True)
class LyingFile:
    """A file in our subfolder; `name` is its path within it, `sha256` empty where it was not read, bytes -1 untold."""

    name: str
    size: int
    sha256: str
    is_ours: bool


class OwnFiles:
    """What we wrote into the units' folders, in all periods, and how it lay there when last seen.

    `folder` names our subfolder, "" is none. What was seen is kept in `seen_file`, which may be lost at any time: then
    everything of ours is read once again.
    """

    def __init__(self, folder: str = "", written: Iterable[WrittenFile] = (), seen_file: Path | None = None) -> None:
        files = list(written)
        self.hashes = frozenset(f.sha256 for f in files)
        self._folder = fold_name(folder)
        pages = [f for f in files if f.name.casefold().endswith(NEVER_RETURNS)]
        self._unread = {(f.province_id, fold_name(f.place).rpartition(f"/{self._folder}/")[2]) for f in pages}
        self._file = seen_file
        self._seen = _read_seen(seen_file)
        self._is_changed = False

    def is_inside(self, path: str) -> bool:
        """Whether a path of a place leads into our subfolder, however its letters are composed."""
        top, separator, _ = path.partition("/")
        return bool(separator) and self._folder != "" and fold_name(top) == self._folder

    def is_never_read(self, unit: str, path: str) -> bool:
        """Whether we wrote a page under this name, so that whatever lies there is no return."""
        return self.is_inside(path) and (unit, fold_name(path.partition("/")[2])) in self._unread

    def is_our_page(self, path: str, data: bytes) -> bool:
        """Whether a file in our subfolder is a page of ours, though another home wrote it, or one that was lost."""
        return self.is_inside(path) and path.casefold().endswith(NEVER_RETURNS) and PAGE_MARK in data[:2048]

    def recall(self, place: Place, item: Item) -> str:
        """The hash of a file of ours that lies as it was last seen, "" where it has to be read to know."""
        size, modified, sha256 = self._seen.get(_key(place, item), (-1, 0.0, ""))
        is_same = item.size >= 0 and (item.size, item.modified) == (size, modified)
        return sha256 if is_same and sha256 in self.hashes else ""

    def note(self, place: Place, item: Item, sha256: str, *, is_new: bool = False) -> bool:
        """Notes how a file of ours lies; False, and nothing noted, where it is none. `is_new` says we just wrote it."""
        if sha256 not in self.hashes and not is_new:
            return False
        self._seen[_key(place, item)] = (item.size, item.modified, sha256)
        self._is_changed = True
        return True

    def describe(self, item: Item, sha256: str) -> LyingFile:
        """A file in our subfolder."""
        return LyingFile(item.path.partition("/")[2], item.size, sha256, sha256 in self.hashes)

    def save(self) -> None:
        """Keeps what was seen for the next run."""
        if self._file is None or not self._is_changed:
            return
        put_file(self._file, json.dumps(dict(self._seen)))
        self._is_changed = False


def find_own(settings: Settings, written: Iterable[WrittenFile]) -> OwnFiles:
    """The files that a home has written, given all rows of its ledger, of every period."""
    return OwnFiles(settings.feedback_folder, written, settings.sent / "seen.json")


def _key(place: Place, item: Item) -> str:
    return f"{place.unit}|{place.shown}|{item.path}"


def _read_seen(file: Path | None) -> dict[str, tuple[int, float, str]]:
    if file is None:
        return {}
    with suppress(OSError, ValueError, TypeError, AttributeError):
        rows = json.loads(file.read_text(encoding="ascii"))
        return {key: (int(size), float(modified), str(sha256)) for key, (size, modified, sha256) in rows.items()}
    return {}
