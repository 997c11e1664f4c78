"""Customers that are one and the same: merged, and taken apart again."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates.customers.customer import Customer
from aggregates.receivables.account import CustomerAccount
from commands import Command, Decision, Id, Load, Text, registers
from commands.business import paying
from commands.customers import caseload
from commands.customers.unique import taken
from commands.receivables.allocation import taken_apart
from commands.receivables.credit import orders_entered
from commands.receivables.entries import moved


class MergeCustomer(Command, of=Customer):
    """Say that a customer is another one, entered twice: from now on business is done with that.

    Nothing is lost: what happened stays where it happened, the other one's overview has it, and
    unmerge-customer takes it back. What is owed is owed by the other one from now on, whose credit
    limit counts. Asked again with another reason, it corrects the reason.
    """

    by_share: ClassVar[bool] = False

    customer: Id = Field(description="The one that stays.")
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        survivor: Customer = registers.found(load, Customer, self.customer)
        survivor.not_merged()
        before = customer.merged_into
        if before is None and load(CustomerAccount, self.customer).held is None:
            load(CustomerAccount, self.id).not_held(self.id)
        for event in customer.merge(self.id, self.customer, self.reason):
            yield self.stream, event
            if before is None:
                yield from caseload.moved(load, self.id, customer.owner, "")
                yield from moved(load, self.id)
                for joined in load(CustomerAccount, self.customer).join(self.id):
                    yield CustomerAccount.stream(self.customer), joined
                yield from orders_entered(load, self.id)


class UnmergeCustomer(Command, of=Customer, when=lambda customer: customer.merged_into is not None):
    """Take a merge back: the customer is one of its own again, as it was.

    What either paid for the other settles that no longer, and is an advance of who paid.
    """

    by_share: ClassVar[bool] = False

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        payer, into = paying(load, self.id), customer.merged_into
        for event in customer.unmerge(self.reason):
            yield self.stream, event
            for parted in load(CustomerAccount, into or "").part(self.id):
                yield CustomerAccount.stream(into or ""), parted
            yield from taken(load, self.id, at)
            yield from caseload.moved(load, self.id, "", customer.owner)
            yield from moved(load, payer)
            yield from taken_apart(load, self.id, self.reason)
            yield from orders_entered(load, self.id)
