"""Which software makes figures and tables: its version and a digest of every room, and every library at work."""

from __future__ import annotations

import hashlib
import platform
import zlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from transforms.versions import judge_version, reader_version

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = (
    "python-calamine",
    "openpyxl",
    "xlrd",
    "python-docx",
    "lxml",
    "defusedxml",
    "great-expectations",
    "pandas",
    "numpy",
    "duckdb",
    "duckdb-sqlalchemy",
    "sqlalchemy",
    "alembic",
    "pyarrow",
    "pytz",
    "xlsxwriter",
    "jinja2",
    "matplotlib",
)
# Rooms as wholes: what reads and judges is named by its own versions. What the office reads is sealed nowhere.
ROOMS = (
    "catalogue/*.py",
    "warehouse/**/*.py",
    "warehouse/views/*.sql",
    "publications/*.py",
    "publications/charts/*.py",
    "publications/files/*.py",
    "publications/page/*.py",
    "publications/report/*.*",
    "publications/tables/*.py",
    "publications/templates/index.*",
    "publications/templates/[ck]hung.*",
    "publications/workbook/*.py",
)
DECIDING = ("collection", "consolidated", "decision", "published_reports", "rebuilding", "seal_contents")


@lru_cache(maxsize=1)
def software_versions() -> dict[str, str]:
    """Whatever may change a figure or a byte of a table, by name. A catalogue's own tables are not part of it."""
    found = {"thidua": _version("thidua"), "đọc tệp": reader_version(), "kiểm tra": judge_version()}
    for pattern in ROOMS:
        found[f"mã nguồn {pattern}"] = _digest(ROOT.glob(pattern))
    found["mã nguồn flows"] = _digest(p for p in ROOT.glob("flows/*/*.py") if p.stem in DECIDING)
    found |= {name: _version(name) for name in LIBRARIES}
    return found | {"Python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}


def machine() -> str:
    """The machine, kept for the record only: nothing is refused for it."""
    return f"{platform.system()} {platform.release()} {platform.machine()}"


def differing(recorded: dict[str, str], present: dict[str, str]) -> list[tuple[str, str, str]]:
    """The names whose versions differ: (name, recorded, present); "" where there is none."""
    names = dict.fromkeys((*recorded, *present))
    pairs = [(name, recorded.get(name, ""), present.get(name, "")) for name in names]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
