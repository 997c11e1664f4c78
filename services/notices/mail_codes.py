"""Notices go to a mail address once its reader has given the code that was mailed to it alone.

The code is the destination's secret for as long as it is not confirmed.
"""

import secrets

from sqlalchemy import Connection, select

from infra import mail
from infra.mail_server import MailServer
from services.notices.destinations import Destination, change, destinations

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 10
TO_MAIL, MAILED = "to mail:", "mailed:"
BETWEEN = 60_000_000
"""Microseconds after a code until another is mailed to the same address."""
SUBJECT = "{code}: confirm this address for notices / 确认此通知邮箱"
TEXT = """{account} has named this address for notices. Whoever reads this confirms it with the code

    {code}

by POST /destinations/{id}/confirm. If it means nothing to you, do nothing: no notice is sent here.

{account} 将此邮箱设为通知邮箱。请通过 POST /destinations/{id}/confirm 提交上述验证码进行确认。
如与您无关，请忽略：不会向此邮箱发送任何通知。
"""


def new() -> str:
    """The secret of an address that is to be sent a code."""
    return TO_MAIL + "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def code(to: Destination) -> str:
    return to.secret.rpartition(":")[2]


def fits(to: Destination, told: str) -> bool:
    plain = "".join(told.split()).upper().encode()
    return secrets.compare_digest(plain, code(to).encode())


def due(connection: Connection, now: int) -> list[str]:
    """The destinations whose code is still to be mailed."""
    column = destinations.c
    mine = column.channel == "mail", column.secret.startswith(TO_MAIL), column.ended_at.is_(None)
    query = select(column.id).where(*mine, column.paused_until <= now)
    return list(connection.execute(query).scalars())


def send(server: MailServer, to: Destination) -> None:
    """Who ends before it is marked sends the same code again, under the same id."""
    named = {"account": to.account, "code": code(to), "id": to.id}
    told = SUBJECT.format(**named), TEXT.format(**named)
    mail.send(server, mail.mail(server, to.address, *told, f"{to.id}-{to.created_at}-code"))


def mailed(connection: Connection, to: Destination, now: int) -> None:
    told = {"failures": 0, "error": "", "paused_until": now + BETWEEN}
    change(connection, to.id, secret=MAILED + code(to), **told)


def confirm(connection: Connection, to: Destination) -> Destination:
    """From now on notices are sent there, and what has waited for it."""
    change(connection, to.id, secret="", paused_until=0)
    return to._replace(secret="", paused_until=0)
