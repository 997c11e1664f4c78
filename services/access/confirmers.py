"""Who may confirm a request: everybody who may ask its command, but who asked it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Literal, NamedTuple

from aggregates.approvals.request import CommandRequest
from aggregates.operations.register import Register
from aggregates.organisation.account import Account
from aggregates.organisation.rights import Paths, Rights
from aggregates.signatory import Signatory
from commands import Command, Load
from commands.approvals.identities import signatory
from commands.approvals.request import ConfirmRequest
from commands.authorisation import ACCOUNTS, action_of, may_ask_of, paths, rights_of

MOST_LOOKED_AT = 1_000
MOST_NAMED = 20
Thing = Paths | Literal["any"] | None
"""The dimensions of what a command is asked of; of anything at all, where no thing is named."""


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
    command, thing = Command.known[state.command], paths(load, CommandRequest, id)
    names = [] if outside else named(checkers(load, command, thing), state.maker)
    return Confirmers(action_of(command), state.expires_at, names)


def named(every: Iterable[Signatory], maker: Signatory) -> list[str]:
    """The accounts that may confirm what a maker asks, `MOST_NAMED` at most."""
    return [*islice((one.account for one in every if not one.same(maker)), MOST_NAMED)]


def checkers(load: Load, command: type[Command], thing: Thing) -> Iterator[Signatory]:
    """Whoever may confirm a command of a thing, where another person has asked it."""
    register: Register = load(Register, ACCOUNTS)
    for name in islice(sorted(register.ids.values()), MOST_LOOKED_AT):
        own = signatory(load, name)
        if own.person is not None and _may_confirm(load, name, command, thing) is None:
            yield own


def obstacle(
    load: Load, account: str, maker: Signatory, command: type[Command], thing: Thing
) -> str | None:
    """Why an account may not confirm what a maker asked; None where it may.

    As far as can be said of the thing that is asked of: what else the command names is not known.
    """
    own = signatory(load, account)
    if own.person is None:
        return f"{account} is no person's account, and a second person decides."
    if own.same(maker):
        return f"{maker.account} asked for it, and {account} is the same person."
    missing = _may_confirm(load, account, command, thing)
    if missing is not None:
        return f"{account} could not ask for it himself: that needs {missing} of that very thing."
    return None


def _may_confirm(load: Load, account: str, command: type[Command], thing: Thing) -> str | None:
    """What an account lacks for it."""
    rights = rights_of(load, account)
    every = ConfirmRequest, command
    return next((action_of(one) for one in every if not _may(load, rights, one, thing)), None)


def _may(load: Load, rights: Rights | None, command: type[Command], thing: Thing) -> bool:
    if thing == "any":
        return rights is None or rights.may(action_of(command))
    return may_ask_of(load, rights, command, thing)
