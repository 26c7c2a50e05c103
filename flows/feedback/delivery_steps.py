"""What is to be done in one unit's folder so that our files lie there, and the doing of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.feedback.delivery_names import numbered
from flows.places import FolderError, Item, Place, fold_name, is_leftover, join, no_folder, unwritable
from flows.shares.folders import fetch
from flows.shares.own_files import OwnFiles
from flows.shares.settings import Limits
from flows.shares.visits import wait_again
from transforms.observation import WrittenFile
from transforms.reading import hash_bytes

MOST_NUMBERS = 20
TOO_MANY = "đã có quá nhiều tệp cùng tên ở đó"


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A file to be delivered; its `place` is not known yet."""

    file: WrittenFile
    data: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """Where a draft goes in its unit's folder: `path` there, which file of ours it replaces, or why it cannot go."""

    draft: Draft
    place: Place | None = None
    path: str = ""
    replaced: Item | None = None
    is_there: bool = False
    trouble: FolderError | None = None


@dataclass
class Surroundings:
    """Our subfolder in one place as it lies now, listed as far as asked."""

    place: Place
    own: OwnFiles
    taken: set[str] = field(default_factory=set)
    _listings: dict[str, dict[str, list[Item]]] = field(default_factory=dict)

    def find_folder(self, names: Sequence[str]) -> tuple[str, bool]:
        """A folder's path as the place writes it, and whether it is there. Raises FolderError where it is no folder."""
        path, is_there = "", True
        for name in names:
            lying = self.list_names(path).get(fold_name(name), []) if is_there else []
            item = min(lying, key=lambda i: (i.kind != "folder", i.path.rpartition("/")[2] != name), default=None)
            if item is not None and item.kind != "folder":
                raise no_folder(name)
            is_there = item is not None
            path = join(path, name) if item is None else item.path
        return path, is_there

    def list_names(self, folder: str) -> dict[str, list[Item]]:
        """What lies in a folder, by name; the place itself is "" and has to be there."""
        if folder not in self._listings:
            names: dict[str, list[Item]] = {}
            for item in self.place.list_folder(folder):
                if folder and is_leftover(item, time.time()):
                    self.place.clear(item)
                    continue
                names.setdefault(fold_name(item.path.rpartition("/")[2]), []).append(item)
            self._listings[folder] = names
        return self._listings[folder]

    def identify(self, item: Item) -> str:
        """The hash of a file that lies there, "" of what nobody could take for ours."""
        known = self.own.recall(self.place, item)
        if known or item.kind != "file":
            return known
        try:
            sha256 = hash_bytes(fetch(self.place, item))
        except FolderError as trouble:
            if trouble.is_connection or trouble.rule_code != "file_unreadable":
                raise
            return ""
        self.own.note(self.place, item, sha256)
        return sha256


def plan_steps(place: Place, drafts: Sequence[Draft], folder: str, own: OwnFiles) -> list[Step]:
    """What to do for each draft of a place. Raises FolderError where the place itself or our subfolder is shut."""
    around = Surroundings(place, own)
    around.list_names("")
    steps = []
    for draft in drafts:
        try:
            steps.append(_plan_step(around, draft, folder))
        except FolderError as trouble:
            if trouble.is_connection:
                raise
            steps.append(Step(draft, place, trouble=trouble))
    return steps


def _plan_step(around: Surroundings, draft: Draft, folder: str) -> Step:
    *folders, name = draft.file.name.split("/")
    parent, is_there = around.find_folder([folder, *folders])
    names = around.list_names(parent) if is_there else {}
    ours: Item | None = None
    free = ""
    for number in range(1, MOST_NUMBERS + 1):
        path = join(parent, numbered(name, number))
        lying = names.get(fold_name(path.rpartition("/")[2]), [])
        if fold_name(path) in around.taken:
            continue
        if not lying:
            free = free or path
        for item in lying:
            sha256 = around.identify(item)
            if sha256 == draft.file.sha256:
                return _take(around, Step(draft, around.place, item.path, is_there=True))
            if sha256 in around.own.hashes:
                ours = ours or item
    if ours is not None:
        return _take(around, Step(draft, around.place, ours.path, ours))
    if not free:
        raise unwritable(TOO_MANY)
    return _take(around, Step(draft, around.place, free))


def _take(around: Surroundings, step: Step) -> Step:
    around.taken.add(fold_name(step.path))
    return step


def write_steps(steps: Sequence[Step], limits: Limits, own: OwnFiles) -> list[FolderError | None]:
    """Writes what is not there yet; says of each step what went wrong. Files held open come again at the end."""
    outcomes = [step.trouble for step in steps]
    waiting = [n for n, step in enumerate(steps) if step.trouble is None and not step.is_there]
    tried = 0
    while waiting:
        tried += 1
        later: list[int] = []
        broken: dict[Place, FolderError] = {}
        for n in waiting:
            place = steps[n].place
            assert place is not None
            trouble = broken.get(place) or _write(place, steps[n], own)
            outcomes[n] = trouble
            if trouble is None:
                continue
            if trouble.is_connection:
                broken[place] = trouble
                place.reset()
            if tried < min(limits.tries, trouble.most_tries):
                later.append(n)
        waiting = later
        if waiting:
            wait_again(tried, limits)
    return outcomes


def _write(place: Place, step: Step, own: OwnFiles) -> FolderError | None:
    data = step.draft.data
    try:
        place.write(step.path, data, step.replaced)
        item = place.look(step.path)
    except FolderError as trouble:
        return trouble
    if item is not None and item.size == len(data):
        own.note(place, item, step.draft.file.sha256, is_new=True)
    return None
