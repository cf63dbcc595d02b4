"""E-mail by SMTP. The Message-ID is made of the key, so a mailbox shows it once."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from monitor.notices.channels.base import PATIENCE, Message, Undelivered
from monitor.trials.models import User


def ready() -> bool:
    return settings.MONITOR_EMAIL is not None


def address(user: User) -> str:
    return user.email


def send(message: Message) -> str:
    """Raises Undelivered: final for a refusal (5xx), else to be tried again."""
    told = settings.MONITOR_EMAIL
    server = smtplib.SMTP_SSL if told.implicit_tls else smtplib.SMTP
    try:
        with server(told.host, told.port, timeout=PATIENCE) as smtp:
            if told.starttls:
                smtp.starttls(context=ssl.create_default_context())
            if told.user:
                smtp.login(told.user, told.password)
            smtp.send_message(mail(message))
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        raise Undelivered(_answer(code, said), final=code >= 500) from refused
    except smtplib.SMTPResponseException as refused:
        final = refused.smtp_code >= 500
        said = _answer(refused.smtp_code, refused.smtp_error)
        raise Undelivered(said, final=final) from refused
    except (smtplib.SMTPException, OSError) as failure:
        raise Undelivered(type(failure).__name__) from failure
    return "accepted"


def mail(message: Message) -> EmailMessage:
    sender = settings.MONITOR_EMAIL.sender
    made = EmailMessage()
    made["From"] = sender
    made["To"] = message.address
    made["Subject"] = message.subject
    made["Date"] = formatdate()
    made["Message-ID"] = f"<{message.key}@{parseaddr(sender)[1].partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    lines = (
        f"{message.participant} · {message.word}",
        f"{message.site} · {message.site_time}",
        message.link,
        _("Sign in to read and acknowledge it."),
    )
    made.set_content("\n".join(lines))
    return made


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {text}"
