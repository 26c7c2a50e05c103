"""A message, and what keeps one from being delivered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A message to reporting units, each by its `province_id` (the cluster's is the chair's office).

    Messages with one `key` are the same message: a repetition carries the same identifier, by which mail programs and
    receivers of webhooks can tell it.
    """

    subject: str
    text: str
    recipients: tuple[str, ...]
    key: str = ""

    @property
    def identifier(self) -> str:
        """Names the message; without a key, by its content."""
        content = self.key or "\0".join((self.subject, self.text, *self.recipients))
        return hashlib.sha256(content.encode()).hexdigest()[:32]


class ChannelError(Exception):
    """A channel could not deliver; the message is Vietnamese and shows no secret.

    `is_final`: trying again is of no use. `is_down`: other messages will fare no better now.
    """

    def __init__(self, reason: str, is_final: bool = False, is_down: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.is_down = is_down
