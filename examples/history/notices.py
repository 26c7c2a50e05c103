"""What stands beside a synthetic history for whoever finds it: a readme in both languages, with its events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalogue import load_catalogue
from catalogue.model import Catalogue
from examples.history.events import CORRECTION, CRITICAL, LATE, MISSING, RESTATED, Event, read_events
from transforms.numbers_vi import format_number

COLUMNS = (
    "sự kiện / event",
    "loại / kind",
    "kỳ / period",
    "tỉnh / province",
    "ngày / day",
    "chỉ tiêu / indicator",
    "mức / amount",
)
KIND_NAMES = {
    CORRECTION: "bản sửa / correction",
    LATE: "gửi muộn / late",
    MISSING: "không gửi / missing",
    CRITICAL: "lỗi nặng, sửa sau / critical error, corrected later",
    RESTATED: "sửa lặng lẽ ở cột cùng kỳ / silently restated",
}
README = """# SỐ LIỆU GIẢ LẬP – SYNTHETIC DATA

**Toàn bộ thư mục này là số liệu giả lập**, do máy sinh ra (hạt giống {seed}) để thử hệ thống; không phải báo cáo của
tỉnh nào, không được dùng hay trích dẫn. Chỉ các tệp của kỳ 2021H1 là thật: lấy nguyên từ `examples/returns`. Không để
chung với số liệu thật trong một kho. Mỗi tệp giả lập ghi rõ điều đó ở tên tệp, ở dòng “Tính chất số liệu”, ở thuộc tính
của tệp và ở cột `source` của `received.csv`.

**Everything in this folder is synthetic**, made by a seeded generator (seed {seed}) to try the system; it is no report
of any province and must not be used or quoted. Only the files of 2021H1 are real, copied from `examples/returns`. Never
mix it with real data in one home. Each synthetic file says so in its name, on its cover, in its properties, and in the
column `source` of `received.csv`.

`received.csv`: tệp nào đến lúc nào / which file arrives when. `catalogue/`: danh mục dùng cho lịch sử này, có một chỉ
tiêu đổi từ kỳ 2022H1 / the catalogue of this history, in which one indicator changes from 2022H1 on.

## Các sự kiện cài sẵn / planted events

"""


def write_readme(folder: Path, seed: int, catalogue: Catalogue) -> None:
    """Writes README.md into the folder of a history."""
    text = README.format(seed=seed) + "\n".join(list_events(catalogue)) + "\n"
    (folder / "README.md").write_text(text, encoding="utf-8")


def list_events(catalogue: Catalogue) -> Iterator[str]:
    """The declared events as the lines of a Markdown table."""
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|{'---|' * len(COLUMNS)}"
    for event in read_events():
        yield f"| {' | '.join(_cells(catalogue, event))} |"


def _cells(catalogue: Catalogue, event: Event) -> tuple[str, ...]:
    province = catalogue.province_in(event.province_id, event.period_code)
    day = event.arrives_on.isoformat() if event.arrives_on else ""
    amount = ""
    if event.indicator_code:
        sign = "+" if event.amount > 0 and event.kind != CRITICAL else ""
        unit = catalogue.unit_of(catalogue.indicators[event.indicator_code]).name
        amount = f"{'ghi ' if event.kind == CRITICAL else ''}{sign}{format_number(event.amount)} {unit}"
    name = province.name if province is not None else event.province_id
    return (
        event.event,
        KIND_NAMES[event.kind],
        event.period_code,
        name,
        day,
        f"`{event.indicator_code}`" if event.indicator_code else "",
        amount,
    )


if __name__ == "__main__":  # the table of docs/history.md
    print("\n".join(list_events(load_catalogue())))
