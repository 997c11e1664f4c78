"""Which accounts are told of an event: who asked for it or is offered it, and may see the thing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from aggregates.calendar import business_day
from aggregates.unclear import Unclear
from infra.clock import instant
from infra.events import Recorded
from services.access import visible
from services.access.permissions import Permissions
from services.bootstrap import NOTICES, Platform
from services.lists.terms import Asker
from services.notices.conditions import BY_KIND, Things, predicate
from services.notices.declared import REFUSED, Notice, NoticedEvent, Recipient, whose
from services.notices.subscribers import SubscribedAccount, Subscribers, subscribers


class Match(NamedTuple):
    """An account that is to be told of an event, by one of its subscriptions.

    `source` names what came of the event, where it is that which the account is told of; `stream`
    is what it is about.
    """

    event: Recorded
    subscriber: SubscribedAccount
    stream: str
    source: str = ""


class Matcher:
    """Knows who is to be told, until an event changes that."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.permissions = Permissions(platform)
        self._things = Things(platform.store, platform.codec)
        self._known: Subscribers | None = None

    @property
    def subscribers(self) -> Subscribers:
        if self._known is None:
            self._known = self.platform.states.ask(subscribers)
        return self._known

    def forget(self) -> None:
        """Look up anew who is to be told, and what each may see."""
        self._known = None
        self.permissions.forget()

    def matches(self, connection: Connection, event: Recorded) -> list[Match]:
        """Each account and subscription that the event is to be told to."""
        asked = self.subscribers.by_event.get(event.type, ())
        return [
            Match(event, one, event.stream)
            for one in (*self._offered(event), *asked)
            if self._is_own(one, event)
            and self._fits(connection, one, event)
            and self.may_see(one.account, event.stream)
        ]

    def refused(self, event: Recorded, stream: str, source: str) -> list[Match]:
        """Those who are told that a process was refused what it asked of a stream."""
        notice = next(one for one in NOTICES if one.name == REFUSED)
        return [
            Match(event, one, stream, source)
            for one in self._recipients(notice, event)
            if self.may_see(one.account, stream)
        ]

    def may_see(self, account: str, stream: str) -> bool:
        granted = self.permissions.of(account)
        return bool(visible.streams(self.platform.states, granted, [stream]))

    def _offered(self, event: Recorded) -> Iterator[SubscribedAccount]:
        """Nobody is told of what he did himself, unless he asked for it."""
        for notice in NOTICES:
            if event.type in notice.hears:
                found = self._recipients(notice, event)
                yield from (one for one in found if one.account != event.actor)

    def _recipients(self, notice: Notice, event: Recorded) -> Iterator[SubscribedAccount]:
        decoded, ask = self.platform.log.event(event), self.platform.states.ask
        found = ask(lambda load: list(notice.to(NoticedEvent(load, event, decoded))))
        return self.subscribers.offered(notice, self._named(found))

    def _named(self, recipients: Sequence[Recipient]) -> list[Recipient]:
        """With the accounts that have a right in place of the right."""
        found = [one for one in recipients if one.holding != "right"]
        for right in (one.name for one in recipients if one.holding == "right"):
            able = (name for name in self.subscribers.accounts if self._may(name, right))
            found += [Recipient("account", name) for name in able]
        return found

    def _may(self, account: str, action: str) -> bool:
        granted = self.permissions.of(account)
        return granted.rights is not None and granted.may(action)

    def _is_own(self, one: SubscribedAccount, event: Recorded) -> bool:
        if not one.details.own:
            return True
        found = self.platform.states.ask(lambda load: whose(load, event))
        own = {"owner": one.person, "dealer": one.dealer}
        return any(mine in found.get(name, ()) for name, mine in own.items() if mine)

    def _fits(self, connection: Connection, one: SubscribedAccount, event: Recorded) -> bool:
        """Whether the thing fits the condition; what can be read no longer keeps nobody unaware."""
        record = BY_KIND.get(event.kind)
        if one.details.where is None or record is None:
            return True
        asker = Asker(one.person or "", business_day(instant(event.occurred_at)), one.account)
        try:
            fits = predicate(record, one.details.where, asker)
            return fits(self._things.row(connection, record, event))
        except (Unclear, TypeError):
            return True
