"""The Prefect flow that the server's automations call: looks at everything, tells what is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect import flow, get_run_logger
from prefect.runtime import flow_run

from flows.alarms.raising import alarm_channels, raise_troubles
from flows.alarms.server_troubles import say_failure
from flows.alarms.troubles import Trouble, saw
from flows.alarms.watch import look
from flows.messages.channel_settings import ChannelSettings, find_channels, read_channels
from flows.settings import find_settings, keep_silent

NEWS = dt.timedelta(hours=1)  # what happened longer ago is told only if it still is so


class UntoldError(Exception):
    """Trouble could not be told through every channel; the message names the channels, in Vietnamese."""


def _name_run() -> str:
    given: dict[str, Any] = flow_run.get_parameters()
    return f"Báo động · {given.get('run') or 'xem lại toàn hệ thống'}"


@flow(name="bao-dong", flow_run_name=_name_run, persist_result=False, retries=0)
def raise_alarm(
    code: str = "",
    flow: str = "",
    run: str = "",
    reason: str = "",
    at: str = "",
    home: str | None = None,
    catalogue_folder: str | None = None,
) -> int:
    """Tells the run that an automation saw fail, and whatever else is wrong now; returns how many troubles are new.

    What was told before, by this flow or by `thidua watch`, is not told again. Raises UntoldError.
    """
    keep_silent()
    settings = find_settings(home, catalogue_folder)
    now = dt.datetime.now(dt.UTC)
    seen = look(settings, now)
    happened = _moment(at, now)
    if code == "run_failed" and now - happened < NEWS:
        seen += saw((), [Trouble("run_failed", flow, say_failure(flow, run, reason, happened))])
    file = find_channels(settings)
    channels = alarm_channels(read_channels(file) if file is not None else ChannelSettings())
    told = raise_troubles(settings, seen, channels, now)
    log = get_run_logger()
    for trouble in seen.troubles:
        log.warning("%s %s", trouble.message, trouble.advice)
    if not seen.troubles:
        log.info("Không có sự cố.")
    if told.undelivered:
        raise UntoldError("; ".join(f"kênh {d.channel}: {d.detail}" for d in told.undelivered))
    return len(told.new)


def _moment(text: str, now: dt.datetime) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return now
    return found if found.tzinfo is not None else found.replace(tzinfo=dt.UTC)
