"""A seal held against what was recorded of it: in the home's warehouse, and in the seal that followed or preceded."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

from flows.closing.seal_folder import MANIFEST, Fault, SealError, hash_file, read_manifest, seal_path, verify
from flows.home_lock import one_at_a_time
from flows.settings import Settings
from transforms.operation import ClosingEvent
from warehouse import Warehouse

PROGRESS = logging.getLogger("thidua.progress")


@dataclass
class Checked:
    """What looking at a seal came to; `notes` say against what it was held and against what it could not be."""

    manifest_hash: str = ""
    files: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_closings(settings: Settings, period_code: str) -> list[ClosingEvent]:
    """The steps of a period's closing as the home's warehouse has them; none where there is no warehouse."""
    if not settings.warehouse.is_file():
        return []
    with one_at_a_time(settings), Warehouse.open(settings.warehouse) as warehouse:
        return warehouse.closings(period_code)


def check_seal(settings: Settings, folder: Path, noted_hash: str = "") -> Checked:
    """Everything that is wrong with a seal: its own files, the record of the home if it is at hand, its chain."""
    checked = Checked()
    try:
        manifest = read_manifest(folder)
    except SealError as error:
        checked.faults.append(Fault(MANIFEST, str(error)))
        return checked
    checked.manifest_hash = hash_file(folder / MANIFEST)
    checked.files = len(manifest["hashes"]) + 2
    checked.faults = verify(folder, noted_hash, PROGRESS.info)
    _hold_against_home(settings, folder, manifest, checked)
    _hold_against_previous(settings, folder, manifest, checked)
    return checked


def _hold_against_home(settings: Settings, folder: Path, manifest: dict[str, object], checked: Checked) -> None:
    code, number = str(manifest["period_code"]), manifest["seal_no"]
    named = seal_path(settings, code, int(str(number)))
    is_own = folder.resolve() == named.resolve()
    if not is_own and folder.resolve().is_relative_to(settings.seals.resolve()):
        checked.faults.append(Fault(MANIFEST, f"đây là bản số {number} của kỳ {code}, chỗ của nó là “{named}”"))
    sealed = [e for e in read_closings(settings, code) if e.step == "sealed"]
    known = [e for e in sealed if e.seal_no == number and e.closing_id == manifest["closing_id"]]
    if known and known[-1].manifest_hash == checked.manifest_hash:
        checked.notes.append(f"Đúng với mã đã ghi trong kho dữ liệu “{settings.home}”.")
    elif known:
        text = f"kho dữ liệu “{settings.home}” ghi bảng kê này có SHA-256 {known[-1].manifest_hash}"
        checked.faults.append(Fault(MANIFEST, text))
    elif is_own:
        checked.faults.append(Fault(MANIFEST, f"kho dữ liệu “{settings.home}” không ghi nhận bản niêm phong này"))
    else:
        checked.notes.append(
            "Không có kho dữ liệu đã ghi bản này để đối chiếu: so mã trên với mã trong biên bản, "
            "hoặc dùng --manifest-hash."
        )


def _hold_against_previous(settings: Settings, folder: Path, manifest: dict[str, object], checked: Checked) -> None:
    previous = manifest.get("previous")
    if not isinstance(previous, dict):
        return
    number, recorded = previous.get("seal_no"), previous.get("manifest_hash")
    beside = folder.parent / str(number) / MANIFEST
    if not beside.is_file():
        checked.notes.append(f"Bản trước (số {number}, {recorded}) không có ở cạnh nên không đối chiếu được.")
    elif hash_file(beside) != recorded:
        checked.faults.append(Fault(f"../{number}/{MANIFEST}", f"bản trước phải có SHA-256 {recorded}"))
    else:
        checked.notes.append(f"Nối đúng với bản trước, số {number}.")
