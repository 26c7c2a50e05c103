"""A seal proves that nothing in it was touched, survives being killed in the making, and makes its tables again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from urllib.parse import unquote

import pytest
from calling import COMMAND
from desk import BY, WHY, Desk, tables_of
from office import PERIOD

from flows.closing.rebuilding import compare_tables, rebuild
from flows.closing.seal_folder import MANIFEST, SUMS, SealError, find_seal, read_manifest, verify
from flows.closing.seal_record import check_seal
from flows.closing.sealing import Sealing
from flows.settings import find_settings
from warehouse import Warehouse

LINK = re.compile(r"""<(?:a|link|img|script)\b[^>]*?\s(?:href|src)=["']([^"'#:]+)(?:#[^"']*)?["']""")


@pytest.fixture
def copied(tmp_path: Path, sealed: Desk) -> Path:
    """The seal as it lies on a stick: on another machine, without a home, and writable."""
    folder = shutil.copytree(sealed.seal, tmp_path / "stick" / "ban-niem-phong")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def own_hash(folder: Path) -> str:
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def test_a_seal_is_whole_read_only_and_known_to_its_home(sealed: Desk) -> None:
    checked = check_seal(sealed.settings, find_seal(sealed.settings, f"{PERIOD}/1"))
    assert not checked.faults and "Đúng với mã đã ghi" in checked.notes[0]
    names = {path.relative_to(sealed.seal).as_posix() for path in sealed.seal.rglob("*") if path.is_file()}
    assert names == {*read_manifest(sealed.seal)["hashes"], MANIFEST, SUMS}
    assert {"warehouse.duckdb", "phe-duyet.json", "phien-ban.json", "thu-nhan.json", "DOC-TOI.txt"} < names
    modes = {stat.S_IMODE(path.stat().st_mode) for path in sealed.seal.rglob("*")}
    assert modes == {0o444, 0o555}
    archive = [p for p in sealed.settings.archive.rglob("*") if p.is_file()]
    originals = {p.name for p in (sealed.seal / "originals").iterdir()} - {"danh-sach.csv"}
    assert originals < {p.name for p in archive}, "what belongs to another half-year stays out"
    assert len(originals) == 12, "ten returns, the version before the correction, and the file that is none"


def test_every_link_of_every_page_leads_to_what_lies_there(sealed: Desk) -> None:
    """Of the sealed pages and of the published ones, which are the same bytes."""
    pages = [*sealed.seal.rglob("*.html"), *sealed.settings.published.rglob("*.html")]
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text("utf-8"))]
    assert len(pages) > 3 and len(links) > 3, "there are pages in both, and links in them"
    assert [(str(page), link) for page, link in links if not (page.parent / unquote(link)).exists()] == []


def test_one_changed_byte_is_found_in_every_file(copied: Path) -> None:
    assert not verify(copied)
    for path in sorted(p for p in copied.rglob("*") if p.is_file()):
        content = path.read_bytes()
        for place in (
            (0, len(content) // 2, len(content) - 1) if path.name in (MANIFEST, SUMS) else (len(content) // 2,)
        ):
            path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            try:
                named = {fault.path for fault in verify(copied)}
            except SealError:
                named = {MANIFEST}
            assert named & {path.relative_to(copied).as_posix(), SUMS}, path
        path.write_bytes(content)
    assert not verify(copied)


def test_what_is_missing_added_or_put_in_the_place_of_a_file_is_named(copied: Path, tmp_path: Path) -> None:
    grdp, added, empty = copied / "bang/csv/grdp.csv", copied / "bang/csv/them.csv", copied / "thu-muc-trong"
    kept = tmp_path / "grdp.csv"
    shutil.copy(grdp, kept)
    grdp.unlink()
    assert [(f.path, f.text) for f in verify(copied)] == [("bang/csv/grdp.csv", "bị mất")]
    grdp.symlink_to(kept)
    assert "tệp thường" in verify(copied)[0].text
    grdp.unlink()
    shutil.copy(kept, grdp)
    added.write_text("x")
    empty.mkdir()
    assert [f.path for f in verify(copied)] == ["bang/csv/them.csv", "thu-muc-trong"]
    added.unlink()
    empty.rmdir()
    (copied / SUMS).unlink()
    assert [f.path for f in verify(copied)] == [SUMS]


def test_a_manifest_altered_together_with_its_files_is_found_by_the_record(copied: Path, sealed: Desk) -> None:
    noted = own_hash(copied)
    table = copied / "bang/csv/grdp.csv"
    table.write_bytes(table.read_bytes().replace(b"7.18", b"8.18"))
    manifest = json.loads((copied / MANIFEST).read_bytes())
    manifest["files"]["bang/csv/grdp.csv"]["sha256"] = hashlib.sha256(table.read_bytes()).hexdigest()
    (copied / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    hashes = {path: f["sha256"] for path, f in manifest["files"].items()} | {MANIFEST: own_hash(copied)}
    (copied / SUMS).write_text("".join(f"{sha}  {path}\n" for path, sha in sorted(hashes.items())))
    nowhere = find_settings(copied.parent / "no home")
    alone = check_seal(nowhere, copied)
    assert not alone.faults and "Không có kho dữ liệu" in alone.notes[0], "a forgery of all is whole in itself"
    assert [f.path for f in check_seal(nowhere, copied, noted).faults] == [MANIFEST]
    assert [f.path for f in check_seal(sealed.settings, copied).faults] == [MANIFEST]


def test_a_seal_that_lies_in_the_place_of_another_is_found(closed: Desk) -> None:
    """Whole, and known to the home, but under a name that is not its own."""
    for place in (f"{PERIOD}/2", "2020H2/1"):
        target = closed.settings.seals / place
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(closed.seal, target)
        checked = check_seal(closed.settings, find_seal(closed.settings, place))
        assert [f.path for f in checked.faults] == [MANIFEST] and f"bản số 1 của kỳ {PERIOD}" in checked.faults[0].text
    assert not check_seal(closed.settings, closed.seal).faults


def test_a_manifest_that_names_no_seal_is_no_crash(copied: Path, sealed: Desk) -> None:
    manifest = json.loads((copied / MANIFEST).read_bytes())
    bad: list[object] = [{}, [], None, {**manifest, "seal_no": "một"}, {**manifest, "period_code": "../x"}]
    bad += [{k: v for k, v in manifest.items() if k != name} for name in ("period_code", "seal_no", "closing_id")]
    for content in bad:
        (copied / MANIFEST).write_text(json.dumps(content))
        assert [f.path for f in check_seal(sealed.settings, copied).faults] == [MANIFEST]


def test_it_is_verified_without_our_software(copied: Path) -> None:
    done = subprocess.run(["sha256sum", "-c", SUMS], cwd=copied, capture_output=True, text=True)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == len(read_manifest(copied)["hashes"]) + 1
    (copied / "bang/csv/grdp.csv").write_bytes(b"x")
    done = subprocess.run(["sha256sum", "-c", SUMS], cwd=copied, capture_output=True, text=True)
    assert done.returncode == 1 and "grdp.csv: FAILED" in done.stdout


@pytest.mark.slow
def test_the_tables_are_made_again_byte_for_byte_elsewhere(copied: Path, tmp_path: Path) -> None:
    """In another process, whose sets are in another order, with nothing but the seal at hand."""
    variables = {**os.environ, "PYTHONHASHSEED": "7", "THIDUA_HOME": str(tmp_path / "no home")}
    call = [*COMMAND, "rebuild", str(copied), "--out", str(tmp_path / "again")]
    done = subprocess.run(call, env=variables, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "đúng từng byte" in done.stdout and "Đã đọc lại 12/12 tệp gốc" in done.stderr
    assert tables_of(tmp_path / "again" / "bang") == tables_of(copied / "bang")
    assert not (tmp_path / "no home").exists() and not verify(copied)


def reseal(folder: Path, name: str, content: bytes) -> None:
    """Another content under a name of a seal, sealed rightly."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    hashes = {path: f["sha256"] for path, f in manifest["files"].items()} | {MANIFEST: own_hash(folder)}
    (folder / SUMS).write_text("".join(f"{sha}  {path}\n" for path, sha in sorted(hashes.items())))


@pytest.mark.long
def test_other_software_refuses_to_promise_bytes_and_compares_values(copied: Path, tmp_path: Path) -> None:
    versions = json.loads((copied / "phien-ban.json").read_bytes())
    versions["software"]["xlsxwriter"] = "3.0.0"
    reseal(copied, "phien-ban.json", json.dumps(versions, ensure_ascii=False, indent=1).encode())
    with pytest.raises(SealError, match=r"xlsxwriter: lúc niêm phong 3\.0\.0, nay 3\.3\.1"):
        rebuild(copied, tmp_path)
    table = (copied / "bang/csv/grdp.csv").read_bytes()
    reseal(copied, "bang/csv/grdp.csv", table.replace(b"7.18", b"8.18", 1))
    made = rebuild(copied, tmp_path, is_comparing=True)
    assert [name for name, _, _ in made.versions] == ["xlsxwriter"]
    assert [(v.table, v.sealed, v.rebuilt) for v in made.values] == [("grdp", "8.18", "7.18")]
    assert made.differing == ("bang/csv/grdp.csv".removeprefix("bang/"),)
    (copied / "bang/csv/grdp.csv").write_bytes(b"")
    with pytest.raises(SealError, match="đã bị sửa"):
        rebuild(copied, tmp_path / "x", is_comparing=True)


def test_comparing_sees_lost_and_added_values(tmp_path: Path) -> None:
    for name, text in (("one", "a,b\n1,\n2,x\n"), ("two", "a,b\n1,\n2,y\n3,\n")):
        (tmp_path / name / "csv").mkdir(parents=True)
        (tmp_path / name / "csv" / "t.csv").write_text(text, encoding="utf-8-sig")
    found = [(d.row, d.column, d.sealed, d.rebuilt) for d in compare_tables(tmp_path / "one", tmp_path / "two")]
    assert found == [(2, "b", "x", "y"), (3, "a", "", "3")]


POINTS = (".1.part/originals", f".1.part/{SUMS}", "1")  # in the middle, nearly done, in place but perhaps not recorded


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.long
def test_a_sealing_that_is_killed_is_finished_by_the_next_run(desk: Desk, point: str) -> None:
    desk.ask()
    words = ["approve", PERIOD, "--with-findings", "--by", BY, "--reason", WHY, "--returns", str(desk.returns)]
    variables = {**os.environ, "THIDUA_HOME": str(desk.settings.home)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*COMMAND, *words], env=variables, start_new_session=True, **quiet)  # type: ignore[call-overload]
    awaited = desk.settings.seals / PERIOD / point
    deadline = time.monotonic() + 120
    while not awaited.exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.0005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert desk.steps()[:2] == ["asked", "publish_noted"]
    desk.run()
    assert desk.steps() == ["asked", "publish_noted", "sealed"]
    assert not check_seal(desk.settings, desk.seal).faults
    assert [p.name for p in desk.seal.parent.iterdir()] == ["1"], "nothing half-made is left"
    assert tables_of(desk.published) == tables_of(desk.seal / "bang")


def test_a_seal_in_place_that_was_not_recorded_is_recorded_as_it_is(closed: Desk) -> None:
    """The database of before the sealing, beside the seal: what a kill between the two leaves."""
    made = own_hash(closed.seal)
    before = closed.seal / "warehouse.duckdb"
    closed.settings.warehouse.unlink()
    shutil.copyfile(before, closed.settings.warehouse)
    closed.run()
    assert own_hash(closed.seal) == made and closed.steps() == ["asked", "publish_noted", "sealed"]
    assert not check_seal(closed.settings, closed.seal).faults


@pytest.mark.long
def test_a_number_under_which_something_else_lies_is_not_used(desk: Desk) -> None:
    desk.seal.mkdir(parents=True)
    (desk.seal / MANIFEST).write_text("{}")
    desk.ask()
    made = desk.decide()
    assert made.sealed is not None and made.sealed.seal_no == 2
    assert (desk.seal / MANIFEST).read_text() == "{}"


@pytest.mark.long
def test_a_lost_original_stops_the_sealing_and_is_named(desk: Desk) -> None:
    """The version that a correction displaced: no folder has it any more."""
    question = desk.ask()
    [sha] = {r["sha256"] for r in question.marts["submissions"] if (r["province_id"], r["version"]) == ("hung-yen", 1)}
    lost = desk.settings.archive / sha[:2] / sha
    kept = lost.read_bytes()
    lost.unlink()
    with pytest.raises(SealError, match=sha):
        desk.decide()
    assert desk.steps() == ["asked", "publish_noted"] and not desk.seal.exists()
    lost.write_bytes(kept)
    desk.run()
    assert desk.steps()[-1] == "sealed" and not verify(desk.seal)


def test_nothing_is_sealed_that_was_not_approved(desk: Desk) -> None:
    desk.ask()
    with Warehouse.open(desk.settings.warehouse) as warehouse:
        sealing = Sealing(desk.settings, desk.closer.catalogue, warehouse, PERIOD, None, [], {})  # type: ignore[arg-type]
        with pytest.raises(SealError, match="không có gì đã duyệt"):
            sealing.seal()


def test_what_is_no_seal_is_refused(tmp_path: Path, sealed: Desk) -> None:
    with pytest.raises(SealError, match="không phải bản niêm phong"):
        find_seal(sealed.settings, str(tmp_path))
    with pytest.raises(SealError, match="không có bản niêm phong"):
        find_seal(sealed.settings, f"{PERIOD}/9")
