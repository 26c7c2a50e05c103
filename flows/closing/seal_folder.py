"""A seal as a folder: named, hashed file by file, read-only, and verified without anything but itself."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.settings import Settings
from flows.whole_files import flush_folder

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FORMAT = 1
PART = ".part"
_CHUNK = 1 << 20
_NAMED = re.compile(r"(\d{4}H[12])/(\d+)")


class SealError(Exception):
    """A seal that is not there, is none, or cannot be used so; the message says what to do, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in which a seal is not what it was: `path` in it, and what is wrong, in Vietnamese."""

    path: str
    text: str


def seal_path(settings: Settings, period_code: str, seal_no: int) -> Path:
    """Where a seal of a home lies."""
    return settings.seals / period_code / str(seal_no)


def find_seal(settings: Settings, name: str) -> Path:
    """The folder of a seal by its path, or as `2021H1/1` among those of the home. Raises SealError."""
    named = _NAMED.fullmatch(name.strip("/"))
    if named and (folder := seal_path(settings, named[1], int(named[2]))).is_dir():
        return folder
    folder = Path(name).expanduser()
    if (folder / MANIFEST).is_file():
        return folder.resolve()
    if folder.is_dir():
        raise SealError(f"“{folder}” không phải bản niêm phong: không có {MANIFEST}")
    raise SealError(f"không có bản niêm phong “{name}”; xem: thidua seals")


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a seal says of itself. Raises SealError where that cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        files = {str(path): (str(f["sha256"]), int(f["size"])) for path, f in manifest["files"].items()}
        if manifest["format"] != FORMAT:
            raise SealError(f"bản niêm phong có dạng {manifest['format']}, phần mềm này chỉ biết dạng {FORMAT}")
        if not _NAMED.fullmatch(f"{manifest['period_code']}/{manifest['seal_no']}") or not manifest["closing_id"]:
            raise ValueError("không ghi là bản nào")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SealError(f"không đọc được bảng kê “{folder / MANIFEST}”: {error}") from error
    return {**manifest, "hashes": files}


def close_folder(folder: Path, facts: dict[str, Any]) -> str:
    """Writes the manifest and the sums of a folder that is complete, makes it read-only and safe on the disk.

    Returns the SHA-256 of the manifest.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {
        path.relative_to(folder).as_posix(): {"sha256": hash_file(path), "size": path.stat().st_size} for path in paths
    }
    manifest = json.dumps({"format": FORMAT, **facts, "files": files}, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    manifest_hash = hashlib.sha256(manifest.encode()).hexdigest()
    (folder / SUMS).write_bytes(_sums({path: str(f["sha256"]) for path, f in files.items()}, manifest_hash))
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
        flush_folder(path)
    return manifest_hash


def put_in_place(part: Path, folder: Path) -> None:
    """Gives a finished folder its name, once and for all."""
    part.rename(folder)
    flush_folder(folder.parent)


def clear_part(part: Path) -> None:
    """Removes what a killed sealing left."""
    if part.exists():
        for path in (part, *part.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(part)


def verify(folder: Path, manifest_hash: str = "", tell: Callable[[str], None] = lambda line: None) -> list[Fault]:
    """Everything in which a seal is not what it was when it was made; nothing where it is unaltered.

    With `manifest_hash`, the one that was noted elsewhere, even a manifest that was altered together with its files is
    found. Raises SealError where the manifest cannot be read at all.
    """
    manifest = read_manifest(folder)
    present = hash_file(folder / MANIFEST)
    faults = []
    if manifest_hash and present != manifest_hash:
        faults.append(Fault(MANIFEST, f"bảng kê có SHA-256 {present}, đã ghi lúc niêm phong là {manifest_hash}"))
    sums = _sums({path: sha for path, (sha, _) in manifest["hashes"].items()}, present)
    if not _has(folder / SUMS, sums):
        faults.append(Fault(SUMS, "không khớp với bảng kê manifest.json (một trong hai đã bị sửa hoặc mất)"))
    found = dict(_walk(folder))
    for number, (path, (sha256, size)) in enumerate(manifest["hashes"].items(), start=1):
        if number % 100 == 0:
            tell(f"Đã đối chiếu {number}/{len(manifest['hashes'])} tệp")
        fault = _look(found.pop(path, None), sha256, size)
        if fault:
            faults.append(Fault(path, fault))
    return faults + [Fault(path, "không có trong bảng kê: tệp lạ") for path in sorted(found)]


def _look(path: Path | None, sha256: str, size: int) -> str:
    if path is None:
        return "bị mất"
    if path.is_symlink() or not path.is_file():
        return "không còn là tệp thường"
    actual = path.stat().st_size
    if actual != size:
        return f"bị sửa: dài {actual} byte, lúc niêm phong là {size} byte"
    present = hash_file(path)
    return "" if present == sha256 else f"bị sửa: SHA-256 nay là {present}, lúc niêm phong là {sha256}"


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Whatever lies in a seal beside its manifest and sums: files, links, and folders with nothing in them."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_folder = path.is_dir() and not path.is_symlink()
        if name not in (MANIFEST, SUMS) and not (is_folder and any(path.iterdir())):
            yield name, path


def _sums(hashes: dict[str, str], manifest_hash: str) -> bytes:
    """What `sha256sum -c` reads."""
    lines = [f"{sha256}  {path}" for path, sha256 in sorted({**hashes, MANIFEST: manifest_hash}.items())]
    return ("\n".join(lines) + "\n").encode()


def _has(path: Path, content: bytes) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode) and path.read_bytes() == content
    except OSError:
        return False
