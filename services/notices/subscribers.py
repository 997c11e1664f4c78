"""Who is to be told of which events: subscriptions of accounts, and what is offered to all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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

    @property
    def events(self) -> frozenset[str]:
        return frozenset(self.by_event).union(*(notice.hears for notice in NOTICES))

    def offered(
        self, notice: Notice, recipients: Sequence[Recipient]
    ) -> Iterator[SubscribedAccount]:
        """The recipients of what is offered who did not unsubscribe from it."""
        mine = self.by_notice.get(notice.name, {})
        for name, account in self.accounts.items():
            if (name, notice.name) not in self.unwanted and _is_one(account, name, recipients):
                details = mine.get(name) or SubscriptionDetails(notice.name)
                yield _subscriber(name, account, details)


def _is_one(account: Account, name: str, recipients: Sequence[Recipient]) -> bool:
    opened = account.opened
    held = {
        ("account", name),
        ("person", opened.person if opened else None),
        ("dealer", opened.dealer if opened else None),
    }
    return any((one.holding, one.name) in held for one in recipients)


def _subscriber(name: str, account: Account, details: SubscriptionDetails) -> SubscribedAccount:
    opened = account.opened
    return SubscribedAccount(
        name, opened.person if opened else None, opened.dealer if opened else None, details
    )


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
