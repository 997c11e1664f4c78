"""A message that says no more than that it came: sent at once, and what was wrong is told."""

from smtplib import SMTPException

from infra import mail
from infra.clock import iso, new_id
from infra.egress import BlockedAddress, Egress
from services.bootstrap import Platform
from services.notices import webhooks
from services.notices.destinations import Destination
from services.notices.messages import NoticeMessage
from services.notices.webhooks import SendFailed

SECOND = 1_000_000
WORDS = {
    "en": (
        "A test from Distributary",
        "{account} asked for this message. Notices of this destination come like it.",
    ),
    "zh-CN": (
        "Distributary 测试消息",
        "{account} 请求发送本消息。该发送目标的通知将以同样方式送达。",
    ),
}


def send(platform: Platform, to: Destination, language: str) -> str | None:
    """Why it was not taken, or nothing."""
    now = platform.database.clock.now()
    subject, text = WORDS[language]
    said = text.format(account=to.account)
    link = platform.settings.public_url or ""
    item = {"type": "test", "title": subject, "about": said, "link": link, "occurred_at": iso(now)}
    message = NoticeMessage(str(new_id()), subject, f"{subject}\n{said}", [item])
    try:
        if to.channel == "mail":
            server = platform.settings.mail_server
            if server is None:
                return "no mail server is named: set DISTRIBUTARY_SMTP_HOST"
            mail.send(server, mail.mail(server, to.address, subject, said, message.id))
        else:
            egress = Egress(platform.settings.notice_targets)
            webhooks.post(egress, to, message, now // SECOND)
    except (OSError, SMTPException, SendFailed, BlockedAddress) as error:
        return f"{type(error).__name__}: {error}".splitlines()[0][:500]
    return None
