"""What the consolidated tables say: places, cluster figures, footnotes, completeness and findings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from half_year_marts import PERIOD, Marts, completeness, empty_marts, finding, submission

from catalogue import Catalogue
from publications import PublishedTable, build_tables
from publications.tables.ranking import rank
from publications.tables.shape import Cell


def draw(catalogue: Catalogue, marts: Marts, table_code: str) -> PublishedTable:
    return next(t for t in build_tables(catalogue, PERIOD, marts) if t.table_code == table_code)


def line(table: PublishedTable, name: str) -> tuple[Cell, ...]:
    return next(row for row in table.rows if row[table.column("province_name")].value == name)


def cell(table: PublishedTable, name: str, code: str) -> Cell:
    return line(table, name)[table.column(code)]


def cluster_cell(table: PublishedTable, code: str) -> Cell:
    assert table.cluster is not None
    return table.cluster[table.column(code)]


def texts(table: PublishedTable, found: Cell) -> list[str]:
    return [table.footnotes[number - 1] for number in found.footnotes]


def observed(marts: Marts, province_id: str, code: str) -> dict[str, Any]:
    return next(r for r in marts["observations"] if (r["province_id"], r["indicator_code"]) == (province_id, code))


def total(marts: Marts, code: str) -> dict[str, Any]:
    return next(r for r in marts["cluster_totals"] if r["indicator_code"] == code)


def order(table: PublishedTable) -> list[tuple[Any, Any]]:
    return [(row[table.column("rank")].value, row[table.column("province_name")].value) for row in table.rows]


def numbers(*values: str) -> list[Decimal | None]:
    return [Decimal(v) if v else None for v in values]


def test_ties_share_a_place_and_the_next_is_left_out() -> None:
    assert rank(numbers("5", "9", "5.0", "1"), is_descending=True) == [(1, 1), (0, 2), (2, 2), (3, 4)]
    assert rank(numbers("5", "9", "5.0", "1"), is_descending=False) == [(3, 1), (0, 2), (2, 2), (1, 4)]


def test_what_has_no_figure_comes_last_without_a_place() -> None:
    assert rank(numbers("", "-3", "", "0"), is_descending=True) == [(3, 1), (1, 2), (0, None), (2, None)]
    assert rank([], is_descending=True) == []


def test_every_table_of_the_catalogue_is_drawn_in_its_order(catalogue: Catalogue, marts: Marts) -> None:
    codes = [t.table_code for t in build_tables(catalogue, PERIOD, marts)]
    asked = sorted(catalogue.tables, key=lambda t: t.position)
    assert codes == [*(t.table_code for t in asked), "tinh-hinh-bao-cao", "phat-hien"]


def test_a_new_indicator_is_a_new_column(catalogue: Catalogue, marts: Marts) -> None:
    new = replace(catalogue.indicators["new_branches"], indicator_code="new_shops", heading="Cửa hàng mới")
    richer = replace(catalogue, indicators={**catalogue.indicators, "new_shops": new})
    table = draw(richer, marts, "doanh-nghiep")
    assert [c.heading for c in table.columns][-1] == "Cửa hàng mới"
    assert all(row[-1] == Cell(None, "blank") for row in table.rows)


def test_a_table_of_which_nothing_is_asked_in_the_period_is_not_drawn(catalogue: Catalogue, marts: Marts) -> None:
    ended = replace(catalogue.indicators["grdp_growth"], valid_to="2020H2")
    poorer = replace(catalogue, indicators={**catalogue.indicators, "grdp_growth": ended})
    assert "grdp" not in {t.table_code for t in build_tables(poorer, PERIOD, marts)}


def test_the_largest_figure_comes_first_where_more_is_better(catalogue: Catalogue, marts: Marts) -> None:
    found = order(draw(catalogue, marts, "doanh-nghiep"))
    assert found[:3] == [(1, "Bắc Ninh"), (2, "Quảng Ninh"), (3, "Hải Dương")]
    assert found[-1] == (9, "Hà Nam")


def test_the_smallest_figure_comes_first_where_less_is_better(catalogue: Catalogue, marts: Marts) -> None:
    found = order(draw(catalogue, marts, "ho-ngheo"))
    assert found[0] == (1, "Quảng Ninh")
    assert found[-2:] == [(8, "Thái Bình"), (None, "Hưng Yên")]


def test_seven_provinces_share_the_first_place_in_rural_communes(catalogue: Catalogue, marts: Marts) -> None:
    places = [place for place, _ in order(draw(catalogue, marts, "nong-thon-moi"))]
    assert places == [1] * 7 + [8, 9]


def test_none_arising_is_placed_as_zero_and_shown_as_a_dash(catalogue: Catalogue, marts: Marts) -> None:
    observed(marts, "hung-yen", "poverty_rate").update(status="none_arising", value=None)
    table = draw(catalogue, marts, "ho-ngheo")
    assert order(table)[0] == (1, "Hưng Yên")
    assert cell(table, "Hưng Yên", "poverty_rate") == Cell(None, "none_arising", sign="–")


def test_a_missing_figure_is_a_sign_with_its_reason_and_never_zero(catalogue: Catalogue, marts: Marts) -> None:
    observed(marts, "nam-dinh", "tourist_visits")["status"] = "not_yet_available"
    table = draw(catalogue, marts, "du-lich")
    found = cell(table, "Bắc Ninh", "tourist_visits")
    assert (found.value, found.sign) == (None, "…")
    said = "Có số liệu của 5/9 tỉnh; để trống: Bắc Ninh, Hà Nam, Hải Dương; báo chưa có số liệu: Nam Định."
    assert texts(table, found) == [said]
    assert texts(table, cluster_cell(table, "tourist_visits")) == [said]


def test_an_optional_figure_left_blank_is_an_empty_cell(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "doanh-nghiep")
    assert cell(table, "Hà Nam", "new_branches") == Cell(None, "blank")
    assert texts(table, cluster_cell(table, "new_branches")) == ["Có số liệu của 2/9 tỉnh; chỉ tiêu không bắt buộc."]


def test_a_disputed_figure_keeps_its_place_but_is_marked(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "giai-hoc-sinh-gioi")
    assert order(table)[3] == (4, "Ninh Bình")
    assert cell(table, "Ninh Bình", "rank").status == "disputed"
    found = cell(table, "Ninh Bình", "national_student_prizes_total")
    assert found.value == 74
    assert texts(table, found) == [
        "Số liệu có lỗi phải sửa, chưa được xác nhận: Ninh Bình ghi 74 (tổng khác các phần cộng lại, mong đợi 33). "
        "Thứ hạng tính theo số này là tạm xếp, có thể thay đổi."
    ]
    assert texts(table, cluster_cell(table, "national_student_prizes_total")) == [
        "Gồm 1 số liệu chưa được xác nhận; không kể số đó là 475."
    ]


def test_an_explained_figure_stands_with_its_explanation_beneath(catalogue: Catalogue, marts: Marts) -> None:
    found = next(f for f in marts["findings"] if f["indicator_code"] == "national_student_prizes_total")
    found.update(status="explained", explanation="còn 41 giải khuyến khích")
    observed(marts, "ninh-binh", "national_student_prizes_total")["status"] = "reported"
    total(marts, "national_student_prizes_total").update(disputed_count=0)
    table = draw(catalogue, marts, "giai-hoc-sinh-gioi")
    stands = cell(table, "Ninh Bình", "national_student_prizes_total")
    assert stands.status == "reported"
    [note] = texts(table, stands)
    assert "Ninh Bình" in note and "còn 41 giải khuyến khích" in note and "giải trình được chấp nhận" in note
    found.update(status="waived", explanation="quy tắc chờ sửa")
    table = draw(catalogue, marts, "giai-hoc-sinh-gioi")
    assert "được miễn: quy tắc chờ sửa" in texts(table, cell(table, "Ninh Bình", "national_student_prizes_total"))[0]
    listed = draw(catalogue, marts, "phat-hien")
    assert "đã khép lại: 1" in listed.remark
    assert listed.rows[-1][listed.column("status_name")].value == "Được miễn"


def test_a_disputed_figure_that_could_not_be_read_has_no_place(catalogue: Catalogue, marts: Marts) -> None:
    row = observed(marts, "bac-ninh", "new_jobs")
    row.update(status="disputed", value=None, raw_text="14 nghìn rưỡi")
    table = draw(catalogue, marts, "viec-lam")
    assert order(table)[-1] == (None, "Bắc Ninh")
    found = cell(table, "Bắc Ninh", "new_jobs")
    assert found.sign == "…"
    assert "Bắc Ninh ghi 14 nghìn rưỡi (xem bảng Phát hiện)" in texts(table, found)[0]


def test_a_summed_line_shows_what_was_announced_beside_it(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "doanh-nghiep")
    found = cluster_cell(table, "new_enterprises")
    assert (found.value, found.status) == (5761, "sum")
    assert texts(table, found) == [
        "Cụm trưởng công bố 5.824 (trang “B”, ô D7); số của 9/9 tỉnh cộng lại là 5.761 (chênh 63), bảng ghi số này."
    ]
    jobs = draw(catalogue, marts, "viec-lam")
    assert "98.238" in texts(jobs, cluster_cell(jobs, "new_jobs"))[0]
    assert cluster_cell(jobs, "new_jobs").value == 98591


def test_a_rebuilt_rate_shows_the_announced_one_only_where_it_differs(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "nong-thon-moi")
    communes = cluster_cell(table, "ntm_communes_certified_rate")
    districts = cluster_cell(table, "ntm_districts_certified_rate")
    assert (communes.status, communes.footnotes) == ("rebuilt", ())
    assert districts.value == Decimal("75.3086419753")
    assert "75,30%" in texts(table, districts)[0]
    assert "75,31%" in texts(table, districts)[0]


def test_where_provinces_give_nothing_the_announced_figure_stands_and_says_so(
    catalogue: Catalogue, marts: Marts
) -> None:
    total(marts, "new_jobs").update(value=Decimal(98238), value_source="announced", provinces_reporting=0)
    table = draw(catalogue, marts, "viec-lam")
    found = cluster_cell(table, "new_jobs")
    assert found.status == "announced"
    assert texts(table, found) == ["Số do Cụm trưởng công bố cho toàn Cụm, không cộng từ báo cáo của các tỉnh."]


def test_a_figure_that_cannot_be_computed_is_an_x(catalogue: Catalogue, marts: Marts) -> None:
    assert cluster_cell(draw(catalogue, marts, "grdp"), "grdp_growth") == Cell(None, "not_computed", sign="x")


def test_a_sum_with_an_estimate_in_it_is_an_estimate(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "von-dau-tu")
    assert cell(table, "Bắc Ninh", "social_investment").is_estimated
    assert not cell(table, "Hưng Yên", "social_investment").is_estimated
    assert cluster_cell(table, "social_investment").is_estimated
    assert not cluster_cell(draw(catalogue, marts, "viec-lam"), "new_jobs").is_estimated


def test_derived_figures_are_said_once_where_all_are_derived(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "nong-thon-moi")
    column = table.columns[table.column("ntm_districts_certified_rate")]
    assert texts(table, Cell(footnotes=column.footnotes)) == ["Các tỉnh không ghi; tính từ các số đếm của từng tỉnh."]
    assert cell(table, "Hải Dương", "ntm_districts_certified_rate") == Cell(Decimal("58.33"), "derived")


def test_a_derived_figure_among_reported_ones_names_its_province(catalogue: Catalogue, marts: Marts) -> None:
    observed(marts, "bac-ninh", "ntm_communes_certified_rate")["status"] = "derived"
    table = draw(catalogue, marts, "nong-thon-moi")
    found = texts(table, cell(table, "Bắc Ninh", "ntm_communes_certified_rate"))
    assert found == ["Tính từ các số đếm của chính tỉnh, tỉnh không ghi: Bắc Ninh."]


def test_definitions_stand_at_the_heading_and_remarks_at_the_figure(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "ho-ngheo")
    heading = table.columns[table.column("poverty_rate")]
    assert texts(table, Cell(footnotes=heading.footnotes)) == [catalogue.indicators["poverty_rate"].footnote]
    table = draw(catalogue, marts, "doanh-nghiep")
    assert texts(table, cell(table, "Ninh Bình", "new_enterprises")) == [
        "Ghi chú của tỉnh – Ninh Bình: 429 doanh nghiệp và đơn vị trực thuộc."
    ]


def test_footnotes_are_numbered_as_they_are_met(catalogue: Catalogue, marts: Marts) -> None:
    for table in build_tables(catalogue, PERIOD, marts):
        met = [number for column in table.columns for number in column.footnotes]
        for row in (*table.rows, table.cluster or ()):
            met.extend(number for c in row for number in c.footnotes)
        assert list(dict.fromkeys(met)) == list(range(1, len(table.footnotes) + 1)), table.table_code


def test_long_lists_of_provinces_are_cut(catalogue: Catalogue, marts: Marts) -> None:
    member = catalogue.members_of(PERIOD)[0]
    membership = catalogue.memberships[1]
    ids = [f"tinh-{n}" for n in range(30)]
    many = replace(
        catalogue,
        provinces=(*catalogue.provinces, *(replace(member, province_id=i, province_code=i, name=i) for i in ids)),
        memberships=(*catalogue.memberships, *(replace(membership, province_id=i) for i in ids)),
    )
    table = draw(many, marts, "grdp")
    assert len(table.rows) == 39
    assert texts(table, cell(table, "tinh-7", "province_name"))[0].endswith("tinh-9 và 20 tỉnh khác.")


def test_a_province_that_sent_nothing_is_named_once(catalogue: Catalogue, marts: Marts) -> None:
    marts["observations"] = [r for r in marts["observations"] if r["province_id"] != "ha-nam"]
    marts["submissions"] = [r for r in marts["submissions"] if r["province_code"] != "35"]
    next(r for r in marts["completeness"] if r["province_id"] == "ha-nam")["is_submitted"] = False
    table = draw(catalogue, marts, "grdp")
    assert order(table)[-1] == (None, "Hà Nam")
    assert texts(table, cell(table, "Hà Nam", "province_name")) == ["Chưa có báo cáo dùng được: Hà Nam."]
    assert cell(table, "Hà Nam", "grdp_growth") == Cell(None, "blank", sign="…")
    status = draw(catalogue, marts, "tinh-hinh-bao-cao")
    assert cell(status, "Hà Nam", "submitted").value == "Chưa gửi"
    assert cell(status, "Hà Nam", "state").value == "Chưa gửi báo cáo"
    assert status.remark == "Đã gửi: 8/9 tỉnh."


def test_awards_are_rows_with_their_source(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "khen-thuong-cap-tinh")
    shown = [c.heading for c in table.columns if c.is_shown]
    assert shown == ["Hạng mục", "Đơn vị tính", "Toàn Cụm", "Nguồn số liệu", "Số tỉnh báo cáo"]
    row = next(r for r in table.rows if r[table.column("indicator_code")].value == "excellent_labor_collectives")
    said = [row[table.column(code)].value for code in ("unit", "value", "value_source", "reporting")]
    assert said == ["tập thể", Decimal(1500), "Cụm trưởng công bố", "0/9"]


def test_awards_that_provinces_report_are_added_up(catalogue: Catalogue, marts: Marts) -> None:
    total(marts, "provincial_emulation_flags").update(value=Decimal(560), value_source="sum", provinces_reporting=9)
    table = draw(catalogue, marts, "khen-thuong-cap-tinh")
    row = next(r for r in table.rows if r[table.column("indicator_code")].value == "provincial_emulation_flags")
    assert [row[table.column(c)].value for c in ("value_source", "reporting")] == ["Các tỉnh cộng lại", "9/9"]
    assert "564" in texts(table, row[table.column("value")])[0]


def test_the_state_of_a_return_is_said_in_words(catalogue: Catalogue, marts: Marts) -> None:
    rows = {r["province_id"]: r for r in marts["completeness"]}
    rows["bac-ninh"].update(critical_count=0, warning_count=0, is_on_time=True)
    rows["ha-nam"].update(cells_received=0, critical_count=0, is_on_time=False)
    rows["hai-duong"].update(is_submitted=False, is_on_time=False)
    next(r for r in marts["submissions"] if r["province_id"] == "hai-duong").update(
        verdict="rejected", is_current=False
    )
    table = draw(catalogue, marts, "tinh-hinh-bao-cao")
    said = {
        name: (cell(table, name, "on_time").value, cell(table, name, "state").value)
        for name in ("Bắc Ninh", "Hà Nam", "Hải Dương", "Ninh Bình", "Vĩnh Phúc")
    }
    assert said == {
        "Bắc Ninh": ("Đúng hạn", "Đã nhận, không có vướng mắc"),
        "Hà Nam": ("Muộn", "Đã gửi nhưng chưa có số liệu"),
        "Hải Dương": ("", "Tệp không dùng được, phải gửi lại"),
        "Ninh Bình": ("Không xét", "Đã nhận, có 1 lỗi phải sửa"),
        "Vĩnh Phúc": ("Không xét", "Đã nhận, có 3 điểm cần xem lại"),
    }
    assert cell(table, "Hải Dương", "submitted").value == "Bị trả lại"
    assert table.rows[-1][table.column("province_name")].value == "Toàn Cụm"
    economy = draw(catalogue, marts, "grdp")
    assert texts(economy, cell(economy, "Hải Dương", "province_name")) == [
        "Chưa có báo cáo dùng được: Hải Dương (tệp bị trả lại)."
    ]


def test_a_file_of_nobody_is_nobodys_return(catalogue: Catalogue, marts: Marts) -> None:
    plain = build_tables(catalogue, PERIOD, marts)
    stray = {**marts["submissions"][0], "province_id": None, "province_code": None, "submission_id": "z", "version": 9}
    marts["submissions"].append(stray)
    assert build_tables(catalogue, PERIOD, marts) == plain


def test_the_current_version_is_the_one_that_is_shown(catalogue: Catalogue, marts: Marts) -> None:
    province = catalogue.members_of(PERIOD)[0]
    marts["submissions"].append(submission(province, "moi.xlsx", version=3, verdict="rejected", is_current=False))
    marts["submissions"].append(submission(province, "cu.xlsx", version=2, is_current=False))
    table = draw(catalogue, marts, "tinh-hinh-bao-cao")
    assert cell(table, "Bắc Ninh", "file_name").value == f"bac-ninh_{PERIOD}.xlsx"


def test_findings_come_gravest_first_then_by_province(catalogue: Catalogue, marts: Marts) -> None:
    table = draw(catalogue, marts, "phat-hien")
    severities = [row[table.column("severity_name")].value for row in table.rows]
    assert severities == ["Phải sửa"] + ["Cần xem lại"] * (len(severities) - 2) + ["Thông tin"]
    warned = [row[table.column("province_name")].value for row in table.rows[1:-1]]
    assert warned[0] == "Bắc Ninh"
    assert warned[-2:] == ["Toàn Cụm", "Toàn Cụm"]
    first = table.rows[0]
    assert [first[table.column(c)].value for c in ("province_name", "cell", "observed", "expected")] == [
        "Ninh Bình",
        "D31",
        "74",
        "33",
    ]


def test_the_order_of_the_marts_changes_nothing(catalogue: Catalogue, marts: Marts) -> None:
    shuffled = {name: list(reversed(rows)) for name, rows in marts.items()}
    assert build_tables(catalogue, PERIOD, shuffled) == build_tables(catalogue, PERIOD, marts)


def test_rows_of_other_periods_are_left_out(catalogue: Catalogue, marts: Marts) -> None:
    plain = build_tables(catalogue, PERIOD, marts)
    for rows in marts.values():
        rows.extend({**row, "period_code": "2020H1"} for row in list(rows))
    assert build_tables(catalogue, PERIOD, marts) == plain


def test_without_any_return_all_tables_stand_and_say_so(catalogue: Catalogue) -> None:
    tables = build_tables(catalogue, PERIOD, empty_marts())
    assert len(tables) == len(catalogue.tables) + 2
    assert {t.remark for t in tables[:-2]} == {"Chưa có tỉnh nào gửi báo cáo."}
    enterprises = tables[1]
    assert {row[enterprises.column("new_enterprises")].sign for row in enterprises.rows} == {"…"}
    assert cluster_cell(enterprises, "new_enterprises") == Cell(None, "not_computed", sign="…")
    assert [len(t.rows) for t in tables[-2:]] == [9, 0]


def test_a_period_that_the_calendar_does_not_know_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        build_tables(catalogue, "1999H1", empty_marts())


def test_a_finding_of_a_folder_needs_neither_province_nor_indicator(catalogue: Catalogue) -> None:
    marts = empty_marts()
    marts["findings"] = [finding(catalogue, "folder_unmatched", "", message="Thư mục “ABC” không khớp.")]
    marts["completeness"] = [completeness(p, marts) for p in catalogue.members_of(PERIOD)]
    table = draw(catalogue, marts, "phat-hien")
    assert table.rows[0][table.column("indicator_name")].value == catalogue.rules["folder_unmatched"].title
