"""What may be asked about customers and their contacts."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates import Personal
from aggregates.customers.customer import (
    ContactAdded,
    Customer,
    CustomerEvent,
    CustomerKind,
    Importance,
    contact_reference,
)
from aggregates.customers.customer import CustomerRegistered as Registered
from aggregates.customers.numbers import CustomerNumbers
from commands import Command, Decision, Id, Load, Text
from commands.business import attribution
from commands.change import Change, Kept
from commands.customers import caseload
from commands.customers.own_fields import PROFILE, CustomerProfile
from commands.customers.pool import over_cap
from commands.customers.pool_deadline import kept
from commands.customers.portfolio import handed_over
from commands.fields import Truth
from commands.numbers import Numbered
from commands.withdrawal import Withdrawal

DEPARTMENT = Field(None, description="The owner's department now, unless told otherwise.")
DETAILS = ("name", "city", "country", "customer_kind", "source", *PROFILE)
REGION = Field(None, description="The owner's region now, unless told otherwise.")


class RegisterCustomer(CustomerProfile, Numbered, of=Customer):
    """Register a dealer, retailer, wholesaler, end customer or supplier under its owner."""

    numbers = CustomerNumbers

    name: Text
    customer_kind: CustomerKind
    owner: Id
    department: Id | None = DEPARTMENT
    region: Id | None = REGION
    city: Text | None = None
    country: Text | None = None
    source: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Customer = load(Customer, self.id)
        if first := state.registered:  # a repeat means the structure of its own day
            load.event(Customer, self.id, first.recorded_under())  # so that the answer tells of it
            who = self.owner, self.department or first.department, self.region or first.region
        else:
            who = attribution(load, self.owner, self.department, self.region)
            self.fitting(load, at, self.own(), whole=True)
        told = self.name, self.customer_kind, *who, self.city, self.country, self.source
        profile = self.industry, self.size, self.customer_class, self.own()
        for event in state.register(Registered(*told, None, *profile)):
            yield self.stream, event
            yield from caseload.moved(load, self.id, "", self.owner)
            yield from kept(load, self.id, "ownership", at, at)


class ChangeCustomerDetails(CustomerProfile, Change, of=Customer):
    """Correct what is known of a customer; what is left out stays, and null clears it.

    Figures keep the kind and the source that they were made with.
    """

    added = (*CustomerProfile.added, "customer_kind", "source")

    name: Kept[Text] = None
    city: Text | None = None
    country: Text | None = None
    customer_kind: Kept[CustomerKind] = None
    source: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Customer = load(Customer, self.id)
        own = self.own(state.own)
        self.fitting(load, at, own, whole=False)
        for event in state.change(**self.told(*DETAILS), own=own):
            yield self.stream, event
        if state.customer_class != load(Customer, self.id).customer_class:
            yield from kept(load, self.id, "review", at, at)


class RateCustomer(Command, of=Customer):
    """Say how much a customer matters, from A to C; null takes the rating back."""

    importance: Importance | None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for event in load(Customer, self.id).rate(self.importance):
            yield self.stream, event
            yield from kept(load, self.id, "review", at, at)


class ReassignCustomer(Command, of=Customer):
    """Hand a customer over to another owner, or assign it from a public pool; its history stays
    whole.
    """

    added = (*Command.added, "opportunities")
    by_share: ClassVar[bool] = False

    owner: Id
    department: Id | None = DEPARTMENT
    region: Id | None = REGION
    reason: Text
    opportunities: Truth = Field(
        True, description="Whether the owner's open opportunities with the customer go along."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        customer.known()
        who = attribution(load, self.owner, self.department, self.region)
        if customer.pooled is not None:
            yield from caseload.counted(load, self.owner)
            if refused := over_cap(load, customer.pooled, self.owner, at):
                yield self.stream, refused
                return
        along = self.opportunities
        yield from handed_over(load, self.id, who, self.reason, at, opportunities=along)


class AddContact(Command, of=Customer):
    """Add a person to talk to at a customer."""

    contact: Id
    name: Personal[Text]
    title: Text | None = None
    phone: Personal[Text] | None = None
    email: Personal[Text] | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Customer = load(Customer, self.id)
        last, before = state.contacts.get(self.contact), None
        if last and last.there:
            before = load.event(Customer, self.id, contact_reference(self.contact, last.added))
        contact = ContactAdded(self.contact, self.name, self.title, self.phone, self.email)
        for event in state.add_contact(contact, before):
            yield self.stream, event


class ChangeContact(Change, of=Customer, when=Customer.has_contacts):
    """Correct the details of a contact; what is left out stays, and null clears it."""

    contact: Id
    name: Kept[Personal[Text]] = None
    title: Text | None = None
    phone: Personal[Text] | None = None
    email: Personal[Text] | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Customer = load(Customer, self.id)
        latest = contact_reference(self.contact, state.contact(self.contact).latest)
        now = load.event(Customer, self.id, latest)
        told = self.told("name", "title", "phone", "email")
        for event in state.change_contact(now, told) if now else ():
            yield self.stream, event


class RemoveContact(Command, of=Customer, when=Customer.has_contacts):
    """Remove a contact from a customer."""

    contact: Id

    def decide(self, state: Customer, at: datetime) -> Iterator[CustomerEvent]:
        return state.remove_contact(self.contact)


class FreezeCustomer(Command, of=Customer):
    """Stop all new business with a customer.

    Asked again with another reason, it corrects the reason.
    """

    reason: Text

    def decide(self, state: Customer, at: datetime) -> Iterator[CustomerEvent]:
        return state.freeze(self.reason)


class UnfreezeCustomer(Command, of=Customer, when=lambda customer: customer.frozen is not None):
    """Do business with a frozen customer again."""

    def decide(self, state: Customer, at: datetime) -> Iterator[CustomerEvent]:
        return state.unfreeze()


class WithdrawCustomer(Withdrawal, of=Customer):
    """Take back a customer that was registered by mistake, where nothing names it yet.

    It is in no list unless asked for, and its id may be registered anew. Asked again with another
    reason, it corrects the reason.
    """

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        owner = load(Customer, self.id).owner
        yield from super().across(load, at)
        yield from caseload.moved(load, self.id, owner, "")
