"""What must be known of a section's figures: what is missing and why, in dispute, at odds, estimated, explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue.model import Indicator, Province, Table
from publications.report.clause import Wording
from publications.report.facts import Fact, control_place, number_text
from publications.report.values import Spans, plain_text
from publications.tables.column_notes import ColumnNotes
from publications.tables.figures import Row, is_open
from publications.wording import lower_first, one_line
from transforms.observation import name_place

_REMARK = 160


class SectionNotes:
    """The notes of one section, each a sentence; what concerns several figures alike is said once."""

    def __init__(self, wording: Wording, table: Table, indicators: Sequence[Indicator]) -> None:
        self.wording = wording
        self.facts = wording.facts
        self.figures = wording.facts.figures
        self.indicators = indicators
        self.columns = {i.indicator_code: ColumnNotes(self.figures, table, i) for i in indicators}
        self.has_provinces = table.layout == "provinces"

    def all(self) -> list[Spans]:
        """The notes; none where nothing is known at all, which the section itself says."""
        found: list[Spans] = []
        if self.has_provinces and not any(self._rows()):
            return found
        if self.has_provinces:
            found += [*self._missing(), *self._grouped("note_none_arising", "none_arising")]
            found += self._grouped("note_estimated", "estimated")
        for indicator in self.indicators:
            found += [*self._disputed(indicator), *self._control(indicator)]
        found += self._announced()
        if self.has_provinces:
            found += self._grouped("note_derived", "derived")
        for indicator in self.indicators:
            found += [*self._warned(indicator), *self._remarks(indicator), *self._answered(indicator)]
            if indicator.footnote:
                found.append(
                    self.wording.say("note_definition", topic=self.wording.topic(indicator), text=indicator.footnote)
                )
        return found

    def _rows(self) -> Iterator[Row]:
        """Whatever was reported of these figures, also that it cannot be read."""
        for indicator in self.indicators:
            for province in self.figures.members:
                row = self.figures.observations.get((province.province_id, indicator.indicator_code))
                if row is not None and (row["value"] is not None or row["status"] == "disputed"):
                    yield row

    def _missing(self) -> Iterator[Spans]:
        """Who has no figure that is required, and why; figures that lack the same provinces are told together."""
        lacking: dict[tuple[tuple[str, str], ...], list[Indicator]] = {}
        for indicator in self.indicators:
            absent = tuple(
                (p.name, reason) for p in self.figures.members if (reason := self._why_missing(p, indicator))
            )
            if absent:
                lacking.setdefault(absent, []).append(indicator)
        for absent, indicators in lacking.items():
            topic = self.wording.topics(indicators)
            if len(absent) == len(self.figures.members) and len({reason for _, reason in absent}) == 1:
                yield self.wording.say("note_missing_all", topic=topic)
                continue
            by_reason: dict[str, list[str]] = {}
            for name, reason in absent:
                by_reason.setdefault(reason, []).append(name)
            names = "; ".join(
                plain_text(self.wording.say("note_missing_name", name=", ".join(names), reason=reason))
                for reason, names in by_reason.items()
            )
            yield self.wording.say("note_missing", topic=topic, names=names)

    def _why_missing(self, province: Province, indicator: Indicator) -> str:
        """The reason in words; empty where the figure is there, or may be left out."""
        row = self.figures.observations.get((province.province_id, indicator.indicator_code))
        if row is not None and row["value"] is not None:
            return ""
        status = "blank" if row is None else row["status"]
        if status == "none_arising" or not indicator.is_required:
            return ""
        unit = province.province_id
        if not (self.figures.has_submitted(unit) or self.figures.is_covered(unit)):
            return self._words("reason_rejected" if self.figures.is_rejected(unit) else "reason_silent")
        return self._words("reason_not_yet" if status == "not_yet_available" else "reason_blank")

    def _words(self, code: str) -> str:
        return self.wording.plan.sentences[code]

    def _grouped(self, code: str, kind: str) -> Iterator[Spans]:
        """Whose figures are estimates, or follow from counts; figures of the same provinces are told together."""
        whose: dict[tuple[str, ...], list[Indicator]] = {}
        for indicator in self.indicators:
            names = tuple(p.name for p in self.figures.members if self._is(kind, p, indicator))
            if names:
                whose.setdefault(names, []).append(indicator)
        for names, indicators in whose.items():
            if kind == "derived" and len(names) == len(self.figures.members):
                yield self.wording.say("note_derived_all", topic=self.wording.topics(indicators))
                continue
            yield self.wording.say(code, topic=self.wording.topics(indicators), names=", ".join(names))

    def _is(self, kind: str, province: Province, indicator: Indicator) -> bool:
        row = self.figures.observations.get((province.province_id, indicator.indicator_code))
        if row is None:
            return False
        if kind == "estimated":
            return row["value"] is not None and bool(row["is_estimated"])
        return bool(row["status"] == kind)

    def _disputed(self, indicator: Indicator) -> Iterator[Spans]:
        code = indicator.indicator_code
        for province in self.figures.members:
            row = self.figures.observations.get((province.province_id, code))
            if row is None or row["status"] != "disputed":
                continue
            fact = self.facts.of_province(province, indicator)
            findings = self.figures.critical.get((province.province_id, code), ())
            reason = "; ".join(self.columns[code].reason(f) for f in findings) or self._words("reason_unsaid")
            value: Spans = (f"“{one_line(row['raw_text'], 40)}”",) if fact is None else self.wording.with_unit(fact)
            yield self.wording.say(
                "note_disputed", topic=self.wording.topic(indicator), name=province.name, value=value, reason=reason
            )
        total = self.figures.totals.get(code)
        if total is None or not total["disputed_count"] or total["value_without_disputed"] is None:
            return
        if total["value_source"] != "announced":
            without = total["value_without_disputed"]
            figure = self.facts.tell_computed(indicator, without, number_text(indicator, without))
            yield self.wording.say("note_disputed_total", topic=self.wording.topic(indicator), without=(figure,))

    def _control(self, indicator: Indicator) -> Iterator[Spans]:
        """Both figures where what the chair announced is not what the provinces give, and where it was announced."""
        total = self.figures.totals.get(indicator.indicator_code)
        if total is None or not self.columns[indicator.indicator_code].differs(total):
            return
        value, control = total["value"], total["control_value"]
        unit = self.facts.catalogue.cluster_id
        place = control_place(total)
        where = f" (trang “{one_line(place[1])}”, {name_place(one_line(place[2]))})" if place[1] and place[2] else ""
        announced = Fact(indicator, unit, self.figures.period_code, control, "announced", place=place)
        computed = Fact(indicator, unit, self.figures.period_code, value, "cluster")
        told = {"announced": self.wording.with_unit(announced), "sum": self.wording.with_unit(computed)}
        if total["value_source"] == "rebuilt":
            yield self.wording.say("note_rebuilt", topic=self.wording.topic(indicator), place=where, **told)
            return
        yield self.wording.say("note_control", topic=self.wording.topic(indicator), place=where, **told)

    def _announced(self) -> Iterator[Spans]:
        said = [
            i
            for i in self.indicators
            if (total := self.figures.totals.get(i.indicator_code)) is not None
            and total["value_source"] == "announced"
            and total["value"] is not None
        ]
        if said and len(said) == len(self.indicators):
            yield self.wording.say("note_announced_all")
        elif said:
            yield self.wording.say("note_announced", topic=self.wording.topics(said))

    def _warned(self, indicator: Indicator) -> Iterator[Spans]:
        """Which figures are there and yet look wrong to a rule; one rule is told once."""
        names = {p.province_id: p.name for p in self.figures.members}
        codes = {p.province_code: p.province_id for p in self.figures.members}
        whose: dict[str, dict[str, str]] = {}
        for finding in self.figures.findings:
            unit = codes.get(finding["province_code"], "")
            row = self.figures.observations.get((unit, indicator.indicator_code))
            is_meant = finding["indicator_code"] == indicator.indicator_code and finding["severity"] == "warning"
            if is_meant and is_open(finding) and row is not None and row["value"] is not None:
                reason = lower_first(one_line(finding["rule_title"] or finding["rule_code"]))
                whose.setdefault(reason, {})[unit] = names[unit]
        for reason, told in whose.items():
            topic = self.wording.topic(indicator)
            yield self.wording.say("note_finding", topic=topic, names=", ".join(told.values()), reason=reason)

    def _remarks(self, indicator: Indicator) -> Iterator[Spans]:
        for province in self.figures.members:
            row = self.figures.observations.get((province.province_id, indicator.indicator_code))
            if row is not None and (remark := one_line(row["note"], _REMARK)):
                topic, name = self.wording.topic(indicator), province.name
                yield self.wording.say("note_remark", topic=topic, name=name, remark=remark)

    def _answered(self, indicator: Indicator) -> Iterator[Spans]:
        code = indicator.indicator_code
        units = {p.province_id: p.name for p in self.figures.members}
        units[self.facts.catalogue.cluster_id] = self._words("whole_cluster")
        for unit, name in units.items():
            for finding in self.figures.answered.get((unit, code), ()):
                answer = self.columns[code].answer(finding).rstrip(".")
                yield self.wording.say("note_answered", topic=self.wording.topic(indicator), name=name, answer=answer)
