"""The provinces' folders, near and far: found, read, told from ours, written to."""
