"""What follows from other tables and is kept, since nearly every question would else work it out again.

That would be most of what such a question costs: DuckDB plans each table that it names, once more wherever a macro is
called. Each file of `kept_tables/` fills the table of its name, or columns of it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from warehouse.session import Session

FOLDER = Path(__file__).parent / "kept_tables"
_MAPS = ("bridge_period_boundary", "bridge_period_drawing")
_COLUMNS = ("dim_assessment", "mart_cluster_total", "fact_finding")
_FORMER_PARTS = (
    "DELETE FROM bridge_assessment_part "
    "WHERE period_code IN (SELECT period_code FROM dim_assessment WHERE assessment_key >= $1)"
)


@lru_cache
def kept_texts() -> dict[str, str]:
    """The SQL by the name of the table that it fills."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}


def keep_assessments(session: Session, first_key: int) -> None:
    """What follows from the assessments from this key on, whose verdicts, findings and totals are recorded already."""
    fill = kept_texts()
    session.execute(fill["bridge_assessment_member"], [first_key])
    for name in _COLUMNS:
        session.execute(fill[name], [first_key])
    session.execute(_FORMER_PARTS, [first_key])
    session.execute(fill["bridge_assessment_part"], [first_key])


def keep_refusals(session: Session) -> None:
    """Which explanation stands refused, and when it did, as all rulings together say."""
    session.execute("DELETE FROM bridge_refusal")
    session.execute(kept_texts()["bridge_refusal"])


def keep_all(session: Session) -> None:
    """All of it anew, as the catalogue and the rulings tell it now."""
    for name in (*_MAPS, "bridge_assessment_member", "bridge_assessment_part"):
        session.execute(f"DELETE FROM {name}")
    for name in _MAPS:
        session.execute(kept_texts()[name])
    keep_assessments(session, 0)
    keep_refusals(session)
