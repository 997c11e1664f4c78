"""Who may confirm a request: everybody who may ask its command, but who asked it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from aggregates.approvals.request import CommandRequest
from aggregates.operations.register import Register
from aggregates.organisation.account import Account
from commands import Command, Load
from commands.approvals.identities import signatory
from commands.approvals.request import ConfirmRequest
from commands.authorisation import ACCOUNTS, action_of, may_ask_of, paths, rights_of

MOST_LOOKED_AT = 1_000
MOST_NAMED = 20


class Confirmers(NamedTuple):
    """What must be granted, and the accounts of which that was found."""

    right: str
    expires_at: datetime
    accounts: list[str]


def confirmers(load: Load, id: str) -> Confirmers:
    """Those of a request; to a dealer's users nobody is named."""
    state: CommandRequest = load(CommandRequest, id)
    assert state.expires_at is not None, "it was asked"
    maker: Account = load(Account, state.maker.account)
    outside = maker.opened is not None and maker.opened.dealer is not None
    names = [] if outside else [*islice(_accounts(load, id, state), MOST_NAMED)]
    return Confirmers(action_of(Command.known[state.command]), state.expires_at, names)


def _accounts(load: Load, id: str, state: CommandRequest) -> Iterator[str]:
    register: Register = load(Register, ACCOUNTS)
    for name in islice(sorted(register.ids.values()), MOST_LOOKED_AT):
        if may_confirm(load, name, id, state):
            yield name


def may_confirm(load: Load, account: str, id: str, state: CommandRequest) -> bool:
    """Whether the account may, as far as can be said of what the command is asked of."""
    rights, own = rights_of(load, account), signatory(load, account)
    if rights is not None and own.person is None:
        return False
    if own.same(state.maker):
        return False
    thing = paths(load, CommandRequest, id)
    every = ConfirmRequest, Command.known[state.command]
    return all(may_ask_of(load, rights, command, thing) for command in every)
