"""Files with the figures of several provinces or half-years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from papers import TITLE, Row, rows_of, write_csv, write_docx, write_xlsx
from settling import settle

HALF_YEAR = "KẾT QUẢ THI ĐUA 6 THÁNG ĐẦU NĂM 2021"
COLUMNS = """
TT | Nội dung | ĐVT | Hà Nam | UBND tỉnh Nam Định | Toàn cụm | Ghi chú
1 | Tổng số xã | xã | 83 | 188 | 271 |
2 | Số xã đạt chuẩn NTM | xã | 82 | 187 | 269 |
"""
ROWS = """
TT | Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM
1 | Hà Nam | 83 | 82
2 | T. Nam Định | 188 | 187
"""
ONE = "Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM | Tạo việc làm mới\nHà Nam | 83 | 82 | 8700"
DECLARED = ROWS.replace("188 | 187", " | ").replace("T. Nam Định", "Nam Định (chưa có số liệu)")


def table(total: int, certified: int) -> list[Row]:
    """Two figures of one unit."""
    return [["Nội dung", "ĐVT", "Thực hiện"], ["Tổng số xã", "xã", total], ["Số xã đạt chuẩn NTM", "xã", certified]]


def make() -> Iterator[tuple[str, bytes]]:
    """(path in the corpus, content) of every file of this part."""
    grids: Mapping[str, str] = {
        "provinces-as-columns": COLUMNS,
        "provinces-as-rows": ROWS,
        "one-province-in-a-row": ONE,
        "province-without-figures-among-others": DECLARED,
    }
    for name, grid in grids.items():
        yield f"units/{name}.xlsx", settle(write_xlsx({"Tổng hợp": [[HALF_YEAR], *rows_of(grid)]}))
    yield "units/provinces-as-columns.csv", write_csv([[HALF_YEAR], *rows_of(COLUMNS)])
    sheets: dict[str, list[Row]] = {
        "Hà Nam": [["UBND tỉnh Hà Nam"], [HALF_YEAR], *table(83, 82)],
        "Nam Định": [["UBND tỉnh Nam Định"], [HALF_YEAR], *table(188, 187)],
    }
    yield "units/provinces-as-sheets.xlsx", settle(write_xlsx(sheets))
    halves: dict[str, list[Row]] = {
        "6T đầu 2021": [[TITLE[0]], ["Kết quả 6 tháng đầu năm 2021"], *table(139, 138)],
        "6T cuối 2021": [[TITLE[0]], ["Kết quả 6 tháng cuối năm 2021"], *table(139, 139)],
    }
    yield "units/half-years-as-sheets.xlsx", settle(write_xlsx(halves))
    lines = [HALF_YEAR, "1. UBND tỉnh Hà Nam", "2. UBND tỉnh Nam Định"]
    yield "units/two-provinces-in-a-report.docx", settle(write_docx(lines, table(83, 82), table(188, 187)))
    both: list[Row] = [["UBND tỉnh Hưng Yên"], ["Báo cáo của tỉnh Nam Định"], [HALF_YEAR], *table(139, 138)]
    yield "units/two-names-for-one-table.xlsx", settle(write_xlsx({"Biểu": both}))
