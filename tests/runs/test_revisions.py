"""Last year's figures that a return repeats as others: a ledger of them, and the earlier half-year as it was."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
from office import EXAMPLES, Office, fill

ROWS = (
    ("UBND TỈNH HÀ NAM",),
    ("BÁO CÁO KẾT QUẢ THI ĐUA 6 THÁNG ĐẦU NĂM 2021",),
    ("TT", "Chỉ tiêu", "ĐVT", "Cùng kỳ năm trước", "Thực hiện"),
    (1, "Tạo việc làm mới", "người", "9.150", 10103),
    (2, "Thu ngân sách nhà nước", "triệu đồng", 5000000, 5400000),
    (3, "Tỷ lệ hộ nghèo", "%", 2.9, 2.5),
    (4, "Số xã đạt chuẩn NTM", "xã", "không phát sinh", 82),
)


def own_table(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)


def test_a_figure_repeated_as_another_stands_in_the_ledger(tmp_path: Path) -> None:
    office = Office(tmp_path)
    shutil.copytree(EXAMPLES / "Hà Nam", office.returns / "Hà Nam")
    then = {"f_new_jobs": 8700, "f_budget_revenue": 5000, "f_poverty_rate": 2.86, "f_ntm_communes_certified": 80}
    form = office.file("Hà Nam")
    fill(form, {"m_period": "2020H1", **then})
    office.run("2020H1")
    before = office.sql("SELECT * FROM observations WHERE period_code = '2020H1' ORDER BY ALL")
    form.unlink()
    own_table(form.with_name("bao-cao.xlsx"))
    office.run()
    ledger = "SELECT * EXCLUDE (submission_id, received_at) FROM revisions"
    [row] = office.sql(ledger)
    assert row == (
        *("2020H1", "35", "ha-nam", "Hà Nam", "new_jobs", "Số lao động được tạo việc làm mới", "lao động"),
        *(Decimal(8700), Decimal(9150), Decimal(450)),
        *("2021H1", "bao-cao.xlsx", "Sheet", "D4", "9.150", "reported"),
    )
    told = office.sql("SELECT severity, cell, observed, expected FROM findings WHERE rule_code = 'figure_revised'")
    assert told == [("info", "D4", "9.150", "8.700")]
    assert office.value("35", "new_jobs") == (Decimal(10103), "reported")
    assert office.sql("SELECT * FROM observations WHERE period_code = '2020H1' ORDER BY ALL") == before
    assert not office.run().had_work
    assert office.sql(ledger) == [row]
