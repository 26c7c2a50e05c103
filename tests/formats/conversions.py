"""A return of ours in the other formats that are read, saying the same; the benchmarks convert with these too."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from writers import grid_of, rewrite_zip, write_compound, write_docx, write_xlsb

from transforms.sheets import Workbook

COVER, INSTRUCTIONS = "Bìa", "Hướng dẫn"
_WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_WORKBOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def convert_by_libreoffice(files: Iterable[Path], kind: str, folder: Path) -> Path:
    """A folder with the files in a format of LibreOffice ("xls", "ods"), from one start of the program."""
    program = shutil.which("soffice")
    assert program, "LibreOffice (soffice, Debian's libreoffice-calc) is needed to make .xls and .ods"
    target, profile = folder / kind, (folder / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir", target]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=180)
    return target


def as_xlsm(data: bytes) -> bytes:
    """A workbook with a program of its own in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").replace(_WORKBOOK, _MACRO_WORKBOOK)
    project = write_compound({"VBA": b"Sub Workbook_Open()"})
    return rewrite_zip(data, {"[Content_Types].xml": types, "xl/vbaProject.bin": project})


def as_xlsb(workbook: Workbook) -> bytes:
    """The cells of a workbook in binary form, without names."""
    cells: dict[str, dict[tuple[int, int], str | Decimal | bool]] = {
        sheet: {at: c.raw if c.number is None else c.number for at, c in held.items()}
        for sheet, held in workbook.cells.items()
    }
    return write_xlsb(cells)


def as_lines(workbook: Workbook) -> list[list[str]]:
    """Cover and sections one below the other, each under its name, as docs/reading.md describes."""
    lines: list[list[str]] = []
    for sheet in workbook.sheets:
        if sheet != INSTRUCTIONS:
            grid = [row for row in grid_of(workbook, sheet) if any(row)]
            rows = grid if sheet != COVER else [row for row in grid if sum(map(bool, row)) > 1]
            first = next(n for n, row in enumerate(rows) if sum(map(bool, row)) > 3 or sheet == COVER)
            lines += [[sheet], *rows[first:], []]
    return lines


def as_report(workbook: Workbook) -> bytes:
    """A return as a Word report: a table of three columns per section, the figure as a report words it."""
    tables = []
    for sheet in workbook.sheets[2:]:
        grid = grid_of(workbook, sheet)[6:]
        rows = [[row[1], row[2], _word(row)] for row in grid if row[1]]
        tables.append((sheet, [["Chỉ tiêu", "Đơn vị tính", "Giá trị"], *rows]))
    name = workbook.cells[COVER][4, 2].raw
    office = f"UBND TỈNH {name.upper()}" if name != "Toàn Cụm" else "Đơn vị báo cáo: Toàn Cụm"
    title = "Kết quả phong trào thi đua 6 tháng đầu năm 2021, phương hướng 6 tháng cuối năm 2021"
    return write_docx(tables, [office, "BÁO CÁO", title], ["Nơi nhận: như trên", "KT. CHỦ TỊCH"])


def _word(row: list[str]) -> str:
    value, estimate, basis = row[3:6]
    index = f"bằng {value}%" if basis == "bằng %" and not value.startswith("bằng") else value
    return f"ước {index}" if estimate and not value.startswith(("ước", "khoảng")) else index
