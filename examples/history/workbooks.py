"""The files: the form filled in, or a province's own table; each says in three places that it is synthetic."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections.abc import Mapping
from decimal import Decimal

import xlsxwriter

from catalogue.model import Catalogue, Province
from examples.history.anchors import RETURNS
from examples.history.overlay import FINALITY
from examples.history.sending import REAL_SOURCE, Sent
from transforms.template.blank import FormValue, render_template

LABEL = "giả lập"
NOTICE = "SỐ LIỆU GIẢ LẬP – SYNTHETIC DATA"
KEYWORDS = "synthetic; giả lập; không phải báo cáo thật"
ESTIMATED = ("grdp_growth", "social_investment", "budget_revenue")
HEADERS = ("TT", "Chỉ tiêu", "Đơn vị tính", "Thực hiện", "Cùng kỳ năm trước")


def file_name(sent: Sent) -> str:
    """The name of a file: the real ones as they are; a synthetic one says so, and which version it is."""
    if sent.source == REAL_SOURCE:
        return f"{sent.province_id}_{sent.period_code}.xlsx"
    version = "" if sent.version == 1 else f", bản {sent.version}"
    return f"{sent.province_id}_{sent.period_code} ({LABEL}{version}).xlsx"


def unit_of(catalogue: Catalogue, sent: Sent) -> Province:
    province = catalogue.province_in(sent.province_id, sent.period_code)
    assert province is not None
    return province


def render(catalogue: Catalogue, sent: Sent, seed: int) -> bytes:
    """The bytes of a file; the same arguments give the same bytes."""
    if sent.source == REAL_SOURCE:
        return (RETURNS / unit_of(catalogue, sent).name / file_name(sent)).read_bytes()
    data = (
        _render_form(catalogue, sent, seed)
        if sent.previous is None
        else _render_own_table(catalogue, sent, sent.previous)
    )
    return _labelled(data)


def _render_form(catalogue: Catalogue, sent: Sent, seed: int) -> bytes:
    values: dict[str, FormValue] = {f"f_{code}": value for code, value in sent.figures.items()}
    values |= {
        "m_date": sent.arrives_at.date(),
        "m_finality": FINALITY,
        "m_officer": f"({LABEL})",
        "m_contact": NOTICE,
    }
    if sent.province_id != catalogue.cluster_id:
        for indicator in catalogue.indicators_of(sent.period_code):
            if indicator.is_required and indicator.indicator_code not in sent.figures:
                values[f"s_{indicator.indicator_code}"] = catalogue.form.choices["state"][0]
    chance = random.Random(f"{seed} estimates {sent.period_code} {sent.province_id}")
    for code in ESTIMATED:
        if chance.random() < 0.4 and code in sent.figures and sent.version == 1:
            values[f"e_{code}"] = catalogue.form.choices["estimate"][0]
    return render_template(catalogue, sent.period_code, sent.province_id, values)


def _render_own_table(catalogue: Catalogue, sent: Sent, previous: Mapping[str, Decimal]) -> bytes:
    """A plain table as provinces draw it up themselves, with last year's figures beside this year's."""
    entry, unit = catalogue.calendar[sent.period_code], unit_of(catalogue, sent)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": NOTICE, "created": dt.datetime.combine(entry.starts_on, dt.time())})
    sheet = book.add_worksheet(f"Biểu ({LABEL})")
    bold = book.add_format({"bold": True})
    right = book.add_format({"align": "right"})
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 96)
    sheet.set_column(2, 4, 20)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    heading = (
        f"Đơn vị báo cáo: {unit.name}",
        f"Kỳ báo cáo: {sent.period_code}",
        f"Tính chất số liệu: {FINALITY}",
        f"BÁO CÁO KẾT QUẢ THI ĐUA {entry.name.upper()}",
    )
    for row, text in enumerate(heading):
        sheet.write_string(row, 0, text, bold)
    top = len(heading)
    for column, text in enumerate(HEADERS):
        sheet.write_string(top, column, text, bold)
    asked = [i for i in catalogue.indicators_of(sent.period_code) if i.indicator_code in sent.figures or i.is_required]
    for number, indicator in enumerate(asked, 1):
        code, row = indicator.indicator_code, top + number
        sheet.write_number(row, 0, number)
        sheet.write_string(row, 1, indicator.label)
        sheet.write_string(row, 2, catalogue.unit_of(indicator).name)
        if code in sent.figures:
            sheet.write_number(row, 3, sent.figures[code])
        else:
            sheet.write_string(row, 3, catalogue.form.choices["state"][0], right)
        if code in previous:
            sheet.write_number(row, 4, previous[code])
    book.close()
    return stream.getvalue()


def _labelled(data: bytes) -> bytes:
    """The workbook with the label in its properties, where Explorer and other readers show it."""
    out = io.BytesIO()
    marks = f"<cp:keywords>{KEYWORDS}</cp:keywords><cp:category>synthetic</cp:category></cp:coreProperties>"
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = content.replace(b"</cp:coreProperties>", marks.encode())
            target.writestr(member, content)
    return out.getvalue()
