"""A customer has one owner at any time, and no handover loses what went before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self

from aggregates import OWN_ID, Aggregate, Event, Refused, Unknown, again, refuse_unequal, repeats
from aggregates.calendar import format_instant
from aggregates.customers.customer import contacts
from aggregates.customers.customer.contacts import DETAILS, Contact
from aggregates.customers.customer.events import REGISTERED as REGISTERED
from aggregates.customers.customer.events import ClaimRefused as ClaimRefused
from aggregates.customers.customer.events import ContactAdded as ContactAdded
from aggregates.customers.customer.events import ContactChanged as ContactChanged
from aggregates.customers.customer.events import ContactMoved as ContactMoved
from aggregates.customers.customer.events import ContactRemoved as ContactRemoved
from aggregates.customers.customer.events import CustomerClaimed as CustomerClaimed
from aggregates.customers.customer.events import CustomerDetailsChanged as CustomerDetailsChanged
from aggregates.customers.customer.events import CustomerEvent as CustomerEvent
from aggregates.customers.customer.events import CustomerFrozen as CustomerFrozen
from aggregates.customers.customer.events import CustomerKind as CustomerKind
from aggregates.customers.customer.events import CustomerMerged as CustomerMerged
from aggregates.customers.customer.events import CustomerPooled as CustomerPooled
from aggregates.customers.customer.events import (
    CustomerProfileChanged as CustomerProfileChanged,
)
from aggregates.customers.customer.events import CustomerRated as CustomerRated
from aggregates.customers.customer.events import CustomerReassigned as CustomerReassigned
from aggregates.customers.customer.events import CustomerReclassified as CustomerReclassified
from aggregates.customers.customer.events import CustomerRegistered as CustomerRegistered
from aggregates.customers.customer.events import CustomerUnfrozen as CustomerUnfrozen
from aggregates.customers.customer.events import CustomerUnmerged as CustomerUnmerged
from aggregates.customers.customer.events import CustomerWithdrawn as CustomerWithdrawn
from aggregates.customers.customer.events import Importance as Importance
from aggregates.customers.customer.events import Influence as Influence
from aggregates.customers.customer.events import Level as Level
from aggregates.customers.customer.events import PoolCause as PoolCause
from aggregates.customers.customer.events import PoolDeadlineReminded as PoolDeadlineReminded
from aggregates.customers.customer.events import PoolDeadlineSet as PoolDeadlineSet
from aggregates.customers.customer.events import Size as Size
from aggregates.customers.customer.events import contact_reference as contact_reference
from aggregates.customers.customer.network import PartnerPlaced as PartnerPlaced
from aggregates.customers.customer.own_fields import OwnValue
from aggregates.customers.customer.tenure import Tenure as Tenure

PROFILE = "industry", "size", "customer_class", "own", "tax_id", "phone"
TOLD = frozenset(("name", "customer_kind", "city", "country", "source", "importance", *PROFILE))
"""What is told of a customer, by events that call it so as well."""


class FrozenCustomer(Refused):
    """Nothing is sold to a frozen customer."""


class MergedAway(Refused):
    """Business is done with the customer that one was merged into."""


class InPool(Refused):
    """Business is done by an owner, and a customer in a public pool has none."""


class NotInPool(Refused):
    """What has an owner is not there to be claimed."""


class PoolStay(NamedTuple):
    """Which pool a customer is in, since when, and who had it before and gave it up, why."""

    pool: str
    since: datetime
    from_owner: str
    reason: str | None


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
    industry: str | None = None
    size: Size | None = None
    customer_class: str | None = None
    own: tuple[OwnValue, ...] = ()
    tax_id: str | None = None
    phone: str | None = None
    handed_over: str | None = None  # why, the last time
    frozen: str | None = None  # the reason, while it lasts
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    withdrawn: str | None = None  # the reason, while it lasts
    merged: CustomerMerged | None = None  # while it is another one
    unmerged: str | None = None  # why it is one of its own again
    registrations: int = 0
    tenure: Tenure = field(default_factory=Tenure)
    pooled: PoolStay | None = None  # while it is in a public pool
    placed: PartnerPlaced | None = None  # in the sales network

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
        """Change what is told of it, and keep the rest."""
        self.known()
        after = replace(self, **told)
        if (after.name, after.city, after.country) != (self.name, self.city, self.country):
            yield CustomerDetailsChanged(after.name, after.city, after.country)
        before, now = (self.customer_kind, self.source), (after.customer_kind, after.source)
        if now != before:
            yield CustomerReclassified(*before, *now)  # type: ignore[arg-type]
        profile: dict[str, Any] = {name: getattr(after, name) for name in PROFILE}
        if profile != {name: getattr(self, name) for name in PROFILE}:
            yield CustomerProfileChanged(**profile)

    def rate(self, importance: Importance | None) -> Iterator[CustomerEvent]:
        self.known()
        if importance != self.importance:
            yield CustomerRated(importance)

    def reassign(
        self, owner: str, department: str, region: str, reason: str
    ) -> Iterator[CustomerEvent]:
        self.known()
        before, after = self.whose, (owner, department, region)
        if before != after or reason != self.handed_over:
            yield CustomerReassigned(*before, *after, reason)

    @property
    def merged_into(self) -> str | None:
        return self.merged.into if self.merged else None

    def merge(self, own: str, into: str, reason: str) -> Iterator[CustomerEvent]:
        """Another one stays, that is known and merged into none itself."""
        self.known()
        if own == into or self.merged_into not in (None, into):
            raise MergedAway(
                f"{own} is {self.merged_into or own} already. Unmerge it first, or name another.",
                f"{own} 已是 {self.merged_into or own}。请先取消合并，或指定其他客户。",
            )
        if self.merged != (asked := CustomerMerged(into, reason)):
            yield asked

    def unmerge(self, reason: str) -> Iterator[CustomerEvent]:
        self.known()
        if self.merged is not None:
            yield CustomerUnmerged(self.merged.into, reason)
        elif self.unmerged is not None:
            refuse_unequal(("reason", self.unmerged, reason))

    def not_merged(self) -> None:
        if self.merged is not None:
            raise MergedAway(
                f"{self.name} was merged into {self.merged.into}. Ask for {self.merged.into}.",
                f"{self.name} 已合并到 {self.merged.into}。请改用 {self.merged.into}。",
            )

    def set_pool_deadline(self, event: PoolDeadlineSet) -> Iterator[CustomerEvent]:
        """Say when it goes to a pool, where that is another time than before."""
        self.known()
        if self.pooled is None and self.merged is None and self.tenure.folded(event) != self.tenure:
            yield event

    def remind_of_pool(
        self, reminded: PoolDeadlineReminded, at: datetime
    ) -> Iterator[CustomerEvent]:
        if self.tenure.remind_at is not None and self.tenure.remind_at <= at:
            yield reminded

    def pool(self, pooled: CustomerPooled) -> Iterator[CustomerEvent]:
        self.known()
        if self.pooled is None and self.merged is None:
            yield pooled

    def claimable(self, owner: str) -> PoolStay | None:
        """The pool that it may be claimed from; None where it is the claimer's already."""
        self.served()
        if self.pooled is None and self.owner != owner:
            raise NotInPool(
                f"{self.name} is in no pool: it is {self.owner}'s. Claim another customer, or ask"
                " for it to be handed over.",
                f"{self.name} 不在公海中：负责人是 {self.owner}。请领取其他客户，或申请转交。",
            )
        return self.pooled

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
        before = {name: getattr(now, name) for name in DETAILS}
        if (after := {**before, **told}) != before:
            revision = self.contact(now.contact).latest + 1
            yield ContactChanged(now.contact, **after, revision=revision)

    def remove_contact(self, contact: str) -> Iterator[CustomerEvent]:
        self.known()
        if contact not in self.contacts:
            raise self._no_contact(contact)
        if self.contacts[contact].there:
            yield ContactRemoved(contact)

    def move_contact(self, contact: str, customer: str, to_contact: str) -> Iterator[CustomerEvent]:
        self.known()
        last = self.contacts.get(contact)
        if last is None or last.moved_to != (customer, to_contact):
            self.contact(contact)
            yield ContactMoved(contact, customer, to_contact)

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

    def owned(self) -> None:
        """Refuse new business with a customer that is another one, or in a public pool."""
        self.not_merged()
        if self.pooled is not None:
            since = format_instant(self.pooled.since)
            raise InPool(
                f"{self.name} is in the public pool {self.pooled.pool} since {since}."
                " Claim it first.",
                f"{self.name} 自 {since} 起在公海 {self.pooled.pool} 中。请先领取。",
            )

    @property
    def whose(self) -> tuple[str, str, str]:
        return self.owner, self.department, self.region

    @property
    def dimensions(self) -> Mapping[str, str]:
        place = {"department": self.department, "region": self.region}
        return {**place, "owner": self.owner, "dealer": OWN_ID}

    def evolve(self, event: CustomerEvent) -> Self:
        match event:
            case CustomerRegistered(owner=owner, department=department, region=region):
                count = max(1, event.revision or 0)
                born = type(self)(event, contacts=self.contacts, registrations=count)
                return replace(born, owner=owner, department=department, region=region).told(event)
            case CustomerDetailsChanged() | CustomerReclassified():
                return self.told(event)
            case CustomerProfileChanged() | CustomerRated():
                return self.told(event)
            case CustomerReassigned() | CustomerClaimed():
                return self._owned(event)
            case CustomerPooled():
                return self._given_up(event)
            case PoolDeadlineSet() | PoolDeadlineReminded():
                return replace(self, tenure=self.tenure.folded(event))
            case ClaimRefused():
                return self
            case PartnerPlaced():
                return replace(self, placed=event)
            case ContactAdded() | ContactChanged() | ContactRemoved() | ContactMoved():
                told = contacts.told(self.contacts.get(event.contact), event)
                return replace(self, contacts={**self.contacts, event.contact: told})
            case CustomerMerged() | CustomerUnmerged():
                merged = event if isinstance(event, CustomerMerged) else None
                return replace(self, merged=merged, unmerged=None if merged else event.reason)
            case CustomerFrozen(reason):
                return replace(self, frozen=reason)
            case CustomerUnfrozen():
                return replace(self, frozen=None)
            case CustomerWithdrawn(reason):
                left = {name: one._replace(there=False) for name, one in self.contacts.items()}
                count = self.registrations
                return type(self)(contacts=left, withdrawn=reason, registrations=count)

    def told(self, event: Event) -> Self:
        """With what an event says of what is told of a customer."""
        return replace(self, **{name: value for name, value in vars(event).items() if name in TOLD})

    def _given_up(self, event: CustomerPooled) -> Self:
        stay = PoolStay(event.pool, event.pooled_at, event.from_owner, event.reason)
        left = replace(self, owner="", department=event.department, region=event.region)
        return replace(left, pooled=stay, tenure=Tenure(deal=self.tenure.deal))

    def _owned(self, event: CustomerReassigned | CustomerClaimed) -> Self:
        reason = event.reason if isinstance(event, CustomerReassigned) else None
        moved = replace(self, owner=event.owner, department=event.department, region=event.region)
        return replace(moved, handed_over=reason, pooled=None)
