"""Who is to be told of which events: subscriptions of accounts, and what is offered to all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from aggregates.notices.subscription import SubscriptionDetails, Subscriptions
from aggregates.operations.register import Register
from aggregates.organisation.account import Account
from commands import Load
from commands.authorisation import ACCOUNTS, may_act
from infra.state_reader import StateReader
from services.bootstrap import NOTICES
from services.notices.declared import Notice, Recipient

CHANGED_BY = frozenset({"subscription", "account", "register", "rep"})
"""Kinds of which an event may change who is to be told."""


class SubscribedAccount(NamedTuple):
    """A subscription of an account, with whose account it is."""

    account: str
    person: str | None
    dealer: str | None
    details: SubscriptionDetails

    @property
    def holdings(self) -> Iterator[Recipient]:
        """All by which it may be a recipient."""
        yield Recipient("account", self.account)
        if self.person is not None:
            yield Recipient("person", self.person)
        if self.dealer is not None:
            yield Recipient("dealer", self.dealer)


@dataclass(frozen=True)
class Subscribers:
    """Of all accounts that are good for anything."""

    accounts: Mapping[str, Account]
    by_event: Mapping[str, Sequence[SubscribedAccount]]
    """Those who asked for an event."""
    by_notice: Mapping[str, Mapping[str, SubscriptionDetails]]
    """By what is offered and by account, how the account wants it."""
    unwanted: frozenset[tuple[str, str]]
    """Accounts, with what is offered and they have unsubscribed from."""

    @cached_property
    def events(self) -> frozenset[str]:
        """Of which somebody may have to be told."""
        return frozenset(self.by_event).union(*(notice.hears for notice in NOTICES))

    def offered(
        self, notice: Notice, recipients: Sequence[Recipient]
    ) -> Iterator[SubscribedAccount]:
        """The recipients of what is offered who did not unsubscribe from it."""
        mine, wanted = self.by_notice.get(notice.name, {}), frozenset(recipients)
        for name, account in self.accounts.items():
            one = _subscriber(name, account, mine.get(name) or SubscriptionDetails(notice.name))
            if not wanted.isdisjoint(one.holdings) and (name, notice.name) not in self.unwanted:
                yield one


def _subscriber(name: str, account: Account, details: SubscriptionDetails) -> SubscribedAccount:
    opened = account.opened
    assert opened is not None, "an account that may act was opened"
    return SubscribedAccount(name, opened.person, opened.dealer, details)


def subscribers(load: StateReader) -> Subscribers:
    """As the log is now."""
    accounts = {name: load(Account, name) for name in _names(load) if may_act(load, name)}
    load.fetch({Subscriptions.stream(name): Subscriptions for name in accounts})
    by_event = defaultdict[str, list[SubscribedAccount]](list)
    by_notice = defaultdict[str, dict[str, SubscriptionDetails]](dict)
    unwanted = set[tuple[str, str]]()
    for name, account in accounts.items():
        state: Subscriptions = load(Subscriptions, name)
        unwanted |= {(name, one) for one in state.ended}
        for one in state.held.values():
            if not one.now.events:
                by_notice[one.now.name][name] = one.now
            for event in one.now.events:
                by_event[event].append(_subscriber(name, account, one.now))
    return Subscribers(accounts, by_event, by_notice, frozenset(unwanted))


def _names(load: Load) -> Sequence[str]:
    register: Register = load(Register, ACCOUNTS)
    return sorted(register.ids.values())
