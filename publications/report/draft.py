"""The draft of the cluster's report of one period: what its figures say, in the catalogue's sections and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from catalogue.model import Indicator, Table
from catalogue.report import ReportPlan, ReportSection
from publications.report.awards import tell_awards
from publications.report.clause import Wording
from publications.report.facts import Facts
from publications.report.grid import draw_chart, draw_grid
from publications.report.notes import SectionNotes
from publications.report.section import SectionText
from publications.report.values import (
    Block,
    Draft,
    Figure,
    Grid,
    Letterhead,
    MarkBook,
    Paragraph,
    Picture,
    Spans,
    plain_text,
)
from publications.standing import DRAFTED, Standing
from publications.tables.figures import Figures
from publications.tables.shape import MOST_UNITS
from transforms.figure_marks import FigureMark

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LETTERS = "abcdđeghiklmnopqrstuvxy"


def draft_report(figures: Figures, standing: Standing = DRAFTED) -> Draft | None:
    """The report of a period, for the office to go on writing; None where the catalogue has no plan of one."""
    plan = figures.catalogue.report
    return None if plan is None else _Drafting(figures, plan, standing).draft()


class _Drafting:
    """The state of one drafting: what is numbered, and which figures were told."""

    def __init__(self, figures: Figures, plan: ReportPlan, standing: Standing) -> None:
        self.figures = figures
        self.plan = plan
        self.standing = standing
        self.catalogue = figures.catalogue
        self.entry = self.catalogue.calendar[figures.period_code]
        self.wording = Wording(plan, Facts(figures, MarkBook()))
        self.tables = {table.table_code: table for table in self.catalogue.tables}
        self.table_numbers, self.chart_numbers = count(1), count(1)
        self.headings = [0, 0, 0]

    def draft(self) -> Draft:
        blocks = tuple(self._blocks())
        return Draft(
            self.figures.period_code, self._letterhead(), self.figures.banner, blocks, tuple(_find_marks(blocks))
        )

    def _blocks(self) -> Iterator[Block]:
        names = ", ".join(p.name for p in self.figures.members)
        yield self._said("opening", period=self.entry.name, provinces=names)
        silent = [
            p.name
            for p in self.figures.members
            if not (self.figures.has_submitted(p.province_id) or self.figures.is_covered(p.province_id))
        ]
        if len(silent) == len(self.figures.members):
            yield Paragraph("warning", self.wording.say("no_returns", period=self.entry.name))
        elif silent:
            yield Paragraph("warning", self.wording.say("some_returns", provinces=", ".join(silent)))
        for section in self._sections():
            yield self._heading(section)
            if section.narrative:
                yield Paragraph("narrative", (section.narrative,))
            if section.table_code:
                yield from self._figures_of(section, self._indicators(section))
        yield self._said("closing", period=self.entry.name)

    def _said(self, code: str, **parts: str) -> Paragraph:
        return Paragraph("body", self.wording.say(code, **parts))

    def _sections(self) -> Iterator[ReportSection]:
        """The sections of which the period asks anything; one without a table stands for itself."""
        for section in self.plan.sections:
            if not section.table_code or self._indicators(section):
                yield section

    def _indicators(self, section: ReportSection) -> list[Indicator]:
        """The figures that a section tells: those it names, otherwise all that no other section of its table names."""
        named = {code for other in self.plan.sections for code in other.indicator_codes}
        asked = [
            i for i in self.catalogue.indicators_of(self.figures.period_code) if i.table_code == section.table_code
        ]
        if section.indicator_codes:
            return [i for i in asked if i.indicator_code in section.indicator_codes]
        return [i for i in asked if i.indicator_code not in named]

    def _heading(self, section: ReportSection) -> Paragraph:
        level = section.level
        self.headings[level - 1] += 1
        self.headings[level:] = [0] * (3 - level)
        number = self.headings[level - 1]
        if level == 1:
            mark = f"{_ROMAN[number - 1] if number <= len(_ROMAN) else number}."
        else:
            mark = f"{number}." if level == 2 else f"{_LETTERS[(number - 1) % len(_LETTERS)]})"
        return Paragraph("heading", (f"{mark} {section.heading}",), level)

    def _figures_of(self, section: ReportSection, indicators: Sequence[Indicator]) -> Iterator[Block]:
        table = self.tables[section.table_code]
        if section.listing == "award":
            title = table.title if len(indicators) > 1 else indicators[0].label
            yield self._together(tell_awards(self.wording, indicators, title))
            yield from self._notes(table, indicators)
        else:
            yield from self._province_blocks(section, table, indicators)

    def _province_blocks(
        self, section: ReportSection, table: Table, indicators: Sequence[Indicator]
    ) -> Iterator[Block]:
        text = SectionText(self.wording, table, indicators)
        paragraphs = text.by_indicator() if section.listing == "indicator" else [text.by_province()]
        for sentences in paragraphs:
            yield self._together(sentences)
        has_any = any(row["value"] is not None for row in self._rows(indicators))
        title = f"{table.title}, {self.entry.name}"
        if section.has_table and has_any:
            caption = self.wording.say("table_caption", number=str(next(self.table_numbers)), title=title)
            yield draw_grid(text, self.wording, plain_text(caption))
        yield from self._notes(table, indicators)  # before the chart: lines fill a page which a picture does not fit
        has_chart = section.chart and len(self.figures.members) <= MOST_UNITS  # more bars than a page can hold
        chart = draw_chart(text, self.wording, title) if has_chart else None
        if chart is not None:
            caption = self.wording.say("chart_caption", number=str(next(self.chart_numbers)), title=title)
            yield Picture(plain_text(caption), chart, section.chart == "slope")

    def _rows(self, indicators: Sequence[Indicator]) -> list[dict[str, object]]:
        codes = {i.indicator_code for i in indicators}
        return [row for (_, code), row in self.figures.observations.items() if code in codes]

    @staticmethod
    def _together(sentences: Sequence[Spans]) -> Paragraph:
        spans: list[str | Figure] = []
        for n, sentence in enumerate(sentences):
            spans += [" ", *sentence] if n else sentence
        return Paragraph("body", tuple(spans))

    def _notes(self, table: Table, indicators: Sequence[Indicator]) -> Iterator[Block]:
        notes = SectionNotes(self.wording, table, indicators).all()
        head = plain_text(self.wording.say("notes"))
        if len(notes) == 1:
            yield Paragraph("note", (f"{head} ", *notes[0]))
        elif notes:
            yield Paragraph("note_head", (head,))
            for note in notes:
                yield Paragraph("note", ("- ", *note))

    def _letterhead(self) -> Letterhead:
        chair = self.catalogue.chair_of(self.figures.period_code)
        full_name = "…" if chair is None else chair.full_name.upper()
        place = "…" if chair is None else chair.name
        meets_on = self.entry.meets_on
        month = f"{meets_on.month:02d}" if meets_on.month < 3 else str(meets_on.month)
        others = ", ".join(p.name for p in self.figures.members if chair is None or p.province_id != chair.province_id)
        units = "tỉnh, thành phố" if any(not p.full_name.startswith("Tỉnh ") for p in self.figures.members) else "tỉnh"

        def said(code: str, **parts: str) -> str:
            return plain_text(self.wording.say(code, **parts))

        return Letterhead(
            organ_above=said("organ_above", chair=full_name),
            organ=said("organ"),
            motto=said("motto"),
            motto_below=said("motto_below"),
            number=said("number"),
            place_date=said("place_date", place=place, month=month, year=str(meets_on.year)),
            standing=self.standing.headline,
            kind=said("kind"),
            title=said("title", period=self.entry.name),
            recipients_head=said("recipients_head"),
            recipients=tuple(said("recipients", provinces=others, chair=full_name, units=units).split("|")),
            signature=tuple(said("signature", chair=full_name).split("|")),
            signed_by=said("signed_by"),
            author=self.catalogue.form.organisation,
        )


def _find_marks(blocks: Sequence[Block]) -> Iterator[FigureMark]:
    """The marks of all figures that stand in the report, in its order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            cells: Sequence[Spans] = (block.spans,)
        elif isinstance(block, Grid):
            cells = [cell for row in block.rows for cell in row]
        else:
            cells = ()
        for spans in cells:
            yield from (span.mark for span in spans if isinstance(span, Figure))
