"""What must be said beneath a table about one of its columns: each kind once, with the provinces it concerns."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from catalogue.model import Indicator, Table
from catalogue.ranking import ranked_by
from publications.tables.figures import Figures, Row
from publications.wording import join_names, lower_first, one_line
from transforms.numbers_vi import format_number, round_half_up
from transforms.observation import name_place


def figure_text(indicator: Indicator, unit: str, value: Decimal) -> str:
    """A figure of an indicator in words, rounded as the tables show it."""
    text = format_number(value, indicator.decimals)
    return f"{text}%" if unit == "%" else text


def _end(text: str) -> str:
    """A text with a stop at its end, where what was quoted brings none."""
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


class ColumnNotes:
    """The footnotes that one indicator's column may need; texts are made when they are first referred to."""

    def __init__(self, figures: Figures, table: Table, indicator: Indicator) -> None:
        self.figures = figures
        self.indicator = indicator
        self.unit = figures.catalogue.unit_of(indicator).name
        sorted_by = ranked_by(figures.catalogue, table, figures.period_code)
        self.is_sorted_by = sorted_by == indicator.indicator_code

    def _rows(self) -> list[tuple[str, str, Row | None]]:
        """Identifier, name and observation of every member."""
        code = self.indicator.indicator_code
        return [
            (p.province_id, p.name, self.figures.observations.get((p.province_id, code))) for p in self.figures.members
        ]

    def _names(self, status: str) -> list[str]:
        return [name for _, name, row in self._rows() if (row["status"] if row else "blank") == status]

    def shown(self, value: Decimal) -> str:
        return figure_text(self.indicator, self.unit, value)

    def disputed(self) -> str:
        """Which figures of the column are in dispute, and why."""
        items = []
        for province_id, name, row in self._rows():
            if row is None or row["status"] != "disputed":
                continue
            figure = self.shown(row["value"]) if row["value"] is not None else one_line(row["raw_text"], 40)
            reasons = [self.reason(f) for f in self.figures.critical.get((province_id, row["indicator_code"]), ())]
            items.append(f"{name} ghi {figure} ({'; '.join(reasons) or 'xem bảng Phát hiện'})")
        text = f"Số liệu có lỗi phải sửa, chưa được xác nhận: {join_names(items, '; ')}."
        if self.is_sorted_by:
            text += " Thứ hạng tính theo số này là tạm xếp, có thể thay đổi."
        return text

    def reason(self, finding: Row) -> str:
        """What a finding speaks against, and what was expected."""
        reason = lower_first(one_line(finding["rule_title"] or finding["rule_code"]))
        expected = one_line(finding["expected"], 60)
        return f"{reason}, mong đợi {expected}" if expected else reason

    def answered(self) -> str:
        """Which figures of the column stand although a rule spoke against them, and why."""
        items = [
            f"{name}: {self.answer(finding)}"
            for province_id, name, _ in self._rows()
            for finding in self.figures.answered.get((province_id, self.indicator.indicator_code), ())
        ]
        return _end(f"Có giải trình hoặc được miễn kiểm tra – {join_names(items, '; ')}")

    def cluster_answered(self) -> str:
        """Why the cluster's figure stands although a rule spoke against it."""
        code = self.indicator.indicator_code
        found = self.figures.answered[self.figures.catalogue.cluster_id, code]
        return _end(f"Số chung của Cụm: {join_names([self.answer(finding) for finding in found], '; ')}")

    def answer(self, finding: Row) -> str:
        """What a finding speaks against, and how it was answered."""
        how = "giải trình được chấp nhận" if finding["status"] == "explained" else "được miễn"
        return f"{self.reason(finding)}, {how}: {one_line(finding['explanation'], 200) or 'không ghi lý do'}"

    def gap(self) -> str:
        """How many provinces have a figure, and which do not, by their reason."""
        rows = self._rows()
        present = sum(r is not None and (r["value"] is not None or r["status"] == "none_arising") for _, _, r in rows)
        text = f"Có số liệu của {present}/{len(rows)} tỉnh"
        if not self.indicator.is_required and not self._names("not_yet_available"):
            return f"{text}; chỉ tiêu không bắt buộc."
        figures = self.figures
        silent = [n for unit, n, _ in rows if not (figures.has_submitted(unit) or figures.is_covered(unit))]
        blank = [name for name in self._names("blank") if name not in set(silent)]
        reasons = [
            ("chưa có báo cáo", silent),
            ("để trống", blank if self.indicator.is_required else []),
            ("báo chưa có số liệu", self._names("not_yet_available")),
        ]
        said = [f"{reason}: {join_names(names)}" for reason, names in reasons if names]
        return f"{text}; {'; '.join(said)}." if said else f"{text}."

    @cached_property
    def is_all_derived(self) -> bool:
        """Whether every figure of the column is derived, so that its heading can say so once."""
        statuses = {row["status"] for _, _, row in self._rows() if row is not None and row["value"] is not None}
        return statuses == {"derived"}

    def derived(self) -> str:
        """Which provinces' figures follow from their own counts."""
        if self.is_all_derived:
            return "Các tỉnh không ghi; tính từ các số đếm của từng tỉnh."
        names = self._names("derived")
        return f"Tính từ các số đếm của chính tỉnh, tỉnh không ghi: {join_names(names)}."

    def remarks(self) -> str:
        """What the provinces wrote beside their figures."""
        items = [f"{name}: {note}" for _, name, row in self._rows() if row and (note := one_line(row["note"], 160))]
        return _end(f"Ghi chú của tỉnh – {join_names(items, '; ')}")

    def differs(self, total: Row) -> bool:
        """Whether the announced figure differs from the computed one at the precision shown."""
        value, control = total["value"], total["control_value"]
        if value is None or control is None or total["value_source"] == "announced":
            return False
        places = self.indicator.decimals
        return round_half_up(value, places) != round_half_up(control, places)

    def control(self, total: Row) -> str:
        """Both figures where the announced one differs from the computed one, and where it was announced."""
        value, control = self.shown(total["value"]), self.shown(total["control_value"])
        sheet, cell = one_line(total["control_sheet"]), one_line(total["control_cell"])
        place = f" (trang “{sheet}”, {name_place(cell)})" if sheet and cell else ""
        reporting = f"{total['provinces_reporting']}/{total['provinces_expected']} tỉnh"
        if total["value_source"] == "rebuilt":
            computed = f"tính lại từ số đếm của {reporting} là {value}"
            return f"Cụm trưởng công bố {control}{place}; {computed}, bảng ghi số này."
        gap = abs(total["value"] - total["control_value"])
        return (
            f"Cụm trưởng công bố {control}{place}; số của {reporting} cộng lại là {value} "
            f"(chênh {self.shown(gap)}), bảng ghi số này."
        )

    def cluster_disputed(self, total: Row) -> str:
        """That a cluster figure rests on figures in dispute, and what it is without them."""
        text = f"Gồm {total['disputed_count']} số liệu chưa được xác nhận"
        without = total["value_without_disputed"]
        return f"{text}; không kể số đó là {self.shown(without)}." if without is not None else f"{text}."


ANNOUNCED = "Số do Cụm trưởng công bố cho toàn Cụm, không cộng từ báo cáo của các tỉnh."
