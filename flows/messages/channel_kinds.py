"""The kinds of channels that messages go through, and how patient we are with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How often a channel is tried, how long is waited before the second try (then twice as long) and for an answer."""

    tries: int = 3
    first_delay: float = 2.0
    timeout_seconds: float = 20.0


@dataclass(frozen=True, kw_only=True)
class MailChannel:
    """A mail server. `security` is starttls, tls or none; a password is never sent without either."""

    name: str
    host: str
    sender: str
    port: int = 0
    security: str = "starttls"
    user: str = ""
    password_env: str = ""
    password_block: str = ""
    ca_file: str = ""
    recipients: Mapping[str, tuple[str, ...]]
    limits: Limits = Limits()


@dataclass(frozen=True, kw_only=True)
class WebhookChannel:
    """An address that takes JSON. An address that is itself a secret lies where `url_env` or `url_block` says."""

    name: str
    url: str = ""
    url_env: str = ""
    url_block: str = ""
    secret_header: str = ""
    secret_env: str = ""
    secret_block: str = ""
    ca_file: str = ""
    limits: Limits = Limits()


@dataclass(frozen=True, kw_only=True)
class LogChannel:
    """Our own log: who would be told what."""

    name: str


Channel = MailChannel | WebhookChannel | LogChannel
