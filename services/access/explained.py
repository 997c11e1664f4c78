"""Who may do what, and why: told from the roles of accounts, as the log has them."""

from collections.abc import Iterator
from typing import NamedTuple

from aggregates import Aggregate
from aggregates.operations.register import Register
from aggregates.organisation.account import Account, Scope
from aggregates.organisation.grants import ALL
from aggregates.organisation.rights import Paths, Rights, covers
from commands import Load
from commands.approvals.identities import signatory
from commands.authorisation import ACCOUNTS, given_to, paths, rights_of
from commands.sharing import reasons
from services.access.actions import about, every
from services.access.confirmers import Thing, named
from services.access.explained_requests import (
    checkers_of,
    command_named,
    obstacle_of_request,
    waiting,
)


class Granting(NamedTuple):
    """One role of one account that grants an action, and for what of it all.

    `confirmed_by` are the accounts that may confirm it, where it then waits for a second person.
    """

    account: str
    action: str
    role: str
    scope: str
    confirmed_by: list[str] | None = None


class Verdict(NamedTuple):
    """Whether an account may do it, and each step of why."""

    account: str
    action: str
    allowed: bool
    why: list[str]


def what(load: Load, account: str, stream: str | None = None) -> list[Granting]:
    """All that an account may do; where a thing is named, of that alone."""
    thing: Thing = "any" if stream is None else _thing(load, stream)
    found = list[Granting]()
    for action in every() if stream is None else about(stream.partition("-")[0]):
        granted = list(_grantings(load, account, action, stream))
        found += _with_confirmers(load, granted, action, thing) if granted else ()
    return found


def who(load: Load, action: str, stream: str | None = None) -> list[Granting]:
    """All accounts that may do it, of that very thing where one is named."""
    register: Register = load(Register, ACCOUNTS)
    names = sorted(register.ids.values())
    found = [one for name in names for one in _grantings(load, name, action, stream)]
    found = [o for o in found if obstacle_of_request(load, o.account, action, stream) is None]
    return _with_confirmers(load, found, action, "any" if stream is None else _thing(load, stream))


def why(load: Load, account: str, action: str, stream: str | None = None) -> Verdict:
    """Whether it may, and what each of its roles says to that."""
    rights, said = rights_of(load, account), list[str]()
    if rights is None:
        return Verdict(account, action, True, ["Nobody has an account: whoever has a key may all."])
    state: Account = load(Account, account)
    if state.opened is None:
        return Verdict(account, action, False, ["There is no such account."])
    if state.closed is not None:
        return Verdict(account, action, False, [f"The account is closed ({state.closed})."])
    if not rights.given and state.roles:
        return Verdict(account, action, False, ["The person works here no more."])
    thing = None if stream is None else _thing(load, stream)
    if stream is not None:
        said.append(f"{stream} has {_dimensions(thing)}.")
    allowed = False
    for role, (grants, scope) in given_to(load, account, rights):
        fitting = [one for one in grants if covers(one.removesuffix(ALL), action)]
        if not fitting:
            said.append(f"{role} does not grant it.")
            continue
        whole = any(one.endswith(ALL) for one in fitting)
        fits = whole or stream is None or rights.within(scope, thing)
        allowed |= fits
        of = "everything" if whole else describe_scope(rights, scope)
        reach = "" if stream is None else (": it is within" if fits else ": it is not within")
        said.append(f"{role} grants it ({', '.join(fitting)}) for {of}{reach}.")
    for reason in _shared(load, rights, action, thing):
        said.append(f"It is shared by {reason}.")
        allowed = True
    if not allowed:
        return Verdict(account, action, False, said or ["The account has no role."])
    obstacle = obstacle_of_request(load, account, action, stream)
    if obstacle is not None:
        return Verdict(account, action, False, [*said, obstacle])
    said += waiting(load, account, action, "any" if stream is None else thing)
    return Verdict(account, action, True, said)


def _grantings(
    load: Load, account: str, action: str, stream: str | None = None
) -> Iterator[Granting]:
    rights = rights_of(load, account)
    if rights is None:
        return
    thing = None if stream is None else _thing(load, stream)
    for role, (grants, scope) in given_to(load, account, rights):
        for grant in grants:
            if not covers(grant.removesuffix(ALL), action):
                continue
            whole = grant.endswith(ALL)
            if whole or stream is None or rights.within(scope, thing):
                yield Granting(
                    account, action, role, describe_scope(rights, scope) if not whole else "all"
                )
                break
    for reason in _shared(load, rights, action, thing):
        yield Granting(account, action, "shared", reason)


def _with_confirmers(
    load: Load, found: list[Granting], action: str, thing: Thing
) -> list[Granting]:
    every = checkers_of(load, action, thing)
    if every is None:
        return found
    return [one._replace(confirmed_by=named(every, signatory(load, one.account))) for one in found]


def _shared(load: Load, rights: Rights, action: str, thing: Paths | None) -> Iterator[str]:
    """The shares by which an account may do something that its roles grant of other things."""
    command, read = command_named(action), action.startswith("read:")
    if rights.may(action) and (read or (command is not None and command.by_share)):
        yield from reasons(load, rights, thing, working=not read)


def _thing(load: Load, stream: str) -> Paths | None:
    kind, _, name = stream.partition("-")
    return paths(load, Aggregate.kinds[kind], name)


def _dimensions(thing: Paths | None) -> str:
    if thing is None:
        return "no dimension that a scope could name"
    named = [f"{name} ({', '.join(sorted(values)) or 'none'})" for name, values in thing.items()]
    return ", ".join(named) or "no dimension: it is everybody's who may read its kind"


def describe_scope(rights: Rights, scope: Scope) -> str:
    """A scope in words: department in (east, west), owner in (li)."""
    if scope.everything:
        return "everything"
    named = rights.values(scope)
    return (
        " and ".join(f"{name} in ({', '.join(sorted(v))})" for name, v in named.items()) or "none"
    )
