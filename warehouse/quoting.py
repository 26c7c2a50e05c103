"""Texts and names as they stand in SQL, where a parameter cannot."""

from __future__ import annotations


def literal(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """A name of a table, view or column, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
