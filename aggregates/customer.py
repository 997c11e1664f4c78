"""A customer has one owner at any time, and no handover loses what went before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, Self

from aggregates import Aggregate, Event, Personal, Refused, Unknown, imprint

CustomerKind = Literal["dealer", "retailer", "wholesaler", "end_customer", "supplier"]


class CustomerRegistered(Event):
    name: str
    customer_kind: CustomerKind
    owner: str
    department: str
    region: str
    city: str | None
    country: str | None
    source: str | None


class CustomerDetailsChanged(Event):
    name: str
    city: str | None
    country: str | None


class CustomerReassigned(Event):
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


class ContactRemoved(Event):
    contact: str


class CustomerFrozen(Event):
    reason: str


class CustomerUnfrozen(Event):
    pass


CustomerEvent = (
    CustomerRegistered
    | CustomerDetailsChanged
    | CustomerReassigned
    | ContactAdded
    | ContactRemoved
    | CustomerFrozen
    | CustomerUnfrozen
)
REMOVED = ""


class CustomerTaken(Refused):
    """The id belongs to a customer registered with other details."""


class ContactTaken(Refused):
    """The id belongs to a contact with other details."""


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
    frozen: str | None = None  # the reason, while it lasts
    contacts: Mapping[str, str] = field(default_factory=dict)  # imprints; "" once removed

    def register(self, customer: CustomerRegistered) -> Iterator[CustomerEvent]:
        if self.registered is None:
            yield customer
        elif self.registered != customer:
            raise CustomerTaken(
                f"This id belongs to {self.name}. Choose another id, or change the details.",
                f"此编号已属于 {self.name}。请换一个编号，或修改其资料。",
            )

    def change(self, **told: Any) -> Iterator[CustomerEvent]:
        """Change what is told of name, city and country, and keep the rest."""
        self.known()
        after = replace(self, **told)
        if after != self:
            yield CustomerDetailsChanged(after.name, after.city, after.country)

    def reassign(
        self, owner: str, department: str, region: str, reason: str
    ) -> Iterator[CustomerEvent]:
        self.known()
        before, after = (self.owner, self.department, self.region), (owner, department, region)
        if before != after:
            yield CustomerReassigned(*before, *after, reason)

    def add_contact(self, contact: ContactAdded) -> Iterator[CustomerEvent]:
        self.known()
        before = self.contacts.get(contact.contact, REMOVED)
        if before == REMOVED:
            yield contact
        elif before != imprint(contact):
            raise ContactTaken(
                f"Contact {contact.contact} exists with other details. Remove it first.",
                f"联系人 {contact.contact} 已存在，资料不同。请先移除。",
            )

    def remove_contact(self, contact: str) -> Iterator[CustomerEvent]:
        self.known()
        if contact not in self.contacts:
            raise Unknown(
                f"{self.name} has no contact {contact}. Check the contact's id.",
                f"{self.name} 没有联系人 {contact}。请检查联系人编号。",
            )
        if self.contacts[contact] != REMOVED:
            yield ContactRemoved(contact)

    def freeze(self, reason: str) -> Iterator[CustomerEvent]:
        self.known()
        if self.frozen is None:
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

    def evolve(self, event: CustomerEvent) -> Self:
        match event:
            case CustomerRegistered(name, kind, owner, department, region, city, country):
                born = replace(self, registered=event, name=name, customer_kind=kind, city=city)
                born = replace(born, owner=owner, department=department, region=region)
                return replace(born, country=country)
            case CustomerDetailsChanged(name, city, country):
                return replace(self, name=name, city=city, country=country)
            case CustomerReassigned(_, _, _, owner, department, region):
                return replace(self, owner=owner, department=department, region=region)
            case ContactAdded(contact):
                return replace(self, contacts={**self.contacts, contact: imprint(event)})
            case ContactRemoved(contact):
                return replace(self, contacts={**self.contacts, contact: REMOVED})
            case CustomerFrozen(reason):
                return replace(self, frozen=reason)
            case CustomerUnfrozen():
                return replace(self, frozen=None)
