"""The consolidated tables as values: what stands in which row and column, and what must be said of it."""
