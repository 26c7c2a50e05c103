"""A half-year closed: asked, decided by a person, sealed, verified, made again from the seal."""
