"""Folders on this machine: what is taken, what is left, what is told."""

from __future__ import annotations

import os
import threading
import time
import unicodedata
from pathlib import Path

import pytest
from office import PERIOD
from shared_office import YESTERDAY, SharedOffice, put

from flows.shares import folders
from flows.shares.folders import FolderError, Item, LocalFolder, list_files, take_file
from flows.shares.gathering import gather


def shown(office: SharedOffice) -> tuple[list[str], list[tuple[str, str, str]]]:
    gathered = gather(office.catalogue, PERIOD, office.folder / "returns", office.settings.archive)
    paths = [a.path for arrivals in gathered.arrivals.values() for a in arrivals]
    return paths, [(path, rule, reason) for _, path, reason, rule in gathered.failures]


def test_a_root_with_one_folder_per_province(office: SharedOffice) -> None:
    put(office.folder / "returns" / "UBND tỉnh HÀ NAM" / "a.xlsx")
    put(office.folder / "returns" / "Nam Định" / "đợt 1" / "b.xlsx")
    assert shown(office) == (["Nam Định/đợt 1/b.xlsx", "UBND tỉnh HÀ NAM/a.xlsx"], [])


def test_pipes_sockets_and_links_are_left(office: SharedOffice) -> None:
    """A pipe would keep whoever opens it waiting for ever."""
    folder = office.folder / "returns" / "Hà Nam"
    put(folder / "a.xlsx")
    os.mkfifo(folder / "ống.xlsx")
    outside = put(office.folder / "outside" / "b.xlsx")
    (folder / "b.xlsx").symlink_to(outside)
    (folder / "vòng").symlink_to(folder)
    assert shown(office) == (["Hà Nam/a.xlsx"], [])


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_file_swapped_after_the_listing_is_not_followed(tmp_path: Path, kind: str) -> None:
    path = put(tmp_path / "a.xlsx")
    place = LocalFolder("ha-nam", tmp_path, "Hà Nam")
    [item] = list_files(place)[0]
    path.unlink()
    if kind == "link":
        path.symlink_to(put(tmp_path.parent / "secret"))
    else:
        os.mkfifo(path)
    with pytest.raises(FolderError) as caught:
        take_file(place, item, tmp_path / "archive")
    assert caught.value.rule_code == "file_unreadable"


def test_twins_that_only_differ_in_composition_keep_two_paths(office: SharedOffice) -> None:
    for form in ("NFC", "NFD"):
        put(office.folder / "returns" / "Hà Nam" / unicodedata.normalize(form, "Báo cáo.xlsx"), form.encode())
    paths, failures = shown(office)
    assert sorted(paths) == ["Hà Nam/Báo cáo.xlsx", "Hà Nam/Báo cáo.xlsx (2)"]
    assert failures == []


def test_names_that_are_no_text_are_taken(office: SharedOffice) -> None:
    folder = office.folder / "returns" / "Hà Nam"
    put(folder / "a.xlsx")
    (folder / "a.xlsx").rename(os.fsdecode(os.fsencode(folder) + b"/b\xe1o c\xe1o.xlsx"))
    assert shown(office) == (["Hà Nam/b?o c?o.xlsx"], [])


def test_a_file_of_a_moment_ago_is_taken_when_it_stays(office: SharedOffice) -> None:
    put(office.folder / "returns" / "Hà Nam" / "a.xlsx", modified=time.time())
    put(office.folder / "returns" / "Hà Nam" / "b.xlsx", modified=time.time() + 9999)  # a clock that is wrong
    assert shown(office) == (["Hà Nam/a.xlsx", "Hà Nam/b.xlsx"], [])


def test_a_file_that_grows_between_two_looks_is_left_for_later(office: SharedOffice) -> None:
    path = put(office.folder / "returns" / "Hà Nam" / "a.xlsx", modified=time.time())
    put(office.folder / "returns" / "Hà Nam" / "b.xlsx")
    is_copied = threading.Event()

    def copy() -> None:
        while not is_copied.wait(0.01):
            with path.open("ab") as file:
                file.write(b"x" * 100)

    copier = threading.Thread(target=copy)
    copier.start()
    try:
        paths, failures = shown(office)
    finally:
        is_copied.set()
        copier.join()
    assert paths == ["Hà Nam/b.xlsx"]
    assert [(where, rule) for where, rule, _ in failures] == [("Hà Nam/a.xlsx", "file_unsettled")]


def test_files_at_rest_cost_no_wait(office: SharedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THIDUA_SETTLE_SECONDS", "30")
    put(office.folder / "returns" / "Hà Nam" / "a.xlsx", b"")
    began = time.monotonic()
    assert shown(office) == (["Hà Nam/a.xlsx"], [])
    assert time.monotonic() - began < 5


def test_one_wait_for_all(office: SharedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THIDUA_SETTLE_SECONDS", "0.5")
    for name in ("Hà Nam", "Nam Định", "Thái Bình"):
        put(office.folder / "returns" / name / "a.xlsx", name.encode(), modified=time.time())
    office.settle(
        {name: str(put(office.folder / name / "b.xlsx", modified=time.time()).parent) for name in ("27", "37")}
    )
    began = time.monotonic()
    gathered = office.gather()
    assert 0.5 <= time.monotonic() - began < 1
    assert sum(map(len, gathered.arrivals.values())) == 5


def test_a_folder_that_is_gone_is_told_and_the_others_go_on(office: SharedOffice) -> None:
    put(office.folder / "near" / "a.xlsx")
    office.settle({"Hà Nam": "near", "Nam Định": "nowhere", "Hà Tây": "near"})
    gathered = office.gather()
    assert [a.path for a in gathered.arrivals["ha-nam"]] == [str(office.folder / "near" / "a.xlsx")]
    assert gathered.strays == ["shares.toml: Hà Tây"]
    assert gathered.failures == [
        ("nam-dinh", str(office.folder / "nowhere"), "không có thư mục này", "share_unreachable")
    ]


def test_the_root_is_read_beside_the_shares(office: SharedOffice) -> None:
    put(office.folder / "returns" / "Hà Nam" / "a.xlsx", b"root")
    put(office.folder / "near" / "a.xlsx", b"share")
    office.settle({"Hà Nam": "near"})
    assert [a.path for a in office.gather().arrivals["ha-nam"]] == [
        "Hà Nam/a.xlsx",
        str(office.folder / "near" / "a.xlsx"),
    ]


def test_any_other_address_of_fsspec(office: SharedOffice) -> None:
    import fsspec  # type: ignore[import-untyped]

    files = fsspec.filesystem("memory")
    files.pipe("/thidua/ha-nam/sâu/a.xlsx", b"content")
    office.settle({"Hà Nam": "memory://thidua/ha-nam", "Nam Định": "memory://thidua/none", "Thái Bình": "nosuch://x/y"})
    gathered = office.gather()
    assert [a.path for a in gathered.arrivals["ha-nam"]] == ["memory://thidua/ha-nam/sâu/a.xlsx"]
    assert sorted((unit, reason) for unit, _, reason, _ in gathered.failures) == [
        ("nam-dinh", "máy chủ không có thư mục này"),
        ("thai-binh", "không biết loại địa chỉ này"),
    ]


class Listed:
    """A place that lists what it is told."""

    unit, shown = "ha-nam", "x"

    def __init__(self, *items: Item) -> None:
        self.items = list(items)

    def list_folder(self, path: str) -> list[Item]:
        return [Item(f"{path}/{i.path}" if path else i.path, i.kind, i.size, i.modified) for i in self.items]

    def look(self, path: str) -> Item | None:
        return None

    def read(self, path: str, most: int) -> bytes:
        return b"x" * (most + 1)

    def reset(self) -> None:
        return None


def test_a_tree_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FolderError, match="quá nhiều"):
        list_files(Listed(Item("x", "folder")))
    monkeypatch.setattr(folders, "MOST_FILES", 50)
    with pytest.raises(FolderError, match="quá nhiều"):
        list_files(Listed(*(Item(str(n), "file") for n in range(60))))


def test_a_file_that_is_larger_than_it_says_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_BYTES", 100)
    with pytest.raises(FolderError, match="lớn hơn"):
        take_file(Listed(), Item("a.xlsx", "file", 5, YESTERDAY), tmp_path / "archive")
    assert not (tmp_path / "archive").exists()


def test_names_of_a_listing_lead_nowhere_else(office: SharedOffice) -> None:
    """What a server calls a file is only ever said back to that server; in the archive it is its content's hash."""
    place = Listed(Item("../../../../etc/x.xlsx", "file", -1, YESTERDAY))
    place.read = lambda path, most: b"content"  # type: ignore[method-assign]
    [item] = list_files(place)[0]
    arrival = take_file(place, item, office.settings.archive)
    [kept] = [p for p in office.settings.archive.rglob("*") if p.is_file()]
    assert kept.name == arrival.sha256 and kept.is_relative_to(office.settings.archive)


def test_a_subfolder_that_cannot_be_read_is_told_and_the_rest_taken() -> None:
    class Partly(Listed):
        def list_folder(self, path: str) -> list[Item]:
            if path == "kín":
                raise FolderError("share_unreachable", "không có quyền đọc")
            return super().list_folder(path)

    found, shut = list_files(Partly(Item("kín", "folder"), Item("a.xlsx", "file")))
    assert [item.path for item in found] == ["a.xlsx"]
    assert [(path, error.reason) for path, error in shut] == [("kín", "không có quyền đọc")]
