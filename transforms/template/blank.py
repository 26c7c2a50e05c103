"""The blank form of a half-year as a workbook, or the same form filled in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from catalogue.model import Catalogue
from transforms.placement import field_column, indicators_by_section
from transforms.template.book import FormBook, FormValue
from transforms.template.checks import checks_of
from transforms.template.cover import write_cover
from transforms.template.instructions import write_instructions
from transforms.template.section import write_section

__all__ = ["FormValue", "render_template", "template_file_name", "write_template"]


def template_file_name(period_code: str, province_id: str | None = None) -> str:
    """The name of a form's file: <province_id>_<period>.xlsx, or mau-bieu_<period>.xlsx for no unit in particular."""
    return f"{province_id or 'mau-bieu'}_{period_code}.xlsx"


def write_template(
    catalogue: Catalogue,
    period_code: str,
    target: Path,
    province_id: str | None = None,
    values: Mapping[str, FormValue] | None = None,
) -> Path:
    """Writes the form of a period to a file, its folder made where it is missing, and returns the path.

    See `render_template` for what stands in it.
    """
    data = render_template(catalogue, period_code, province_id, values)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return target


def render_template(
    catalogue: Catalogue,
    period_code: str,
    province_id: str | None = None,
    values: Mapping[str, FormValue] | None = None,
) -> bytes:
    """The form of a period as the bytes of a workbook; equal arguments give equal bytes.

    `values` go by workbook-scoped name (f_<code>, e_<code>, b_<code>, s_<code>, n_<code>, m_<field>); a text is
    always written as text. Period and form version are filled in, and the unit where `province_id` names one.
    Raises ValueError for a period outside the calendar, a unit that the period does not have, or an unknown name.
    """
    given: dict[str, FormValue] = {"m_period": period_code, "m_form_version": catalogue.form.version}
    if province_id is not None:
        province = catalogue.province_in(province_id, period_code)
        if province is None:
            raise ValueError(f"no reporting unit {province_id} in {period_code}")
        given["m_province"] = province.name
    is_cluster = province_id == catalogue.cluster_id
    stream = io.BytesIO()
    book = FormBook(catalogue, period_code, stream, {**given, **(values or {})}, is_cluster=is_cluster)
    checks = checks_of(catalogue, book.slots, field_column(catalogue.form, "check"))
    sections = indicators_by_section(catalogue, period_code)
    cover, instructions = (book.add_sheet(n) for n in (catalogue.form.cover_sheet, catalogue.form.instructions_sheet))
    unit_range = write_instructions(book, instructions, sections)
    write_cover(book, cover, unit_range)
    for section in catalogue.sections:
        if section.section_code in sections:
            write_section(book, section, sections[section.section_code], checks)
    book.close()
    return stream.getvalue()
