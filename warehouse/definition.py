"""Brings a warehouse file to the newest tables, views, macros and comments."""

from __future__ import annotations

import csv
import hashlib
from functools import lru_cache
from pathlib import Path

from warehouse import dialogue, dimensions, facts, operation, wide
from warehouse.kept import keep_all, kept_texts
from warehouse.observation_codes import with_codes
from warehouse.quoting import literal
from warehouse.schema import metadata, warehouse_definition
from warehouse.session import Session, WarehouseDamagedError

ROOT = Path(__file__).parent
MIGRATIONS = ROOT / "migrations"
VIEWS = (
    "current_assessments",
    "current_returns",
    "observations",
    "cluster_totals",
    "findings",
    "submissions",
    "completeness",
    "changes",
    "revisions",
    "rule_health",
    "runs",
    "closings",
)
FUNCTIONS = ("quotient", "obs_status", "known_period", "known_unit", "known_indicator", "known_map", "is_map_of")
AS_OF = (
    "assessment_keys_as_of",
    "assessments_as_of",
    "returns_as_of",
    "figures_as_of",
    "as_of",
    "cluster_totals_as_of",
    "findings_as_of",
    "paired_figures",
)
MACROS = (
    *AS_OF,  # views are calls of these, so they come before the views
    "standing_findings",
    "figures_of",
    "same_period",
    "since_january",
    "year_to_date",
    "within_year",
    "places_of",
    "ranking",
    "share_of_cluster",
    "index_to",
    "findings_over_time",
    "revised_figures",
    "map_returns",
    "on_boundaries_of",
    "on_boundaries",
    "trace",
)
_TABLES = (dialogue, dimensions, facts, operation)  # imported for the tables they add to the metadata
_REVISION_TABLE = ("alembic_version", "Mỗi dòng là phiên bản cấu trúc hiện tại của kho. Bảng kỹ thuật.")
_REVISION_COLUMN = ("alembic_version.version_num", "Số hiệu bản nâng cấp cấu trúc đã áp dụng.")


def head_revision() -> str:
    """The newest revision, told by the names of the files."""
    return max(path.stem.removeprefix("revision_") for path in (MIGRATIONS / "versions").glob("revision_*.py"))


def view_text(name: str) -> str:
    return (ROOT / "views" / f"{name}.sql").read_text(encoding="utf-8")


def _macro_text(name: str) -> str:
    return (ROOT / "macros" / f"{name}.sql").read_text(encoding="utf-8")


def macro_comments(folder: str = "macros") -> dict[str, tuple[str, str]]:
    """What each macro for analysts gives, in Vietnamese, and one call of it that works on the examples.

    The table macros, or those of the folder `functions`, which give one value.
    """
    with (ROOT / folder / "comments.csv").open(encoding="utf-8", newline="") as file:
        return {row["macro"]: (row["comment"], row["example"]) for row in csv.DictReader(file)}


def view_comments() -> dict[tuple[str, str], str]:
    """What the stable views and their columns mean, in Vietnamese, by view and column; a blank column is the view."""
    with (ROOT / "views" / "comments.csv").open(encoding="utf-8", newline="") as file:
        return {(view, column): comment for view, column, comment in list(csv.reader(file))[1:]}


@lru_cache
def definition() -> tuple[tuple[str, ...], str]:
    """The statements that make views and comments, and their fingerprint."""
    statements = [with_codes(ROOT / "functions" / f"{name}.sql") for name in FUNCTIONS]
    statements += [_macro_text(name) for name in AS_OF]
    statements += [f"CREATE OR REPLACE VIEW {name} AS\n{view_text(name)}" for name in VIEWS]
    statements += [_macro_text(name) for name in MACROS if name not in AS_OF]
    comments = [("TABLE", *_REVISION_TABLE), ("COLUMN", *_REVISION_COLUMN)]
    described = macro_comments()
    comments += [("MACRO TABLE", name, described[name][0]) for name in MACROS]
    functions = macro_comments("functions")
    comments += [("MACRO", name, functions[name][0]) for name in FUNCTIONS]
    for table in metadata.tables.values():
        comments.append(("TABLE", table.name, table.comment or ""))
        comments += [("COLUMN", f"{table.name}.{c.name}", c.comment or "") for c in table.columns]
    for (view, column), comment in view_comments().items():
        comments.append(("COLUMN", f"{view}.{column}", comment) if column else ("VIEW", view, comment))
    for kind, name, comment in comments:
        statements.append(f"COMMENT ON {kind} {name} IS {literal(comment)}")
    texts = [path.read_text(encoding="utf-8") for path in (Path(wide.__file__), wide.TOPICS)]
    sources = [*statements, *kept_texts().values(), *texts]
    return tuple(statements), hashlib.sha256("\0".join(sources).encode()).hexdigest()


def bring_up_to_date(session: Session) -> None:
    """Migrate and redefine what differs; a file that is up to date costs two look-ups.

    Raises WarehouseDamagedError for a file made by a newer version of this program.
    """
    head = head_revision()
    stored = _stored_revision(session)
    if stored > head:
        raise WarehouseDamagedError(session.path, f"revision {stored} > {head}", is_newer=True)
    if stored != head:
        _migrate(session)
    statements, fingerprint = definition()
    sql = f"SELECT fingerprint FROM {warehouse_definition.name} WHERE name = 'views'"
    if session.rows(sql) != [(fingerprint,)]:
        with session.transaction():
            for statement in statements:
                session.execute(statement)
            keep_all(session)
            wide.define_wide_views(session)
            session.execute(f"DELETE FROM {warehouse_definition.name} WHERE name = 'views'")
            session.insert(warehouse_definition, {"name": ["views"], "fingerprint": [fingerprint]})


def _stored_revision(session: Session) -> str:
    if not session.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'alembic_version'"):
        return ""
    return "".join(row[0] for row in session.rows("SELECT version_num FROM alembic_version"))


def _migrate(session: Session) -> None:
    from alembic import command  # imported here: a file that is up to date never needs it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = session.connection
    with session.transaction():
        command.upgrade(config, "head")
