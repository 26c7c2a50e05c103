"""Whether a folder lies on another machine, where a lock and a database may not hold what they promise."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

PROGRESS = logging.getLogger("thidua.progress")
MOUNTS = Path("/proc/self/mounts")
NETWORKED = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre", "davfs"),
    *("fuse.sshfs", "fuse.glusterfs", "fuse.davfs2", "fuse.rclone", "fuse.s3fs", "virtiofs"),
}
_ESCAPED = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}
_told: set[Path] = set()


def find_network_disk(folder: Path, mounts: str | None = None) -> str:
    """The kind of network file system on which a folder lies ("nfs4"); "" on a local disk, or where nobody can tell."""
    if mounts is None:
        mounts = ""
        with suppress(OSError):
            mounts = MOUNTS.read_text(errors="surrogateescape")
    kind, deepest = "", -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(_unescape(fields[1]))
        if folder.is_relative_to(point) and len(point.parts) >= deepest:  # what was mounted last lies on top
            kind, deepest = fields[2], len(point.parts)
    return kind if kind in NETWORKED else ""


def warn_of_network_disk(home: Path) -> None:
    """Tells, once per process, that a home lies on a network disk, where two machines may not see each other's lock."""
    if home in _told:
        return
    _told.add(home)
    kind = find_network_disk(home.resolve())
    if kind:
        PROGRESS.warning(
            "Nhà dữ liệu “%s” nằm trên ổ mạng (%s): khóa “mỗi lúc một lượt” và kho DuckDB chỉ chắc chắn trên ổ của "
            "chính máy này. Chỉ cho một máy chạy nhà này, và nên chuyển nhà về ổ trong máy; thư mục của các tỉnh thì "
            "vẫn để trên ổ mạng được.",
            home,
            kind,
        )


def _unescape(text: str) -> str:
    for escape, character in _ESCAPED.items():
        text = text.replace(escape, character)
    return text
