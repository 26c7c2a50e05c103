"""A home on a network disk is noticed by what the machine says of its mounts."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from flows import network_disk
from flows.network_disk import find_network_disk, warn_of_network_disk

MOUNTS = """\
overlay / overlay rw,relatime 0 0
proc /proc proc rw 0 0
may-chu:/xuat /srv/chung nfs4 rw,vers=4.2 0 0
//may-chu/o /mnt/o\\040chung cifs rw 0 0
/dev/sda2 /srv/chung/trong ext4 rw 0 0
may-chu:/x /home/x fuse.sshfs rw 0 0
/dev/sda3 /home/x ext4 rw 0 0
hỏng
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/thidua", ""),
        ("/srv/chung/thidua", "nfs4"),
        ("/srv/chung", "nfs4"),
        ("/srv/chungkhac", ""),
        ("/srv/chung/trong/thidua", ""),
        ("/mnt/o chung/thidua", "cifs"),
        ("/home/x/thidua", ""),
    ],
)
def test_the_mount_that_holds_the_folder_tells(folder: str, kind: str) -> None:
    assert find_network_disk(Path(folder), MOUNTS) == kind


def test_nothing_known_is_nothing_said() -> None:
    assert find_network_disk(Path("/srv/chung"), "") == ""


def test_it_is_said_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"may-chu:/xuat {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(network_disk, "MOUNTS", mounts)
    with caplog.at_level(logging.WARNING, "thidua.progress"):
        for _ in range(2):
            warn_of_network_disk(tmp_path)
    assert [record.getMessage().count("nfs4") for record in caplog.records] == [1]
    caplog.clear()
    monkeypatch.setattr(network_disk, "_told", set())
    mounts.write_text(f"/dev/sda1 {tmp_path} ext4 rw 0 0\n")
    warn_of_network_disk(tmp_path)
    assert not caplog.records
