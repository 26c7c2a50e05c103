"""Our files in folders on this machine: what is theirs stays as it is, whatever lies there and whatever happens."""

from __future__ import annotations

import multiprocessing
import os
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from delivering import INSIDE, OURS, MemoryLedger, Sender, outgoing, snapshot
from shared_office import YESTERDAY, SharedOffice, put

from flows.feedback.delivery import is_delivered, recall
from flows.feedback.delivery_names import fit_name, fit_path, numbered
from flows.places import FolderError, is_skipped
from flows.settings import Settings, find_settings
from flows.shares.local_folder import LocalFolder
from transforms.observation import WrittenFile
from transforms.reading import hash_bytes


@pytest.fixture
def sender(office: SharedOffice) -> Sender:
    put(office.folder / "returns" / "Hà Nam" / "báo cáo.xlsx", b"their return")
    return Sender(office)


@pytest.fixture
def folder(sender: Sender) -> Path:
    return sender.root / "Hà Nam"


# Nothing of theirs is changed.

NAMES = ["Kết quả.xlsx", "Kết quả (2).xlsx", "KẾT QUẢ.XLSX", "Biên nhận.html", "Biên nhận (2).html", "khác.xlsx"]


@pytest.mark.parametrize("seed", range(25))
def test_whatever_lies_there_stays_as_it_is(office: SharedOffice, seed: int) -> None:
    """Folders of random contents between random deliveries: what we did not write keeps its bytes and its time."""
    chance = random.Random(seed)
    sender = Sender(office)
    folder = sender.root / "Hà Nam"
    folder.mkdir()
    for _ in range(6):
        for _ in range(chance.randrange(4)):
            act(chance, folder)
        before = theirs(folder, sender)
        wanted = [
            outgoing(name, chance.randbytes(chance.randrange(1, 4))) for name in ("Kết quả.xlsx", "Biên nhận.html")
        ]
        sent = sender.send(*wanted)
        after = snapshot(folder)
        assert {name: after.get(name) for name in before} == before
        assert not [name for name in after if name.endswith(".tmp")]
        composed = {(unicodedata.normalize("NFC", f"Hà Nam/{name}"), data) for name, (_, data) in after.items()}
        for file, delivered in zip(wanted, sent, strict=True):
            place = delivered.file.place
            is_there = Path(place).read_bytes() == file.data if delivered.is_at_home else (place, file.data) in composed
            assert is_there or (place == "" and "giống hệt" in delivered.reason)
        assert not any(delivered.is_new for delivered in sender.send(*wanted))
        assert snapshot(folder) == after
        arrived = {a.sha256 for a in sender.gather().arrivals.get("ha-nam", [])}
        assert not arrived & {f.sha256 for f in sender.ledger.files}
        assert arrived >= {
            hash_bytes(data)
            for name, (_, data) in theirs(folder, sender).items()
            if not name.endswith(".html") and not (folder / name).is_symlink()
        }


def act(chance: random.Random, folder: Path) -> None:
    """One thing that people do to a shared folder."""
    depth = chance.choice(["", OURS, INSIDE, unicodedata.normalize("NFD", OURS) + "/2021H1"])
    path = folder / depth / chance.choice(NAMES)
    files = [p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()]
    kind = chance.randrange(7)
    if kind <= 2 and path.parent.is_dir() | (not path.parent.exists()) and not path.is_dir():
        path.unlink(missing_ok=True)
        put(path, chance.randbytes(chance.randrange(4)), modified=YESTERDAY + chance.random())
    elif kind == 3 and files:
        chance.choice(files).write_bytes(chance.randbytes(2))
    elif kind == 4 and files:
        put(folder / "bản sao.xlsx", chance.choice(files).read_bytes(), modified=YESTERDAY + chance.random())
    elif kind == 5 and files:
        chance.choice(files).unlink()
    elif kind == 6 and not path.exists() and not path.is_symlink() and path.parent.is_dir():
        path.symlink_to(folder / "báo cáo.xlsx") if chance.random() < 0.5 else path.mkdir()


def theirs(folder: Path, sender: Sender) -> dict[str, tuple[int, bytes]]:
    """All that lies there but files whose content is one of ours."""
    known = {f.sha256 for f in sender.ledger.files}
    return {name: found for name, found in snapshot(folder).items() if hash_bytes(found[1]) not in known}


@pytest.mark.parametrize("depth", [OURS, INSIDE])
def test_a_link_in_place_of_our_folder_is_not_followed(
    sender: Sender, folder: Path, tmp_path: Path, depth: str
) -> None:
    outside = put(tmp_path / "outside" / "2021H1" / "Kết quả.xlsx", b"ours").parents[1]
    (folder / depth).parent.mkdir(exist_ok=True)
    (folder / depth).symlink_to(outside)
    before = snapshot(outside)
    sent = sender.send(outgoing("Kết quả.xlsx", b"ours 2"), outgoing("Biên nhận.html", b"<p>"))
    assert [d.is_at_home for d in sent] == [True, True]
    assert "không phải là thư mục thường (có thể là liên kết hoặc tệp)" in sent[0].reason
    assert snapshot(outside) == before


@pytest.mark.parametrize("kind", ["parent", "file", "place"])
def test_a_link_made_after_the_look_is_not_followed(tmp_path: Path, kind: str) -> None:
    outside = put(tmp_path / "outside" / "a.xlsx", b"secret").parent
    root = tmp_path / "place"
    if kind == "place":
        root.symlink_to(outside)
    else:
        root.mkdir()
        (root / "x").symlink_to(outside) if kind == "parent" else (root / "a.xlsx").symlink_to(outside / "a.xlsx")
    with pytest.raises(FolderError):
        LocalFolder("ha-nam", root, "x").write("x/b.xlsx" if kind == "parent" else "a.xlsx", b"ours")
    assert snapshot(outside)["a.xlsx"][1] == b"secret" and len(snapshot(outside)) == 1


@pytest.mark.parametrize("path", ["../a.xlsx", "a/../../b.xlsx", "/etc/a", "", "a//b", "./a", "a\0b"])
def test_a_path_never_leads_out_of_its_place(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not a path within"):
        LocalFolder("ha-nam", tmp_path, "x").write(path, b"x")


def test_what_was_saved_since_the_look_is_not_replaced(tmp_path: Path) -> None:
    place = LocalFolder("ha-nam", tmp_path, "x")
    place.write("a.xlsx", b"ours")
    seen = place.look("a.xlsx")
    put(tmp_path / "a.xlsx", b"their")
    for replaced in (seen, None):
        with pytest.raises(FolderError, match="vừa thay đổi"):
            place.write("a.xlsx", b"ours 2", replaced)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.xlsx", b"their")]


def test_what_a_killed_process_left_is_cleared_and_nothing_that_only_looks_like_it(tmp_path: Path) -> None:
    place = LocalFolder("u", tmp_path, "u")
    names = [f".thidua-{'a' * 16}.tmp", f".thidua-{'b' * 16}.tmp", ".thidua-cc.tmp", "x.tmp"]
    for name in names:
        (tmp_path / name).write_bytes(b"half")
        if "bbb" not in name:
            os.utime(tmp_path / name, (1_600_000_000, 1_600_000_000))
    for item in place.list_folder(""):
        place.clear(item)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(names[1:])


def test_a_folder_is_made_for_nobody(sender: Sender) -> None:
    [sent] = sender.send(outgoing("Kết quả.xlsx", b"ours", "nam-dinh"))
    assert (sent.is_at_home, sent.reason) == (True, "chưa có thư mục của đơn vị này")
    assert [p.name for p in sender.root.iterdir()] == ["Hà Nam"]
    assert Path(sent.file.place) == sender.office.settings.feedback / "Nam Định" / "2021H1" / "Kết quả.xlsx"


def test_who_may_write_beside_may_write_into_it(sender: Sender, folder: Path) -> None:
    folder.chmod(0o2775)
    sender.send(outgoing("Kết quả.xlsx", b"ours"))
    assert [(folder / p).stat().st_mode & 0o7777 for p in (OURS, INSIDE)] == [0o2775, 0o2775]
    assert (folder / INSIDE / "Kết quả.xlsx").stat().st_mode & 0o777 == 0o664


# What is ours is no return.


def test_a_copy_of_ours_elsewhere_is_told_by_its_content(sender: Sender, folder: Path) -> None:
    sender.send(outgoing("Kết quả.xlsx", b"ours"))
    put(folder / "cũ" / "bản sao.xlsx", b"ours")
    gathered = sender.gather()
    assert [a.file_name for a in gathered.arrivals["ha-nam"]] == ["báo cáo.xlsx"]
    assert gathered.failures == []
    assert len(gathered.feedback["ha-nam"]) == 1
    assert len(list(sender.office.settings.archive.rglob("*"))) == 2  # their return, in its folder


def test_what_was_just_delivered_costs_no_wait(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    sender.send(outgoing("Kết quả.xlsx", b"ours"), outgoing("Biên nhận.html", b"<p>"))
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail("waited"))
    assert len(sender.gather().arrivals["ha-nam"]) == 1


def test_a_file_that_came_from_a_unit_never_becomes_ours(sender: Sender) -> None:
    sender.gather()
    [sent] = sender.send(outgoing("Kết quả.xlsx", b"their return"))
    assert (sent.file.place, sent.is_new, sent.is_at_home) == ("", False, False)
    assert "giống hệt một tệp mà đơn vị đã gửi" in sent.reason
    assert sender.ledger.files == []
    assert len(sender.gather().arrivals["ha-nam"]) == 1


def test_what_lies_there_need_not_be_made_again(sender: Sender, folder: Path) -> None:
    def is_there(name: str, key: str) -> bool:
        return is_delivered(sender.gather(), sender.ledger.written(), "ha-nam", f"2021H1/{name}", key)

    assert not is_there("Kết quả.xlsx", "k1")
    sender.send(outgoing("Kết quả.xlsx", b"ours", key="k1"), outgoing("a (2).html", b"<p>", key="k2"))
    assert is_there("Kết quả.xlsx", "k1") and is_there("a (2).html", "k2")
    assert not is_there("Kết quả.xlsx", "k2") and not is_there("khác.xlsx", "k1")
    (folder / INSIDE / "Kết quả.xlsx").write_bytes(b"theirs")
    assert not is_there("Kết quả.xlsx", "k1")
    written = sender.ledger.written()
    assert recall(sender.office.settings, written, "ha-nam", "2021H1/Kết quả.xlsx", "k1") == b"ours"
    assert recall(sender.office.settings, written, "ha-nam", "2021H1/Kết quả.xlsx", "k3") is None
    sender.send(outgoing("Kết quả.xlsx", b"ours", key="k1"))
    assert is_there("Kết quả.xlsx", "k1")  # now as “Kết quả (2).xlsx”
    assert (folder / INSIDE / "Kết quả (2).xlsx").read_bytes() == b"ours"
    named = [replace(outgoing("", data, key=f.content_key), name=f.name) for f, data in made(sender)]
    assert not any(d.is_new for d in sender.send(*named))  # by the names of the ledger


def made(sender: Sender) -> list[tuple[WrittenFile, bytes]]:
    """The latest of what the ledger holds of each name, with its bytes."""
    latest = {f.name: f for f in sender.ledger.written()}
    settings = sender.office.settings
    found = [(f, recall(settings, [f], f.province_id, f.name, f.content_key)) for f in latest.values()]
    return [(f, data) for f, data in found if data is not None]


# A run that ends too early.


class Broken(MemoryLedger):
    def record(self, files: Sequence[WrittenFile]) -> None:
        super().record(files)
        raise RuntimeError("no more")


def test_nothing_is_written_that_is_not_recorded(sender: Sender, folder: Path) -> None:
    sender.ledger = Broken()
    with pytest.raises(RuntimeError):
        sender.send(outgoing("Kết quả.xlsx", b"ours"))
    assert [p.name for p in folder.iterdir()] == ["báo cáo.xlsx"]
    survivor, sender.ledger = sender.ledger, MemoryLedger()
    sender.ledger.files = survivor.files
    assert len(sender.gather().arrivals["ha-nam"]) == 1
    assert sender.send(outgoing("Kết quả.xlsx", b"ours"))[0].is_new
    assert len(sender.ledger.files) == 1
    assert (folder / INSIDE / "Kết quả.xlsx").read_bytes() == b"ours"


def _die_while_writing(sender: Sender) -> None:
    os.fsync = lambda handle: os._exit(9)  # type: ignore[assignment]
    sender.send(outgoing("Kết quả.xlsx", b"ours"))


def test_a_process_killed_in_the_middle_of_writing(sender: Sender, folder: Path) -> None:
    victim = multiprocessing.get_context("fork").Process(target=_die_while_writing, args=[sender])
    victim.start()
    victim.join()
    assert victim.exitcode == 9
    [leftover] = (folder / INSIDE).iterdir()
    assert is_skipped(leftover.name)
    assert len(sender.gather().arrivals["ha-nam"]) == 1
    sender.send(outgoing("Kết quả.xlsx", b"ours"))
    assert [p.name for p in (folder / INSIDE).iterdir()] == ["Kết quả.xlsx"]


def test_a_home_that_takes_nothing_is_an_error(sender: Sender) -> None:
    sender.office.settings.home.mkdir(exist_ok=True)
    sender.office.settings.feedback.write_text("a file")
    with pytest.raises(OSError, match="feedback"):
        sender.send(outgoing("Kết quả.xlsx", b"ours", "nam-dinh"))


def test_a_full_disk_is_told(sender: Sender, folder: Path) -> None:
    """Of a file system without room, as a limit on the size of files shows it to this process."""
    import resource
    import signal

    place = LocalFolder("ha-nam", folder, "Hà Nam")
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(FolderError, match="đã đầy"):
            place.write("a.xlsx", b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, old)
    assert [p.name for p in folder.iterdir()] == ["báo cáo.xlsx"]


def test_any_other_address_of_fsspec(office: SharedOffice) -> None:
    import fsspec  # type: ignore[import-untyped]

    files = fsspec.filesystem("memory")
    files.pipe("/phan-hoi/ha-nam/a.xlsx", b"theirs")
    office.settle({"Hà Nam": "memory://phan-hoi/ha-nam"})
    sender = Sender(office, is_shared=True)
    for data in (b"ours", b"ours", b"ours!", b"longer"):
        sent = sender.send(outgoing("Kết quả.xlsx", data))
        assert [(d.is_at_home, d.reason) for d in sent] == [(False, "")]
        assert files.find("/phan-hoi") == [f"/phan-hoi/ha-nam/{INSIDE}/Kết quả.xlsx", "/phan-hoi/ha-nam/a.xlsx"]
        assert files.cat(f"/phan-hoi/ha-nam/{INSIDE}/Kết quả.xlsx") == data
    assert [a.file_name for a in sender.gather().arrivals["ha-nam"]] == ["a.xlsx"]


# Names.


@pytest.mark.parametrize(
    ("name", "fitted"),
    [
        ("Kết quả.xlsx", "Kết quả.xlsx"),
        ('a<b>:"|?*\\.xlsx', "a_b_______.xlsx"),
        ("~$a.xlsx", "_~$a.xlsx"),
        ("a.tmp", "_a.tmp_"),
        ("con.xlsx", "_con.xlsx"),
        ("cuối. ", "cuối"),
        ("bản (2).xlsx", "bản - 2.xlsx"),
        ("ă" * 300 + ".xlsx", "ă" * 97 + ".xlsx"),
        ("...", "_"),
    ],
)
def test_names_fit_every_server(name: str, fitted: str) -> None:
    assert fit_name(name) == fitted
    assert fit_name(fitted) == fitted and not is_skipped(fitted)


def test_numbers_stand_before_the_ending() -> None:
    assert numbered("2021H1/a.b.xlsx", 2) == "2021H1/a.b (2).xlsx"
    assert numbered("2021H1/khong duoi", 3) == "2021H1/khong duoi (3)"
    assert numbered("a.xlsx", 1) == "a.xlsx"
    with pytest.raises(ValueError, match="not a path"):
        fit_path("2021H1/../a")


@pytest.mark.parametrize("name", ["a.xlsx", "2021H2/a.xlsx"])
def test_a_file_outside_its_period_is_our_mistake(sender: Sender, name: str) -> None:
    with pytest.raises(ValueError, match="folder of 2021H1"):
        sender.send(replace(outgoing("x", b"x"), name=name))
    with pytest.raises(ValueError, match="folder of 2021H1"):
        sender.send(outgoing("x", b"x"), outgoing("X", b"y"))
    assert sender.send() == []


@pytest.mark.parametrize(
    "name", ["", " ", "a/b", "a\\b", "..", ".", ".ẩn", "~$x", "x.tmp", "a:b", "a\nb", "a.", " a", "x" * 200]
)
def test_a_name_for_our_folder_that_would_not_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("THIDUA_FEEDBACK_FOLDER", name)
    with pytest.raises(ValueError, match="THIDUA_FEEDBACK_FOLDER"):
        find_settings(tmp_path)


def test_the_name_of_our_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_settings(tmp_path).feedback_folder == Settings(tmp_path).feedback_folder == OURS
    monkeypatch.setenv("THIDUA_FEEDBACK_FOLDER", unicodedata.normalize("NFD", "Trả lời"))
    assert find_settings(tmp_path).feedback_folder == "Trả lời"
