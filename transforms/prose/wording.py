"""The sentences of the proof-reader, in Vietnamese: what the text says, what is true, and where that stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.observation import name_place
from transforms.prose.claims import Claim, Unplaced
from transforms.prose.known_figures import ANNOUNCED, Known, KnownFigure

_WHY = {
    "blank": "tỉnh để trống chỉ tiêu này",
    "not_yet_available": "tỉnh báo chưa có số liệu",
    "disputed": "ô của tỉnh có chữ nhưng không đọc ra số",
}
MOST_PROVINCES = 12
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Teller:
    """Says things of figures; knows the names of provinces and indicators."""

    def __init__(self, catalogue: Catalogue, known: Known) -> None:
        self._catalogue = catalogue
        self._known = known

    def name(self, province_id: str, period_code: str) -> str:
        province = self._catalogue.province_in(province_id, period_code)
        return province.name if province is not None else province_id

    def subject(self, claim: Claim) -> str:
        """Whose figure of what a claim is, with the period where it is not the text's own matter of course."""
        label = self._catalogue.indicators[claim.indicator_code].label
        return f"{self.name(claim.province_id, claim.period_code)}, {label[0].lower()}{label[1:]}"

    def value(self, figure: KnownFigure) -> str:
        """A known value with its unit, as offices write it."""
        assert figure.counted is not None
        unit = self._catalogue.unit_of(self._catalogue.indicators[figure.indicator_code]).name
        return f"{format_number(figure.counted)}{'' if unit == '%' else ' '}{unit}"

    def source(self, figure: KnownFigure) -> str:
        """Where a known figure stands."""
        if figure.cell:
            said = f", ghi “{figure.raw_text}”" if figure.raw_text and not _is_plain(figure) else ""
            version = f", lần gửi {figure.version}" if figure.version > 1 else ""
            sheet = f", trang “{figure.sheet}”" if figure.sheet else ""
            return f"tệp {figure.file_name}{sheet}, {name_place(figure.cell)}{said}{version}"
        if figure.status == "derived":
            return f"hệ thống tính từ các số khác của tỉnh, tệp {figure.file_name}"
        if figure.status == "rebuilt":
            return "từ tử số và mẫu số"
        if figure.status == "sum":
            return "cộng {}/{} tỉnh".format(*figure.provinces)
        return f"tệp {figure.file_name}" if figure.file_name else "kho dữ liệu"

    def differs(self, claim: Claim, figures: Sequence[KnownFigure], shown: Sequence[str]) -> str:
        """`shown` are the known values in the words of the text."""
        start = f"{self.subject(claim)}: văn bản ghi “{claim.raw}”"
        if len(figures) > 1 and figures[0].counted != figures[1].counted:
            both = [f"{_called(f)} là “{text}” ({self.source(f)})" for f, text in zip(figures, shown, strict=True)]
            return f"{start}; {both[0]}, {both[1]}.{self._mistaken(claim)}"
        figure, text = figures[0], shown[0]
        doubt = " Số này của tỉnh đang bị nghi vấn." if figure.status == "disputed" else ""
        return f"{start}, đúng ra là “{text}” ({self.source(figure)}).{self._mistaken(claim)}{doubt}"

    def _mistaken(self, claim: Claim) -> str:
        """Whose figure the text seems to have taken instead."""
        if abs(claim.value) < 10 and claim.value == int(claim.value):  # small counts are alike by chance
            return ""
        alike = self._known.alike(claim.indicator_code, claim.value)
        here = [f for f in alike if f.period_code == claim.period_code]
        if here:
            name = self.name(here[0].province_id, claim.period_code)
            return f" “{claim.raw}” là số của {name}."
        own = [f for f in alike if f.province_id == claim.province_id]
        return f" “{claim.raw}” là số của kỳ {own[0].period_code}." if own else ""

    def not_in_warehouse(self, claim: Claim, lacking: KnownFigure | None) -> str:
        start = f"{self.subject(claim)}: văn bản ghi “{claim.raw}”, kho không có số này"
        return f"{start} ({self._why(claim, lacking)}); cần kiểm tra bằng nguồn khác."

    def _why(self, claim: Claim, lacking: KnownFigure | None) -> str:
        if claim.period_code not in self._known.periods:
            return f"kho chưa có kỳ {claim.period_code}" if claim.period_code else "không rõ kỳ báo cáo"
        if lacking is not None:
            why = _WHY.get(lacking.status, "không có giá trị")
            return why if lacking.file_name else "chưa nhận báo cáo của tỉnh"
        if claim.province_id == self._known.cluster_id:
            return "chỉ tiêu này không cộng cho cả Cụm và cụm trưởng không công bố"
        return "tỉnh không báo cáo chỉ tiêu này"

    def two_totals(self, claim: Claim, figure: KnownFigure, other: KnownFigure) -> str:
        return (
            f"{self.subject(claim)}: văn bản ghi “{claim.raw}”, đúng {_called(figure)} ({self.source(figure)}); "
            f"nhưng {_called(other)} là {self.value(other)} ({self.source(other)}). Nên ghi rõ dùng số nào."
        )

    def disputed(self, claim: Claim, figure: KnownFigure) -> str:
        return (
            f"{self.subject(claim)}: “{claim.raw}” đúng như tỉnh báo cáo ({self.source(figure)}), "
            "nhưng số này đang bị nghi vấn; xem trang phat-hien của bảng tổng hợp."
        )

    def estimate(self, claim: Claim, figure: KnownFigure) -> str:
        if claim.is_estimated:
            return f"{self.subject(claim)}: văn bản ghi là số ước, tỉnh không ghi ước ({self.source(figure)})."
        return f"{self.subject(claim)}: tỉnh ghi là số ước ({self.source(figure)}), văn bản không nói."

    def left_out(self, claim: Claim, province_ids: Sequence[str], have: Sequence[KnownFigure]) -> str:
        label = self._catalogue.indicators[claim.indicator_code].label
        names = [self.name(p, claim.period_code) for p in province_ids[:MOST_PROVINCES]]
        start = f"{label}: danh sách không nhắc tới {', '.join(names)}"
        if not have:
            return f"{start}; kho cũng không có số."
        rest = [self.name(p, claim.period_code) for p in province_ids if p not in {f.province_id for f in have}]
        also = f"; {', '.join(rest)}: kho cũng không có" if rest else ""
        return f"{start}. {self.have(have)[:-1]}{also}."

    def have(self, figures: Sequence[KnownFigure]) -> str:
        """What the warehouse knows of provinces that a list does not name."""
        shown = (f"{self.name(f.province_id, f.period_code)} {self.value(f)} ({self.source(f)})" for f in figures)
        return f"Kho có: {'; '.join(shown)}."

    def follows_from(self, wrong: Sequence[Claim]) -> str:
        """`wrong` are the figures that have to be mended before anything else can be said."""
        shown = dict.fromkeys(f"{self.name(c.province_id, c.period_code)} “{c.raw}”" for c in wrong)
        return f"Trong đó có số phải sửa ({'; '.join(shown)}); sửa rồi soát lại."

    def both_known(self) -> str:
        return "Kho có cả hai số; chỗ nào dùng số nào phải nói rõ."

    def admitted(self) -> str:
        return "Các số này đúng như trong kho và văn bản đã ghi là chưa được xác nhận."

    def same_in_warehouse(self) -> str:
        return "Các số này đúng như trong kho; nên hỏi lại nơi báo cáo hoặc chú thích, đừng tự sửa."

    def unmatched(self, number: Unplaced) -> str:
        return f"“{number.raw}”: không đối chiếu được, {number.reason}"


def _is_plain(figure: KnownFigure) -> bool:
    """Whether a cell holds the bare number, so that its text says no more than its value."""
    return _NUMBER.fullmatch(figure.raw_text) is not None and Decimal(figure.raw_text) == figure.value


def _called(figure: KnownFigure) -> str:
    if figure.status == ANNOUNCED:
        return "số công bố của cụm trưởng"
    return "số tính lại từ các tỉnh" if figure.status == "rebuilt" else "tổng các tỉnh"
