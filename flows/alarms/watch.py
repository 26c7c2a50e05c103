"""The heartbeat from outside: one look at server, runs and home, without Prefect."""

from __future__ import annotations

import datetime as dt
import uuid

from flows.alarms.home_troubles import look_at_home
from flows.alarms.server_troubles import SilentServerError, find_view, look_at_server
from flows.alarms.troubles import Look
from flows.service.server import ServerError
from flows.settings import Settings

LOOKED = "thidua.watch.looked"


def look(settings: Settings, now: dt.datetime, url: str | None = None) -> Look:
    """What is wrong now. With the address of a server and no data in the home, the server alone is looked at."""
    seen = look_at_server(settings, now, url)
    if url is not None and not _has_data(settings):
        return seen
    return seen + look_at_home(settings, now)


def beat(settings: Settings, now: dt.datetime, url: str | None = None) -> bool:
    """Tells the server that the watch is awake, so that it can miss it; False where it did not take that."""
    try:
        view = find_view(settings, url)
    except (ServerError, OSError):
        return False
    if view is None:
        return False
    event = {
        "id": str(uuid.uuid4()),
        "occurred": now.astimezone(dt.UTC).isoformat(),
        "event": LOOKED,
        "resource": {"prefect.resource.id": "thidua.watch", "prefect.resource.name": "Canh từ ngoài"},
    }
    try:
        view.ask("POST", "/events", [event])
        return True
    except SilentServerError:
        return False
    finally:
        view.close()


def _has_data(settings: Settings) -> bool:
    return any(place.exists() for place in (settings.warehouse, settings.published, settings.archive))
