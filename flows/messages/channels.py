"""Messages out of the house: one call, several channels, each tried again and none in the way of another."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from flows.messages.channel_kinds import Channel, LogChannel, MailChannel, WebhookChannel
from flows.messages.mail import send_mail
from flows.messages.message import ChannelError, Message
from flows.messages.webhook import post_message
from flows.secret_places import SecretError

LOG = logging.getLogger("thidua.channels")
Result = Literal["sent", "failed", "no address"]

__all__ = ["Delivery", "Message", "send", "serves"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message in one channel; `detail` is fit to be shown. `is_down`: others will fare no better."""

    channel: str
    result: Result
    detail: str = ""
    is_down: bool = False


def send(channels: Iterable[Channel], message: Message) -> tuple[Delivery, ...]:
    """Sends a message through every channel and tells what became of it; a channel that fails stops no other.

    What may pass (no connection, a busy server) is tried as often as the channel's limits say, what will not (a
    refused password or address) once. Never raises for a channel's trouble; never shows a secret.
    """
    return tuple(_send_one(channel, message) for channel in channels)


def serves(channel: Channel, recipients: Iterable[str]) -> bool:
    """Whether a channel has a way to any of the recipients."""
    return not isinstance(channel, MailChannel) or any(channel.recipients.get(unit) for unit in recipients)


def _send_one(channel: Channel, message: Message) -> Delivery:
    if not serves(channel, message.recipients):
        return Delivery(channel.name, "no address", "chưa khai địa chỉ nhận")
    if isinstance(channel, LogChannel):
        LOG.info("Kênh %s: “%s” → %s", channel.name, message.subject, ", ".join(message.recipients))
        return Delivery(channel.name, "sent")
    deliver = _DELIVERIES[type(channel)]
    delay = channel.limits.first_delay
    for attempt in range(1, channel.limits.tries + 1):
        try:
            return Delivery(channel.name, "sent", deliver(channel, message))
        except SecretError as error:
            failure = ChannelError(str(error), is_final=True, is_down=True)
        except ChannelError as error:
            failure = error
        except Exception as error:  # a fault of ours must not stop the other channels
            failure = ChannelError(f"lỗi của chương trình ({type(error).__name__})", is_final=True)
        LOG.warning("Kênh %s, lần %d: %s", channel.name, attempt, failure)
        if failure.is_final or attempt == channel.limits.tries:
            break
        time.sleep(delay)
        delay *= 2
    return Delivery(channel.name, "failed", str(failure), failure.is_down)


_DELIVERIES: dict[type[Any], Callable[[Any, Message], str]] = {MailChannel: send_mail, WebhookChannel: post_message}
