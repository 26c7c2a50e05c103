"""Revisions in order; the number in the file name is the revision."""
