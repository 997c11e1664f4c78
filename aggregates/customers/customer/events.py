"""What may happen to a customer."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from aggregates import Event, Personal, anew, likeness
from aggregates.calendar import format_instant
from aggregates.customers.customer.network import PartnerPlaced
from aggregates.customers.customer.own_fields import OwnValue
from aggregates.likeness import Traits
from aggregates.marks import names

CustomerKind = Literal["dealer", "retailer", "wholesaler", "end_customer", "supplier"]
Importance = Literal["A", "B", "C"]
Size = Literal["micro", "small", "medium", "large"]
Trigger = Literal["follow_up", "opportunity", "deal"]
"""What an owner has not done for too long, so that the customer goes to a public pool."""
PoolCause = Literal["follow_up", "opportunity", "deal", "released"]
Activity = Literal["ownership", "follow_up", "opportunity", "deal", "review"]
Level = Literal["executive", "manager", "staff"]
Influence = Literal["decides", "influences", "advises", "uses"]
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
    industry: str | None = None
    size: Size | None = None
    customer_class: str | None = None
    own: tuple[OwnValue, ...] = ()
    tax_id: str | None = None
    phone: str | None = None

    def recorded_under(self) -> str:
        return anew(REGISTERED, self.revision)

    def likeness_keys(self) -> tuple[str, ...]:
        return likeness.keys(Traits.of(self.name, self.phone, tax_id=self.tax_id))


class CustomerDetailsChanged(Event):
    name: str
    city: str | None
    country: str | None

    def likeness_keys(self) -> tuple[str, ...]:
        return likeness.keys(Traits(self.name))


class CustomerReclassified(Event):
    """What kind of customer it is and how it was found were told wrongly; what is past stays."""

    from_kind: CustomerKind
    from_source: str | None
    customer_kind: CustomerKind
    source: str | None


class CustomerProfileChanged(Event):
    """All of it as it is from now on; `own` are the values of the company's own fields."""

    industry: str | None
    size: Size | None
    customer_class: str | None
    own: tuple[OwnValue, ...]
    tax_id: str | None = None
    phone: str | None = None

    def likeness_keys(self) -> tuple[str, ...]:
        return likeness.keys(Traits.of(phone=self.phone, tax_id=self.tax_id))


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
    """`from_customer` is the employer before, where the person was `from_contact`."""

    contact: str
    name: Personal[str]
    title: str | None
    phone: Personal[str] | None
    email: Personal[str] | None
    revision: int | None = None
    birthday: Personal[date] | None = None
    hobbies: Personal[str] | None = None
    project: str | None = None
    need_focus: str | None = None
    level: Level | None = None
    influence: Influence | None = None
    from_customer: Annotated[str | None, names("customer")] = None
    from_contact: str | None = None

    def recorded_under(self) -> str:
        return contact_reference(self.contact, self.revision or 1)

    def likeness_keys(self) -> tuple[str, ...]:
        return likeness.keys(reached_at(self))


class ContactChanged(Event):
    """All details as they are from now on; `revision` counts what was told of the contact."""

    contact: str
    name: Personal[str]
    title: str | None
    phone: Personal[str] | None
    email: Personal[str] | None
    revision: int
    birthday: Personal[date] | None = None
    hobbies: Personal[str] | None = None
    project: str | None = None
    need_focus: str | None = None
    level: Level | None = None
    influence: Influence | None = None

    def recorded_under(self) -> str:
        return contact_reference(self.contact, self.revision)

    def likeness_keys(self) -> tuple[str, ...]:
        return likeness.keys(reached_at(self))


def reached_at(contact: ContactAdded | ContactChanged) -> Traits:
    """By what a contact is recognised."""
    return Traits.of(phone=contact.phone, email=contact.email)


class ContactRemoved(Event):
    contact: str


class ContactMoved(Event):
    """The person works for another customer now, and is `to_contact` there."""

    contact: str
    to_customer: Annotated[str, names("customer")]
    to_contact: str


class CustomerFrozen(Event):
    """Once more with another reason, it corrects the reason."""

    reason: str


class CustomerUnfrozen(Event):
    pass


class CustomerWithdrawn(Event):
    """It was entered by mistake. Once more with another reason, it corrects the reason."""

    reason: str


class CustomerMerged(Event):
    """It is another one, entered twice. Once more with another reason, it corrects the reason."""

    into: Annotated[str, names("customer")]
    reason: str


class CustomerUnmerged(Event):
    """It is one of its own again."""

    into: Annotated[str, names("customer")]
    reason: str


class PoolDeadlineSet(Event, anytime=True):
    """After something was done with a customer: when it goes to which pool, unless more is done.

    It goes there for want of what `trigger` names, `days` after the last time. Without a pool it
    stays with its owner. `settings` is the version that says so.
    """

    activity: Activity
    happened_at: datetime
    pool: str | None
    trigger: Trigger | None
    days: int | None
    remind_at: datetime | None
    pool_at: datetime | None
    settings: str | None


class PoolDeadlineReminded(Event):
    """The owner was told that the customer is about to go to a pool."""

    owner: str
    pool: str
    trigger: Trigger
    pool_at: datetime


class CustomerPooled(Event):
    """It has no owner any longer, and may be claimed by others.

    `since` is when the owner last did what the cause names, and `days` how long that was allowed
    to be ago; `reason` is what whoever released it said.
    """

    from_owner: str
    from_department: str
    from_region: str
    department: str
    region: str
    pool: str
    cause: PoolCause
    since: datetime | None
    days: int | None
    reason: str | None
    pooled_at: datetime
    settings: str | None


class CustomerClaimed(Event):
    """Somebody took it out of a pool; `held` customers are his with it, of `cap` at most."""

    pool: str
    from_owner: str
    owner: str
    department: str
    region: str
    held: int | None
    cap: int | None
    settings: str | None


class ClaimRefused(Event):
    """A claim was against the rules of its day, with the figures that were looked at.

    `count` customers are held, or were claimed within `days`, and `limit` are allowed; who had
    the customer before may claim it again from `until` on.
    """

    refusal: ClassVar[bool] = True
    pool: str
    owner: str
    rule: Literal["cap", "rate", "previous_owner"]
    count: int | None
    limit: int | None
    days: int | None
    until: datetime | None
    settings: str | None

    def said(self) -> tuple[str, str]:
        match self.rule:
            case "cap":
                return (
                    f"{self.owner} has {self.count} customers and may have {self.limit}."
                    " Release one first, or ask whoever settles customers.pools for a higher cap.",
                    f"{self.owner} 已有 {self.count} 个客户，最多允许 {self.limit} 个。"
                    "请先释放一个客户，或联系负责 customers.pools 设置的人员提高上限。",
                )
            case "rate":
                return (
                    f"{self.owner} has claimed {self.count} customers within {self.days} days,"
                    f" and may claim {self.limit}. Claim it again later.",
                    f"{self.owner} 在 {self.days} 天内已领取 {self.count} 个客户，"
                    f"最多允许 {self.limit} 个。请稍后再领取。",
                )
            case "previous_owner":
                assert self.until is not None, "the bar has an end"
                then = format_instant(self.until)
                return (
                    f"{self.owner} had this customer last, and may claim it again from {then} on."
                    " Let somebody else claim it, or wait until then.",
                    f"{self.owner} 是该客户的上一位负责人，从 {then} 起才能再次领取。"
                    "请由他人领取，或等到那时。",
                )


CustomerEvent = (
    CustomerRegistered
    | CustomerDetailsChanged
    | CustomerReclassified
    | CustomerProfileChanged
    | CustomerRated
    | CustomerReassigned
    | ContactAdded
    | ContactChanged
    | ContactRemoved
    | ContactMoved
    | CustomerFrozen
    | CustomerUnfrozen
    | CustomerWithdrawn
    | CustomerMerged
    | CustomerUnmerged
    | PoolDeadlineSet
    | PoolDeadlineReminded
    | CustomerPooled
    | CustomerClaimed
    | ClaimRefused
    | PartnerPlaced
)
