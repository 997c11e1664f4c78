"""What may be asked about accounts, and about what they may do."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Unknown
from aggregates.customers.customer import Customer
from aggregates.operations.register import Register
from aggregates.organisation.account import (
    Account,
    AccountEvent,
    AccountOpened,
    Own,
    RoleGranted,
    Scope,
)
from aggregates.organisation.built_in_roles import BUILT_IN, OWNER
from aggregates.organisation.department import Department
from aggregates.organisation.region import Region
from aggregates.organisation.rep import Rep
from aggregates.organisation.role import Role
from commands import Command, Decision, Id, Load, Text, registers
from commands.authorisation import ACCOUNTS
from commands.fields import Truth

MOST = 100
Ids = Annotated[tuple[Id, ...], Field(max_length=MOST)]


class OpenAccount(Command, of=Account):
    """Open an account for a person, for a dealer's user, or for a service.

    Its name stands as the actor on every event that it asks for. From the first account on,
    nobody may do anything without one; that one is given the role `owner`.
    """

    begins: ClassVar[bool] = True

    person: Id | None = Field(None, description="Whose it is, where it is a person's.")
    dealer: Id | None = Field(None, description="Whose user it is for, where it is a dealer's.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Account = load(Account, self.id)
        register: Register = load(Register, ACCOUNTS)
        entries = [*register.enter(self.id)]
        first = not register.ids
        for event in state.open(AccountOpened(self.person, self.dealer)):
            if self.person is not None:
                load(Rep, self.person).takes_part(self.person)
            if self.dealer is not None:
                registers.found(load, Customer, self.dealer)
            yield self.stream, event
            if first:  # else nobody could give anybody anything
                yield self.stream, RoleGranted(OWNER, Scope(everything=True))
        for entry in entries:
            yield Register.stream(ACCOUNTS), entry


class GrantRole(Command, of=Account, when=lambda account: account.closed is None):
    """Give an account a role, and say for what of it all; given again, the scope is another.

    Values unite within a dimension, and dimensions intersect.
    """

    role: Id = Field(description="A built-in role, or one of the company's own.")
    everything: Truth = Field(False, description="Whatever there is.")
    own: Own | None = Field(
        None, description="What is one's own (`owner`), or of one's own department (`team`)."
    )
    departments: Ids = Field((), description="Those departments, and all below them.")
    regions: Ids = Field((), description="Those regions, and all within them.")
    dealers: Ids = Field((), description="Those dealers.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        scope = Scope(self.everything, self.own, self.departments, self.regions, self.dealers)
        state: Account = load(Account, self.id)
        for event in state.grant(self.role, scope):
            self._check(load)
            yield self.stream, event

    def _check(self, load: Load) -> None:
        role: Role = load(Role, self.role)
        if role.now is not None:
            role.used(self.role)
        elif self.role not in BUILT_IN:
            known = ", ".join(BUILT_IN)
            raise Unknown(
                f"There is no role {self.role}. Register it first, or choose one of {known}.",
                f"没有角色 {self.role}。请先登记，或选择：{known}。",
            )
        for department in self.departments:
            registers.there(load, Department.kind, department)
        for region in self.regions:
            registers.there(load, Region.kind, region)
        for dealer in self.dealers:
            registers.found(load, Customer, dealer)


class RevokeRole(Command, of=Account, when=lambda account: bool(account.roles)):
    """Take a role from an account; what is open ends within seconds."""

    role: Id
    reason: Text

    def decide(self, state: Account, at: datetime) -> Iterator[AccountEvent]:
        return state.revoke(self.role, self.reason)


class CloseAccount(Command, of=Account):
    """Close an account: nobody signs in any more, and no key of it is good."""

    reason: Text

    def decide(self, state: Account, at: datetime) -> Iterator[AccountEvent]:
        return state.close(self.reason)


class ReopenAccount(Command, of=Account, when=lambda account: account.closed is not None):
    """Open a closed account again, with the roles that it had."""

    def decide(self, state: Account, at: datetime) -> Iterator[AccountEvent]:
        return state.reopen()
