"""`python tests/corpus/make.py` writes the corpus's files again; with --check it only tells which would differ.

What LibreOffice made is stored once (`papers_of_libreoffice.py`), since two runs of it never give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "formats"), str(HERE.parent / "layouts"), str(HERE.parents[1])]

import papers_of_formats  # noqa: E402
import papers_of_harm  # noqa: E402
import papers_of_layouts  # noqa: E402
import papers_of_texts  # noqa: E402
import papers_of_units  # noqa: E402
from settling import same_content  # noqa: E402


def make() -> Iterator[tuple[str, bytes]]:
    """(path under `files`, content) of every file that is made here."""
    for part in (papers_of_formats, papers_of_layouts, papers_of_units, papers_of_texts, papers_of_harm):
        yield from part.make()


def main() -> None:
    """Writes what is missing or differs; with --check ends with 1 where there is such."""
    is_check = "--check" in sys.argv[1:]
    differing = []
    for name, data in make():
        path = HERE / "files" / name
        if path.exists() and same_content(path.read_bytes(), data):
            continue
        differing.append(name)
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for name in differing:
        print(name)
    sys.exit(1 if is_check and differing else 0)


if __name__ == "__main__":
    main()
