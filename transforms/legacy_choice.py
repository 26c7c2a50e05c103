"""Which old encoding a text is in, if any, and which of its words are: by its font, and by what its words can be."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.legacy_words import LEGACY, PROOF, Encoding, Word


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


def choose_for_word(place: int, words: Sequence[Word], chosen: Encoding, told: Encoding | None) -> Encoding | None:
    """The encoding of one word in a text that has an old part; None when its neighbours disagree."""
    decided = _decide(words[place], chosen)
    if decided or told == chosen:
        return decided or chosen
    before = next((found for word in reversed(words[:place]) if (found := _decide(word, chosen))), None)
    after = next((found for word in words[place + 1 :] if (found := _decide(word, chosen))), None)
    if before and after and before != after:
        return None
    return before or after or chosen


def _decide(word: Word, chosen: Encoding) -> Encoding | None:
    """What a word says of itself; None when it can be either."""
    if word.is_unicode_against(chosen):
        return "unicode"
    return chosen if word.weight_for(chosen) else None
