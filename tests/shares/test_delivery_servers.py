"""Our files on real servers: put there whole, kept apart from the province's own, or in the home with the reason."""

from __future__ import annotations

import os
import signal
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import smbclient
from delivering import INSIDE, OURS, Sender, outgoing, snapshot
from servers import HOST, PASSWORD, USER, BadNetwork, Samba, Sshd, free_port
from shared_office import SharedOffice, put

Start = Callable[[type[Samba] | type[Sshd]], Samba | Sshd]
Server = Samba | Sshd


@pytest.fixture(params=["samba", "sshd"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def tree(server: Server, request: pytest.FixtureRequest) -> Path:
    """A province's folder on the server, of the test's own, with a return in it."""
    folder = server.tree / "".join(c for c in request.node.name if c.isalnum())
    put(folder / "báo cáo.xlsx", b"their return")
    return folder


@pytest.fixture
def sender(office: SharedOffice, server: Server, tree: Path) -> Sender:
    office.settle({"Hà Nam": server.row(tree.name)})
    return Sender(office, is_shared=True)


def test_written_left_replaced_and_never_gathered(sender: Sender, tree: Path) -> None:
    """The whole life of our files; every one ends with the same bytes at the same name, and no trace of temporaries."""
    files = [outgoing("Biên nhận.html", b"<p>1"), outgoing("Kết quả.xlsx", b"marked 1" * 200_000)]
    first = sender.send(*files)
    assert [(d.is_new, d.is_at_home, d.reason) for d in first] == [(True, False, "")] * 2
    assert [(tree / INSIDE / n).read_bytes() for n in ("Biên nhận.html", "Kết quả.xlsx")] == [f.data for f in files]
    assert first[0].file.place.endswith(f"/{tree.name}/{INSIDE}/Biên nhận.html")

    gathered = sender.gather()
    assert [a.file_name for a in gathered.arrivals["ha-nam"]] == ["báo cáo.xlsx"]
    assert gathered.failures == []
    assert {(x.name, x.size, x.is_ours) for x in gathered.feedback["ha-nam"].values()} == {
        ("2021H1/Biên nhận.html", 4, True),
        ("2021H1/Kết quả.xlsx", 1_600_000, True),
    }

    before, recorded = snapshot(tree), len(sender.ledger.files)
    assert [(d.is_new, d.reason) for d in sender.send(*files)] == [(False, "")] * 2
    assert (snapshot(tree), len(sender.ledger.files)) == (before, recorded)

    [changed] = sender.send(outgoing("Kết quả.xlsx", b"marked 2"))
    assert changed.is_new and changed.file.place.endswith("/2021H1/Kết quả.xlsx")
    assert {p.name: p.read_bytes() for p in (tree / INSIDE).iterdir()} == {
        "Biên nhận.html": b"<p>1",
        "Kết quả.xlsx": b"marked 2",
    }
    assert (tree / "báo cáo.xlsx").stat().st_mtime_ns == before["báo cáo.xlsx"][0]


def test_what_an_officer_filled_in_is_kept_and_gathered(sender: Sender, tree: Path) -> None:
    sender.send(outgoing("Kết quả.xlsx", b"marked"), outgoing("Biên nhận.html", b"<p>"))
    (tree / INSIDE / "Kết quả.xlsx").write_bytes(b"filled")  # of the same length
    put(tree / INSIDE / "mới.xlsx", b"brand new")
    put(tree / INSIDE / "Biên nhận.html", b"saved again by a browser")
    before = snapshot(tree)
    gathered = sender.gather()
    assert sorted(a.file_name for a in gathered.arrivals["ha-nam"]) == ["Kết quả.xlsx", "báo cáo.xlsx", "mới.xlsx"]
    [second, page] = sender.send(outgoing("Kết quả.xlsx", b"marked 2"), outgoing("Biên nhận.html", b"<p>2"))
    assert [second.file.place.rpartition("/")[2], page.file.place.rpartition("/")[2]] == [
        "Kết quả (2).xlsx",
        "Biên nhận (2).html",
    ]
    assert second.file.name == "2021H1/Kết quả.xlsx"  # what was asked for
    after = snapshot(tree)
    assert {name: after[name] for name in before} == before
    assert after[f"{INSIDE}/Kết quả (2).xlsx"][1] == b"marked 2"
    [third] = sender.send(outgoing("Kết quả.xlsx", b"marked 3"))
    assert third.file.place == second.file.place
    assert not sender.send(outgoing("Kết quả.xlsx", b"marked 3"))[0].is_new
    (tree / INSIDE / "Biên nhận (2).html").write_bytes(b"<p>3")
    names = [a.file_name for a in sender.gather().arrivals["ha-nam"]]
    assert sorted(names) == ["Kết quả.xlsx", "báo cáo.xlsx", "mới.xlsx"]


def test_a_folder_whose_name_the_server_composes_otherwise(sender: Sender, tree: Path) -> None:
    decomposed = tree / unicodedata.normalize("NFD", OURS)
    put(decomposed / "2021H1" / unicodedata.normalize("NFD", "Kết quả.xlsx"), b"theirs")
    [sent] = sender.send(outgoing("Kết quả.xlsx", b"ours"))
    assert sorted(p.name for p in tree.iterdir()) == sorted(["báo cáo.xlsx", decomposed.name])
    assert sent.file.place.endswith("/2021H1/Kết quả (2).xlsx")
    assert not sender.send(outgoing("Kết quả.xlsx", b"ours"))[0].is_new
    lying = sender.gather().feedback["ha-nam"]
    assert sorted(x.is_ours for x in lying.values()) == [False, True]


def test_leftovers_of_a_killed_run_are_cleared(sender: Sender, tree: Path) -> None:
    from flows.places import temporary_beside

    leftover = put(tree / temporary_beside(f"{INSIDE}/Kết quả.xlsx"), b"half" * 10_000)
    assert [a.file_name for a in sender.gather().arrivals["ha-nam"]] == ["báo cáo.xlsx"]
    sender.send(outgoing("Kết quả.xlsx", b"ours"))
    assert not leftover.exists()
    assert (tree / INSIDE / "Kết quả.xlsx").read_bytes() == b"ours"


def test_a_server_that_is_down_gets_it_later(office: SharedOffice, server: Server, tree: Path) -> None:
    sender = Sender(office, is_shared=True)
    office.settle({"Hà Nam": server.row(tree.name, port=free_port())})
    [sent] = sender.send(outgoing("Kết quả.xlsx", b"ours"))
    home = office.settings.home / "feedback" / "Hà Nam" / "2021H1" / "Kết quả.xlsx"
    assert (sent.is_at_home, sent.is_new, sent.reason) == (True, True, "không kết nối được với máy chủ")
    assert sent.file.place == str(home) and home.read_bytes() == b"ours"
    assert not sender.send(outgoing("Kết quả.xlsx", b"ours"))[0].is_new
    office.settle({"Hà Nam": server.row(tree.name)})
    [sent] = sender.send(outgoing("Kết quả.xlsx", b"ours"))
    assert (sent.is_at_home, sent.is_new) == (False, True)
    assert (tree / INSIDE / "Kết quả.xlsx").read_bytes() == b"ours"
    assert list((office.settings.home / "feedback").iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(office: SharedOffice, server: Server) -> None:
    office.settle({"Hà Nam": server.row("chưa có thư mục này")})
    [sent] = Sender(office, is_shared=True).send(outgoing("Kết quả.xlsx", b"ours"))
    assert (sent.is_at_home, sent.reason) == (True, "máy chủ không có thư mục này")
    assert not (server.tree / "chưa có thư mục này").exists()


def test_one_frozen_server_stops_nothing(office: SharedOffice, start_server: Start, tmp_path: Path) -> None:
    server = start_server(Samba)
    put(server.tree / "a.xlsx")
    near = put(tmp_path / "near" / "a.xlsx").parent
    office.settle({"Hà Nam": server.row(), "Nam Định": str(near)}, share_seconds=1.0, connect_seconds=30.0)
    server.signal(signal.SIGSTOP)
    began = time.monotonic()
    sent = Sender(office, is_shared=True).send(
        outgoing("a.html", b"1"), outgoing("a.html", b"2", "nam-dinh"), outgoing("a.html", b"3", "thai-binh")
    )
    assert time.monotonic() - began < 4
    assert [(d.is_at_home, d.reason) for d in sent] == [
        (True, "máy chủ không trả lời xong trong 1 giây"),
        (False, ""),
        (True, "chưa có thư mục của đơn vị này"),
    ]
    server.signal(signal.SIGCONT)


# What only one of the two can show.


def test_a_read_only_share_gives_it_to_the_home(office: SharedOffice, samba: Samba) -> None:
    put(samba.tree / "chỉ xem" / "a.xlsx")
    before = snapshot(samba.tree / "chỉ xem")
    office.settle({"Hà Nam": samba.row(address=f"smb://{HOST}:{samba.port}/chỉ-đọc/chỉ xem")})
    sender = Sender(office, is_shared=True)
    sent = sender.send(outgoing("Kết quả.xlsx", b"ours"), outgoing("Biên nhận.html", b"<p>"))
    assert [(d.is_at_home, d.reason) for d in sent] == [(True, "không có quyền ghi vào thư mục này")] * 2
    assert snapshot(samba.tree / "chỉ xem") == before
    assert Path(sent[0].file.place).read_bytes() == b"ours"
    office.settle({"Hà Nam": samba.row("chỉ xem")})  # the same folder, now with the right to write
    assert [d.is_at_home for d in sender.send(outgoing("Kết quả.xlsx", b"ours"))] == [False]


@pytest.mark.parametrize("access", ["r", None])
def test_our_file_held_open(office: SharedOffice, samba: Samba, access: str | None) -> None:
    """As Excel does, where others may read; and by someone who shuts everyone out."""
    name = f"giữ {access}"
    put(samba.tree / name / "a.xlsx")
    office.settle({"Hà Nam": samba.row(name)})
    sender = Sender(office, is_shared=True)
    sender.send(outgoing("Kết quả.xlsx", b"ours"))
    unc = rf"\\{HOST}\thidua\{name}\{INSIDE}\Kết quả.xlsx".replace("/", "\\")
    account: dict[str, Any] = {"username": USER, "password": PASSWORD, "port": samba.port, "connection_cache": {}}
    with smbclient.open_file(unc, "r+b", share_access=access, **account):
        assert not sender.send(outgoing("Kết quả.xlsx", b"ours"))[0].is_new
        [sent] = sender.send(outgoing("Kết quả.xlsx", b"ours 2"))
        assert (sent.is_at_home, sent.reason) == (True, "tệp đang mở ở máy khác")
        assert (samba.tree / name / INSIDE / "Kết quả.xlsx").read_bytes() == b"ours"
        assert [p.name for p in (samba.tree / name / INSIDE).iterdir()] == ["Kết quả.xlsx"]
    [sent] = sender.send(outgoing("Kết quả.xlsx", b"ours 2"))
    assert (sent.is_at_home, sent.is_new) == (False, True)
    smbclient.reset_connection_cache(connection_cache=account["connection_cache"])


@pytest.mark.parametrize("depth", [OURS, INSIDE])
def test_a_link_in_place_of_our_folder_on_sftp(office: SharedOffice, sshd: Sshd, tmp_path: Path, depth: str) -> None:
    folder = sshd.tree / f"liên kết {len(depth)}"
    outside = put(tmp_path / "outside" / "2021H1" / "Kết quả.xlsx", b"ours 1").parents[1]
    (folder / depth).parent.mkdir(parents=True)
    (folder / depth).symlink_to(outside)
    before = snapshot(outside)
    office.settle({"Hà Nam": sshd.row(folder.name)})
    [sent] = Sender(office, is_shared=True).send(outgoing("Kết quả.xlsx", b"ours 2"))
    assert sent.is_at_home and "không phải là thư mục thường (có thể là liên kết" in sent.reason
    assert snapshot(outside) == before


def test_a_link_out_of_a_samba_share_is_not_followed(office: SharedOffice, samba: Samba, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "2021H1" / "a.xlsx", b"x").parents[1]
    put(samba.tree / "thoát" / "a.xlsx")
    (samba.tree / "thoát" / OURS).symlink_to(outside)
    before = snapshot(outside)
    office.settle({"Hà Nam": samba.row("thoát")})
    [sent] = Sender(office, is_shared=True).send(outgoing("Kết quả.xlsx", b"ours"))
    assert sent.is_at_home and sent.reason
    assert snapshot(outside) == before


def test_officers_may_write_beside_and_into_what_we_put_there(office: SharedOffice, sshd: Sshd) -> None:
    folder = put(sshd.tree / "chung" / "a.xlsx").parent
    folder.chmod(0o2775)
    office.settle({"Hà Nam": sshd.row("chung")})
    Sender(office, is_shared=True).send(outgoing("Kết quả.xlsx", b"ours"))
    assert [oct((folder / p).stat().st_mode & 0o7777) for p in (OURS, INSIDE)] == ["0o2775", "0o2775"]
    assert (folder / INSIDE / "Kết quả.xlsx").stat().st_mode & 0o777 == 0o664


def test_an_ordinary_gathering_reads_nothing_of_ours(sender: Sender, tree: Path, server: Server) -> None:
    """Bytes changed behind the time of change show that nobody looked at them."""
    sender.send(outgoing("Kết quả.xlsx", b"ours"))
    path = tree / INSIDE / "Kết quả.xlsx"
    status = path.stat()
    path.write_bytes(b"OURS")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [a.file_name for a in sender.gather().arrivals["ha-nam"]] == ["báo cáo.xlsx"]
    (sender.office.settings.home / "sent" / "seen.json").unlink()
    assert len(sender.gather().arrivals["ha-nam"]) == 2


@pytest.mark.parametrize("most_bytes", [2500, 4500, 6000])
def test_a_line_cut_while_writing_leaves_whole_files_or_none(
    sender: Sender, server: Server, tree: Path, most_bytes: int
) -> None:
    files = [outgoing(f"{n}.xlsx", os.urandom(300_000)) for n in range(3)]
    network = BadNetwork(server.port, most_bytes, is_cut=True)
    if isinstance(server, Sshd):
        server.trust(network.port)
    sender.office.settle({"Hà Nam": server.row(tree.name, port=network.port)})
    sent = sender.send(*files)
    network.close()
    assert sent[-1].is_at_home and sent[-1].reason
    lying = {p.name: p.read_bytes() for p in tree.glob(f"{INSIDE}/*.xlsx")}
    assert lying == {name: data for name, data in ((f.name.partition("/")[2], f.data) for f in files) if name in lying}
    sender.office.settle({"Hà Nam": server.row(tree.name)})
    assert not any(d.is_at_home for d in sender.send(*files))
    assert sorted(p.name for p in (tree / INSIDE).iterdir()) == ["0.xlsx", "1.xlsx", "2.xlsx"]
    assert list(sender.office.settings.feedback.iterdir()) == []
