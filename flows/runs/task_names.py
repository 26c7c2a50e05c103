"""Names of task runs that Prefect's graph can draw."""

from __future__ import annotations

import unicodedata


def drawn(name: str) -> str:
    """A name with its letters taken apart from their marks (NFD).

    The graph of a flow run is drawn in a font of plain letters: of "Bắc Ninh" it leaves "Bc Ninh", of the same taken
    apart "Bac Ninh". Everywhere else on the page both look alike. The letter đ cannot be taken apart; avoid it.
    """
    return unicodedata.normalize("NFD", name)
