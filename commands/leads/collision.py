"""What may be asked about collisions, and who else works the customer or the deal of a lead."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from aggregates import Aggregate
from aggregates.customers.customer import Customer, contact_reference
from aggregates.customers.portfolio import Portfolio
from aggregates.leads.collision import Collision, CollisionFound, OtherKind, Ruling
from aggregates.leads.conversion import ConversionSettings
from aggregates.leads.lead import HELD, Lead
from aggregates.leads.lead.events import LeadDetails
from aggregates.likeness import EQUAL, Alike, Likeness, Traits, compare, keys
from aggregates.mentions import ThingRef
from commands import Command, Decision, Id, Load, Text
from commands.authorisation import person_of
from commands.leads.desk import followed
from commands.settings import in_force

MOST = 200
"""Things that are compared by one key: what so many have tells nothing."""
NAMED = Alike(EQUAL, ("named",))


class Other(NamedTuple):
    """Who may have the same customer or deal."""

    kind: OtherKind
    id: str
    owner: str
    department: str
    region: str
    alike: Alike


class FindCollisions(Command, of=Lead, when=lambda lead: lead.status in HELD):
    """Look who works the customer or the deal of a lead already, before it is converted.

    Whoever looks sees the collisions with what he may see himself.
    """

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        lead: Lead = load(Lead, self.id)
        lead.live()
        yield from found(load, self.id, lead.customer, at)


class RuleCollision(Command, of=Collision, when=lambda one: one.ruled is None):
    """Rule, once and with a reason, whose a customer or a deal is that a lead collides with.

    It may be `separate`: then it does not count. Whoever works it `keeps` it, or the owner of the
    lead `takes` it, or with a customer both work it (`shares`). Of two leads, the one that is not
    kept is disqualified as a duplicate. Neither of the two rules himself.
    """

    # A class variable is no field: nobody is asked for an id that follows from the rest.
    id: ClassVar[Any] = property(  # type: ignore[misc]
        lambda self: Collision.id_of(self.lead, self.other_kind, self.other)
    )
    by_share: ClassVar[bool] = False

    lead: Id
    other_kind: OtherKind = "customer"
    other: Id = Field(description="The customer or the lead that it collides with.")
    ruling: Ruling
    reason: Text

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Collision, self.id
        yield Lead, self.lead

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        collision: Collision = load(Collision, self.id)
        person = person_of(load, load.actor)
        for event in collision.rule(self.ruling, self.reason, person):
            yield self.stream, event
            if self.other_kind == "lead" and self.ruling != "separate":
                loser = self.lead if self.ruling == "keeps" else self.other
                yield from _duplicate(load, loser, self.reason)


def found(load: Load, id: str, target: str | None, at: datetime) -> Iterator[Decision]:
    """The collisions of a lead, as far as they are new; the customer `target` is looked at too."""
    lead: Lead = load(Lead, id)
    for other in others(load, id, target, at):
        deals = load(Portfolio, other.id).open if other.kind == "customer" else ()
        who = other.owner, other.department, other.region
        event = CollisionFound(
            id,
            lead.who.owner,
            other.kind,
            ThingRef(other.kind, other.id),
            *who,
            deals,
            *other.alike,
        )
        name = Collision.id_of(id, other.kind, other.id)
        for each in load(Collision, name).find(event):
            yield Collision.stream(name), each


def others(load: Load, id: str, target: str | None, at: datetime) -> Iterator[Other]:
    """Who may have the customer or the deal of a lead already.

    The customer that it goes to is no collision where it is the lead owner's own, or nobody's.
    """
    lead: Lead = load(Lead, id)
    details: LeadDetails | None = load.event(Lead, id, lead.details)
    traits = details.traits if details else Traits()
    least = in_force(load, ConversionSettings, at).settings.least_bp
    if target is not None:
        customer: Customer = load(Customer, target)
        if customer.owner not in ("", lead.who.owner):
            yield Other("customer", target, *customer.whose, NAMED)
    seen = {target}
    for stream in _candidates(load, traits):
        kind, _, name = stream.partition("-")
        if kind == Customer.kind and name != target:
            alike = compare(traits, traits_of(load, name), least)
            stays = load(Customer, name).merged_into or name
            customer = load(Customer, stays)
            if alike.by and customer.exists and stays not in seen:
                seen.add(stays)
                yield Other("customer", stays, *customer.whose, alike)
        elif kind == Lead.kind and name != id:
            other: Lead = load(Lead, name)
            if other.status in HELD and other.who.owner:
                told = load.event(Lead, name, other.details)
                alike = compare(traits, told.traits if told else Traits(), least)
                if alike.by:
                    yield Other("lead", name, *other.who, alike)


def traits_of(load: Load, id: str) -> Traits:
    """By what a customer is recognised: its name, its tax id, and how people there are reached."""
    customer: Customer = load(Customer, id)
    every = [customer, *(event for _, event in contacts_of(load, id))]
    phones = tuple(one.phone for one in every if one.phone)
    emails = tuple(one.email for one in every[1:] if one.email)
    return Traits(customer.name, phones, emails, customer.tax_id)


def contacts_of(load: Load, id: str) -> Iterator[tuple[str, Any]]:
    """The contacts of a customer that are there, each as it was told last."""
    for name, contact in load(Customer, id).contacts.items():
        if contact.there:
            event = load.event(Customer, id, contact_reference(name, contact.latest))
            if event is not None:
                yield name, event


def _candidates(load: Load, traits: Traits) -> Iterator[str]:
    seen = dict[str, None]()
    for key in keys(traits):
        seen |= dict.fromkeys(islice(load.naming(Likeness, key), MOST))
    return iter(seen)


def _duplicate(load: Load, id: str, reason: str) -> Iterator[Decision]:
    before: Lead = load(Lead, id)
    if before.status in HELD:
        for event in before.disqualify("duplicate", reason):
            yield Lead.stream(id), event
        yield from followed(load, id, before)
