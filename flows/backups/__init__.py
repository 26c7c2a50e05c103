"""A home backed up, and brought back from a backup."""
