"""Sending a message by mail: text and HTML, headers that no foreign word can break."""

from __future__ import annotations

import smtplib
import time
from email.message import EmailMessage
from email.utils import formatdate

from warning.store.outbox import Outcome
from warning.store.settings import Settings

SECONDS = 15.0


def send_mail(
    settings: Settings, to: str, subject: str, text: str, html: str, *, message_id: str, at: float
) -> Outcome:
    """What came of it; a server that does not answer is tried again."""
    begun = time.monotonic()

    def came(outcome: str, detail: str, status: int | None = None) -> Outcome:
        return Outcome(outcome, status, detail, time.monotonic() - begun)

    if not settings.smtp_host:
        return came("retry", "no mail server is set: CHANGXIAO_SMTP_HOST")
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, settings.smtp_from, to
    mail["Date"], mail["Message-ID"] = formatdate(at, localtime=False), f"<{message_id}@changxiao>"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    try:
        with _server(settings) as server:
            server.send_message(mail)
    except smtplib.SMTPResponseException as error:
        return came("retry", f"the mail server answered {error.smtp_code}", error.smtp_code)
    except (smtplib.SMTPException, OSError) as error:
        return came("retry", f"{type(error).__name__}: {error}")
    return came("sent", "")


def _server(settings: Settings) -> smtplib.SMTP:
    import ssl

    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    return server
