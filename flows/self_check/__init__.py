"""The self-check at the opening of a season: everything that a season needs is tried before it is needed."""
