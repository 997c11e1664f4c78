"""What may be asked about sharing customers with others."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from aggregates.calendar import format_instant
from aggregates.customers.customer import Customer
from aggregates.customers.portfolio import Portfolio
from aggregates.customers.share import (
    CustomerShared,
    EndsBeforeItBegins,
    Level,
    Share,
    one_grantee,
)
from aggregates.organisation.department import Department
from aggregates.organisation.rep import Rep
from commands import Command, Decision, Id, Load, Text, registers
from commands.fields import When, last_of

PERSON = Field(None, description="Whom it is shared with, where it is one person.")
DEPARTMENT = Field(None, description="Or all who work in that department, and below it.")


class ShareCommand(Command):
    """A request about one customer and one with whom it is shared."""

    # A class variable is no field: nobody is asked for an id that follows from the rest.
    id: ClassVar[Any] = property(  # type: ignore[misc]
        lambda self: Share.id_of(self.customer, self.with_person, self.with_department)
    )
    by_share: ClassVar[bool] = False

    customer: Id
    with_person: Id | None = PERSON
    with_department: Id | None = DEPARTMENT


class ShareCustomer(ShareCommand, of=Share):
    """Let a person or a department see a customer, or work with it, until an end.

    It holds for what hangs on the customer, too: orders, opportunities, stock. Of all that, roles
    still say what may be done. A handover to another owner ends the shares of a customer.
    """

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    level: Level = Field("read", description="Only to see it, or to work with it as well.")
    until: When | None = Field(
        None, description="The last instant, or the last day, of it; without, until it is ended."
    )
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        one_grantee(self.with_person, self.with_department)
        customer: Customer = load(Customer, self.customer)
        customer.known()
        until = None if self.until is None else last_of(self.until)
        what = self.with_person, self.with_department, self.level, until, self.reason
        whose = customer.owner, customer.department, customer.region
        for event in load(Share, self.id).share(CustomerShared(self.customer, *what, *whose)):
            self._check(load, at, until)
            yield self.stream, event
            for listed in load(Portfolio, self.customer).list_share(self.id):
                yield Portfolio.stream(self.customer), listed

    def _check(self, load: Load, at: datetime, until: datetime | None) -> None:
        if self.with_person is not None:
            load(Rep, self.with_person).takes_part(self.with_person)
        registers.listed(load, Department, self.with_department)
        if until is not None and until < at:
            raise EndsBeforeItBegins(
                f"The share would end on {format_instant(until)}, before it begins on"
                f" {format_instant(at)}. Give a later end.",
                f"共享将于 {format_instant(until)} 结束，早于开始时间 {format_instant(at)}。"
                "请填写更晚的结束时间。",
            )


class UnshareCustomer(ShareCommand, of=Share):
    """End the share of a customer with a person or a department, or correct why it ended.

    Lists, figures and commands follow at once, open streams with their next batch.
    """

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        one_grantee(self.with_person, self.with_department)
        load(Customer, self.customer).known()
        return ended(load, self.customer, self.id, self.reason)


def ended(load: Load, customer: str, share: str, reason: str) -> Iterator[Decision]:
    """A share ends, and stands on the list of its customer no more."""
    for event in load(Share, share).end(reason):
        yield Share.stream(share), event
    for delisted in load(Portfolio, customer).delist_share(share):
        yield Portfolio.stream(customer), delisted
