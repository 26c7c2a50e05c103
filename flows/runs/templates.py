"""Blank forms for `thidua template`."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.model import Catalogue
from transforms.identification import find_province


def write_templates(catalogue: Catalogue, period_code: str, province: str | None, out: Path) -> str:
    """Writes the form of one unit, or of all members and the cluster; the problem as text where there is one."""
    from transforms.template.blank import write_template

    units = [p.province_id for p in catalogue.members_of(period_code)] + [catalogue.cluster_id]
    if province is not None:
        wanted = find_province(catalogue, province, period_code)
        if wanted not in units or wanted is None:
            return f"“{province}” không phải đơn vị của Cụm trong kỳ {period_code}."
        units = [wanted]
    out.mkdir(parents=True, exist_ok=True)
    for unit in units:
        target = out / f"{unit}_{period_code}.xlsx"
        write_template(catalogue, period_code, target, unit)
        click.echo(str(target))
    return ""
