"""What is told of runs: the log, the run page, the changes since the run before, the artifacts."""
