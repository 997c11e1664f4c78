"""What may be asked about interactions with customers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from aggregates.calendar import days_later
from aggregates.customers.customer import Customer
from aggregates.customers.customer_class import ClassSettings
from aggregates.customers.interaction import (
    RECORDED,
    Interaction,
    InteractionRecorded,
    InteractionStatus,
    Way,
)
from commands import Command, Decision, Id, Load
from commands.authorisation import person_of
from commands.business import assignee
from commands.change import Change, Kept
from commands.customers.pool_deadline import kept
from commands.fields import LongText, When, last_of
from commands.settings import in_force

CONTACT = Field(None, description="The contact of the customer with whom it was.")
DETAILS = "contact", "way", "text", "status", "solution"


class NextContact(NamedTuple):
    """When, and the version of the settings that says so, where nobody told it."""

    at: datetime | None
    settings: str | None = None


class InteractionCommand(Command):
    """A request about one interaction with one customer."""

    # A class variable is no field: nobody is asked for an id that follows from the rest.
    id: ClassVar[Any] = property(  # type: ignore[misc]
        lambda self: Interaction.id_of(self.customer, self.interaction)
    )

    customer: Id
    interaction: Id = Field(description="Its own id, one for each of the customer's.")


class RecordInteraction(InteractionCommand, of=Interaction):
    """Record a contact with a customer. It counts as a follow-up: its owner keeps the customer.

    With a next contact, whoever had it gets a task that is due then.
    """

    begins: ClassVar[bool] = True

    contact: Id | None = CONTACT
    way: Way
    text: LongText = Field(description="What was said and done.")
    owner: Id | None = Field(
        None, description="Who had it: the person of the account, or the customer's owner."
    )
    next_contact: When | None = Field(
        None,
        description="When to contact the customer again: after the days of its class, where"
        " customers.classes says so.",
    )
    status: InteractionStatus = "open"
    solution: LongText | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Interaction = load(Interaction, self.id)
        customer: Customer = load(Customer, self.customer)
        if state.recorded is None:
            customer.known()
            if self.contact is not None:
                customer.contact(self.contact)
            owner = assignee(load, self._owner(load, customer)).owner
            happened_at, next_contact = at, self._next(load, customer, at)
        else:
            load.event(Interaction, self.id, RECORDED)  # so that the answer tells of it
            owner = self.owner or state.recorded.owner
            happened_at = state.recorded.happened_at
            by_class = self.next_contact is None and state.recorded.settings is not None
            next_contact = (
                NextContact(state.recorded.next_contact, state.recorded.settings)
                if by_class
                else self._next_told()
            )
        for event in state.record(self._told(owner, happened_at, next_contact)):
            yield self.stream, event
            yield from kept(load, self.customer, "follow_up", at, at)

    def _owner(self, load: Load, customer: Customer) -> str:
        return self.owner or person_of(load, load.actor) or customer.owner

    def _next(self, load: Load, customer: Customer, at: datetime) -> NextContact:
        """As it is told, or by the class of the customer."""
        settings, version = in_force(load, ClassSettings, at)
        grade = settings.named(customer.customer_class)
        if self.next_contact is None and grade and grade.contact_days is not None:
            return NextContact(days_later(at, grade.contact_days), version)
        return self._next_told()

    def _next_told(self) -> NextContact:
        return NextContact(None if self.next_contact is None else last_of(self.next_contact))

    def _told(self, owner: str, at: datetime, after: NextContact) -> InteractionRecorded:
        told = self.customer, self.contact, self.way, self.text, owner, at, after.at
        return InteractionRecorded(*told, self.status, self.solution, after.settings)


class ChangeInteraction(InteractionCommand, Change, of=Interaction):
    """Correct an interaction, or say how it was settled; what is left out stays, and null clears
    it.
    """

    contact: Id | None = CONTACT
    way: Kept[Way] = None
    text: Kept[LongText] = None
    status: Kept[InteractionStatus] = None
    solution: LongText | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Interaction = load(Interaction, self.id)
        state.known()
        if self.contact is not None:
            load(Customer, self.customer).contact(self.contact)
        for event in state.change(**self.told(*DETAILS)):
            yield self.stream, event
