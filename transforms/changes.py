"""What differs between two versions of one return, figure by figure."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.observation import Change, Observation


def compare_versions(before: Iterable[Observation], after: Iterable[Observation]) -> tuple[Change, ...]:
    """The indicators whose state, value or estimate mark differs, in the order of the later version.

    Where a figure stands, and how it is written, is no change: 1.030 and 1030 are one figure.
    """
    earlier = {o.indicator_code: o for o in before}
    later = {o.indicator_code: o for o in after}
    codes = [*later, *(code for code in earlier if code not in later)]
    pairs = ((code, earlier.get(code), later.get(code)) for code in codes)
    return tuple(Change(code, old, new) for code, old, new in pairs if _said(old) != _said(new))


def _said(observation: Observation | None) -> tuple[object, ...]:
    """What counts of an observation; a blank cell says as little as no cell. An unreadable text says its text."""
    if observation is None or observation.state == "blank":
        return ("blank",)
    text = observation.raw_text if observation.state == "unreadable" else ""
    return observation.state, observation.value, observation.is_estimated, text
