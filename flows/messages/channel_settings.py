"""The file that says through which channels messages go, and to whom. Secrets are never in it, only where they lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from catalogue.model import Catalogue
from flows.messages.channel_kinds import Channel, Limits, LogChannel, MailChannel, WebhookChannel
from flows.secret_places import SECRET_KEY, find_place_problem
from flows.settings import Settings
from flows.settings_file import read_toml
from transforms.identification import find_province

FILE_NAME = "channels.toml"
_ADDRESS = re.compile(r"[!-?A-~]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_SENDER = re.compile(r"(?:[^<>\r\n]*<([^<>\s]+)>|([^<>\s]+))")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NAME = re.compile(r"\w[\w .-]*")
_HEADER = re.compile(r"[A-Za-z0-9-]+")


class ChannelSettingsError(Exception):
    """The settings file of the channels cannot be used as it is; the message says where and what, in Vietnamese."""


_KINDS: dict[str, type[Any]] = {"smtp": MailChannel, "webhook": WebhookChannel, "log": LogChannel}
_SECRETS = {"smtp": ("password",), "webhook": ("url", "secret"), "log": ()}
_SECURITY = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True)
class ChannelSettings:
    """The channels of an office, whom to call (by the unit's name as written), and the names of all units in it.

    Alarms go by mail to `alarm_recipients`, through the channels named in `alarm_channels` or, without names, all.
    """

    channels: tuple[Channel, ...] = ()
    contacts: Mapping[str, str] | None = None
    recipients: Mapping[str, tuple[str, ...]] | None = None
    alarm_recipients: tuple[str, ...] = ()
    alarm_channels: tuple[str, ...] = ()

    def needs_server(self) -> bool:
        """Whether a secret lies in a block, which lives on the home's Prefect server."""
        return any(
            getattr(channel, f"{name}_block", "") for channel in self.channels for name in ("password", "url", "secret")
        )


def find_channels(settings: Settings, chosen: Path | None = None) -> Path | None:
    """The file of the channels: the chosen one, else the home's own where there is one."""
    if chosen is not None:
        return chosen.expanduser().resolve()
    own = settings.home / FILE_NAME
    return own if own.is_file() else None


def read_channels(file: Path) -> ChannelSettings:
    """The channels of a settings file. Raises ChannelSettingsError, whose message quotes no value of the file."""
    content = read_toml(file, ChannelSettingsError)
    for key, part in content.items():
        if key not in ("channels", "recipients", "contacts", "limits", "alarms"):
            raise _wrong(file, "", key)
        if not isinstance(part, dict):
            raise ChannelSettingsError(f"tệp “{file}”: phần [{key}] phải là bảng")
    recipients = {
        name: _read_addresses(file, "recipients", name, row) for name, row in content.get("recipients", {}).items()
    }
    contacts = content.get("contacts", {})
    for name, text in contacts.items():
        if not isinstance(text, str):
            raise ChannelSettingsError(f"tệp “{file}”, phần [contacts], “{name}”: phải là chữ")
    limits = _read_limits(file, content.get("limits", {}))
    channels = tuple(
        _read_channel(file, name, row, recipients, limits) for name, row in content.get("channels", {}).items()
    )
    return ChannelSettings(channels, contacts, recipients, *_read_alarms(file, content.get("alarms", {}), channels))


def match_units(
    catalogue: Catalogue, period_code: str, settings: ChannelSettings
) -> tuple[ChannelSettings, dict[str, str], list[str]]:
    """The settings with units by identifier, whom to call by identifier, and the names that are of no unit."""

    def unit_of(name: str) -> str:
        return find_province(catalogue, name, period_code) or ""

    recipients: dict[str, tuple[str, ...]] = {}
    for name, addresses in (settings.recipients or {}).items():
        if unit_of(name):
            recipients[unit_of(name)] = tuple(dict.fromkeys((*recipients.get(unit_of(name), ()), *addresses)))
    channels = tuple(replace(c, recipients=recipients) if isinstance(c, MailChannel) else c for c in settings.channels)
    contacts = {unit_of(name): text for name, text in (settings.contacts or {}).items() if unit_of(name)}
    names = {**(settings.recipients or {}), **(settings.contacts or {})}
    return replace(settings, channels=channels, recipients=recipients), contacts, [n for n in names if not unit_of(n)]


def _read_addresses(file: Path, part: str, name: str, row: Any) -> tuple[str, ...]:
    rows = [row] if isinstance(row, str) else row
    if not isinstance(rows, list) or not all(isinstance(a, str) and _ADDRESS.fullmatch(a) for a in rows):
        raise ChannelSettingsError(f"tệp “{file}”, phần [{part}], “{name}”: phải là địa chỉ thư điện tử")
    return tuple(rows)


def _read_alarms(
    file: Path, row: dict[str, Any], channels: tuple[Channel, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for key in row:
        if key not in ("recipients", "channels"):
            raise _wrong(file, "alarms", key)
    recipients = _read_addresses(file, "alarms", "recipients", row.get("recipients", []))
    names = row.get("channels", [])
    names = [names] if isinstance(names, str) else names
    known = {channel.name for channel in channels}
    if not isinstance(names, list) or not all(isinstance(name, str) and name in known for name in names):
        raise ChannelSettingsError(f"tệp “{file}”, phần [alarms], “channels”: phải là tên các kênh khai trong tệp")
    if not recipients and any(isinstance(c, MailChannel) and c.name in names for c in channels):
        raise ChannelSettingsError(f"tệp “{file}”, phần [alarms]: cảnh báo qua thư thì phải có “recipients”")
    return recipients, tuple(names)


def _read_limits(file: Path, row: dict[str, Any]) -> Limits:
    known = {f.name: type(f.default) for f in fields(Limits)}
    for key, value in row.items():
        if key not in known:
            raise _wrong(file, "limits", key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or value < 0 or (key != "first_delay" and value == 0) or (key == "tries" and value % 1):
            raise ChannelSettingsError(f"tệp “{file}”, phần [limits]: “{key}” phải là số dương")
    return Limits(**row)


def _read_channel(
    file: Path, name: str, row: Any, recipients: Mapping[str, tuple[str, ...]], limits: Limits
) -> Channel:
    where = f"tệp “{file}”, kênh “{name}”"
    if not _NAME.fullmatch(name):
        raise ChannelSettingsError(f"{where}: tên kênh chỉ gồm chữ, số, dấu cách, “-” và “.”")
    if not isinstance(row, dict) or row.get("kind") not in _KINDS:
        raise ChannelSettingsError(f"{where}: “kind” phải là một trong {', '.join(_KINDS)}")
    kind = row["kind"]
    hints = get_type_hints(_KINDS[kind])
    for key, value in row.items():
        if key == "kind":
            continue
        if key not in hints or key in ("name", "recipients", "limits"):
            raise _wrong(file, name, key)
        if isinstance(value, bool) or not isinstance(value, hints[key]) or not str(value).strip():
            expected = "số" if hints[key] is int else "chữ, không để trống"
            raise ChannelSettingsError(f"{where}: “{key}” phải là {expected}")
    for secret in _SECRETS[kind]:
        problem = find_place_problem(row, secret)
        if problem:
            raise ChannelSettingsError(f"{where}: {problem}")
    given = {key: value for key, value in row.items() if key != "kind"}
    if "ca_file" in given:
        given["ca_file"] = str((file.parent / Path(given["ca_file"]).expanduser()).resolve())
        if not Path(given["ca_file"]).is_file():
            raise ChannelSettingsError(f"{where}: không có tệp mà “ca_file” nêu tên")
    if kind == "smtp":
        return _read_mail(where, {**given, "name": name, "recipients": recipients, "limits": limits})
    return _read_webhook(where, name, given, limits) if kind == "webhook" else LogChannel(name=name)


def _read_mail(where: str, given: dict[str, Any]) -> MailChannel:
    for key in ("host", "sender"):
        if key not in given:
            raise ChannelSettingsError(f"{where}: thiếu “{key}”")
    sender = _SENDER.fullmatch(given["sender"].strip())
    if sender is None or not _ADDRESS.fullmatch(sender[1] or sender[2]):
        raise ChannelSettingsError(f"{where}: “sender” phải có dạng Tên <địa-chỉ@tên-miền>")
    security = given.setdefault("security", "starttls")
    if security not in _SECURITY:
        raise ChannelSettingsError(f"{where}: “security” phải là một trong {', '.join(_SECURITY)}")
    has_password = "password_env" in given or "password_block" in given
    if has_password != ("user" in given):
        raise ChannelSettingsError(f"{where}: “user” và nơi cất mật khẩu phải đi cùng nhau")
    if has_password and security == "none":
        raise ChannelSettingsError(
            f"{where}: không gửi mật khẩu qua đường không mã hóa; đặt security starttls hoặc tls"
        )
    if not 0 <= given.get("port", 0) < 65536:
        raise ChannelSettingsError(f"{where}: “port” phải là số cổng")
    given["port"] = given.get("port") or _SECURITY[security]
    return MailChannel(**given)


def _read_webhook(where: str, name: str, given: dict[str, Any], limits: Limits) -> WebhookChannel:
    if sum(key in given for key in ("url", "url_env", "url_block")) != 1:
        raise ChannelSettingsError(f"{where}: cần đúng một trong “url”, “url_env”, “url_block”")
    has_secret = "secret_env" in given or "secret_block" in given
    if "url" in given:
        problem = find_url_problem(given["url"], has_secret)
        parts = urlsplit(given["url"]) if not problem else None
        if parts is not None and (parts.query or parts.username or parts.password):
            problem = "địa chỉ có mã hoặc mật khẩu thì cất vào biến môi trường và ghi “url_env”"
        if problem:
            raise ChannelSettingsError(f"{where}: {problem}")
    if has_secret != ("secret_header" in given) or not _HEADER.fullmatch(given.get("secret_header", "x")):
        raise ChannelSettingsError(f"{where}: “secret_header” là tên một dòng đầu HTTP, đi cùng nơi cất bí mật")
    return WebhookChannel(name=name, limits=limits, **given)


def find_url_problem(url: str, has_secret: bool) -> str:
    """What is wrong with the address of a webhook, "" where nothing is; never quotes it."""
    try:
        parts = urlsplit(url)
        is_well = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_well = False
    is_printable = all("!" <= c <= "~" for c in url)
    if not is_well or not is_printable:
        return "địa chỉ webhook phải có dạng https://máy-chủ/đường-dẫn"
    if has_secret and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return "không gửi bí mật không mã hóa; địa chỉ phải là https"
    return ""


def _wrong(file: Path, name: str, key: str) -> ChannelSettingsError:
    where = f"tệp “{file}”" + (f", “{name}”" if name else "")
    if SECRET_KEY.search(key):
        return ChannelSettingsError(
            f"{where}: không ghi mật khẩu hay bí mật vào tệp này (“{key}”); đặt vào một biến môi trường rồi ghi tên "
            "biến vào mục có đuôi “_env”, hoặc vào khối Secret của Prefect rồi ghi tên khối vào mục có đuôi “_block”"
        )
    return ChannelSettingsError(f"{where}: không biết mục “{key}”")
