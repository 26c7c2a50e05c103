"""A home with damaged files: what can mend itself does; the rest stops a run before anything is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.settings import Settings
from flows.shares.folders import ArchiveError, archive_path, check_originals, keep
from flows.telling.period_state import load_state


def test_an_altered_original_is_put_right_by_the_file_that_lies_in_the_folder(tmp_path: Path) -> None:
    sha256 = keep(tmp_path, b"as it was sent")
    kept = archive_path(tmp_path, sha256)
    for wrong in (b"", b"as it was sawn"):
        kept.chmod(0o644)
        kept.write_bytes(wrong)
        assert keep(tmp_path, b"as it was sent") == sha256
        assert kept.read_bytes() == b"as it was sent"
        assert kept.stat().st_mode & 0o777 == 0o444


def test_what_is_to_be_read_again_is_what_was_received(tmp_path: Path) -> None:
    sha256 = keep(tmp_path, b"as it was sent")
    check_originals(tmp_path, {sha256: "Hà Nam/a.xlsx"})
    kept = archive_path(tmp_path, sha256)
    kept.chmod(0o644)
    kept.write_bytes(b"as it was sawn")
    with pytest.raises(ArchiveError, match=r"“Hà Nam/a.xlsx” trong kho lưu đã bị sửa"):
        check_originals(tmp_path, {sha256: "Hà Nam/a.xlsx"})
    kept.unlink()
    with pytest.raises(ArchiveError, match="bị mất"):
        check_originals(tmp_path, {sha256: "Hà Nam/a.xlsx"})


@pytest.mark.parametrize("content", ["", "\x00", "[]", '{"units": 5}', '{"nothing": {}}', "null", '"text"'])
def test_a_state_that_cannot_be_read_counts_as_none(tmp_path: Path, content: str) -> None:
    settings = Settings(tmp_path)
    settings.states.mkdir()
    (settings.states / "2021H1.json").write_text(content)
    assert load_state(settings, "2021H1") is None
