"""Customers that are one and the same: merged, and taken apart again."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates.customers.customer import Customer
from commands import Command, Decision, Id, Load, Text
from commands.customers import caseload
from commands.customers.unique import taken


class MergeCustomer(Command, of=Customer):
    """Say that a customer is another one, entered twice: from now on business is done with that.

    Nothing is moved and nothing is lost: what happened stays where it happened, the other one's
    overview has it, and unmerge-customer takes it back. Asked again with another reason, it
    corrects the reason.
    """

    by_share: ClassVar[bool] = False

    customer: Id = Field(description="The one that stays.")
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        survivor: Customer = load(Customer, self.customer)
        survivor.known()
        survivor.not_merged()
        before = customer.merged_into
        for event in customer.merge(self.id, self.customer, self.reason):
            yield self.stream, event
            if before is None:
                yield from caseload.moved(load, self.id, customer.owner, "")


class UnmergeCustomer(Command, of=Customer, when=lambda customer: customer.merged_into is not None):
    """Take a merge back: the customer is one of its own again, as it was."""

    by_share: ClassVar[bool] = False

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        for event in customer.unmerge(self.reason):
            yield self.stream, event
            yield from taken(load, self.id, at)
            yield from caseload.moved(load, self.id, "", customer.owner)
