"""What the command line prints of the shares: who can be reached, and how many files lie there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from catalogue.model import Catalogue
from flows.local_time import today
from flows.runs.collection import due_period
from flows.service import server
from flows.settings import Settings
from flows.shares.gathering import survey
from flows.shares.settings import read_shares
from flows.summary import print_table


def print_shares(catalogue: Catalogue, settings: Settings, file: Path, period_code: str | None) -> bool:
    """Prints a row per share, and who has none; True where every share belongs to a unit and can be read."""
    period = period_code or due_period(catalogue, today())
    shares = read_shares(file)
    if any(share.password_block for share in shares.shares):  # blocks live on the home's Prefect server
        os.environ.update(server.environment(settings, server.find_server(settings)))
    rows: list[dict[str, Any]] = []
    named: set[str] = set()
    is_well = True
    for share, unit, files, reason in survey(catalogue, period, shares, settings.feedback_folder):
        province = None if unit is None else catalogue.province_in(unit, period)
        if unit is not None:
            named.add(unit)
        elif reason == "":
            reason = f"tên này không phải đơn vị báo cáo của kỳ {period}"
        is_well = is_well and files is not None and unit is not None
        rows.append(
            {
                "Đơn vị": share.name if province is None else province.name,
                "Địa chỉ": share.address,
                "Người dùng": share.user or "–",
                "Số tệp": "–" if files is None else str(files),
                "Tình trạng": f"không đọc được: {reason}" if files is None else reason or "đọc được",
            }
        )
    print_table(rows)
    without = [p.name for p in catalogue.members_of(period) if p.province_id not in named]
    if without:
        click.echo(f"Chưa khai địa chỉ (kỳ {period}): {', '.join(without)}")
    return is_well
