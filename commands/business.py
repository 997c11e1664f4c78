"""Who takes on business and work, for whom it counts, and with whom none is done."""

from collections.abc import Iterator

from aggregates import Refused
from aggregates.assignee import Assignee
from aggregates.customers.customer import Customer
from aggregates.opportunities.opportunity import Opportunity, OpportunityDocumentAdded
from aggregates.organisation.rep import Rep
from commands import Decision, Load, registers
from commands.organisation.rep import placed


class LostOpportunity(Refused):
    """Nothing is offered or ordered for an opportunity that was lost."""


Attribution = tuple[str, str, str]
"""The representative, the department and the region that something counts for."""


def attribution(
    load: Load, rep: str, department: str | None = None, region: str | None = None
) -> Attribution:
    """A representative at work, with the place as told or else where he works now."""
    state: Rep = load(Rep, rep)
    state.takes_on(rep)
    placed(load, department, region)
    return rep, department or state.department, region or state.region


def business(
    load: Load,
    id: str,
    rep: str | None = None,
    department: str | None = None,
    region: str | None = None,
) -> tuple[Customer, Attribution]:
    """The customer that new business is done with, and for whom it counts.

    That is the customer's owner, and where the customer belongs, unless told otherwise.
    """
    customer: Customer = load(Customer, id)
    customer.served()
    customer.owned()
    if rep is not None and rep != customer.owner:
        return customer, attribution(load, rep, department, region)
    owner: Rep = load(Rep, customer.owner)
    owner.keeps(customer.owner, customer.name)
    placed(load, department, region)
    return customer, (
        customer.owner,
        department or customer.department,
        region or customer.region,
    )


def served(load: Load, id: str) -> None:
    """Refuse to go on with a customer that is frozen, or was merged into one that is."""
    customer: Customer = load(Customer, id)
    customer.served()
    if customer.merged_into is not None:
        served(load, customer.merged_into)


def assignee(load: Load, person: str) -> Assignee:
    """Somebody who works here, whether or not with customers, and where that is now."""
    state: Rep = load(Rep, person)
    state.takes_part(person)
    return Assignee(person, state.department, state.region)


def not_lost(load: Load, opportunity: str | None) -> None:
    """Refuse to offer or order anything for an opportunity that is lost, or never was there."""
    registers.opportunity(load, opportunity)
    lost = load(Opportunity, opportunity).lost if opportunity is not None else None
    if lost is not None:
        raise LostOpportunity(
            f"{opportunity} was lost ({lost.reason}). Open another opportunity, or name none.",
            f"商机 {opportunity} 已丢单（{lost.reason}）。请创建新的商机，或不填商机。",
        )


def documented(
    load: Load, opportunity: str | None, *, quotation: str | None = None, order: str | None = None
) -> Iterator[Decision]:
    """Say of an opportunity that a quotation or an order was drafted for it."""
    if opportunity is not None and load(Opportunity, opportunity).opened is not None:
        yield Opportunity.stream(opportunity), OpportunityDocumentAdded(quotation, order)
