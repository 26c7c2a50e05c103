"""Why a number is no result of the period though it may be of an indicator: a start, an end of a range, an aim."""

from __future__ import annotations

from transforms.prose.numbers import Number
from transforms.prose.places import Places
from transforms.prose.text import word_key
from transforms.prose.times import TARGET
from transforms.prose.view import View

RANGE = "là một khoảng chung của nhiều tỉnh, không phải số của một tỉnh"
STARTING = "là mức trước khi tăng, giảm, không phải giá trị của kỳ"
LACKING = "là số chưa đạt, không phải số đã đạt"
_TO, _DONE, _NOT_YET = word_key("đến"), word_key("đã"), word_key("chưa")


class Obstacles:
    """The obstacles in a passage; figures are asked for in its order. `is_plan`: a heading speaks of tasks ahead."""

    def __init__(self, view: View, places: Places, *, is_plan: bool) -> None:
        self.view = view
        self.places = places
        self.is_plan = is_plan
        self.opened: Number | None = None

    def of(self, number: Number) -> str:
        """Why a number is no result of the period, by the words before it."""
        first = next((mark for mark in number.head if not mark.has("rank", "estimate")), None)
        if self.places.in_brackets(number) is not None:
            return ""
        if first is not None and first.has("from") and number.kind != "change":
            self.opened = number
            return STARTING
        if self._is_of_range(number):
            return RANGE
        is_title = number.end < len(self.view.tokens) and self.view.tokens[number.end].key == ":"
        if number.is_percent and is_title and number.head_has("above"):
            return RANGE
        behind = number.noun.end if number.noun is not None else number.end
        if behind < len(self.view.tokens) and self.view.tokens[behind].key == _NOT_YET:
            return LACKING
        if number.head_has("below") or (number.head_has("each") and number.head_has("above")):
            return RANGE
        is_ahead = bool(number.tail) and any(m.meaning for m in number.tail[0].of("plan"))
        if self.is_plan or (is_ahead and not number.tail[0].has("base")) or self._is_planned(number):
            return TARGET
        return ""

    def _is_of_range(self, number: Number) -> bool:
        """Whether a number is an end of a range: "từ 5.000 đến 12.000 người", "7,5 - 9,5%"."""
        view = self.view
        if self.opened is not None:
            between = [view.tokens[p].key for p in range(self.opened.end, number.start)]
            if between[-1:] == [_TO] and not any(key in (",", ";", ":") for key in between):
                return True
        before, behind = number.start - 1, number.end
        is_left = before > 0 and view.tokens[before].key == "-" and view.is_numeral(before - 1)
        is_right = behind + 1 < len(view.tokens) and view.tokens[behind].key == "-" and view.is_numeral(behind + 1)
        is_left = is_left or (before > 1 and view.tokens[before].key == "-" and view.tokens[before - 1].key == "%")
        return is_left or is_right

    def _is_planned(self, number: Number) -> bool:
        """Whether a plan or a target is told: of the plan's own words in the clause, of an aim in the segment."""
        view = self.view
        start, _ = view.bounds(view.segments, number.start)
        is_near = True
        is_past = is_done = False
        for place in range(number.start - 1, start - 1, -1):
            mark = view.mark_at(place)
            is_past = is_past or view.tokens[place].key == _DONE
            is_done = is_done or (is_past and view.tokens[place].key == ",")
            is_near = is_near and not view.is_numeral(place) and view.tokens[place].key not in (",", ":", "(", ")")
            if mark is None or mark.start != place or not mark.has("plan"):
                continue
            is_base = place > 0 and view.tokens[place - 1].key == "%"
            if not is_base and not is_done and (is_near or mark.of("plan")[0].meaning):
                return True
        return False
