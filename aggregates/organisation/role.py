"""A role is a list of grants under a name, which accounts are given."""

from dataclasses import dataclass
from typing import ClassVar

from aggregates import Event
from aggregates.marks import Name
from aggregates.organisation import grants
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn


@dataclass(frozen=True)
class RoleDetails(Details):
    name: Name
    grants: str

    def check(self) -> None:
        grants.check(self.grants)


class RoleRegistered(RoleDetails, Registered, Event):
    pass


class RoleChanged(RoleDetails, Event):
    pass


class RoleClosed(Closed, Event):
    pass


class RoleReopened(Event):
    pass


class RoleWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Role(Plain[RoleDetails]):
    """One that is called as a built-in role takes the place of it."""

    kind: ClassVar[str] = "role"
    plural = "roles"
    noun = ("role", "角色")
    details = RoleDetails
    events = Events(RoleRegistered, RoleChanged, RoleClosed, RoleReopened, RoleWithdrawn)
