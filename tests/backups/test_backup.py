"""A home is saved and brought back: nothing lost, nothing half, nothing sent anew, nothing alien let in."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from calling import COMMAND
from filelock import FileLock
from office import EXAMPLES, PERIOD, Office

from flows.backups.archive import MANIFEST, ArchiveError, verify_archive
from flows.backups.backup import BackupError, back_up
from flows.backups.record import last_backup
from flows.backups.restore import RestoreError, restore
from flows.reminders.record import ReminderRecord
from flows.runs.period_run import collect
from flows.settings import Settings, find_settings
from transforms.observation import Ruling
from warehouse import Warehouse, query

pytestmark = [pytest.mark.slow, pytest.mark.long]
MADE_AGAIN = ("published", "prefect", "server.json", "worker.json", "run.lock")
NOW = dt.datetime(2021, 7, 4, 3, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with a run, a ruling, a sent reminder, a seal, settings of the office and a server's database."""
    folder = tmp_path_factory.mktemp("lived")
    office = Office(folder)
    settings = office.settings
    shutil.copytree(EXAMPLES, settings.returns)
    next((settings.returns / "Hà Nam").glob("*.xlsx")).unlink()
    office.returns = settings.returns
    with Warehouse.open(settings.warehouse) as warehouse:
        warehouse.add_ruling(Ruling("r1", "withdraw", PERIOD, "ha-nam", "gửi nhầm", "Văn phòng", NOW))
    office.run()
    record = ReminderRecord(settings.home / "reminders" / PERIOD / "da-gui.jsonl")
    record.add("ha-nam/late/2021-07-06", "thu", "sent", NOW)
    seal = settings.seals / PERIOD / "1"
    seal.mkdir(parents=True)
    (seal / "bang-ke.json").write_text("{}")
    (seal / "bang-ke.json").chmod(0o444)
    (settings.home / "shares.toml").write_text("[units]\n")
    settings.prefect_home.mkdir()
    (settings.prefect_home / "dang-nhap.txt").write_text("thidua:bi-mat")
    with sqlite3.connect(settings.prefect_home / "prefect.db") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE flow_run (name TEXT)")
        database.execute("INSERT INTO flow_run VALUES ('Thu thập')")
    database.close()
    return settings


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "ổ đĩa khác"
    folder.mkdir()
    return folder


def contents(home: Path) -> dict[str, tuple[str, int, int]]:
    """Hash, mode and time of every file that may not be lost."""
    found = {}
    for path in home.rglob("*"):
        name = path.relative_to(home)
        is_saved = name.parts[0] not in MADE_AGAIN and path.suffix != ".lock"
        if is_saved and path.is_file() and name.parts[0] != "alarms":
            status = path.stat()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[name.as_posix()] = (digest, status.st_mode & 0o777, status.st_mtime_ns)
    return found


def files_below(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def tables(settings: Settings) -> dict[str, list[object]]:
    names = query(settings.warehouse, "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1")[1]
    return {n: sorted(map(str, query(settings.warehouse, f'SELECT * FROM "{n}"')[1])) for (n,) in names}


def test_what_is_restored_is_what_was_and_the_next_run_finds_nothing_new(
    lived_in: Settings, place: Path, tmp_path: Path
) -> None:
    made = back_up(lived_in, place)
    assert made.file.stat().st_mode & 0o777 == 0o600
    note = last_backup(lived_in)
    assert note is not None and note.archive == str(made.file)
    other = find_settings(tmp_path / "máy mới" / "nhà")
    restored = restore(other, made.file)
    assert restored.old_home is None

    before, after = contents(lived_in.home), contents(other.home)
    store = {"warehouse.duckdb", "warehouse.duckdb.wal"}  # the restoring itself is a row of the run log
    assert {n: v for n, v in after.items() if n not in store} == {n: v for n, v in before.items() if n not in store}
    assert {"archive", "returns", "sent", "reminders", "seals", "shares.toml"} <= {n.split("/")[0] for n in after}
    assert (other.returns / "Hà Nam").is_dir()
    old, new = tables(lived_in), tables(other)
    [added] = set(new.pop("fact_run")) - set(old.pop("fact_run"))
    assert "restore" in str(added)
    assert old == new and len(old["fact_ruling"]) == 1
    with sqlite3.connect(other.prefect_home / "prefect.db") as database:
        assert database.execute("SELECT name FROM flow_run").fetchall() == [("Thu thập",)]
    database.close()
    assert not (other.prefect_home / "dang-nhap.txt").exists()

    outcome = collect(other, PERIOD, other.returns, NOW + dt.timedelta(hours=3))
    assert not outcome.had_work and outcome.new_files == () and outcome.new_answers == 0
    assert (other.published_period(PERIOD) / ".published.json").exists()
    answers = sorted(p.relative_to(other.home).as_posix() for p in other.returns.rglob("*") if p.is_file())
    assert answers == sorted(
        p.relative_to(lived_in.home).as_posix() for p in lived_in.returns.rglob("*") if p.is_file()
    )


def test_a_home_that_is_not_empty_is_refused_or_moved_aside(lived_in: Settings, place: Path, tmp_path: Path) -> None:
    made = back_up(lived_in, place)
    other = find_settings(tmp_path / "nhà")
    other.home.mkdir()
    (other.home / "việc của tôi.txt").write_text("quan trọng")
    with pytest.raises(RestoreError, match="không trống"):
        restore(other, made.file)
    assert [p.name for p in other.home.iterdir()] == ["việc của tôi.txt"]
    with FileLock(other.lock), pytest.raises(RestoreError, match="đang làm việc"):
        restore(other, made.file, replace=True)
    restored = restore(other, made.file, replace=True)
    assert restored.old_home is not None
    assert (restored.old_home / "việc của tôi.txt").read_text() == "quan trọng"
    assert other.warehouse.is_file() and not list(tmp_path.glob(".nhà.khoi-phuc"))


def damage_middle(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


def alien(build: Callable[[tarfile.TarFile], None]) -> Callable[[bytes], bytes]:
    def make(_: bytes) -> bytes:
        output = io.BytesIO()
        with tarfile.open(fileobj=output, mode="w:gz") as archive:
            build(archive)
        return output.getvalue()

    return make


def put(
    archive: tarfile.TarFile, name: str, content: bytes = b"x", kind: bytes = tarfile.REGTYPE, link: str = ""
) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    member.size = len(content) if kind == tarfile.REGTYPE else 0
    archive.addfile(member, io.BytesIO(content) if member.size else None)


def manifest(files: list[dict[str, object]], **other: object) -> bytes:
    row = {"format": "thidua-backup", "version": 1, "made_at": NOW.isoformat(), "home": "/", "host": "", "software": ""}
    return json.dumps({**row, "files": files, "folders": [], "notes": [], **other}).encode()


def entry(path: str, content: bytes = b"x") -> dict[str, object]:
    sha = hashlib.sha256(content).hexdigest()
    return {"path": path, "size": len(content), "sha256": sha, "mode": 0o600, "mtime_ns": 0}


def with_manifest(*puts: Callable[[tarfile.TarFile], None], files: list[dict[str, object]]) -> Callable[[bytes], bytes]:
    def build(archive: tarfile.TarFile) -> None:
        for one in puts:
            one(archive)
        put(archive, MANIFEST, manifest(files))

    return alien(build)


BAD = {
    "one bit": damage_middle,
    "cut short": lambda content: content[: len(content) * 2 // 3],
    "its end": lambda content: content[:-12],
    "empty": lambda content: b"",
    "not ours at all": lambda content: b"PK\x03\x04 not a backup",
    "gzip of something": lambda content: gzip.compress(b"hello" * 100),
    "no manifest": alien(lambda a: put(a, "warehouse.duckdb")),
    "way up": with_manifest(lambda a: put(a, "../evil"), files=[entry("../evil")]),
    "absolute": with_manifest(lambda a: put(a, "/tmp/evil"), files=[entry("/tmp/evil")]),
    "way up inside": with_manifest(lambda a: put(a, "a/../../evil"), files=[entry("a/../../evil")]),
    "symbolic link": with_manifest(lambda a: put(a, "archive", kind=tarfile.SYMTYPE, link="/etc"), files=[]),
    "hard link": with_manifest(lambda a: put(a, "x", kind=tarfile.LNKTYPE, link="/etc/passwd"), files=[]),
    "device": with_manifest(lambda a: put(a, "x", kind=tarfile.CHRTYPE), files=[]),
    "twice": with_manifest(lambda a: put(a, "x"), lambda a: put(a, "x"), files=[entry("x")]),
    "other content": with_manifest(lambda a: put(a, "x", b"y"), files=[entry("x")]),
    "one missing": with_manifest(files=[entry("x")]),
    "one more": with_manifest(lambda a: put(a, "x"), lambda a: put(a, "z"), files=[entry("x")]),
    "setuid": with_manifest(lambda a: put(a, "x"), files=[{**entry("x"), "mode": 0o4755}]),
    "other version": alien(lambda a: put(a, MANIFEST, manifest([], version=2))),
    "manifest not JSON": alien(lambda a: put(a, MANIFEST, b"[1]")),
}


@pytest.fixture(scope="module")
def sound(lived_in: Settings, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return back_up(lived_in, tmp_path_factory.mktemp("sound")).file.read_bytes()


@pytest.mark.parametrize("case", BAD)
def test_a_damaged_or_alien_archive_is_refused_before_anything_is_written(
    case: str, sound: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "bản.tar.gz"
    file.write_bytes(BAD[case](sound))
    with pytest.raises(ArchiveError):
        verify_archive(file)
    with pytest.raises(RestoreError, match="không dùng được"):
        restore(find_settings(tmp_path / "nhà"), file)
    assert [p.name for p in tmp_path.iterdir()] == ["bản.tar.gz"]


def test_a_full_disk_is_told_before_anything_is_written(
    sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.tar.gz").write_bytes(sound)
    monkeypatch.setattr("flows.backups.restore.ROOM_BYTES", 1 << 60)
    with pytest.raises(RestoreError, match="không đủ chỗ"):
        restore(find_settings(tmp_path / "nhà"), tmp_path / "b.tar.gz")
    assert not (tmp_path / "nhà").exists()


def test_keep_removes_only_older_archives_of_this_home(lived_in: Settings, place: Path) -> None:
    moments = [NOW + dt.timedelta(days=n) for n in range(4)]
    strangers = ["ảnh.jpg", "thidua-20200101-000000-deadbeef.tar.gz", "thidua-cũ.tar.gz"]
    for name in strangers:
        (place / name).write_text("không phải của nhà này")
    files = [back_up(lived_in, place, keep=2, now=moment).file for moment in moments]
    assert sorted(p.name for p in place.iterdir()) == sorted([*strangers, *(f.name for f in files[2:])])


def test_a_backup_is_never_written_over_nor_into_the_home(lived_in: Settings, place: Path) -> None:
    file = place / "của tôi.tar.gz"
    back_up(lived_in, file)
    with pytest.raises(BackupError, match="không ghi đè"):
        back_up(lived_in, file)
    with pytest.raises(BackupError, match="ngoài nhà dữ liệu"):
        back_up(lived_in, lived_in.home)
    with pytest.raises(BackupError, match="không có thư mục"):
        back_up(lived_in, place / "không có" / "x.tar.gz")


def test_a_folder_that_is_not_there_is_made_but_nothing_above_it(lived_in: Settings, place: Path) -> None:
    made = back_up(lived_in, place / "bản sao", keep=2)
    assert made.file.parent == place / "bản sao" and made.file.name.startswith("thidua-")
    with pytest.raises(BackupError, match="gắn ổ đĩa vào"):
        back_up(lived_in, place / "ổ rời" / "bản sao")
    with pytest.raises(BackupError, match="là tên một tệp"):
        back_up(lived_in, place / "một.tar.gz", keep=2)
    with pytest.raises(BackupError, match="ngoài nhà dữ liệu"):
        back_up(lived_in, lived_in.home / "bản sao")
    assert not (lived_in.home / "bản sao").exists() and not (place / "ổ rời").exists()


def test_a_backup_waits_for_a_run(lived_in: Settings, place: Path) -> None:
    lock = FileLock(lived_in.lock, thread_local=False)
    lock.acquire()
    done = threading.Event()
    thread = threading.Thread(target=lambda: (back_up(lived_in, place), done.set()))
    thread.start()
    assert not done.wait(0.7) and not list(place.iterdir())
    lock.release()
    thread.join(20)
    assert done.is_set() and len(list(place.glob("*.tar.gz"))) == 1


@pytest.fixture
def large(lived_in: Settings) -> Iterator[Path]:
    """Something that makes a backup last long enough to be killed."""
    file = lived_in.home / "lớn.bin"
    file.write_bytes(os.urandom(32 << 20))
    yield file
    file.unlink()


def test_a_killed_backup_leaves_nothing_under_a_final_name(lived_in: Settings, place: Path, large: Path) -> None:
    command = [*COMMAND, "backup", str(place), "--home", str(lived_in.home)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 30
    while not any(f.stat().st_size > 1 << 20 for f in place.glob(".thidua-*/half.tar.gz")):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not list(place.glob("*.tar.gz"))
    large.write_bytes(b"")
    made = back_up(lived_in, place)
    assert [p.name for p in place.iterdir()] == [made.file.name]


def test_a_killed_restore_leaves_the_home_as_it_was(
    lived_in: Settings, place: Path, large: Path, tmp_path: Path
) -> None:
    made = back_up(lived_in, place)
    home = tmp_path / "nhà"
    home.mkdir()
    (home / "cũ.txt").write_text("cũ")
    command = [sys.executable, "-c", "from flows.command_line import main; main()", "restore", str(made.file)]
    process = subprocess.Popen([*command, "--replace", "--home", str(home)], start_new_session=True)
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob(".nhà.khoi-phuc/*")):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert [p.name for p in home.iterdir()] == ["cũ.txt"]
    again = subprocess.run([*command, "--replace", "--home", str(home)], capture_output=True, text=True, timeout=120)
    assert again.returncode == 0, again.stderr
    assert "Nhà dữ liệu cũ nay nằm ở" in again.stdout and "Đã khôi phục" in again.stdout
    assert (home / "warehouse.duckdb").is_file() and not list(tmp_path.glob(".nhà.khoi-phuc"))
    refused = subprocess.run([*command, "--home", str(home)], capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1 and "không trống" in refused.stderr
