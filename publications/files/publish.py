"""Puts what a period publishes in place: one workbook, a CSV and a Parquet file per table, the description of these
files, the page that shows them, and the draft of the report."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalogue.model import Catalogue
from publications.files.data_package import DATA_PACKAGE, render_data_package
from publications.files.flat_files import render_csv, render_parquet
from publications.office.operations_page import OPERATIONS_PAGE
from publications.office.status_page import STATUS_PAGE, render_status_page
from publications.page.render import PAGE, render_page
from publications.report.files import REPORTS, render_report
from publications.standing import DRAFTED, Standing
from publications.tables.build import draw_tables
from publications.tables.figures import index_marts
from publications.workbook.book import render_workbook

WORKBOOK = "bang-tong-hop.xlsx"
_UNFINISHED = ".unfinished"


def publish_tables(
    catalogue: Catalogue,
    period_code: str,
    marts: dict[str, list[dict[str, Any]]],
    folder: Path,
    made_at: dt.datetime,
    standing: Standing = DRAFTED,
) -> tuple[Path, ...]:
    """Writes all tables of a period under a folder and returns the files; readers never see half a file.

    `made_at` carries a zone; `standing` says whether they are a draft. Equal input gives equal bytes. CSV and Parquet
    files of tables that are no longer drawn are removed. Nothing is put in place unless everything could be written;
    OSError where it cannot be.
    """
    figures = index_marts(catalogue, period_code, marts)
    tables = draw_tables(figures, standing)
    contents = {folder / WORKBOOK: render_workbook(figures, tables, made_at, standing)}
    for table in tables:
        contents[folder / "csv" / f"{table.table_code}.csv"] = render_csv(table)
        contents[folder / "parquet" / f"{table.table_code}.parquet"] = render_parquet(table)
    files = {path.relative_to(folder).as_posix(): data for path, data in contents.items()}
    contents[folder / DATA_PACKAGE] = render_data_package(figures, tables, files, made_at, standing)
    contents |= {folder / name: data for name, data in render_report(figures, made_at, standing).items()}
    beside = {path.relative_to(folder).as_posix() for path in contents}
    contents[folder / PAGE] = render_page(figures, tables, beside, made_at, standing)
    _put_in_place(contents)
    _remove_stale(folder, set(contents))
    return tuple(contents)


def republish_tables(source: Path, folder: Path) -> tuple[Path, ...]:
    """Puts tables that were made once, and lie in another folder, in place byte for byte; returns the files."""
    names = (path.relative_to(source) for path in sorted(source.rglob("*")) if path.is_file())
    contents = {folder / name: (source / name).read_bytes() for name in names}
    _put_in_place(contents)
    _remove_stale(folder, set(contents))
    return tuple(contents)


def publish_status_page(
    catalogue: Catalogue,
    period_code: str,
    marts: dict[str, list[dict[str, Any]]],
    folder: Path,
    on: dt.date,
    contacts: Mapping[str, str] | None = None,
) -> bool:
    """Writes the page "who is late" as it stands on a day, if it says anything new; tells whether it did."""
    beside = [(PAGE, "Số liệu để họp")] if (folder / PAGE).exists() else []
    pages = [*beside, (OPERATIONS_PAGE, "Trang vận hành")]
    content = render_status_page(catalogue, period_code, marts, on, contacts, pages).encode()
    path = folder / STATUS_PAGE
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    _put_in_place({path: content})
    return True


def _put_in_place(contents: dict[Path, bytes]) -> None:
    staged: dict[Path, Path] = {}
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = path.with_name(f".{path.name}{_UNFINISHED}")
            with staged[path].open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for path, temporary in staged.items():
            temporary.replace(path)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _remove_stale(folder: Path, current: set[Path]) -> None:
    for name in (PAGE, *REPORTS):  # of seals from before there were such: a draft's must not lie beside their tables
        if folder / name not in current:
            (folder / name).unlink(missing_ok=True)
    stale = [
        *folder.rglob(f".*{_UNFINISHED}"),
        *(folder / "csv").glob("*.csv"),
        *(folder / "parquet").glob("*.parquet"),
    ]
    for path in stale:
        if path not in current:
            path.unlink(missing_ok=True)
