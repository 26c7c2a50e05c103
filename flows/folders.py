"""The provinces' shared folders: which folder is whose, which files lie there, and their content kept by hash."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.model import Catalogue
from transforms.identification import find_province
from transforms.reading import hash_bytes
from transforms.succession import Arrival
from transforms.text import clean_text

SKIPPED_PREFIXES = (".", "~$")
SKIPPED_SUFFIXES = (".tmp", ".part", ".crdownload", ".lnk")
SKIPPED_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass
class Gathered:
    """The files of every unit as they lie now, the names that belong to no unit of the period, and the files
    that could not be taken: (unit, path, reason)."""

    arrivals: dict[str, list[Arrival]] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)
    failures: list[tuple[str, str, str]] = field(default_factory=list)


def match_folders(catalogue: Catalogue, period_code: str, root: Path) -> tuple[dict[str, list[Path]], list[str]]:
    """The folders of every unit of a period under `root`, and the names of what matches none."""
    units = {p.province_id for p in catalogue.members_of(period_code)} | {catalogue.cluster_id}
    folders: dict[str, list[Path]] = {}
    strays: list[str] = []
    for entry in sorted(root.iterdir()):
        if _is_skipped(entry.name):
            continue
        unit = find_province(catalogue, entry.name, period_code) if entry.is_dir() and not entry.is_symlink() else None
        if unit in units and unit is not None:
            folders.setdefault(unit, []).append(entry)
        else:
            strays.append(_readable(entry.name))
    return folders, strays


def list_files(folder: Path) -> list[Path]:
    """The files of a folder at any depth, sorted; lock, hidden and temporary files and links are left aside."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not _is_skipped(f))
        found.extend(path for n in sorted(names) if not _is_skipped(n) and not (path := Path(parent, n)).is_symlink())
    return found


def _is_skipped(name: str) -> bool:
    lowered = name.casefold()
    return lowered.startswith(SKIPPED_PREFIXES) or lowered.endswith(SKIPPED_SUFFIXES) or lowered in SKIPPED_NAMES


def take_arrival(root: Path, path: Path, archive: Path) -> Arrival:
    """One file hashed and kept in the archive; what is hashed is what is kept."""
    data = path.read_bytes()
    sha256 = hash_bytes(data)
    modified = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC)
    archived = archive_path(archive, sha256)
    if not archived.exists():
        archived.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=archived.parent, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o444)
        Path(temporary).replace(archived)
    return Arrival(_relative(root, path), _readable(path.name), sha256, modified)


def _relative(root: Path, path: Path) -> str:
    return _readable(path.relative_to(root).as_posix())


def _readable(name: str) -> str:
    """A file's name as text; bytes that are no UTF-8 show as question marks."""
    return clean_text(name.encode("utf-8", "replace").decode("utf-8"))


def archive_path(archive: Path, sha256: str) -> Path:
    """Where the original with a content hash is kept."""
    return archive / sha256[:2] / sha256


def gather(catalogue: Catalogue, period_code: str, root: Path, archive: Path) -> Gathered:
    """All files of all units under `root`, each in the archive."""
    folders, strays = match_folders(catalogue, period_code, root)
    gathered = Gathered(strays=strays)
    for unit, places in folders.items():
        gathered.arrivals[unit] = []
        for path in (path for place in places for path in list_files(place)):
            try:
                gathered.arrivals[unit].append(take_arrival(root, path, archive))
            except OSError as error:
                gathered.failures.append((unit, _relative(root, path), f"không mở được ({error.strerror or error})"))
    return gathered
