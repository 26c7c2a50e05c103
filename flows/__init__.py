"""Who, when, retry: flows and tasks, shared folders, settings, the command line."""
