"""Who takes on business and work, for whom it counts, and with whom none is done."""

from collections.abc import Iterator

from aggregates import Refused
from aggregates.assignee import Assignee
from aggregates.customers.customer import Customer
from aggregates.opportunities.opportunity import Opportunity, OpportunityDocumentAdded
from aggregates.orders.order import SalesOrder
from aggregates.organisation.rep import Rep
from aggregates.words import in_chinese
from commands import Decision, Load, registers
from commands.organisation.rep import placed


class LostOpportunity(Refused):
    """Nothing is offered or ordered for an opportunity that was lost."""


class OthersBusiness(Refused):
    """What belongs together is of one customer."""


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
    customer: Customer = registers.found(load, Customer, id)
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


def carried_on(load: Load, id: str, who: Attribution) -> Attribution:
    """For whom business counts that goes on with a customer: as before while that representative
    works here, or else as new business does.
    """
    state: Rep = load(Rep, who[0])
    return who if state.left is None else business(load, paying(load, id))[1]


def served(load: Load, id: str) -> None:
    """Refuse to go on with a customer that is frozen, or was merged into one that is."""
    customer: Customer = registers.found(load, Customer, id)
    customer.served()
    if customer.merged_into is not None:
        served(load, customer.merged_into)


def assignee(load: Load, person: str) -> Assignee:
    """Somebody who works here, whether or not with customers, and where that is now."""
    state: Rep = load(Rep, person)
    state.takes_part(person)
    return Assignee(person, state.department, state.region)


def paying(load: Load, customer: str) -> str:
    """Who answers for what a customer owes: the one that it was merged into, or itself."""
    into: str | None = customer
    while into is not None:
        customer, into = into, load(Customer, into).merged_into
    return customer


def one_customer(load: Load, one: str, other: str) -> bool:
    """Whether both are one customer, or were merged."""
    return paying(load, one) == paying(load, other)


def together(
    load: Load, customer: str | None, *, opportunity: str | None = None, order: str | None = None
) -> None:
    """Refuse what is named beside a customer and is another's; without one, beside each other."""
    for name, (en, zh), whose in _owners(load, opportunity, order):
        if customer is not None and not one_customer(load, whose, customer):
            raise OthersBusiness(
                f"{name} is of {whose}, not of {customer}. Name another {en}, or none.",
                f"{zh} {name} 属于 {whose}，不属于 {customer}。请指定其他{zh}，或不填。",
            )
        customer = customer or whose


def _owners(
    load: Load, opportunity: str | None, order: str | None
) -> Iterator[tuple[str, tuple[str, str], str]]:
    """Of each that is there, what it is called and whose it is."""
    if opportunity is not None and (deal := load(Opportunity, opportunity)).exists:
        yield opportunity, ("opportunity", "商机"), deal.customer
    if order is not None and (drafted := load(SalesOrder, order).drafted) is not None:
        yield order, ("order", "订单"), drafted.customer


def not_lost(load: Load, opportunity: str | None, customer: str) -> None:
    """Refuse to offer or order anything for an opportunity that is lost, another customer's, or
    never was there.
    """
    registers.opportunity(load, opportunity)
    together(load, customer, opportunity=opportunity)
    lost = load(Opportunity, opportunity).lost if opportunity is not None else None
    if lost is not None:
        raise LostOpportunity(
            f"{opportunity} was lost ({lost.reason}). Open another opportunity, or name none.",
            f"商机 {opportunity} 已丢单（{in_chinese(lost.reason)}）。请创建新的商机，或不填商机。",
        )


def documented(
    load: Load,
    opportunity: str | None,
    *,
    quotation: str | None = None,
    order: str | None = None,
    contract: str | None = None,
) -> Iterator[Decision]:
    """Say of an opportunity that a quotation, an order or a contract was drafted for it."""
    if opportunity is not None and load(Opportunity, opportunity).opened is not None:
        added = OpportunityDocumentAdded(quotation, order, contract)
        yield Opportunity.stream(opportunity), added
