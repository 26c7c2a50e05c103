"""Runs the revisions on the connection and in the transaction that the loader hands in."""

from __future__ import annotations

from alembic import context
from duckdb_sqlalchemy import alembic_impl

from warehouse import dialogue, dimensions, facts
from warehouse.schema import metadata

assert alembic_impl and dialogue and dimensions and facts  # imported for what they add to Alembic and to the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
