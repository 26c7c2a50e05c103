"""The lake held open for one person's questions, as the published copy is."""

from __future__ import annotations

from typing import Any

from warehouse.definition import macro_comments, view_comments
from warehouse.lake.attached import open_lake
from warehouse.lake.place import LakePlace
from warehouse.reader import MEMORY, Described, PublishedReader


class LakeReader(PublishedReader):
    """One connection to a lake. Every question is answered by the newest publication, whole; what a lake cannot keep,
    the words on macros and on the columns of views, comes from the program. Raises LakeError."""

    def __init__(self, place: LakePlace, memory: str = MEMORY) -> None:
        self.place = place
        super().__init__(place.folder, memory)

    def _open(self) -> Any:
        return open_lake(self.place, memory=self._memory)

    def _look(self) -> tuple[int, int]:
        return 0, 0  # a lake is never replaced by another file

    def relations(self) -> list[Described]:
        """What can be asked: views first, then macros, then tables, each with its comment."""
        words = macro_comments()
        return [
            Described(d.name, d.kind, d.comment or words[d.name][0]) if d.kind.startswith("macro") else d
            for d in super().relations()
            if (d.name in words if d.kind.startswith("macro") else not d.name.startswith(("ducklake_", "lake_")))
        ]

    def columns(self, name: str) -> list[Described]:
        """The columns of a table or view with their types, in their order; nothing for what is not there."""
        words = view_comments()
        return [Described(c.name, c.kind, c.comment or words.get((name, c.name), "")) for c in super().columns(name)]
