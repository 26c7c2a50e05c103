"""Our files put into the provinces' folders, or, where a folder takes nothing, into our home with the reason.

Nothing that a province put there is changed, moved or removed: only a file whose content is one of ours is replaced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from catalogue.model import Catalogue
from flows.feedback.delivery_home import clear_home, home_path, write_home
from flows.feedback.delivery_names import fit_path
from flows.feedback.delivery_steps import Draft, Step, plan_steps, write_steps
from flows.places import FolderError, Place, fold_name, shown_path, unwritable
from flows.settings import Settings
from flows.shares.folders import Gathered, archive_path, keep
from flows.shares.gathering import find_sources
from flows.shares.own_files import OwnFiles, find_own
from flows.shares.settings import Limits, ShareSettings, read_shares
from flows.shares.visits import Source, persist, visit
from transforms.observation import WrittenFile
from transforms.reading import hash_bytes

NO_PLACE = "chưa có thư mục của đơn vị này"
IS_THEIRS = "giống hệt một tệp mà đơn vị đã gửi nên không ghi lại"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One file for a unit; `name` is its path within our subfolder, the period first: "2021H1/Biên nhận.html".

    Names are unique within a unit, and become those of the ledger, even where ours has to lie beside as "… (2)".
    `content_key` names what it was made from.
    """

    unit: str
    name: str
    data: bytes
    kind: str
    content_key: str
    submission_id: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a file lies now: `file.place`, empty where it lies nowhere. `is_new` says that this call wrote it,
    `reason` why it does not lie in the unit's folder."""

    file: WrittenFile
    is_new: bool
    reason: str = ""

    @property
    def is_at_home(self) -> bool:
        return self.file.is_at_home


class Ledger(Protocol):
    """What we ever wrote into the folders, of all periods. It is asked and told in the caller's own thread."""

    def record(self, files: Sequence[WrittenFile]) -> None:
        """Keeps files for good, before they are written: what is told is known after a crash."""

    def written(self) -> Sequence[WrittenFile]:
        """Everything ever recorded, in that order."""


def is_delivered(gathered: Gathered, written: Iterable[WrittenFile], unit: str, name: str, content_key: str) -> bool:
    """Whether a file made from this lies in the unit's folder, as gathering saw it: it need not be made again."""
    lying = gathered.feedback.get(unit, {})
    return any(
        (found := lying.get(file.place)) is not None and found.is_ours and found.sha256 == file.sha256
        for file in _made_before(written, unit, name, content_key)
    )


def recall(settings: Settings, written: Iterable[WrittenFile], unit: str, name: str, content_key: str) -> bytes | None:
    """The bytes of a file that was made from this before, wherever it was put; None where there are none."""
    for file in _made_before(written, unit, name, content_key):
        kept = archive_path(settings.sent, file.sha256)
        if kept.is_file() and hash_bytes(data := kept.read_bytes()) == file.sha256:
            return data
    return None


def _made_before(written: Iterable[WrittenFile], unit: str, name: str, content_key: str) -> list[WrittenFile]:
    asked = (unit, content_key, fit_path(name))
    return [file for file in written if (file.province_id, file.content_key, file.name) == asked]


def deliver(
    catalogue: Catalogue,
    period_code: str,
    root: Path,
    shares_file: Path | None,
    settings: Settings,
    wanted: Iterable[Outgoing],
    ledger: Ledger,
    now: dt.datetime,
) -> list[Delivered]:
    """Puts every file where it belongs and says where that is, in the order given; doing it again writes nothing.

    Our bytes that lie there are left; a file of ours with other bytes is replaced; beside a file that is not ours, ours
    goes under "… (2)". Everything is recorded before it is written. A unit's folder is its share, or else its folder
    under `root`; what that does not take lies in the home, until a later call can put it there. Raises
    ShareSettingsError, and OSError where the home itself takes nothing.
    """
    drafts = _draft_all(wanted, period_code, now)
    written = ledger.written()
    own = find_own(settings, written)
    book = _Book(ledger, written)
    ours = [d for d in drafts if not archive_path(settings.archive, d.file.sha256).exists()]
    if not ours:
        return [Delivered(draft.file, False, IS_THEIRS) for draft in drafts]
    for draft in ours:
        keep(settings.sent, draft.data)
    doors = _find_doors(catalogue, period_code, root, shares_file)
    found: dict[Draft, Delivered] = {}
    for step, trouble in _put_all(doors, ours, settings.feedback_folder, own, book):
        home = home_path(catalogue, settings, step.draft)
        if trouble is None:
            found[step.draft] = Delivered(_located(step), not step.is_there)
            clear_home(settings, home)
            continue
        file = replace(step.draft.file, place=str(home), is_at_home=True)
        book.record([file])
        found[step.draft] = Delivered(file, write_home(settings, step.draft, home), trouble.reason)
    own.save()
    return [found.get(draft) or Delivered(draft.file, False, IS_THEIRS) for draft in drafts]


@dataclass
class _Doors:
    """The one place of every unit, visited as `sources`, and why there is none."""

    sources: list[Source]
    places: dict[str, Place]
    troubles: dict[str, FolderError]
    limits: Limits


class _Book:
    """The ledger, told only what it does not say already."""

    def __init__(self, ledger: Ledger, written: Iterable[WrittenFile]) -> None:
        self._ledger = ledger
        self._latest = {(f.province_id, f.place): f for f in written}

    def record(self, files: Iterable[WrittenFile]) -> None:
        news = []
        for file in files:
            known = self._latest.get((file.province_id, file.place))
            if known is None or replace(known, written_at=file.written_at) != file:
                self._latest[file.province_id, file.place] = file
                news.append(file)
        if news:
            self._ledger.record(news)


def _draft_all(wanted: Iterable[Outgoing], period_code: str, now: dt.datetime) -> list[Draft]:
    drafts: dict[tuple[str, str], Draft] = {}
    for o in wanted:
        name = fit_path(o.name)
        if not name.startswith(f"{period_code}/") or (o.unit, fold_name(name)) in drafts:
            raise ValueError(f"not a name of its own in the folder of {period_code}: {o.unit} {o.name!r}")
        file = WrittenFile(
            hash_bytes(o.data), o.unit, period_code, name, "", o.kind, o.content_key, now, o.submission_id
        )
        drafts[o.unit, fold_name(name)] = Draft(file, o.data)
    return list(drafts.values())


def _find_doors(catalogue: Catalogue, period_code: str, root: Path, shares_file: Path | None) -> _Doors:
    shares = ShareSettings() if shares_file is None else read_shares(shares_file)
    sources, _, shut = find_sources(catalogue, period_code, root, shares, is_root_needed=shares_file is None)
    places: dict[str, Place] = {}
    for source in sorted(sources, key=lambda source: source.is_near):
        for place in source.places:
            places.setdefault(place.unit, place)
    troubles = {unit: trouble for unit, _, trouble in shut}
    return _Doors(sources, places, troubles, shares.limits)


def _put_all(
    doors: _Doors, drafts: Sequence[Draft], folder: str, own: OwnFiles, book: _Book
) -> list[tuple[Step, FolderError | None]]:
    """Looks into every unit's folder, records what is to be there, writes what is not; what went wrong with each."""
    waiting: dict[Place, list[Draft]] = {}
    done: list[tuple[Step, FolderError | None]] = []
    for draft in drafts:
        unit = draft.file.province_id
        if unit in doors.places:
            waiting.setdefault(doors.places[unit], []).append(draft)
        else:
            done.append((Step(draft), doors.troubles.get(unit) or unwritable(NO_PLACE)))
    sources = [Source([p for p in s.places if p in waiting], s.is_near) for s in doors.sources]
    sources = [source for source in sources if source.places]
    looks = [partial(_look, source, waiting, folder, own, doors.limits) for source in sources]
    plans = visit(sources, looks, doors.limits, partial(_shut, waiting))
    book.record(_located(step) for plan in plans for step in plan if step.trouble is None)
    writes = [partial(write_steps, plan, doors.limits, own) for plan in plans]
    outcomes = visit(sources, writes, doors.limits, partial(_left, waiting))
    for source, plan, outcome in zip(sources, plans, outcomes, strict=True):
        for place in source.places:
            place.reset()
        done += zip(plan, outcome, strict=True)
    return done


def _look(source: Source, waiting: dict[Place, list[Draft]], folder: str, own: OwnFiles, limits: Limits) -> list[Step]:
    steps: list[Step] = []
    for place in source.places:
        drafts = waiting[place]
        try:
            steps += persist(place, partial(plan_steps, place, drafts, folder, own), limits)
        except FolderError as trouble:
            steps += [Step(draft, place, trouble=trouble) for draft in drafts]
    return steps


def _shut(waiting: dict[Place, list[Draft]], source: Source, trouble: FolderError) -> list[Step]:
    return [Step(draft, place, trouble=trouble) for place in source.places for draft in waiting[place]]


def _left(waiting: dict[Place, list[Draft]], source: Source, trouble: FolderError) -> list[FolderError | None]:
    return [trouble for place in source.places for _ in waiting[place]]


def _located(step: Step) -> WrittenFile:
    """The file of a step as it lies in its unit's folder; its name stays the one asked for."""
    assert step.place is not None
    return replace(step.draft.file, place=shown_path(step.place, step.path))
