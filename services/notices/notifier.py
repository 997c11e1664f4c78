"""Events to the people who are to be told of them: each once, from the head of the log on."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from sqlalchemy import Connection

from infra.clock import instant, micros
from infra.events import Recorded
from services.bootstrap import Platform
from services.notices import deliveries, destinations, inbox, timing
from services.notices.deliveries import NoticeDelivery
from services.notices.destinations import Destination
from services.notices.inbox import InboxRow
from services.notices.matching import Match, Matcher
from services.notices.subscribers import CHANGED_BY
from services.processes import positions, refusals
from services.processes.positions import StaleCheckpoint
from services.workers.react import correlated, passing

NAME = "notices"
"""Under what the position is kept, among those of processes."""
READ = 1_000
LONGEST_PAUSE = 60.0

log = logging.getLogger(__name__)


class Notifier:
    """Reads the log behind its position, and writes who is told of what in one transaction with it.

    So each is told once, whatever ends in between, and nothing is told by a rebuild. A notifier
    that is new on a log begins at its head. After a fault that may pass the same events are read
    again, after a pause; an event that cannot be read is told to nobody, and logged.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.store, self.database = platform.store, platform.database
        self.matcher = Matcher(platform)
        self.trouble: str | None = None
        self._begun = False
        self._tries, self._until = 0, 0.0

    def step(self, most: int = READ) -> int:
        """Tell of the next events; answers how many it has got behind it."""
        if time.monotonic() < self._until:
            return 0
        try:
            done = self._follow(most) or self._tell_refusals() or self._replay()
        except StaleCheckpoint as error:
            log.info("%s", error)
            return 0
        except Exception as error:
            self._tries += 1
            pause = min(0.1 * 2 ** min(self._tries, 10), LONGEST_PAUSE)
            self._until, self.trouble = time.monotonic() + pause, str(error)
            log.exception("notices wait %.1f s", pause)
            return 0
        self._tries, self.trouble = 0, None
        return done

    def _follow(self, most: int) -> int:
        if not self._begun:
            self._begin()
        with self.database.read() as connection:
            old = positions.of(connection, NAME, self.store.log)
            events = self.store.read(connection, old, most)
            if not events:
                return 0
            found = list(self._matches(connection, events))
        reached = events[-1].position
        with self.database.write() as connection:
            positions.move(connection, NAME, self.store.log, old, reached)
            self._tell(connection, found)
        return reached - old

    def _tell_refusals(self) -> int:
        """Tell those who operate the platform what processes were refused; answers how many."""
        with self.database.read() as connection:
            rows = refusals.those_untold(connection, self.store.log, READ)
            if not rows:
                return 0
            places = sorted({row["position"] for row in rows})
            events = {one.position: one for one in self.store.at(connection, places)}
        found = list[Match]()
        for row, event in ((row, events[row["position"]]) for row in rows):
            ask = partial(self.matcher.refused, event, row["stream"], refusals.source(row))
            found += self._found(event, ask)
        with self.database.write() as connection:
            self._tell(connection, found)
            refusals.tell(connection, rows)
        return len(rows)

    def _replay(self) -> int:
        """Send once more what a destination asked for; answers how many events were looked at."""
        with self.database.read() as connection:
            waiting = destinations.replaying(connection)
            if not waiting:
                return 0
            to, until = waiting[0], waiting[0].replay_until
            events = self.store.read(connection, waiting[0].replayed_to or 0, READ, until)
            found = [one for one in self._matches(connection, events) if _goes_to(one, to)]
        reached = events[-1].position if events else None
        with self.database.write() as connection:
            deliveries.again(connection, self._deliveries(found, at_once=True))
            destinations.change(connection, to.id, replayed_to=reached)
        return len(events)

    def _begin(self) -> None:
        """Put a notifier that is new on this log at its head."""
        with self.database.write() as connection:
            head = self.store.head(connection).position
            positions.begin(connection, NAME, self.store.log, head)
        self._begun = True

    def _matches(self, connection: Connection, events: Sequence[Recorded]) -> Iterator[Match]:
        if any(event.kind in CHANGED_BY for event in events):
            self.matcher.forget()
        for event in events:
            if event.type in self.matcher.subscribers.events:
                yield from self._found(event, partial(self.matcher.matches, connection, event))

    def _found(self, event: Recorded, ask: Callable[[], list[Match]]) -> list[Match]:
        """Who is told of an event; nobody of one that cannot be read."""
        try:
            return ask()
        except Exception as error:
            if passing(error):
                raise
            log.exception("nobody is told of position %d", event.position, extra=correlated(event))
            return []

    def _tell(self, connection: Connection, found: Sequence[Match]) -> None:
        inbox.add(connection, self._rows(found))
        named = {to for _, one, _, _ in found if (to := one.details.destination) is not None}
        owners = destinations.owners(connection, list(named))
        mine = [match for match in found if _is_own(match, owners)]
        deliveries.add(connection, self._deliveries(mine))

    def _rows(self, found: Sequence[Match]) -> Iterator[InboxRow]:
        now, own = self.database.clock.now(), self.store.log
        for event, one, stream, source in found:
            what = one.details.name, stream, event.type
            yield InboxRow(own, one.account, event.position, source, *what, now)

    def _deliveries(
        self, found: Sequence[Match], *, at_once: bool = False
    ) -> Iterator[NoticeDelivery]:
        now, own = self.database.clock.now(), self.store.log
        for event, one, stream, source in found:
            if (to := one.details.destination) is None:
                continue
            key = own, event.position, source, one.account, one.details.name, to
            digest = one.details.digest_at is not None and not at_once
            zone = self.platform.settings.zone
            due = now if at_once else micros(timing.due(one.details, instant(now), zone))
            what = stream, event.type, one.details.language
            message = "" if digest else deliveries.message_id(key)
            yield NoticeDelivery(*key, *what, digest, message, due, "waiting", 0, "", now)


def _is_own(match: Match, owners: Mapping[str, str]) -> bool:
    """Whether no other account is known to have the destination."""
    one = match.subscriber
    return owners.get(one.details.destination or "", one.account) == one.account


def _goes_to(match: Match, to: Destination) -> bool:
    one = match.subscriber
    return (one.details.destination, one.account) == (to.id, to.account)


def position(connection: Connection, log: str) -> int | None:
    """How far a log was told of; None where no notifier has begun on it."""
    return positions.found(connection, NAME, log)
