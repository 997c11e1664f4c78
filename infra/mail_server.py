"""Which server mails are given to, and how: told by the settings."""

from typing import Literal, NamedTuple

SmtpSecurity = Literal["none", "starttls", "tls"]


class MailServer(NamedTuple):
    host: str
    port: int
    sender: str
    security: SmtpSecurity = "starttls"
    user: str | None = None
    password: str | None = None
