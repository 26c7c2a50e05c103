"""The page in a real browser: sorting, traces, keyboard, map, phone and paper, and nothing asked of any network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import Browser
from drawn import HOSTILE

pytestmark = pytest.mark.slow

COLUMN = "Array.from(document.querySelectorAll('#{table} tbody tr'), r => r.cells[{n}].firstChild?.textContent ?? '')"
HEAD = "document.querySelector('#{table} thead').rows[0].cells[{n}]"
PRIZES = "ninh-binh/national_student_prizes_total"


@pytest.fixture(scope="module")
def file(hostile_page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("công bố") / "index.html"
    path.write_text(hostile_page, encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Browser:
    browser.open(file)
    return browser


def sort(browser: Browser, table: str, n: int) -> tuple[list[str], str]:
    """Presses a column's heading; the column as it then stands, and what the heading says of itself."""
    browser.run(f"{HEAD.format(table=table, n=n)}.querySelector('button').click()")
    return browser.run(COLUMN.format(table=table, n=n)), browser.run(
        f"{HEAD.format(table=table, n=n)}.getAttribute('aria-sort')"
    )


def test_nothing_is_asked_of_a_network_and_nothing_complained_of(opened: Browser, file: Path) -> None:
    opened.run("document.querySelector('[data-k] button').click(); document.querySelector('.close').click()")
    assert opened.requests == [file.as_uri()]
    assert opened.complaints == []
    assert opened.run("typeof alert !== 'undefined' && document.querySelectorAll('script').length") == 2


def test_numbers_sort_by_value_names_as_vietnamese_sorts_them_and_gaps_stay_last(opened: Browser) -> None:
    numbers, said = sort(opened, "du-lich", 2)
    assert numbers[:5] == ["17.600", "227.500", "867.500", "2.005.100", "2.370.000"] and said == "ascending"
    assert set(numbers[5:]) == {"…"}
    numbers, said = sort(opened, "du-lich", 2)
    assert numbers[:2] == ["2.370.000", "2.005.100"] and set(numbers[5:]) == {"…"} and said == "descending"
    names, _ = sort(opened, "du-lich", 1)
    assert names == [
        "Bắc Ninh",
        "Hà Nam",
        "Hải Dương",
        "Hưng Yên",
        "Nam Định",
        "Ninh Bình",
        "Quảng Ninh",
        "Thái Bình",
        "Vĩnh Phúc",
    ]
    assert opened.run(f"{HEAD.format(table='du-lich', n=2)}.getAttribute('aria-sort')") == "none"
    assert opened.run("document.querySelector('#du-lich tfoot th').textContent") == "Toàn Cụm"
    assert opened.run("document.getElementById('loi-nhan').textContent") == "Đã xếp theo Tỉnh, tăng dần"
    growth, _ = sort(opened, "du-lich", 3)
    assert growth[:3] == ["−80,00", "−43,80", "−42,30"]
    severities, _ = sort(opened, "phat-hien", 0)
    assert severities[0] == "Phải sửa" and severities[-1] == "Thông tin"


def test_the_panel_shows_where_a_figure_comes_from_and_gives_the_focus_back(opened: Browser) -> None:
    opened.run(f"document.querySelector('td[data-k=\"{PRIZES}\"] button').focus()")
    opened.press("Enter")
    assert opened.run("document.getElementById('nguon').matches('dialog:modal')")
    assert opened.run("document.activeElement.id") == "nguon-ten"
    assert (
        opened.run("document.getElementById('nguon-ten').textContent")
        == "Ninh Bình: Tổng số giải học sinh giỏi quốc gia"
    )
    told = dict(
        opened.run(
            "Array.from(document.querySelectorAll('#nguon dl > div'), d => Array.from(d.children, c => c.textContent))"
        )
    )
    assert told["Nguyên văn"] == told["Ghi chú của tỉnh"] == told["Trang tính"] == told["Tệp"] == HOSTILE
    assert told["SHA-256"] == "0123456789ab…" and told["Nhận lúc"].endswith("02/7/2021")
    assert "chưa được xác nhận" in told["Tình trạng"]
    assert opened.run("document.querySelector('#nguon .card p').textContent").startswith("</script>")
    opened.press("Escape")
    assert not opened.run("document.getElementById('nguon').open")
    assert opened.run("document.activeElement.parentElement.dataset.k") == PRIZES


def test_from_a_rate_of_the_cluster_down_to_a_cell_and_back(opened: Browser) -> None:
    opened.run("document.querySelector('tfoot [data-k=\"toan-cum/ntm_communes_certified_rate\"] button').click()")
    title = "document.getElementById('nguon-ten').textContent"
    opened.run("document.querySelector('#nguon .parts button').click()")
    assert opened.run(title) == "Toàn Cụm: Số xã đạt chuẩn nông thôn mới"
    opened.run("Array.from(document.querySelectorAll('#nguon .parts button')).at(-1).click()")
    assert opened.run(title) == "Vĩnh Phúc: Số xã đạt chuẩn nông thôn mới"
    assert "vinh-phuc_2021H1.xlsx" in opened.run("document.getElementById('nguon-than').textContent")
    opened.run("document.querySelector('#nguon .back').click()")
    assert opened.run(title) == "Toàn Cụm: Số xã đạt chuẩn nông thôn mới"
    opened.run("document.querySelector('#nguon .back').click()")
    assert opened.run(title) == "Toàn Cụm: Tỷ lệ xã đạt chuẩn nông thôn mới"
    assert opened.run("document.querySelector('#nguon .back').hidden")


def test_the_keyboard_reaches_everything_and_arrows_go_from_figure_to_figure(opened: Browser) -> None:
    opened.press("Tab")
    assert opened.run("document.activeElement.className") == "skip"
    assert opened.run("document.activeElement.getBoundingClientRect().left") >= 0
    assert opened.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    opened.press("Enter")
    assert opened.run("document.activeElement.id") == "bang"
    for _ in range(10):
        opened.press("Tab")
        assert opened.run("document.activeElement.closest('thead') !== null")
    opened.press("Enter")
    assert opened.run(f"{HEAD.format(table='nong-thon-moi', n=9)}.getAttribute('aria-sort')") == "ascending"
    opened.press("Tab")
    assert opened.run("document.activeElement.parentElement.matches('#nong-thon-moi td[data-k]')")
    opened.press("ArrowDown")
    second = "document.querySelectorAll('#nong-thon-moi tbody tr')[1]"
    assert opened.run(f"document.activeElement.closest('tr') === {second}")
    opened.press("ArrowRight")
    assert opened.run("document.activeElement.parentElement.cellIndex") == 3
    opened.press("Tab")
    assert opened.run("document.activeElement.closest('section').id") == "doanh-nghiep", "one stop per table"


def test_the_map_shows_the_indicator_that_is_chosen(opened: Browser) -> None:
    tile = "document.querySelector('.tile[data-unit=\"thai-binh\"]')"
    assert opened.run(f"{tile}.querySelector('b').textContent") == "100,00%"
    opened.run(
        "const c = document.getElementById('chi-tieu'); c.value = 'new_jobs'; c.dispatchEvent(new Event('change'))"
    )
    assert opened.run(f"{tile}.querySelector('b').textContent") == "15.900"
    assert opened.run(f"{tile}.querySelector('.words').textContent") == "nhóm cao"
    assert opened.run(f"{tile}.className") == "tile level3"
    assert "Nhóm thấp: 5.913 –" in opened.run("document.querySelector('.legend').textContent")
    assert opened.run("document.getElementById('ten-chi-tieu').textContent") == (
        "Số lao động được tạo việc làm mới (lao động)"
    )
    opened.run(f"{tile}.querySelector('button').click()")
    assert opened.run("document.getElementById('nguon-ten').textContent").startswith("Thái Bình: Số lao động")


@pytest.mark.parametrize("width", [360, 640, 1280])
def test_no_width_makes_the_page_scroll_sideways(browser: Browser, file: Path, width: int) -> None:
    browser.open(file, width=width)
    assert browser.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    browser.run(f"document.querySelector('td[data-k=\"{PRIZES}\"] button').click()")
    assert browser.run("document.getElementById('nguon').getBoundingClientRect().left") >= 0
    assert browser.run("document.getElementById('nguon').scrollWidth <= document.getElementById('nguon').clientWidth")


def test_without_the_script_everything_can_be_read_and_nothing_looks_as_if_it_could_be_pressed(
    browser: Browser, file: Path
) -> None:
    browser.open(file, has_script=False)
    try:
        found = browser.call("DOMSnapshot.captureSnapshot", computedStyles=[])
        texts = set(found["strings"])
        assert {"1.120", "Hưng Yên", "Nhóm cao"} <= texts
        root = browser.call("DOM.getDocument", depth=0)["root"]["nodeId"]

        def count(selector: str) -> int:
            return len(browser.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"])

        assert count("td button, th button") == 0 and count(".hint[hidden], .choose[hidden]") == 2
        assert count("table.sorted") == 21 and count("figure svg") >= 20
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_paper_has_every_table_whole_and_no_panel(opened: Browser, tmp_path: Path) -> None:
    opened.run(f"document.querySelector('td[data-k=\"{PRIZES}\"] button').click()")
    opened.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert opened.run("getComputedStyle(document.getElementById('nguon')).display") == "none"
        assert opened.run("getComputedStyle(document.querySelector('.hint')).display") == "none"
        # 273 mm are left of A4 landscape between its margins
        opened.call("Emulation.setDeviceMetricsOverride", width=1032, height=700, deviceScaleFactor=1, mobile=False)
        widths = "Array.from(document.querySelectorAll('.sheet'), s => [s.closest('section').id, s.scrollWidth])"
        assert [section for section, width in opened.run(widths) if width > 1032] == []
    finally:
        opened.call("Emulation.setEmulatedMedia", media="")
    opened.run("document.getElementById('nguon').close()")
    opened.print(tmp_path / "page.pdf")
    data = (tmp_path / "page.pdf").read_bytes()
    sizes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data))
    assert {(round(float(w)), round(float(h))) for w, h in sizes} == {(842, 595)}


def test_every_text_stands_out_from_its_ground(opened: Browser) -> None:
    """WCAG AA: 4.5 to 1, and 3 to 1 for large text; backgrounds are looked up to the first that is opaque."""
    found = opened.run(CONTRASTS)
    assert found == []


CONTRASTS = """(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
      if (getComputedStyle(at).backgroundImage !== 'none') return [227, 230, 234];
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const element of document.querySelectorAll('main *')) {
    if (element.closest('svg, script, dialog, .unseen')) continue;
    if (!Array.from(element.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize);
    const [a, b] = [light(parse(style.color)), light(ground(element))].sort((x, y) => y - x);
    const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if ((a + 0.05) / (b + 0.05) < wanted) poor.add(`${element.tagName}.${element.className}`);
  }
  return [...poor];
})()"""
