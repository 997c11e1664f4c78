"""What may be asked about customers and their contacts."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from aggregates.customer import ContactAdded, Customer, CustomerEvent, CustomerKind
from aggregates.customer import CustomerRegistered as Registered
from commands import Command, Decision, Id, Load, Text
from commands.business import attribution
from commands.change import Change, Kept

DEPARTMENT = Field(None, description="The owner's department now, unless told otherwise.")
REGION = Field(None, description="The owner's region now, unless told otherwise.")


class RegisterCustomer(Command, of=Customer):
    """Register a dealer, retailer, wholesaler, end customer or supplier under its owner."""

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
            who = self.owner, self.department or first.department, self.region or first.region
        else:
            who = attribution(load, self.owner, self.department, self.region)
        place = self.city, self.country, self.source
        for event in state.register(Registered(self.name, self.customer_kind, *who, *place)):
            yield self.stream, event


class ChangeCustomerDetails(Change, of=Customer):
    """Change a customer's name or place; what is left out stays, and null clears it."""

    name: Kept[Text] = None
    city: Text | None = None
    country: Text | None = None

    def decide(self, state: Customer, at: datetime) -> Iterator[CustomerEvent]:
        return state.change(**self.told("name", "city", "country"))


class ReassignCustomer(Command, of=Customer):
    """Hand a customer over to another owner; its history stays whole."""

    owner: Id
    department: Id | None = DEPARTMENT
    region: Id | None = REGION
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Customer = load(Customer, self.id)
        state.known()
        who = attribution(load, self.owner, self.department, self.region)
        for event in state.reassign(*who, self.reason):
            yield self.stream, event


class AddContact(Command, of=Customer):
    """Add a person to talk to at a customer."""

    contact: Id
    name: Text
    title: Text | None = None
    phone: Text | None = None
    email: Text | None = None

    def decide(self, state: Customer, at: datetime) -> Iterator[CustomerEvent]:
        contact = ContactAdded(self.contact, self.name, self.title, self.phone, self.email)
        return state.add_contact(contact)


class RemoveContact(Command, of=Customer):
    """Remove a contact from a customer."""

    contact: Id

    def decide(self, state: Customer, at: datetime) -> Iterator[CustomerEvent]:
        return state.remove_contact(self.contact)


class FreezeCustomer(Command, of=Customer):
    """Stop all new business with a customer."""

    reason: Text

    def decide(self, state: Customer, at: datetime) -> Iterator[CustomerEvent]:
        return state.freeze(self.reason)


class UnfreezeCustomer(Command, of=Customer):
    """Do business with a frozen customer again."""

    def decide(self, state: Customer, at: datetime) -> Iterator[CustomerEvent]:
        return state.unfreeze()
