"""An account is who acts: its name stands as `actor` on every event that it asked for.

It is opened for a person of the organisation, for a dealer's user, or for a service, and may do
and see what its roles grant, within the scope that each was given with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal, repeats
from aggregates.marks import names

OPENED = "opened"
Own = Literal["owner", "team"]
"""What is one's own, or all of the department that one works in."""


@dataclass(frozen=True)
class Scope:
    """What of it all: values unite within a dimension, dimensions intersect.

    An empty dimension does not count, and where all are empty nothing is within.
    """

    everything: bool = False
    own: Own | None = None
    departments: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    dealers: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        named = self.own, self.departments, self.regions, self.dealers
        return not (self.everything or any(named))


class AccountOpened(Event):
    """For a person, for a dealer's user, or, where neither is named, for a service."""

    person: Annotated[str | None, names("rep")]
    dealer: str | None

    def recorded_under(self) -> str:
        return OPENED


class RoleGranted(Event):
    """Given again, the scope is another."""

    role: str
    scope: Scope


class RoleRevoked(Event):
    role: str
    reason: str


class AccountClosed(Event):
    """Nobody signs in any more, and no key of it is good."""

    reason: str


class AccountReopened(Event):
    pass


AccountEvent = AccountOpened | RoleGranted | RoleRevoked | AccountClosed | AccountReopened


class AccountIsClosed(Refused):
    """Who may do nothing is given nothing."""


class OneHolder(Refused):
    """An account is one person's, or one dealer's."""


class NoScope(Refused):
    """A role without a scope would show nothing."""


@dataclass(frozen=True)
class Account(Aggregate):
    kind: ClassVar[str] = "account"

    opened: AccountOpened | None = None
    roles: Mapping[str, Scope] = field(default_factory=dict)
    revoked: Mapping[str, str] = field(default_factory=dict)  # roles that it had, and why not
    closed: str | None = None  # the reason, while it lasts

    def open(self, asked: AccountOpened) -> Iterator[AccountEvent]:
        if asked.person is not None and asked.dealer is not None:
            raise OneHolder(
                "An account is a person's or a dealer's. Leave one of the two out.",
                "账号属于员工或经销商。请只填写其中一项。",
            )
        if not repeats(self.opened, asked):
            yield asked

    def grant(self, role: str, scope: Scope) -> Iterator[AccountEvent]:
        self.known()
        if self.closed is not None:
            raise AccountIsClosed(
                f"The account is closed ({self.closed}). Reopen it first.",
                f"该账号已关闭（{self.closed}）。请先重新启用。",
            )
        if scope.own is not None and (self.opened is None or self.opened.person is None):
            raise NoScope(
                "Only a person's account has records of its own. Name departments, regions or"
                " dealers, or everything.",
                "只有员工账号才有本人的记录。请指定部门、区域、经销商或全部。",
            )
        if scope.nothing:
            raise NoScope(
                "Say what the role is for: own records, departments, regions, dealers or"
                " everything.",
                "请说明角色的范围：本人、部门、区域、经销商或全部。",
            )
        if self.roles.get(role) != scope:
            yield RoleGranted(role, scope)

    def revoke(self, role: str, reason: str) -> Iterator[AccountEvent]:
        self.known()
        if role in self.roles:
            yield RoleRevoked(role, reason)
        elif role not in self.revoked:
            raise Unknown(
                f"The account was never given the role {role}. Check the role's name.",
                f"该账号从未被授予角色 {role}。请检查角色名称。",
            )
        else:
            refuse_unequal(("reason", self.revoked[role], reason))

    def close(self, reason: str) -> Iterator[AccountEvent]:
        self.known()
        if self.closed != reason:
            yield AccountClosed(reason)

    def reopen(self) -> Iterator[AccountEvent]:
        self.known()
        if self.closed is not None:
            yield AccountReopened()

    def known(self) -> None:
        if self.opened is None:
            raise Unknown(
                "There is no such account. Open it first, or check its name.",
                "没有这个账号。请先开立账号，或检查其名称。",
            )

    def evolve(self, event: AccountEvent) -> Self:
        match event:
            case AccountOpened():
                return replace(self, opened=event)
            case RoleGranted(role, scope):
                return replace(self, roles={**self.roles, role: scope})
            case RoleRevoked(role, reason):
                left = {name: scope for name, scope in self.roles.items() if name != role}
                return replace(self, roles=left, revoked={**self.revoked, role: reason})
            case AccountClosed(reason):
                return replace(self, closed=reason)
            case AccountReopened():
                return replace(self, closed=None)
