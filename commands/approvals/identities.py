"""As what an account may sign: by its name, for its roles, and as the head of departments."""

from collections.abc import Iterator

from aggregates.approvals.absence import Absence
from aggregates.organisation.account import Account
from aggregates.organisation.department import Department
from aggregates.organisation.position import Position
from aggregates.organisation.rep import Rep
from aggregates.organisation.role import Role
from aggregates.signatory import Signatory
from commands import Load
from commands.authorisation import may_act, person_of
from commands.plain import upwards

ACCOUNT, ROLE, HEAD = "account", "role", "head"


def of(kind: str, name: str) -> str:
    return f"{kind}:{name}"


def identities(load: Load, account: str) -> tuple[str, ...]:
    """None for an account that may do nothing."""
    return tuple(_identities(load, account)) if may_act(load, account) else ()


def may_sign_as(load: Load, account: str) -> tuple[str, ...]:
    """As oneself, and as those for whom one stands in now."""
    absence: Absence = load(Absence, account)
    every = (account, *absence.absent_at(load.now))
    return tuple(dict.fromkeys(one for name in every for one in identities(load, name)))


def _identities(load: Load, account: str) -> Iterator[str]:
    yield of(ACCOUNT, account)
    state: Account = load(Account, account)
    for role in state.roles:
        if load(Role, role).closed is None:
            yield of(ROLE, role)
    person = person_of(load, account)
    rep: Rep | None = load(Rep, person) if person else None
    for position in rep.positions if rep else ():
        place: Position = load(Position, position)
        if place.now is not None and place.now.heads == "yes" and place.closed is None:
            yield of(HEAD, place.now.department)


def signatory(load: Load, account: str) -> Signatory:
    """Whose word it is that is given by an account."""
    return Signatory(account, person_of(load, account))


def departments_above(load: Load, department: str | None) -> tuple[str, ...]:
    """A department and all that lie above it."""
    return tuple(upwards(load, Department, "parent", department))


def heads(load: Load, department: str | None) -> tuple[str, ...]:
    """Whoever heads a department heads all below it."""
    return tuple(of(HEAD, one) for one in departments_above(load, department))
