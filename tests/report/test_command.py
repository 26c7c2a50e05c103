"""`thidua report`: what was published, or a draft of what is known; an edited report is never written over."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from flows.command_line import cli
from flows.settings import find_settings
from publications.report.files import MARKDOWN, WORD


def call(home: Path, out: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["report", "2021H1", "--home", str(home), "--out", str(out), *options])


def publish(home: Path, text: bytes = b"as published") -> None:
    folder = find_settings(home).published_period("2021H1")
    folder.mkdir(parents=True)
    for name in (WORD, MARKDOWN):
        (folder / name).write_bytes(text)


def test_before_any_run_there_is_a_draft_that_says_what_is_missing(tmp_path: Path) -> None:
    result = call(tmp_path / "home", tmp_path / "out")
    assert result.exit_code == 0
    assert f"thidua run --home {tmp_path / 'home'} 2021H1" in result.output
    assert "chưa có tỉnh nào gửi báo cáo" in (tmp_path / "out" / MARKDOWN).read_text(encoding="utf-8")
    assert not (tmp_path / "home").exists()


def test_what_was_published_is_handed_out_as_it_is(tmp_path: Path) -> None:
    publish(tmp_path / "home")
    result = call(tmp_path / "home", tmp_path / "out")
    assert result.exit_code == 0
    assert result.output.splitlines() == [str(tmp_path / "out" / WORD), str(tmp_path / "out" / MARKDOWN)]
    assert (tmp_path / "out" / WORD).read_bytes() == b"as published"


def test_an_edited_report_is_not_written_over(tmp_path: Path) -> None:
    publish(tmp_path / "home")
    assert call(tmp_path / "home", tmp_path / "out").exit_code == 0
    assert call(tmp_path / "home", tmp_path / "out").exit_code == 0
    (tmp_path / "out" / WORD).write_bytes(b"edited")
    refused = call(tmp_path / "home", tmp_path / "out")
    assert (refused.exit_code, (tmp_path / "out" / WORD).read_bytes()) == (2, b"edited")
    assert "--replace" in refused.output
    assert call(tmp_path / "home", tmp_path / "out", "--replace").exit_code == 0
    assert (tmp_path / "out" / WORD).read_bytes() == b"as published"
