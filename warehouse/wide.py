"""One wide view per section of the catalogue: a row per period and province, a column per indicator."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from warehouse.quoting import literal, quoted_name
from warehouse.session import Session

TOPICS = Path(__file__).parent / "views" / "topics.csv"
PREFIX = "wide_"
_FIXED = (
    ("period_code", "Mã kỳ, ví dụ 2021H1."),
    ("province_id", "Định danh lâu dài của tỉnh, không đổi khi mã hoặc địa giới đổi."),
    ("province_code", "Mã tỉnh hai chữ số ở cuối kỳ."),
    ("province_name", "Tên tỉnh ở cuối kỳ."),
    ("source", "Nguồn số liệu: reported đơn vị báo cáo; synthetic giả lập; trống là chưa có báo cáo."),
)
_VIEW = """CREATE OR REPLACE VIEW {view} AS
WITH
returns AS (
    SELECT * FROM current_returns
),
figures AS (
    SELECT period_code, province_id, indicator_code, value, status, obs_status
    FROM observations
    WHERE section_code = {section}
)
SELECT
    {fixed},
    {columns}
FROM returns
LEFT JOIN figures
    ON returns.period_code = figures.period_code
    AND returns.province_id = figures.province_id
GROUP BY {fixed}"""
_COLUMN = "max(figures.{of}) FILTER (WHERE figures.indicator_code = {code}) AS {name}"


class _Asked(NamedTuple):
    section_code: str
    section_name: str
    indicator_code: str
    label: str
    unit_name: str
    valid_from: str
    valid_to: str | None


def define_wide_views(session: Session) -> None:
    """Make the wide views ask for the current indicators, in the caller's transaction; those of gone sections go."""
    columns = ", ".join(_Asked._fields)
    rows = session.rows(f"SELECT {columns} FROM dim_indicator WHERE is_current ORDER BY section_code, position")
    names = _view_names()
    kept = set()
    for section, asked in groupby(map(_Asked._make, rows), key=lambda row: row.section_code):
        view = names.get(section, f"{PREFIX}section_{section.lower()}")
        kept.add(view)
        for statement in _statements(view, section, list(asked)):
            session.execute(statement)
    there = session.rows(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND starts_with(view_name, ?)", [PREFIX]
    )
    for (view,) in there:
        if view not in kept:
            session.execute(f"DROP VIEW {quoted_name(view)}")


def _view_names() -> dict[str, str]:
    with TOPICS.open(encoding="utf-8", newline="") as file:
        return {row["section_code"]: row["view"] for row in csv.DictReader(file)}


def _statements(view: str, section: str, asked: list[_Asked]) -> Iterator[str]:
    columns = []
    comments = list(_FIXED)
    for row in asked:
        status, sdmx = f"{row.indicator_code}_status", f"{row.indicator_code}_obs_status"
        code = literal(row.indicator_code)
        columns.append(_COLUMN.format(of="value", code=code, name=quoted_name(row.indicator_code)))
        columns.append(_COLUMN.format(of="status", code=code, name=quoted_name(status)))
        columns.append(_COLUMN.format(of="obs_status", code=code, name=quoted_name(sdmx)))
        span = f"hỏi từ kỳ {row.valid_from}" + (f" đến kỳ {row.valid_to}" if row.valid_to else "")
        meaning = f"{row.label} ({row.unit_name}); {span}. Trống là không có số, không có nghĩa là 0."
        comments.append((row.indicator_code, meaning))
        comments.append(
            (status, f"Trạng thái của {row.indicator_code}; trống là kỳ đó không hỏi, hoặc tỉnh không ghi.")
        )
        comments.append((sdmx, f"Mã SDMX của {row.indicator_code}, như obs_status ở observations; trống như trên."))
    fixed = ",\n    ".join(f"returns.{name}" for name, _ in _FIXED)
    yield _VIEW.format(view=quoted_name(view), section=literal(section), fixed=fixed, columns=",\n    ".join(columns))
    grain = (
        f"{asked[0].section_name}: mỗi dòng là một tỉnh thành viên trong một kỳ đã đánh giá, mỗi chỉ tiêu "
        "một cột giá trị, một cột trạng thái và một cột mã SDMX. Số nghi vấn (disputed) vẫn có trong cột giá trị. "
        "Dựng theo danh mục được nạp gần nhất."
    )
    yield f"COMMENT ON VIEW {quoted_name(view)} IS {literal(grain)}"
    for name, meaning in comments:
        yield f"COMMENT ON COLUMN {quoted_name(view)}.{quoted_name(name)} IS {literal(meaning)}"
