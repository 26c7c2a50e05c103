"""Charts: equal bytes, Vietnamese text as text, no label over another, nothing told by colour alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from itertools import pairwise

import pytest

from publications.charts.drawing import DISPUTED, ESTIMATED, Chart, ChartPoint, draw_bars, draw_slope
from publications.charts.slope_chart import spread

SVG = "{http://www.w3.org/2000/svg}"


def point(label: str, current: str | None, earlier: str | None = None, mark: str = "") -> ChartPoint:
    return ChartPoint(label, *(None if text is None else Decimal(text) for text in (current, earlier)), mark)


REVENUE = Chart(
    title="Thu ngân sách nhà nước",
    unit="tỷ đồng",
    decimals=1,
    current_name="6 tháng đầu năm 2021",
    earlier_name="6 tháng đầu năm 2020",
    points=(
        point("Quảng Ninh", "23300", "25326", ESTIMATED),
        point("Ninh Bình", "10650.4", "8758.6", DISPUTED),
        point("Hà Nam", None, "4540"),
        point("Hưng Yên", "-12.5"),
    ),
    cluster=point("Toàn Cụm", "33937.9"),
)


def texts(svg: bytes) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", [draw_bars, draw_slope])
def test_equal_charts_give_equal_bytes(draw) -> None:
    for kind in ("svg", "png"):
        assert draw(REVENUE, kind, 120) == draw(REVENUE, kind, 120)


def test_bars_say_every_value_and_mark() -> None:
    said = texts(draw_bars(REVENUE, "svg", 155))
    for expected in ("23.300,0 (ước)", "25.326,0", "10.650,4 (*)", "…", "−12,5", "số ước", "(*) chưa xác nhận"):
        assert expected in said
    assert "Toàn Cụm: 33.937,9" in said


def test_slope_says_both_ends() -> None:
    said = texts(draw_slope(REVENUE, "svg", 155))
    assert "Ninh Bình  8.758,6" in said
    assert "10.650,4 (*)  Ninh Bình" in said


def test_an_svg_can_stand_in_a_page_beside_others() -> None:
    first, second = draw_bars(REVENUE, "svg", 155), draw_slope(REVENUE, "svg", 155)
    assert first.startswith(b"<svg ")
    assert b"<style" not in first + second
    ids = [re.findall(rb'\bid="([^"]+)"', svg) for svg in (first, second)]
    assert set(ids[0]).isdisjoint(ids[1])
    assert len(ids[0]) == len(set(ids[0]))
    for svg, own in zip((first, second), ids, strict=True):
        assert set(re.findall(rb"url\(#([^)]+)\)", svg)) <= set(own)
    outside = {match for match in re.findall(rb'(?:href|src)="([^"]+)"', first + second) if not match.startswith(b"#")}
    assert outside == set()


def test_who_does_not_see_it_is_told() -> None:
    root = ET.fromstring(draw_bars(REVENUE, "svg", 155))
    assert (root.get("role"), root.get("lang")) == ("img", "vi")
    assert root.findtext(f"{SVG}title") == "Thu ngân sách nhà nước"
    assert "Hà Nam chưa có số liệu (6 tháng đầu năm 2020: 4.540,0)" in root.findtext(f"{SVG}desc", "")


@pytest.mark.parametrize("levels", [[], [5.0], [50.0, 50.0, 50.0], [1.0, 2.0, 90.0, 91.0, 92.0], [100.0, 0.0, 99.0]])
def test_labels_never_overlap(levels: list[float]) -> None:
    placed = spread(levels, 10, 5, 95)
    assert all(upper - lower >= 10 - 1e-9 for lower, upper in pairwise(sorted(placed)))
    assert [n for n, _ in sorted(enumerate(placed), key=lambda p: p[1])] == [
        n for n, _ in sorted(enumerate(levels), key=lambda p: (p[1], -p[0]))
    ]


def test_a_chart_of_nothing_is_drawn() -> None:
    empty = Chart("Không có", "%", 2, "2021", "2020", ())
    assert draw_bars(empty, "svg", 100)
    assert draw_slope(empty, "png", 100)
