"""What LibreOffice makes of the corpus's papers; run by a Python that has its `uno` (Debian: python3-uno).

    python3 tests/corpus/papers_of_libreoffice.py

Two runs never give the same bytes, so the files are stored; this says where they come from.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import NamedValue, PropertyValue

HERE = Path(__file__).resolve().parent
FILES = HERE / "files"
FORM = FILES / "formats" / "form.xlsx"
PAPER = FILES / "formats" / "workbook-without-ending"
TCVN3 = FILES / "texts" / "tcvn3-by-font.xlsx"
MERGED = FILES / "layouts" / "header-over-merged-cells-and-column-numbers.xlsx"
ERRORS = FILES / "harm" / "formulas-never-computed.xlsx"
SAVED = (
    # source, target, filter, password
    (FORM, "formats/form.xls", "MS Excel 97", ""),
    (FORM, "formats/form.ods", "calc8", ""),
    (PAPER, "formats/table.xls", "MS Excel 97", ""),
    (PAPER, "formats/table.ods", "calc8", ""),
    (PAPER, "formats/old-workbook-named-new.xlsx", "MS Excel 97", ""),
    (PAPER, "formats/saved-with-a-password.xlsx", "Calc MS Excel 2007 XML", "mat-khau"),
    (PAPER, "formats/saved-with-a-password.xls", "MS Excel 97", "mat-khau"),
    (PAPER, "formats/saved-with-a-password.ods", "calc8", "mat-khau"),
    (PAPER, "formats/printed.pdf", "calc_pdf_Export", ""),
    (TCVN3, "texts/tcvn3-by-font.xls", "MS Excel 97", ""),
    (TCVN3, "texts/tcvn3-by-font.ods", "calc8", ""),
    (MERGED, "layouts/header-over-merged-cells.xls", "MS Excel 97", ""),
    (MERGED, "layouts/header-over-merged-cells.ods", "calc8", ""),
    (ERRORS, "harm/error-values.xls", "MS Excel 97", ""),
    (ERRORS, "harm/error-values.ods", "calc8", ""),
)


def main() -> None:
    """Writes every file of the list that is missing."""
    with tempfile.TemporaryDirectory() as folder:
        pipe = f"pipe,name=corpus-{time.time_ns()};urp"
        office = subprocess.Popen(
            ["soffice", f"-env:UserInstallation={Path(folder).as_uri()}", "--headless", f"--accept={pipe}"]
        )
        try:
            desktop = _connect(pipe)
            for source, target, name, password in SAVED:
                if not (FILES / target).exists():
                    _save(desktop, source, FILES / target, name, password)
            desktop.terminate()
        finally:
            office.wait(30)


def _connect(pipe: str) -> Any:
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(60):
        try:
            remote = resolver.resolve(f"uno:{pipe};StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:  # it has not started yet
            time.sleep(0.5)
    raise RuntimeError("LibreOffice does not answer")


def _save(desktop: Any, source: Path, target: Path, name: str, password: str) -> None:
    document = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, (_property("Hidden", True),))
    told = [_property("FilterName", name)] + ([_lock(name, password)] if password else [])
    document.storeToURL(target.as_uri(), tuple(told))
    document.close(True)
    print(target.relative_to(HERE))


def _lock(name: str, password: str) -> Any:
    """A password to open; packages of Excel take it by another road."""
    if name != "Calc MS Excel 2007 XML":
        return _property("Password", password)
    given = (_property("CryptoType", "Standard"), _property("OOXPassword", password))
    return _property("EncryptionData", uno.Any("[]com.sun.star.beans.NamedValue", tuple(map(_named, given))))


def _named(given: Any) -> Any:
    found = NamedValue()
    found.Name, found.Value = given.Name, given.Value
    return found


def _property(name: str, value: object) -> Any:
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


if __name__ == "__main__":
    main()
