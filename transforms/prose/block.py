"""A block's wordings with their places in its text."""

from __future__ import annotations

from transforms.prose.claims import TextBlock
from transforms.prose.phrases import Mark, PhraseBook
from transforms.prose.text import make_passage

_STOPS = frozenset(".!?")


class BlockView:
    """What stands where in a block; `marks` are its wordings."""

    def __init__(self, book: PhraseBook, block: TextBlock) -> None:
        self.passage = make_passage([block], ())
        self.block = block
        self.marks = book.find(self.passage.tokens, frozenset())[0]

    def place(self, token: int) -> int:
        """Where a token begins in the block's text."""
        return self.passage.origins[self.passage.tokens[token].start][1]

    def end(self, mark: Mark) -> int:
        return self.passage.origins[self.passage.tokens[mark.end - 1].end - 1][2]

    def stops(self) -> list[int]:
        """Where the sentences of the block end."""
        tokens = self.passage.tokens
        last = len(tokens) - 1
        ends = (p for p, token in enumerate(tokens) if token.key in _STOPS and (p == last or tokens[p + 1].is_capital))
        return [self.place(p) for p in ends]
