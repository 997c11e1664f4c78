"""Sends what is due: each destination by itself, so that none waits for another."""

import logging
import random
import threading
import time
from collections.abc import Sequence
from smtplib import SMTPException

from sqlalchemy import Connection

from infra import mail
from infra.egress import Egress
from infra.mail_server import MailServer
from services.access import visible
from services.access.permissions import Permissions
from services.bootstrap import Platform
from services.notices import deliveries, destinations, inbox, mail_codes, webhooks
from services.notices.deliveries import NoticeDelivery
from services.notices.destinations import Destination
from services.notices.messages import NoticeMessage, message
from services.notices.webhooks import SendFailed

RETRIES = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 72_000)
"""Seconds until a message is tried again after its first failure, its second …; then it is parked.
"""
LONGEST_PAUSE = 300
"""Seconds that a destination is let alone at most after failures in a row."""
AT_ONCE = 50
"""Messages to a destination that one turn takes."""
MOST_BUSY = 32
"""Destinations that are sent to at the same time."""
EVERY = 0.2
"""Seconds between two looks for what is due."""
ENDING = 5.0
SECOND = 1_000_000
HOUR = 3_600.0
KEPT = 180 * 86_400 * SECOND
"""For so long what was read or sent is kept."""
REMOVED = "the account has no such destination: name another in the subscription"

log = logging.getLogger(__name__)


class Sender:
    """Marks a message as sent after it was; whoever ends in between sends it again under its id.

    What fails is tried again, later and later, and is then parked. A destination that failed is let
    alone for a while, and nobody else waits for it.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.database = platform.database
        self.permissions = Permissions(platform)
        self.egress = Egress(platform.settings.notice_targets)
        self._busy: dict[str, threading.Thread] = {}
        self._looked_at, self._pruned_at = 0.0, -HOUR
        self._ending = threading.Event()

    def step(self) -> None:
        """Begin to send to each destination that something is due for; nothing is waited for."""
        if time.monotonic() < self._looked_at + EVERY:
            return
        self._looked_at = time.monotonic()
        self._prune()
        self._busy = {name: one for name, one in self._busy.items() if one.is_alive()}
        with self.database.read() as connection:
            now = self.database.now(connection)
            found = [*mail_codes.due(connection, now), *deliveries.busy(connection, now)]
        for one in found:
            if one not in self._busy and len(self._busy) < MOST_BUSY:
                turn = threading.Thread(target=self._turn, args=[one], name="sender", daemon=True)
                self._busy[one] = turn
                turn.start()

    def _prune(self) -> None:
        """Now and then, forget what was read or sent long ago."""
        if self._looked_at < self._pruned_at + HOUR:
            return
        self._pruned_at = self._looked_at
        with self.database.write() as connection:
            log, before = self.platform.store.log, self.database.now(connection) - KEPT
            inbox.prune(connection, log, before)
            deliveries.prune(connection, log, before)

    def close(self) -> None:
        """Let what is being sent come to its end, for a few seconds."""
        self._ending.set()
        until = time.monotonic() + ENDING
        for turn in self._busy.values():
            turn.join(max(0.0, until - time.monotonic()))

    def _turn(self, id: str) -> None:
        try:
            self.send(id)
        except Exception:
            log.exception("cannot send to %s", id)

    def send(self, id: str) -> None:
        """Send what is due for a destination, up to the first that fails; to a mail address that is
        not confirmed its code alone.
        """
        with self.database.write() as connection:
            now = self.database.now(connection)
            to = destinations.of(connection, id)
            deliveries.park_others(connection, id, to and to.account, now, REMOVED)
            deliveries.gather(connection, id, now)
            found = deliveries.due(connection, id, now, AT_ONCE)
        if to is None:
            return
        if not to.confirmed:
            self._send_code(to)
            return
        for rows in found:
            if self._ending.is_set() or not self._sent(to, rows):
                return

    def _send_code(self, to: Destination) -> None:
        error, minutes = "", mail_codes.settings(self.platform.states).minutes
        try:
            mail_codes.send(self._server(), to, minutes)
        except (OSError, SMTPException, SendFailed) as no:
            error = _told(no)
            log.warning("%s did not take its code: %s", to.id, error)
        with self.database.write() as connection:
            now = self.database.now(connection)
            if error:
                self._pause(connection, to, now, error)
            else:
                mail_codes.mailed(connection, to, now, minutes)

    def _sent(self, to: Destination, rows: Sequence[NoticeDelivery]) -> bool:
        """Whether the receiver can be sent the next; what he may see no longer is withheld."""
        seen = self._visible(to.account, rows)
        withheld = [row for row in rows if row not in seen]
        try:
            if seen:
                self._give(to, message(self.platform, seen))
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again
            text = _told(error)
            log.warning("%s did not take %s: %s", to.id, rows[0].message, text)
            self._failed(to, rows, text, gone=isinstance(error, SendFailed) and error.gone)
            return False
        with self.database.write() as connection:
            now = self.database.now(connection)
            deliveries.settle(connection, seen, "sent", now)
            deliveries.settle(connection, withheld, "withheld", now)
            destinations.change(connection, to.id, failures=0, paused_until=0, error="")
        return True

    def _visible(self, account: str, rows: Sequence[NoticeDelivery]) -> list[NoticeDelivery]:
        return visible.rows(self.platform.states, self.permissions.of(account), rows)

    def _give(self, to: Destination, sent: NoticeMessage) -> None:
        if to.channel != "mail":
            seconds = self.database.clock.now() // SECOND
            webhooks.post(self.egress, to, sent, seconds)
            return
        server = self._server()
        mail.send(server, mail.mail(server, to.address, sent.subject, sent.text, sent.id))

    def _server(self) -> MailServer:
        server = self.platform.settings.mail_server
        if server is None:
            raise SendFailed("no mail server is named: set DISTRIBUTARY_SMTP_HOST")
        return server

    def _failed(
        self, to: Destination, rows: Sequence[NoticeDelivery], error: str, *, gone: bool
    ) -> None:
        with self.database.write() as connection:
            now = self.database.now(connection)
            self._pause(connection, to, now, error)
            if gone:
                destinations.change(connection, to.id, ended_at=now)
            tries = rows[0].tries
            if gone or tries >= len(RETRIES):
                deliveries.settle(connection, rows, "parked", now, error)
            else:
                wait = RETRIES[tries] * random.uniform(1, 1.1)  # noqa: S311 - so that not all come at once
                deliveries.postpone(connection, rows, now + int(wait * SECOND), error)

    def _pause(self, connection: Connection, to: Destination, now: int, error: str) -> None:
        """Let it alone for a while, the longer the more often it has failed in a row."""
        known = destinations.of(connection, to.id) or to
        failures = known.failures + 1
        pause = min(RETRIES[0] * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
        values = {"failures": failures, "paused_until": now + pause * SECOND, "error": error}
        destinations.change(connection, to.id, **values)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:500]
