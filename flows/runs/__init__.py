"""A run over one period: gather, decide, apply; the tables published; what it came to."""
