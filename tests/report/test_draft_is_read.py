"""The draft, read again as people would hand it in: its marks say what the proof-reader has to find."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from catalogue import Catalogue
from publications.report.markdown import render_markdown
from publications.report.values import Draft
from transforms.prose.checks import check_prose
from transforms.prose.claims import Prose
from transforms.prose.reading import read_prose
from transforms.prose.report_text import read_report

LEAST = Decimal("0.99")
Said = tuple[str, str, str, Decimal]


def read_again(catalogue: Catalogue, data: bytes, name: str) -> Prose:
    return read_prose(catalogue, read_report(data, name))


def told(prose: Prose) -> Counter[Said]:
    return Counter((c.indicator_code, c.province_id, c.period_code, round(c.value, 2)) for c in prose.claims)


def marked(draft: Draft) -> Counter[Said]:
    return Counter((m.indicator_code, m.province_id, m.period_code, round(m.value, 2)) for m in draft.marks)


def test_nearly_every_figure_of_the_draft_is_found_and_none_is_made_up(
    catalogue: Catalogue, draft: Draft, document: bytes
) -> None:
    for data, name in ((render_markdown(draft), "a.md"), (document, "a.docx")):
        prose = read_again(catalogue, data, name)
        assert prose.period_code == "2021H1"
        wanted = marked(draft)
        assert (told(prose) & wanted).total() >= LEAST * wanted.total(), wanted - told(prose)
        assert set(told(prose)) <= set(wanted), set(told(prose)) - set(wanted)


def test_the_draft_denies_itself_only_where_the_returns_do(catalogue: Catalogue, draft: Draft) -> None:
    prose = read_again(catalogue, render_markdown(draft), "a.md")
    found = {(p.kind, p.claim.indicator_code, p.claim.province_id) for p in check_prose(catalogue, prose)}
    assert found == {
        ("sum", "national_student_prizes_total", "ninh-binh"),
        ("sum", "national_student_prizes_total", "toan-cum"),
    }
