"""Which reader and which judge are at work: their names change with any byte of their code or their libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
READERS = ("python-calamine", "openpyxl", "xlrd")


def digest_sources(folders: Iterable[Path]) -> str:
    """A short digest of the modules in folders, without the writers of forms."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            name = path.relative_to(folder).as_posix()
            if not name.startswith("template/"):
                digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def reader_version() -> str:
    """The name of this reader; a reading is good as long as it is equal."""
    return f"{', '.join(f'{name} {version(name)}' for name in READERS)}, {digest_sources([HERE])}"


@lru_cache(maxsize=1)
def judge_version() -> str:
    """The name of this judge: its measurements, expectations and words."""
    engine = version("great_expectations")
    return f"great_expectations {engine}, {digest_sources([HERE, HERE.parent / 'expectations'])}"
