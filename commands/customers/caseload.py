"""The list of the customers that somebody has, which a claim is decided by."""

from collections.abc import Iterator
from datetime import datetime

from aggregates.customers.caseload import Caseload
from aggregates.customers.customer import Customer
from aggregates.organisation.rep import Rep
from commands import Decision, Load
from commands.naming import that_name


def counted(load: Load, rep: str) -> Iterator[Decision]:
    """Count what somebody has, before the first claim."""
    caseload: Caseload = load(Caseload, rep)
    if not caseload.counted:
        for event in caseload.count(tuple(_customers(load, rep))):
            yield Caseload.stream(rep), event


def _customers(load: Load, rep: str) -> Iterator[str]:
    named = that_name(load, Rep, rep, Customer)
    return (customer for customer in named if load(Customer, customer).owner == rep)


def moved(
    load: Load, customer: str, before: str, after: str, claimed_at: datetime | None = None
) -> Iterator[Decision]:
    """The lists of who had a customer and of who has it now follow; nobody is an empty name."""
    if before and before != after:
        for given_up in load(Caseload, before).give_up(customer):
            yield Caseload.stream(before), given_up
    if after:
        for taken in load(Caseload, after).take(customer, claimed_at):
            yield Caseload.stream(after), taken
