"""One message to an address that takes JSON. No redirects, no proxies, no log of addresses."""

from __future__ import annotations

import http.client
import json
import ssl
from urllib.parse import urlsplit

from flows.messages.channel_kinds import WebhookChannel
from flows.messages.channel_settings import find_url_problem
from flows.messages.message import ChannelError, Message
from flows.secret_places import load_secret

_MAY_PASS = (408, 425, 429)


def post_message(channel: WebhookChannel, message: Message) -> str:
    """Posts `id`, `subject`, `text` and `recipients` (province_ids). Raises ChannelError, SecretError."""
    url = channel.url or load_secret(channel.url_env, channel.url_block, "url").strip()
    secret = load_secret(channel.secret_env, channel.secret_block, "secret")
    problem = find_url_problem(url, bool(secret))
    if problem:
        raise ChannelError(problem, is_final=True, is_down=True)
    content = {
        "id": message.identifier,
        "subject": message.subject,
        "text": message.text,
        "recipients": list(message.recipients),
    }
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": message.identifier}
    if secret:
        headers[channel.secret_header] = secret
    try:
        status = _post(channel, url, json.dumps(content, ensure_ascii=False).encode(), headers)
    except ssl.SSLCertVerificationError:
        raise ChannelError("chứng chỉ của máy chủ webhook không được tin cậy", is_final=True, is_down=True) from None
    except (OSError, http.client.HTTPException) as error:
        reason = f"không liên lạc được với máy chủ webhook ({type(error).__name__})"
        raise ChannelError(reason, is_down=True) from None
    except ValueError:
        raise ChannelError("bí mật của webhook có ký tự không gửi được", is_final=True, is_down=True) from None
    if not 200 <= status < 300:
        is_passing = status >= 500 or status in _MAY_PASS
        raise ChannelError(f"máy chủ webhook từ chối (mã {status})", is_final=not is_passing, is_down=status >= 500)
    return ""


def _post(channel: WebhookChannel, url: str, body: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(url)
    timeout = channel.limits.timeout_seconds
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=channel.ca_file or None)
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, parts.port, timeout=timeout, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=timeout)
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
