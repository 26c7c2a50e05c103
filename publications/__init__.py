"""Consolidated tables, drawn from marts handed in as plain tables."""
