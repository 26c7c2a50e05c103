"""A season of any size: a catalogue with as many units as are asked for, and a clean return of each."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from catalogue import DATA, load_catalogue
from transforms.template.blank import FormValue, render_template

PERIOD = "2021H1"
SETTLED = dt.datetime(2021, 7, 1, tzinfo=dt.UTC).timestamp()  # files just written would be looked at twice
PLACEHOLDER = "Quảng Ninh"


def write_catalogue(folder: Path, units: int) -> Path:
    """A copy of the catalogue whose members are `units` made-up provinces beside the cluster."""
    shutil.copytree(DATA, folder)
    provinces = (folder / "provinces.csv").read_text(encoding="utf-8").splitlines()
    members = [f"tinh-{n:04d},,{name_of(n)},{name_of(n)},province,2004-07-08," for n in range(units)]
    (folder / "provinces.csv").write_text("\n".join([*provinces, *members]) + "\n", encoding="utf-8")
    header = (folder / "memberships.csv").read_text(encoding="utf-8").splitlines()[0]
    lines = [f"tinh-{n:04d},member,2016H1,,1,benchmark" for n in range(units)]
    (folder / "memberships.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return folder


def name_of(number: int) -> str:
    """The name of a made-up province."""
    return f"Đơn vị {number:04d}"


def write_returns(folder: Path, units: int) -> list[Path]:
    """One clean return per unit, all with the same figures; the unit's name is put into the finished workbook."""
    base = render_template(load_catalogue(), PERIOD, "quang-ninh", _clean_values())
    files = []
    for number in range(units):
        target = folder / name_of(number) / f"bieu_{PERIOD}.xlsx"
        target.parent.mkdir(parents=True)
        target.write_bytes(_renamed(base, name_of(number)))
        os.utime(target, (SETTLED, SETTLED))
        files.append(target)
    return files


def _renamed(workbook: bytes, name: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            data = source.read(member)
            if member.filename == "xl/sharedStrings.xml":
                data = data.replace(f">{PLACEHOLDER}<".encode(), f">{name}<".encode())
            target.writestr(member, data)
    return out.getvalue()


def _clean_values() -> dict[str, FormValue]:
    """Values for every required figure that break no rule; ranks are declared not yet available."""
    values: dict[str, FormValue] = {"m_date": dt.date(2021, 7, 1)}
    for indicator in load_catalogue().indicators_of(PERIOD):
        code = indicator.indicator_code
        if not indicator.is_required:
            continue
        if indicator.rank_field:
            values[f"s_{code}"] = "chưa có số liệu"
        else:
            values[f"f_{code}"] = Decimal(50)
    for code in ("ntm_communes_certified_rate", "ntm_districts_certified_rate"):
        values[f"f_{code}"] = Decimal(100)
    values["f_national_student_prizes_total"] = Decimal(200)
    values["f_social_investment"] = "11,83 nghìn tỷ"
    values["f_budget_revenue_growth"] = "bằng 92% cùng kỳ"
    values["f_tourist_visits"] = "2,37 triệu lượt"
    return values
