"""What follows an opportunity: its customer's list of open ones, and a handover of the customer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Aggregate, Refused, refuse_unequal
from aggregates.customers.customer import Customer
from aggregates.customers.portfolio import Portfolio
from aggregates.opportunities.opportunity import Opportunity
from aggregates.organisation.rep import Rep
from commands import Command, Decision, Id, Load, Text, registers
from commands.business import Attribution, attribution
from commands.customers import caseload
from commands.customers.pool_deadline import kept
from commands.customers.share import ended

Some = Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)]


class NotTheirs(Refused):
    """What belongs to somebody else is not handed over, nor listed."""


class ListOpportunities(Command, of=Portfolio):
    """List open opportunities of a customer that were opened by an older build."""

    opportunities: Some

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for name in self.opportunities:
            state: Opportunity = registers.found(load, Opportunity, name)
            state.live()
            if state.customer != self.id:
                raise NotTheirs(
                    f"{name} is of {state.customer}, not of {self.id}. Leave it out.",
                    f"{name} 属于 {state.customer}，不属于 {self.id}。请将其去掉。",
                )
            yield from listed(load, name, state)


class HandOverCustomers(Command, of=Rep):
    """Hand customers of a representative over to another, with their open opportunities."""

    by_share: ClassVar[bool] = False

    owner: Id
    customers: Some
    reason: Text

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        for customer in self.customers:
            yield Customer, customer
            yield Portfolio, customer

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        load(Rep, self.id).known()
        who = attribution(load, self.owner)
        for name in dict.fromkeys(self.customers):
            customer: Customer = registers.found(load, Customer, name)
            if customer.owner not in (self.id, self.owner):
                raise NotTheirs(
                    f"{name} belongs to {customer.owner}, not to {self.id}. Leave it out.",
                    f"{name} 属于 {customer.owner}，不属于 {self.id}。请将其去掉。",
                )
            if customer.owner == self.id:
                yield from handed_over(load, name, who, self.reason, at)
            else:
                refuse_unequal(("reason", customer.handed_over, self.reason))


def handed_over(
    load: Load,
    id: str,
    who: Attribution,
    reason: str,
    at: datetime,
    *,
    opportunities: bool = True,
) -> Iterator[Decision]:
    """A customer goes to another owner; so do its open opportunities that the last one had.

    What the last one shared is shared no more.
    """
    customer: Customer = load(Customer, id)
    before = customer.pooled.from_owner if customer.pooled else customer.owner
    for event in customer.reassign(*who, reason):
        yield Customer.stream(id), event
        if who[0] != customer.owner:  # the new owner decides who else shall see it
            for share in load(Portfolio, id).shares:
                yield from ended(load, id, share, reason)
            yield from caseload.moved(load, id, customer.owner, who[0])
            yield from kept(load, id, "ownership", at, at)
        yield from deals_moved(load, id, before, who) if opportunities else ()


def deals_moved(load: Load, id: str, before: str, who: Attribution) -> Iterator[Decision]:
    """The open opportunities with a customer that somebody had go to another."""
    for name in load(Portfolio, id).open:
        deal: Opportunity = load(Opportunity, name)
        if deal.stamp.rep == before:
            for moved in deal.reassign(*who):
                yield Opportunity.stream(name), moved


def listed(load: Load, id: str, state: Opportunity, before: str = "") -> Iterator[Decision]:
    """The lists of its customer, and of the one it was of `before`, follow an opportunity."""
    for customer in {before: None, state.customer: None}:
        if customer:
            portfolio: Portfolio = load(Portfolio, customer)
            there = customer == state.customer and state.open_now
            for event in portfolio.take_in(id) if there else portfolio.let_go(id):
                yield Portfolio.stream(customer), event
