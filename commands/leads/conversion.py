"""A lead becomes business: with a customer, a contact and an opportunity, each new or there."""

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import Field

from aggregates import Refused, refuse_unequal
from aggregates.customers.customer import Customer, CustomerKind
from aggregates.customers.customer.events import reached_at
from aggregates.customers.numbers import CustomerNumbers
from aggregates.leads.collision import Collision
from aggregates.leads.lead import Lead
from aggregates.leads.lead.events import LeadConversionHeld, LeadConverted, LeadDetails
from aggregates.likeness import compare
from aggregates.opportunities.opportunity import Opportunity
from commands import Amount, Command, Currency, Decision, Id, Load, Text, registers
from commands.business import attribution, one_customer, together
from commands.customers.customer import AddContact, RegisterCustomer
from commands.customers.portfolio import handed_over
from commands.customers.share import ShareCustomer
from commands.leads.collision import contacts_of, found, others
from commands.leads.desk import followed
from commands.opportunities.opportunity import OpenOpportunity
from commands.settings import in_force

LONGEST = 64
"""Characters of an id."""
GOALS = "customer", "contact", "opportunity"
OF_CUSTOMER = "name", "customer_kind"
OF_OPPORTUNITY = "title", "amount", "currency"
T = TypeVar("T")
Made = Literal["customer", "contact", "opportunity"]
Deciding = Generator[Decision, None, T]
"""Decisions, and what they are about in the end."""


class NotThatCustomer(Refused):
    """A lead goes where it was ruled to go, and an opportunity is of one customer."""


class Unsaid(Refused):
    """What is made anew has a name, an amount and a currency."""


class ConvertLead(Command, of=Lead, when=lambda lead: lead.status == "qualified"):
    """Make business of a qualified lead, once: a customer, a contact and an opportunity.

    Each is made of what the lead says, or is one that is there already; where customers are not
    numbered, a new one has the id of the lead. Where somebody may work
    the customer or the deal already, it is held until each collision is ruled, and goes by that.
    """

    customer: Id | None = Field(None, description="One that is there; a new one unless told.")
    customer_kind: CustomerKind = Field("end_customer", description="Of a new customer.")
    name: Text | None = Field(None, description="Of a new customer: the company unless told.")
    contact: Id | None = Field(None, description="One that is there, or the id of a new one.")
    opportunity: Id | None = Field(None, description="One that is open; a new one unless told.")
    title: Text | None = Field(None, description="Of a new opportunity: the lead's unless told.")
    amount: Amount | None = Field(None, description="The lead's unless told.")
    currency: Currency | None = Field(None, description="The lead's unless told.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        lead: Lead = load(Lead, self.id)
        if lead.converted is not None:
            self._again(load, lead.converted)
            return
        lead.convertible()
        details: LeadDetails = load.event(Lead, self.id, lead.details)
        target = self.customer or lead.customer
        self._refuse_another(load, lead.customer)
        if target is not None:
            goes_to: Customer = registers.found(load, Customer, target)
            goes_to.served()
            goes_to.not_merged()
        yield from found(load, self.id, target, at)
        collisions = [
            load(Collision, Collision.id_of(self.id, one.kind, one.id))
            for one in others(load, self.id, target, at)
        ]
        if unruled := [one for one in collisions if one.ruled is None]:
            yield self.stream, LeadConversionHeld(len(unruled))
            return
        going = _ruled(target, collisions)
        new = list[Made]()
        customer = yield from self._customer(load, at, details, target, going, new)
        contact = yield from self._contact(load, at, details, customer, new)
        keeps = going is not None and going.ruled is not None and going.ruled.ruling == "keeps"
        rep = None if keeps else lead.who.owner
        opportunity = yield from self._opportunity(load, at, details, customer, rep, new)
        converted = LeadConverted(
            *lead.who, customer, contact, opportunity, tuple(new), len(collisions)
        )
        for event in lead.convert(converted):
            yield self.stream, event
        yield from followed(load, self.id, lead)

    def _refuse_another(self, load: Load, told: str | None) -> None:
        """A need of one customer is no business of another."""
        if (
            told is not None
            and self.customer is not None
            and not one_customer(load, told, self.customer)
        ):
            raise NotThatCustomer(
                f"The lead is of {told}, not of {self.customer}. Leave customer out, or correct the"
                " lead: change-lead-details.",
                f"该线索属于 {told}，不属于 {self.customer}。请不填 customer，"
                "或用 change-lead-details 更正线索。",
            )

    def _again(self, load: Load, before: LeadConverted) -> None:
        """Converted is final: the same again changes nothing, and another goal is refused, or
        another content of what was made.
        """
        was: dict[str, Any] = {name: getattr(before, name) for name in GOALS}
        if "customer" in before.new:
            registered = load(Customer, before.customer).registered
            was |= {name: getattr(registered, name) for name in OF_CUSTOMER}
        if "opportunity" in before.new:
            opened = load(Opportunity, before.opportunity).opened
            was |= {name: getattr(opened, name) for name in OF_OPPORTUNITY}
        told = (name for name in was if name in self.model_fields_set)
        asked = {name: given for name in told if (given := getattr(self, name)) is not None}
        refuse_unequal(*((name, was[name], given) for name, given in asked.items()))

    def _customer(
        self,
        load: Load,
        at: datetime,
        details: LeadDetails,
        target: str | None,
        going: Collision | None,
        new: list[Made],
    ) -> Deciding[str]:
        """The customer that it goes to: the one that was told or ruled, or a new one."""
        owner = load(Lead, self.id).who.owner
        if going is not None and going.ruled is not None:
            customer, ruled = going.known().other.id, going.ruled
            if ruled.ruling == "takes":
                who = attribution(load, owner)
                yield from handed_over(load, customer, who, ruled.reason, at)
            elif ruled.ruling == "shares":
                share = {"customer": customer, "with_person": owner, "reason": ruled.reason}
                shared = ShareCustomer.model_validate({**share, "level": "work"})
                yield from shared.across(load, at)
            return customer
        if target is not None:
            return target
        name = self.name or details.company
        if name is None:
            raise Unsaid(
                "The new customer has no name. Say it in name, or name a customer that is there.",
                "新客户没有名称。请填写 name，或指定已有的客户。",
            )
        asked = RegisterCustomer(
            name=name,
            customer_kind=self.customer_kind,
            owner=owner,
            region=load(Lead, self.id).region,
            source=details.source,
            tax_id=details.tax_id,
        )
        if in_force(load, CustomerNumbers, load.now).settings.automatic:
            asked, drawn = asked.numbered(load, at)
            yield drawn
        else:  # a company that names its customers itself
            asked = asked.model_copy(update={"id": self.id})
            _free(load, self.id)
        yield from asked.across(load, at)
        new.append("customer")
        return asked.id

    def _contact(
        self, load: Load, at: datetime, details: LeadDetails, customer: str, new: list[Made]
    ) -> Deciding[str | None]:
        """The person whom the lead names: one who is there already is not entered twice."""
        there = dict(contacts_of(load, customer))
        if self.contact in there or details.contact_name is None:
            return self.contact
        for name, one in there.items():
            if self.contact is None and compare(details.traits, reached_at(one)).by:
                return name
        contact = self.contact or f"lead-{self.id}"[:LONGEST]
        told = {"name": details.contact_name, "phone": details.phone, "email": details.email}
        yield from AddContact(id=customer, contact=contact, **told).across(load, at)
        new.append("contact")
        return contact

    def _opportunity(
        self,
        load: Load,
        at: datetime,
        details: LeadDetails,
        customer: str,
        rep: str | None,
        new: list[Made],
    ) -> Deciding[str]:
        if self.opportunity is not None:
            deal: Opportunity = registers.found(load, Opportunity, self.opportunity)
            deal.live()
            together(load, customer, opportunity=self.opportunity)
            return self.opportunity
        amount = details.amount if self.amount is None else self.amount
        currency = self.currency or details.currency
        if amount is None or currency is None:
            raise Unsaid(
                "The new opportunity has no amount or no currency. Say both, or name an"
                " opportunity that is open.",
                "新商机没有金额或货币。请填写两者，或指定已有的商机。",
            )
        asked = OpenOpportunity(
            customer=customer,
            title=self.title or details.title,
            amount=amount,
            currency=currency,
            rep=rep,
            products=tuple(details.products),
        )
        numbered, drawn = asked.numbered(load, at)
        yield drawn
        yield from numbered.across(load, at)
        new.append("opportunity")
        return numbered.id


def _free(load: Load, customer: str) -> None:
    if load(Customer, customer).exists:
        raise NotThatCustomer(
            f"Customers are not numbered, and there is a customer {customer} already. Register the"
            " new one by hand, and name it.",
            f"客户未启用自动编号，且已有客户 {customer}。请手工登记新客户并指定该客户。",
        )


def _ruled(target: str | None, collisions: Sequence[Collision]) -> Collision | None:
    """The customer that it was ruled to go to; where that was ruled of several, the one told."""
    going = [one for one in collisions if one.ruled and one.ruled.ruling != "separate"]
    names = [one.known().other.id for one in going]
    if not going or (target is None and len(going) == 1):
        return next(iter(going), None)
    if target not in names:
        every = ", ".join(names)
        raise NotThatCustomer(
            f"It was ruled that this lead goes to {every}. Name that customer.",
            f"已裁定此线索归入 {every}。请指定该客户。",
        )
    return going[names.index(target)]
