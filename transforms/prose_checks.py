"""What does not hold in a text by itself: its sums, its order, its rates, what it leaves out or says twice."""

from __future__ import annotations

from catalogue.model import Catalogue
from transforms.prose import Prose, TextProblem


def check_prose(catalogue: Catalogue, prose: Prose) -> tuple[TextProblem, ...]:
    """The problems of a text's own arithmetic and order, in the order of the text."""
    return ()
