"""The star schema, its loading, marts and published copy: all SQL of the project."""
