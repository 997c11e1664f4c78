"""What may be asked about customers and their contacts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from aggregates import Personal, Refused
from aggregates.customers.customer import (
    ContactAdded,
    Customer,
    CustomerEvent,
    CustomerKind,
    Importance,
    Influence,
    Level,
    contact_reference,
)
from aggregates.customers.customer import CustomerRegistered as Registered
from aggregates.customers.customer.contacts import DETAILS as CONTACT_DETAILS
from aggregates.customers.customer.contacts import OF_PERSON
from aggregates.customers.numbers import CustomerNumbers
from commands import Command, Day, Decision, Id, Load, Text, registers
from commands.business import attribution
from commands.change import Change, Kept
from commands.customers import caseload
from commands.customers.own_fields import PROFILE, CustomerProfile
from commands.customers.pool import over_cap
from commands.customers.pool_deadline import kept
from commands.customers.portfolio import handed_over
from commands.customers.unique import taken
from commands.fields import Truth
from commands.numbers import Numbered
from commands.withdrawal import Withdrawal

DEPARTMENT = Field(None, description="The owner's department now, unless told otherwise.")
DETAILS = ("name", "city", "country", "customer_kind", "source", *PROFILE)
REGION = Field(None, description="The owner's region now, unless told otherwise.")


class RegisterCustomer(Numbered, CustomerProfile, of=Customer):
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
        own = self.own()
        if first := state.registered:  # a repeat means the structure of its own day
            load.event(Customer, self.id, first.recorded_under())  # so that the answer tells of it
            who = self.owner, self.department or first.department, self.region or first.region
        else:
            who = attribution(load, self.owner, self.department, self.region)
            self.fitting(load, at, own, whole=True)
        told = self.name, self.customer_kind, *who, self.city, self.country, self.source
        profile: dict[str, Any] = {name: getattr(self, name) for name in PROFILE}
        for event in state.register(Registered(*told, **profile, own=own)):
            yield self.stream, event
            yield from taken(load, self.id, at)
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
        if state is not load(Customer, self.id):
            yield from taken(load, self.id, at)
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


class NotElsewhere(Refused):
    """Who moves goes to another employer."""


class ContactDetails(Command):
    """What may be told of a person besides the name."""

    added = (*Command.added, "birthday", "hobbies", "project", "need_focus", "level", "influence")

    title: Text | None = Field(None, description="The post that the person has there.")
    phone: Personal[Text] | None = None
    email: Personal[Text] | None = None
    birthday: Personal[Day] | None = None
    hobbies: Personal[Text] | None = None
    project: Text | None = Field(None, description="What the person works on.")
    need_focus: Text | None = Field(None, description="What the person looks at in what is bought.")
    level: Level | None = None
    influence: Influence | None = Field(None, description="What the person's word does to a deal.")


class AddContact(ContactDetails, of=Customer):
    """Add a person to talk to at a customer."""

    contact: Id
    name: Personal[Text]

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Customer = load(Customer, self.id)
        last, before = state.contacts.get(self.contact), None
        if last and last.there:
            before = load.event(Customer, self.id, contact_reference(self.contact, last.added))
        told = {name: getattr(self, name) for name in CONTACT_DETAILS}
        contact = ContactAdded(self.contact, **told)
        if before is not None:  # where the person came from is not told anew
            came = before.from_customer, before.from_contact
            contact = replace(contact, from_customer=came[0], from_contact=came[1])
        for event in state.add_contact(contact, before):
            yield self.stream, event


class ChangeContact(ContactDetails, Change, of=Customer, when=Customer.has_contacts):
    """Tell what is new of a contact, such as another post; what is left out stays, and null clears
    it. As of an earlier moment the contact is as it was then.
    """

    contact: Id
    name: Kept[Personal[Text]] = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Customer = load(Customer, self.id)
        latest = contact_reference(self.contact, state.contact(self.contact).latest)
        now = load.event(Customer, self.id, latest)
        told = self.told(*CONTACT_DETAILS)
        for event in state.change_contact(now, told) if now else ():
            yield self.stream, event


class MoveContact(Command, of=Customer, when=Customer.has_contacts):
    """Tell that a contact works for another customer now. The person goes along with name, phone,
    birth date and hobbies; what belongs to the post before stays there, as of then.
    """

    contact: Id
    customer: Id = Field(description="The employer from now on.")
    to_contact: Id | None = Field(None, description="Its id there: the same, unless told.")
    title: Text | None = Field(None, description="The post that the person has there.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: Customer = load(Customer, self.id)
        after: Customer = registers.found(load, Customer, self.customer)
        after.known()
        if self.customer == self.id:
            raise NotElsewhere(
                f"{self.contact} works for {self.id} already. Tell what is new: change-contact.",
                f"{self.contact} 已在 {self.id} 任职。请用 change-contact 更改其信息。",
            )
        to_contact = self.to_contact or self.contact
        latest = before.contacts.get(self.contact)
        reference = contact_reference(self.contact, latest.latest if latest else 0)
        now = load.event(Customer, self.id, reference)
        moved = list(before.move_contact(self.contact, self.customer, to_contact))
        there = after.contacts.get(to_contact)
        known = there and load.event(
            Customer, self.customer, contact_reference(to_contact, there.added)
        )
        if now is None:
            return
        person = {name: getattr(now, name) for name in OF_PERSON}
        came = ContactAdded(
            to_contact, title=self.title, **person, from_customer=self.id, from_contact=self.contact
        )
        for event in moved:
            yield self.stream, event
        for event in after.add_contact(came, known if there and there.there else None):
            yield Customer.stream(self.customer), event


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
