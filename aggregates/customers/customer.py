"""A customer has one owner at any time, and no handover loses what went before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, NamedTuple, Self

from aggregates import (
    OWN_ID,
    Aggregate,
    Event,
    Personal,
    Refused,
    Unknown,
    again,
    anew,
    repeats,
)

CustomerKind = Literal["dealer", "retailer", "wholesaler", "end_customer", "supplier"]
Importance = Literal["A", "B", "C"]
REGISTERED = "registered"


def contact_reference(contact: str, revision: int) -> str:
    return f"contact:{contact}:{revision}"


class CustomerRegistered(Event):
    name: str
    customer_kind: CustomerKind
    owner: str
    department: str
    region: str
    city: str | None
    country: str | None
    source: str | None
    revision: int | None = None

    def recorded_under(self) -> str:
        return anew(REGISTERED, self.revision)


class CustomerDetailsChanged(Event):
    name: str
    city: str | None
    country: str | None


class CustomerReclassified(Event):
    """What kind of customer it is and how it was found were told wrongly; what is past stays."""

    from_kind: CustomerKind
    from_source: str | None
    customer_kind: CustomerKind
    source: str | None


class CustomerRated(Event):
    """How much the customer matters; None is not rated."""

    importance: Importance | None


class CustomerReassigned(Event):
    """From an owner to himself, it corrects the reason."""

    from_owner: str
    from_department: str
    from_region: str
    owner: str
    department: str
    region: str
    reason: str


class ContactAdded(Event):
    contact: str
    name: Personal[str]
    title: str | None
    phone: Personal[str] | None
    email: Personal[str] | None
    revision: int | None = None

    def recorded_under(self) -> str:
        return contact_reference(self.contact, self.revision or 1)


class ContactChanged(Event):
    """All details as they are from now on; `revision` counts what was told of the contact."""

    contact: str
    name: Personal[str]
    title: str | None
    phone: Personal[str] | None
    email: Personal[str] | None
    revision: int

    def recorded_under(self) -> str:
        return contact_reference(self.contact, self.revision)


class ContactRemoved(Event):
    contact: str


class CustomerFrozen(Event):
    """Once more with another reason, it corrects the reason."""

    reason: str


class CustomerUnfrozen(Event):
    pass


class CustomerWithdrawn(Event):
    """It was entered by mistake. Once more with another reason, it corrects the reason."""

    reason: str


CustomerEvent = (
    CustomerRegistered
    | CustomerDetailsChanged
    | CustomerReclassified
    | CustomerRated
    | CustomerReassigned
    | ContactAdded
    | ContactChanged
    | ContactRemoved
    | CustomerFrozen
    | CustomerUnfrozen
    | CustomerWithdrawn
)


class Contact(NamedTuple):
    """Which of what was told of a contact counts: of the person, the state keeps nothing."""

    added: int
    latest: int
    there: bool


class FrozenCustomer(Refused):
    """Nothing is sold to a frozen customer."""


@dataclass(frozen=True)
class Customer(Aggregate):
    kind: ClassVar[str] = "customer"

    registered: CustomerRegistered | None = None  # as it was at first, to know a repeat
    name: str = ""
    customer_kind: str = ""
    owner: str = ""
    department: str = ""
    region: str = ""
    city: str | None = None
    country: str | None = None
    source: str | None = None
    importance: Importance | None = None
    handed_over: str | None = None  # why, the last time
    frozen: str | None = None  # the reason, while it lasts
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    withdrawn: str | None = None  # the reason, while it lasts
    registrations: int = 0

    @property
    def gone(self) -> bool:
        return self.withdrawn is not None

    def register(self, customer: CustomerRegistered) -> Iterator[CustomerEvent]:
        if not repeats(self.registered, customer, but=("revision",)):
            yield replace(customer, revision=again(self.registrations))

    def withdraw(self, reason: str) -> Iterator[CustomerEvent]:
        """Nothing may be built on it: whoever asks has looked."""
        if not self.gone:
            self.known()
        if self.withdrawn != reason:
            yield CustomerWithdrawn(reason)

    def change(self, **told: Any) -> Iterator[CustomerEvent]:
        """Change what is told of name, place, kind and source, and keep the rest."""
        self.known()
        after = replace(self, **told)
        if (after.name, after.city, after.country) != (self.name, self.city, self.country):
            yield CustomerDetailsChanged(after.name, after.city, after.country)
        before, now = (self.customer_kind, self.source), (after.customer_kind, after.source)
        if now != before:
            yield CustomerReclassified(*before, *now)  # type: ignore[arg-type]

    def rate(self, importance: Importance | None) -> Iterator[CustomerEvent]:
        self.known()
        if importance != self.importance:
            yield CustomerRated(importance)

    def reassign(
        self, owner: str, department: str, region: str, reason: str
    ) -> Iterator[CustomerEvent]:
        self.known()
        before, after = (self.owner, self.department, self.region), (owner, department, region)
        if before != after or reason != self.handed_over:
            yield CustomerReassigned(*before, *after, reason)

    def add_contact(
        self, contact: ContactAdded, before: ContactAdded | None
    ) -> Iterator[CustomerEvent]:
        """`before` is how the contact was added, where it is there."""
        self.known()
        if not repeats(before, contact, but=("revision",)):
            last = self.contacts.get(contact.contact)
            yield replace(contact, revision=last.latest + 1 if last else 1)

    def change_contact(
        self, now: ContactAdded | ContactChanged, told: Mapping[str, Any]
    ) -> Iterator[CustomerEvent]:
        names = "name", "title", "phone", "email"
        before = {name: getattr(now, name) for name in names}
        if (after := {**before, **told}) != before:
            revision = self.contact(now.contact).latest + 1
            yield ContactChanged(now.contact, **after, revision=revision)

    def remove_contact(self, contact: str) -> Iterator[CustomerEvent]:
        self.known()
        if contact not in self.contacts:
            raise self._no_contact(contact)
        if self.contacts[contact].there:
            yield ContactRemoved(contact)

    def contact(self, contact: str) -> Contact:
        self.known()
        found = self.contacts.get(contact)
        if found is None or not found.there:
            raise self._no_contact(contact)
        return found

    def _no_contact(self, contact: str) -> Unknown:
        return Unknown(
            f"{self.name} has no contact {contact}. Check the contact's id, or add the contact.",
            f"{self.name} 没有联系人 {contact}。请检查联系人编号，或先添加联系人。",
        )

    def has_contacts(self) -> bool:
        return any(one.there for one in self.contacts.values())

    def freeze(self, reason: str) -> Iterator[CustomerEvent]:
        self.known()
        if self.frozen != reason:
            yield CustomerFrozen(reason)

    def unfreeze(self) -> Iterator[CustomerEvent]:
        self.known()
        if self.frozen is not None:
            yield CustomerUnfrozen()

    def known(self) -> None:
        if self.registered is None:
            raise Unknown(
                "There is no such customer. Register the customer first.",
                "没有这个客户。请先登记客户。",
            )

    def served(self) -> None:
        """Refuse business with a customer that is unknown or frozen."""
        self.known()
        if self.frozen is not None:
            raise FrozenCustomer(
                f"{self.name} is frozen ({self.frozen}). Unfreeze it first.",
                f"{self.name} 已冻结（{self.frozen}）。请先解冻。",
            )

    @property
    def dimensions(self) -> Mapping[str, str]:
        place = {"department": self.department, "region": self.region}
        return {**place, "owner": self.owner, "dealer": OWN_ID}

    def evolve(self, event: CustomerEvent) -> Self:
        match event:
            case CustomerRegistered(name, kind, owner, department, region, city, country, source):
                before = type(self)(
                    contacts=self.contacts, registrations=max(1, event.revision or 0)
                )
                born = replace(before, registered=event, name=name, customer_kind=kind, city=city)
                born = replace(born, owner=owner, department=department, region=region)
                return replace(born, country=country, source=source)
            case CustomerDetailsChanged(name, city, country):
                return replace(self, name=name, city=city, country=country)
            case CustomerReclassified(_, _, kind, source):
                return replace(self, customer_kind=kind, source=source)
            case CustomerRated(importance):
                return replace(self, importance=importance)
            case CustomerReassigned(_, _, _, owner, department, region, reason):
                moved = replace(self, owner=owner, department=department, region=region)
                return replace(moved, handed_over=reason)
            case ContactAdded(contact) | ContactChanged(contact) | ContactRemoved(contact):
                told = _told(self.contacts.get(contact), event)
                return replace(self, contacts={**self.contacts, contact: told})
            case CustomerFrozen(reason):
                return replace(self, frozen=reason)
            case CustomerUnfrozen():
                return replace(self, frozen=None)
            case CustomerWithdrawn(reason):
                left = {name: one._replace(there=False) for name, one in self.contacts.items()}
                count = self.registrations
                return type(self)(contacts=left, withdrawn=reason, registrations=count)


def _told(before: Contact | None, event: ContactAdded | ContactChanged | ContactRemoved) -> Contact:
    latest = before.latest if before else 0
    match event:
        case ContactAdded(revision=revision):  # older builds did not count
            number = revision or latest + 1
            return Contact(number, number, there=True)
        case ContactChanged(revision=revision):
            return Contact(before.added if before else 1, revision, there=True)
        case ContactRemoved():
            return Contact(before.added if before else 0, latest, there=False)
