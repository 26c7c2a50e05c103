"""The warehouse's list of what was put into the units' folders, read once a run."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.observation import WrittenFile
from warehouse import Warehouse


class WarehouseLedger:
    """What was ever written, kept up with what is recorded here; the warehouse has no other writer meanwhile."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._written: list[WrittenFile] | None = None

    def record(self, files: Sequence[WrittenFile]) -> None:
        self._warehouse.add_written(files)
        if self._written is not None:
            self._written += files

    def written(self) -> Sequence[WrittenFile]:
        if self._written is None:
            self._written = self._warehouse.written()
        return tuple(self._written)
