"""One message through a mail server: encrypted as the settings say, logged in where they say."""

from __future__ import annotations

import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr

from flows.messages.channel_kinds import MailChannel
from flows.messages.message import ChannelError, Message
from flows.secret_places import load_secret


def send_mail(channel: MailChannel, message: Message) -> str:
    """Sends a message; returns a remark, such as addresses that were refused. Raises ChannelError, SecretError."""
    addresses = [a for unit in message.recipients for a in channel.recipients.get(unit, ())]
    password = load_secret(channel.password_env, channel.password_block, "password")
    try:
        with _connect(channel) as server:
            if channel.user:
                server.login(channel.user, password)
            refused = server.send_message(_compose(channel, message, addresses))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _explain(error) from None
    return f"{len(refused)} địa chỉ không được nhận" if refused else ""


def _connect(channel: MailChannel) -> smtplib.SMTP:
    timeout = channel.limits.timeout_seconds
    name = socket.gethostname()  # smtplib's own default asks the network for it
    context = ssl.create_default_context(cafile=channel.ca_file or None)
    if channel.security == "tls":
        return smtplib.SMTP_SSL(channel.host, channel.port, name, timeout=timeout, context=context)
    server = smtplib.SMTP(channel.host, channel.port, name, timeout=timeout)
    try:
        if channel.security == "starttls":
            server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _compose(channel: MailChannel, message: Message, addresses: list[str]) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(message.subject.split())
    mail["From"] = channel.sender
    mail["To"] = ", ".join(dict.fromkeys(addresses))
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message.identifier}@{parseaddr(channel.sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="base64")  # needs nothing of the servers on the way
    return mail


def _explain(error: Exception) -> ChannelError:
    """The failure in our words: a server's own may quote what was sent."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ChannelError("máy chủ thư không nhận tên người dùng hoặc mật khẩu", is_final=True, is_down=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        reason = "máy chủ thư không có STARTTLS hoặc không cho đăng nhập"
        return ChannelError(reason, is_final=True, is_down=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _ in error.recipients.values()}
        is_final = all(code >= 500 for code in codes)
        return ChannelError(f"máy chủ thư không nhận địa chỉ nào (mã {min(codes)})", is_final=is_final)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return ChannelError(f"máy chủ thư không nhận người gửi (mã {error.smtp_code})", is_final=True, is_down=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return ChannelError(f"máy chủ thư từ chối (mã {error.smtp_code})", is_final=error.smtp_code >= 500)
    if isinstance(error, ssl.SSLCertVerificationError):
        return ChannelError("chứng chỉ của máy chủ thư không được tin cậy", is_final=True, is_down=True)
    if isinstance(error, ValueError):
        return ChannelError("không soạn được thư (dòng đầu có ký tự lạ)", is_final=True)
    return ChannelError(f"không liên lạc được với máy chủ thư ({type(error).__name__})", is_down=True)
