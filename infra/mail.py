"""Mails to one server, by SMTP: encrypted unless told otherwise."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate

from infra.mail_server import MailServer

WAIT = 10.0
"""Seconds for each step of an exchange."""


def mail(server: MailServer, to: str, subject: str, text: str, id: str) -> EmailMessage:
    """`id` is what tells it from every other mail, also where it is sent twice."""
    made = EmailMessage()
    made["Message-ID"] = f"<{id}@{server.sender.rpartition('@')[2]}>"
    made["Date"] = formatdate()
    made["From"] = server.sender
    made["To"] = to
    made["Subject"] = " ".join(subject.split())
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


def send(server: MailServer, message: EmailMessage) -> None:
    """Raises `OSError` or `SMTPException` where the server does not take it."""
    secured = ssl.create_default_context()
    with _connected(server, secured) as session:
        if server.security == "starttls":
            session.starttls(context=secured)
        if server.user is not None:
            session.login(server.user, server.password or "")
        session.send_message(message)


def _connected(server: MailServer, secured: ssl.SSLContext) -> smtplib.SMTP:
    place = server.host, server.port
    if server.security == "tls":
        return smtplib.SMTP_SSL(*place, timeout=WAIT, context=secured)
    return smtplib.SMTP(*place, timeout=WAIT)
