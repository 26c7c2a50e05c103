"""The blank form that a province fills, written from the catalogue."""
