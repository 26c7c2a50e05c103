"""A report's sentences read and checked: its blocks, the figures claimed in them, and what does not hold."""
