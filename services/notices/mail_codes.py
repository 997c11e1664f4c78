"""Notices go to a mail address once its reader has given the code that was mailed to it alone.

The code is the destination's secret for as long as it is not confirmed. It counts for a while after
it was mailed, and for a few tries: whoever names a foreign address cannot go on guessing.
"""

import secrets
from typing import NamedTuple

from sqlalchemy import Connection, select

from aggregates.notices.mail_codes import MailCodeSettings
from commands.settings import in_force
from infra import mail
from infra.attempts import Subject
from infra.keys import DAY
from infra.mail_server import MailServer
from infra.states import States
from services.notices.destinations import Destination, change, destinations

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 10
TO_MAIL, MAILED = "to mail:", "mailed:"
SECOND = 1_000_000
BETWEEN = 60 * SECOND
"""Microseconds after a code until another is mailed to the same address."""
SUBJECT = "{code}: confirm this address for notices / 确认此通知邮箱"
TEXT = """{account} has named this address for notices. Whoever reads this confirms it with the code

    {code}

by POST /destinations/{id}/confirm, within {minutes} minutes. If it means nothing to you, do
nothing: no notice is sent here.

{account} 将此邮箱设为通知邮箱。请在 {minutes} 分钟内提交上述验证码进行确认：
POST /destinations/{id}/confirm
如与您无关，请忽略：不会向此邮箱发送任何通知。
"""


def settings(states: States) -> MailCodeSettings:
    """Those in force now."""
    return states.ask(lambda load: in_force(load, MailCodeSettings, load.now).settings)


def new() -> str:
    """The secret of an address that is to be sent a code."""
    return TO_MAIL + "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def code(to: Destination) -> str:
    return to.secret.rpartition(":")[2]


class Mailed(NamedTuple):
    """Until when the code that was mailed last counts, and how often it was not what was given."""

    until: int
    tries: int


def mailed_last(to: Destination) -> Mailed | None:
    """Nothing where the code is still to be mailed; what has no end is over."""
    if to.secret.startswith(TO_MAIL):
        return None
    until, _, tries = to.secret.removeprefix(MAILED).rpartition(":")[0].partition(":")
    return Mailed(int(until or 0), int(tries or 0))


def counts(to: Destination, now: int, tries: int) -> bool:
    """Whether the code can still be given, of which so many may be wrong."""
    found = mailed_last(to)
    return found is not None and now <= found.until and found.tries < tries


def fits(to: Destination, told: str) -> bool:
    plain = "".join(told.split()).upper().encode()
    return secrets.compare_digest(plain, code(to).encode())


def asked_for(address: str, most: int) -> Subject:
    """What counts the codes to an address: after so many, the next is mailed a day later."""
    day = DAY // SECOND
    return Subject(f"mail-code:{address.casefold()}", most, day, day)


def due(connection: Connection, now: int) -> list[str]:
    """The destinations whose code is still to be mailed."""
    column = destinations.c
    mine = column.channel == "mail", column.secret.startswith(TO_MAIL), column.ended_at.is_(None)
    query = select(column.id).where(*mine, column.paused_until <= now)
    return list(connection.execute(query).scalars())


def send(server: MailServer, to: Destination, minutes: int) -> None:
    """Who ends before it is marked sends the same code again, under the same id."""
    named = {"account": to.account, "code": code(to), "id": to.id, "minutes": minutes}
    told = SUBJECT.format(**named), TEXT.format(**named)
    mail.send(server, mail.mail(server, to.address, *told, f"{to.id}-{to.created_at}-code"))


def mailed(connection: Connection, to: Destination, now: int, minutes: int) -> None:
    told = {"failures": 0, "error": "", "paused_until": now + BETWEEN}
    until = now + minutes * 60 * SECOND
    change(connection, to.id, secret=_mailed(to, Mailed(until, 0)), **told)


def failed(connection: Connection, to: Destination) -> None:
    """Count a wrong code."""
    found = mailed_last(to) or Mailed(0, 0)
    tried = found._replace(tries=found.tries + 1)
    change(connection, to.id, secret=_mailed(to, tried))


def _mailed(to: Destination, how: Mailed) -> str:
    return f"{MAILED}{how.until}:{how.tries}:{code(to)}"


def confirm(connection: Connection, to: Destination) -> Destination:
    """From now on notices are sent there, and what has waited for it."""
    change(connection, to.id, secret="", paused_until=0)
    return to._replace(secret="", paused_until=0)
