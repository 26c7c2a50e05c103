"""Consolidated tables, drawn from marts handed in as plain tables."""

from publications.files.publish import publish_status_page, publish_tables, republish_tables
from publications.standing import Standing
from publications.tables.build import build_tables
from publications.tables.shape import PublishedTable

__all__ = ["PublishedTable", "Standing", "build_tables", "publish_status_page", "publish_tables", "republish_tables"]
