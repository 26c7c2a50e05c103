"""The settings of the channels: what is understood, and what is refused without quoting a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import Catalogue
from flows.messages.channel_kinds import LogChannel, MailChannel, WebhookChannel
from flows.messages.channel_settings import ChannelSettingsError, match_units, read_channels

EXAMPLE = Path(__file__).resolve().parents[2] / "deployments" / "channels.example.toml"
MAIL = '[channels.thu]\nkind = "smtp"\nhost = "mail.example"\nsender = "cum@thidua.example"\n'
HOOK = '[channels.nhom]\nkind = "webhook"\n'


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "channels.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_can_be_used(catalogue: Catalogue) -> None:
    settings, contacts, strays = match_units(catalogue, "2021H1", read_channels(EXAMPLE))
    assert strays == [] and contacts["ha-nam"]
    assert [type(c) for c in settings.channels] == [MailChannel, WebhookChannel, LogChannel]
    mail = settings.channels[0]
    assert isinstance(mail, MailChannel) and mail.recipients["ha-nam"] and mail.recipients["toan-cum"]


def test_defaults_and_names_of_units(tmp_path: Path, catalogue: Catalogue) -> None:
    path = write(
        tmp_path, MAIL + '[recipients]\n"tỉnh Hà Nam" = "a@b.example"\n35 = ["c@d.example"]\nXyz = "e@f.example"\n'
    )
    settings, _, strays = match_units(catalogue, "2021H1", read_channels(path))
    [mail] = settings.channels
    assert isinstance(mail, MailChannel)
    assert (mail.port, mail.security) == (587, "starttls")
    assert mail.recipients == {"ha-nam": ("a@b.example", "c@d.example")}
    assert strays == ["Xyz"]


def test_a_file_with_contacts_only_has_no_channel(tmp_path: Path) -> None:
    assert read_channels(write(tmp_path, '[contacts]\n"Hà Nam" = "0226"\n')).channels == ()


@pytest.mark.parametrize(
    "text",
    [
        MAIL + 'password = "xyzzy"\n',
        MAIL + 'user = "xyzzy"\n',
        MAIL + 'password_env = "xyzzy"\n',
        MAIL + 'user = "a"\npassword_env = "xyz zy"\n',
        MAIL + 'user = "a"\npassword_env = "xyzzy"\npassword_block = "xyzzy"\n',
        MAIL + 'user = "a"\npassword_env = "xyzzy"\nsecurity = "none"\n',
        MAIL + 'security = "xyzzy"\n',
        MAIL + 'port = "xyzzy"\n',
        MAIL + "port = 70000\n",
        MAIL + 'ca_file = "xyzzy.pem"\n',
        MAIL + 'colour = "xyzzy"\n',
        MAIL.replace("cum@thidua.example", "xyzzy"),
        MAIL.replace("smtp", "xyzzy"),
        MAIL.replace("channels.thu", 'channels."(xyzzy)"'),
        HOOK,
        HOOK + 'url = "ftp://xyzzy"\n',
        HOOK + 'url = "https://a:xyzzy@host/"\n',
        HOOK + 'url = "https://host/?sig=xyzzy"\n',
        HOOK + 'url = "https://host/"\nurl_env = "xyzzy"\n',
        HOOK + 'url = "https://host/"\nsecret_env = "xyzzy"\n',
        HOOK + 'url = "http://host/"\nsecret_env = "xyzzy"\nsecret_header = "X-A"\n',
        HOOK + 'url = "https://host/"\nsecret = "xyzzy"\n',
        '[recipients]\n"Hà Nam" = "xyzzy"\n',
        '[recipients]\n"Hà Nam" = ["a@b.example\\nBcc: xyzzy@d.example"]\n',
        "[limits]\ntries = 0\n",
        "[limits]\nxyzzy = 1\n",
        "recipients = 3\n",
        "[channels\n",
    ],
)
def test_what_is_wrong_is_said_without_quoting_a_value(tmp_path: Path, text: str) -> None:
    with pytest.raises(ChannelSettingsError) as refused:
        read_channels(write(tmp_path, text))
    assert "channels.toml" in str(refused.value)
    if not any(key in text for key in ("(xyzzy)", "xyzzy = 1")):  # names of keys are told, values are not
        assert "xyzzy" not in str(refused.value)
