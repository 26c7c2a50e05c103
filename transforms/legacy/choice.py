"""Which old encoding a text is in, if any, and which of its words are: by its font, and by what its words can be."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.legacy.words import LEGACY, PROOF, Encoding, Word


def choose_encoding(words: Sequence[Word], told: Encoding | None) -> tuple[Encoding, bool]:
    """The encoding of a text's old part, or "unicode"; and whether nothing speaks against it."""
    weights = {encoding: sum(word.weight_for(encoding) for word in words) for encoding in LEGACY}
    is_odd = any(word.is_odd for word in words)
    if told in LEGACY:
        if is_odd or weights[told] or not any(word.is_unicode_against(told) for word in words):
            return told, True
        return "unicode", not any(told in word.readings for word in words)
    best = max(LEGACY, key=lambda encoding: weights[encoding])
    rival = sorted(weights.values())[-2]
    if not weights[best] or weights[best] == rival or not _is_supported(words, best):
        return "unicode", not is_odd and not weights[best]
    if told == "unicode":  # the font says Unicode: only a text that is wholly otherwise outvotes it
        is_outvoted = all(word.is_open_to(best) for word in words)
        return (best, weights[best] > PROOF) if is_outvoted else ("unicode", False)
    return best, True


def _is_supported(words: Sequence[Word], encoding: Encoding) -> bool:
    """Whether the other words let the evidence stand: hints need each other, and no word that contradicts them."""
    speaking = [weight for word in words if (weight := word.weight_for(encoding))]
    foreign = sum(word.is_foreign_to(encoding) for word in words)
    if max(speaking) >= PROOF:
        return foreign <= 2 * len(speaking)
    agreeing = sum(word.is_vietnamese and word.has_reading(encoding) for word in words)
    is_alone = foreign or any(word.is_unicode_against(encoding) for word in words)
    return not is_alone and sum(speaking) + agreeing >= PROOF


def choose_for_word(
    place: int, words: Sequence[Word], chosen: Encoding, told: Encoding | None
) -> tuple[Encoding, bool]:
    """The encoding of one word in a text that has an old part, and whether it is beyond doubt.

    A word that is Vietnamese either way is the one that people usually write, or else what its neighbours are.
    """
    word = words[place]
    decided = _decide(word, chosen)
    if decided or told == chosen:
        return decided or chosen, True
    around = _look_around(place, words, chosen)
    usual = word.usual_in(chosen) if word.is_vietnamese and chosen in word.readings else None
    if usual:
        return usual, usual == chosen or "unicode" in around
    if len(around) > 1:
        return "unicode", chosen not in word.readings
    return next(iter(around), chosen), True


def _look_around(place: int, words: Sequence[Word], chosen: Encoding) -> set[Encoding]:
    """What the nearest words on both sides say that say anything."""
    before = (found for word in reversed(words[:place]) if (found := _decide(word, chosen)))
    after = (found for word in words[place + 1 :] if (found := _decide(word, chosen)))
    return {found for found in (next(before, None), next(after, None)) if found}


def _decide(word: Word, chosen: Encoding) -> Encoding | None:
    """What a word says of itself; None when it can be either."""
    if word.is_unicode_against(chosen):
        return "unicode"
    return chosen if word.weight_for(chosen) else None
