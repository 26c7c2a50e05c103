"""What differs from a seal stands on the run page, for who does not open the tables."""

from __future__ import annotations

import pytest
from desk import Desk
from office import PERIOD

from catalogue import load_catalogue
from flows.closing.seal_contents import DATABASE
from flows.telling.run_page import refresh_run_page
from warehouse import Warehouse

pytestmark = pytest.mark.slow


def page_of(desk: Desk) -> str:
    with Warehouse.open(desk.settings.warehouse) as warehouse:
        refresh_run_page(desk.settings, load_catalogue(desk.settings.catalogue), warehouse, PERIOD, desk.now)
    return (desk.published / "van-hanh.html").read_text()


def test_a_correction_after_the_seal_stands_on_the_run_page(closed: Desk) -> None:
    assert "Khác với bản đã chốt" not in page_of(closed)
    closed.correct("Ninh Bình", {"f_new_jobs": 20000})
    closed.run()
    page = page_of(closed)
    count = len(closed.table("so-voi-ban-chot"))
    assert f"<h2>Khác với bản đã chốt số 1: {count} số</h2>" in page and 'href="csv/so-voi-ban-chot.csv"' in page
    assert '<td class="number" data-name="Hiện nay">20.000</td>' in page
    assert "ninh-binh_2021H1.xlsx · E. Văn hóa – xã hội · D7" in page
    closed.seal.chmod(0o755)
    (closed.seal / DATABASE).unlink()
    assert "Không mở được bản đã chốt số 1 để so sánh" in page_of(closed)


def test_what_is_urgent_stands_above_what_only_should_be_done(closed: Desk) -> None:
    closed.correct("Ninh Bình", {"f_new_jobs": 20000})
    closed.run()
    page = page_of(closed)
    assert page.index("Gấp:") < page.index("Nên làm:") < page.index(f"thidua diff-seal {PERIOD}")
