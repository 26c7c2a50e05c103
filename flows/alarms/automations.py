"""Brings the Prefect server's automations to what `deployments/automations.yaml` says. Spoken over HTTP alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from flows.alarms.raising import OFFICE, alarm_channels
from flows.alarms.server_troubles import ServerView, SilentServerError
from flows.messages.channel_kinds import WebhookChannel
from flows.messages.channel_settings import find_channels, find_url_problem, read_channels
from flows.secret_places import SecretError, load_secret
from flows.service.server import Server
from flows.settings import Settings

FILE = Path(__file__).resolve().parents[2] / "deployments" / "automations.yaml"
PREFIX = "Thi đua · "
TAG = "thi-dua"
ALARM = "bao-dong/khi-co-su-co"
BLOCK_PREFIX = "thidua-canh-bao-"

Row = dict[str, Any]


class AutomationError(Exception):
    """The automations could not be applied; the message says what is missing, in Vietnamese."""


def apply_automations(settings: Settings, server: Server, file: Path = FILE) -> tuple[str, ...]:
    """Makes, replaces and removes our automations; returns what a person should know, in Vietnamese.

    Doing it twice changes nothing: one that is as described keeps its memory of what has happened. Raises
    AutomationError, ChannelSettingsError.
    """
    view = ServerView(server.api, server.auth)
    try:
        deployment = view.ask("GET", f"/deployments/name/{ALARM}")
        if deployment is None:
            raise AutomationError(f"máy chủ chưa có {ALARM}; chạy: thidua deploy")
        blocks, told = _save_blocks(view, settings)
        wanted = [_complete(row, deployment["id"], blocks) for row in read_automations(file)]
        told += _bring_about(view, [row for row in wanted if row["actions"]])
        return tuple(told)
    except SilentServerError as error:
        raise AutomationError(f"máy chủ Prefect {error}") from None
    finally:
        view.close()


def read_automations(file: Path = FILE) -> list[Row]:
    """The automations as the file describes them."""
    rows: list[Row] = yaml.safe_load(file.read_text(encoding="utf-8"))["automations"]
    return rows


def _complete(row: Row, deployment_id: str, blocks: list[str]) -> Row:
    actions: list[Row] = []
    for action in row["actions"]:
        if "bao-dong" in action:
            given = {key: _template(str(value)) for key, value in action["bao-dong"].items()}
            actions.append({"type": "run-deployment", "deployment_id": deployment_id, "parameters": given})
        elif "webhook" in action:
            payload = _payload(action["webhook"])
            actions += [{"type": "call-webhook", "block_document_id": b, "payload": payload} for b in blocks]
        else:
            actions.append(action)
    complete = {
        "name": f"{PREFIX}{row['name']}",
        "description": row["description"],
        "enabled": True,
        "trigger": row["trigger"],
        "actions": actions,
    }
    digest = hashlib.sha256(json.dumps(complete, sort_keys=True).encode()).hexdigest()[:12]
    return {**complete, "tags": [TAG, f"{TAG}-{digest}"]}


def _template(text: str) -> object:
    return {"__prefect_kind": "jinja", "template": text} if "{{" in text else text


def _payload(text: str) -> str:
    """What our own webhook messages look like, as a template that the server fills in."""
    subject = f'("[Thi đua] " ~ automation.name | replace("{PREFIX}", ""))'
    return (
        f'{{"id": {{{{ firing.id | string | tojson }}}}, "subject": {{{{ {subject} | tojson }}}}, '
        f'"text": {json.dumps(text, ensure_ascii=False)}, "recipients": ["{OFFICE}"]}}'
    )


def _bring_about(view: ServerView, wanted: list[Row]) -> list[str]:
    present: dict[str, Row] = {}
    spare: list[Row] = []
    for row in _ours(view):
        spare += [row] if row["name"] in present else []
        present.setdefault(row["name"], row)
    changed = 0
    for row in wanted:
        old = present.pop(row["name"], None)
        if old is None:
            view.ask("POST", "/automations/", row)
        elif set(old["tags"]) != set(row["tags"]):
            view.ask("PUT", f"/automations/{old['id']}", row)
        changed += old is None or set(old["tags"]) != set(row["tags"])
    for row in [*present.values(), *spare]:
        view.ask("DELETE", f"/automations/{row['id']}")
        changed += 1
    return [f"Luật tự động: {len(wanted)}, thay đổi {changed}."]


def _ours(view: ServerView) -> list[Row]:
    rows: list[Row] = []
    while True:
        page = view.ask("POST", "/automations/filter", {"limit": 200, "offset": len(rows)}) or []
        rows += page
        if len(page) < 200:
            return [row for row in rows if row["name"].startswith(PREFIX) and TAG in row["tags"]]


def _save_blocks(view: ServerView, settings: Settings) -> tuple[list[str], list[str]]:
    """A block for every webhook that carries alarms, with its address and secret; and those that cannot be used."""
    file = find_channels(settings)
    channels = alarm_channels(read_channels(file)) if file is not None else ()
    told: list[str] = []
    saved: dict[str, str] = {}
    for channel in channels:
        if not isinstance(channel, WebhookChannel):
            continue
        try:
            name, data = _block_of(channel)
        except SecretError as error:
            told.append(f"Kênh {channel.name}: máy chủ không tự báo qua đây được, {error}.")
            continue
        saved[name] = _save_block(view, name, data)
    if not saved:
        told.append(
            "Chưa khai webhook nhận cảnh báo trong channels.toml: tiến trình làm việc (worker) mà chết thì máy chủ "
            "không tự báo được; lệnh thidua watch, chạy định kỳ, thì báo được."
        )
    for row in view.ask("POST", "/block_documents/filter", {"limit": 200}) or []:
        if (row["name"] or "").startswith(BLOCK_PREFIX) and row["name"] not in saved:
            view.ask("DELETE", f"/block_documents/{row['id']}")
    return list(saved.values()), told


def _block_of(channel: WebhookChannel) -> tuple[str, Row]:
    """Raises SecretError where the server could not use the channel as it is meant."""
    if channel.ca_file:
        raise SecretError("vì kênh có chứng chỉ riêng (ca_file) mà Prefect không nhận")
    url = channel.url or load_secret(channel.url_env, channel.url_block, "url").strip()
    secret = load_secret(channel.secret_env, channel.secret_block, "secret")
    problem = find_url_problem(url, bool(secret))
    if problem:
        raise SecretError(problem)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if secret:
        headers[channel.secret_header] = secret
    name = BLOCK_PREFIX + hashlib.sha256(channel.name.encode()).hexdigest()[:8]
    return name, {"method": "POST", "url": url, "headers": headers, "allow_private_urls": True, "verify": True}


def _save_block(view: ServerView, name: str, data: Row) -> str:
    kind = view.ask("GET", "/block_types/slug/webhook")
    if kind is None:
        raise AutomationError("máy chủ Prefect không có loại khối Webhook")
    old = view.ask("GET", f"/block_types/slug/webhook/block_documents/name/{name}")
    if old is not None:
        view.ask("PATCH", f"/block_documents/{old['id']}", {"data": data, "merge_existing_data": False})
        return str(old["id"])
    [schema, *_] = view.ask(
        "POST", "/block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [kind["id"]]}}}
    )
    made = view.ask(
        "POST",
        "/block_documents/",
        {"name": name, "data": data, "block_type_id": kind["id"], "block_schema_id": schema["id"]},
    )
    return str(made["id"])
