"""By which indicator a consolidated table is ranked in a half-year."""

from __future__ import annotations

from catalogue.model import Catalogue, Table


def ranked_by(catalogue: Catalogue, table: Table, period_code: str) -> str:
    """The indicator that a table names; while that is not asked, the first one asked in the table that is given in the
    same unit and kind of time (a new standard of the same thing); empty for none."""
    if not table.sort_by:
        return ""
    named = catalogue.indicators[table.sort_by]
    if named.is_valid_in(period_code):
        return table.sort_by
    for indicator in catalogue.indicators_of(period_code):
        alike = (indicator.unit_code, indicator.time_kind) == (named.unit_code, named.time_kind)
        if indicator.table_code == table.table_code and alike:
            return indicator.indicator_code
    return ""
