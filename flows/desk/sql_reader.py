"""What `thidua sql` asks: the published copy, or the lake."""

from __future__ import annotations

from flows.settings import Settings
from warehouse import WarehouseError
from warehouse.reader import PublishedReader


def open_reader(settings: Settings, *, of_lake: bool = False) -> PublishedReader:
    """The copy or the lake, open for questions. Raises WarehouseError, in Vietnamese, where there is none."""
    if of_lake:
        from flows.lake.settings import FILE_NAME, LakeSettingsError, find_lake, open_place, read_lake
        from warehouse.lake.reader import LakeReader

        file = find_lake(settings)
        if file is None:
            raise WarehouseError(f"chưa có hồ dữ liệu nào ({settings.home / FILE_NAME}); xem: thidua lake")
        try:
            return LakeReader(open_place(read_lake(file)))
        except LakeSettingsError as error:
            raise WarehouseError(str(error)) from error
    if not settings.published_warehouse.exists():
        raise WarehouseError("chưa có kho dữ liệu phát hành; chạy: thidua run KỲ")
    return PublishedReader(settings.published_warehouse)
