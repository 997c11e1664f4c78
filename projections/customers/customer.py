"""Customers: who they are, whose they are, and whether business goes on with them."""

from typing import Annotated, Any, NamedTuple

from aggregates.customers.customer import (
    ClaimRefused,
    ContactAdded,
    ContactChanged,
    ContactMoved,
    ContactRemoved,
    Customer,
    CustomerClaimed,
    CustomerFrozen,
    CustomerKind,
    CustomerMerged,
    CustomerPooled,
    CustomerProfileChanged,
    CustomerReassigned,
    CustomerRegistered,
    CustomerUnfrozen,
    CustomerUnmerged,
    CustomerWithdrawn,
    Importance,
    PoolCause,
    PoolDeadlineReminded,
    PoolDeadlineSet,
    Size,
)
from aggregates.customers.customer.contacts import DETAILS
from aggregates.customers.customer.network import PartnerType
from aggregates.customers.customer.own_fields import OWN_FIELDS
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import (
    BLANK,
    DAY,
    HIDES,
    INDEXED,
    INSTANT,
    OF_PERSON,
    OWN,
    SEARCHED,
    Name,
    names,
    plain,
    taking,
)
from projections.engine.scopes import BY_OWNER

NO_VALUES: dict[str, Any] = dict.fromkeys(OWN_FIELDS)
CONTACT = ("contact", *DETAILS)
CAME_FROM = ("from_customer", "from_contact")
Contacts = tuple[dict[str, Any], ...]


class Row(NamedTuple):
    name: Name = ""
    customer_kind: Annotated[CustomerKind, INDEXED] = BLANK
    owner: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    city: Annotated[str | None, SEARCHED] = None
    country: str | None = None
    source: str | None = None
    importance: Annotated[Importance | None, INDEXED] = None
    frozen: str | None = None
    contacts: Annotated[Contacts, OF_PERSON] = ()
    registered_at: Annotated[int, INSTANT, INDEXED] = 0
    withdrawn: Annotated[str | None, HIDES] = None
    pool_at: Annotated[int | None, INSTANT, INDEXED] = None
    pool: Annotated[str | None, INDEXED] = None
    pooled_at: Annotated[int | None, INSTANT, INDEXED] = None
    pool_cause: PoolCause | None = None
    partner_type: Annotated[PartnerType | None, INDEXED] = None
    parent: Annotated[str | None, names("customer")] = None
    tier: Annotated[int | None, INDEXED] = None
    industry: Annotated[str | None, SEARCHED, INDEXED] = None
    size: Annotated[Size | None, INDEXED] = None
    customer_class: Annotated[str | None, INDEXED] = None
    own_text_1: Annotated[str | None, OWN] = None
    own_text_2: Annotated[str | None, OWN] = None
    own_text_3: Annotated[str | None, OWN] = None
    own_text_4: Annotated[str | None, OWN] = None
    own_text_5: Annotated[str | None, OWN] = None
    own_text_6: Annotated[str | None, OWN] = None
    own_number_1: Annotated[int | None, OWN] = None
    own_number_2: Annotated[int | None, OWN] = None
    own_number_3: Annotated[int | None, OWN] = None
    own_number_4: Annotated[int | None, OWN] = None
    own_date_1: Annotated[str | None, DAY, OWN] = None
    own_date_2: Annotated[str | None, DAY, OWN] = None
    own_date_3: Annotated[str | None, DAY, OWN] = None
    tax_id: Annotated[str | None, SEARCHED, INDEXED] = None
    phone: Annotated[str | None, SEARCHED] = None
    merged_into: Annotated[str | None, names("customer"), HIDES] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case CustomerWithdrawn(reason):
            return row._replace(withdrawn=reason)
        case CustomerRegistered():
            return _profiled(Row(), event)._replace(registered_at=recorded.occurred_at)
        case CustomerProfileChanged():
            return _profiled(row, event)
        case CustomerMerged() | CustomerUnmerged():
            into = event.into if isinstance(event, CustomerMerged) else None
            return row._replace(merged_into=into)
        case CustomerFrozen() | CustomerUnfrozen():
            return row._replace(frozen=getattr(event, "reason", None))
        case ContactAdded() | ContactChanged():
            told = {name: plain(getattr(event, name)) for name in CONTACT}
            if isinstance(event, ContactAdded) and event.from_customer is not None:
                told |= {name: getattr(event, name) for name in CAME_FROM}
            return row._replace(contacts=_contacts(row, event.contact, told))
        case ContactRemoved() | ContactMoved():
            return row._replace(contacts=_contacts(row, event.contact))
        case PoolDeadlineSet(pool_at=pool_at):
            return row._replace(pool_at=None if pool_at is None else micros(pool_at))
        case CustomerPooled():
            left = taking(row, event)._replace(owner="", pool_at=None, pool_cause=event.cause)
            return left._replace(pooled_at=micros(event.pooled_at))
        case CustomerReassigned() | CustomerClaimed():
            owned = taking(row, event, "pool")
            return owned._replace(pool=None, pooled_at=None, pool_cause=None)
        case PoolDeadlineReminded() | ClaimRefused():
            return row
        case _:
            return taking(row, event)


def _profiled(row: Row, event: CustomerRegistered | CustomerProfileChanged) -> Row:
    own: dict[str, Any] = {one.field: one.value for one in event.own}
    return taking(row, event)._replace(**(NO_VALUES | own))


def _contacts(row: Row, contact: str, told: dict[str, Any] | None = None) -> Contacts:
    """The contacts with that one as it is told, in its place, or without it."""
    known: dict[str, Any] = {one["contact"]: one for one in row.contacts}
    known[contact] = None if told is None else {**known.get(contact, {}), **told}
    return tuple(one for one in known.values() if one is not None)


scope = {**BY_OWNER, "dealer": "id"}
record = Record("customers", Customer, Row, fold, scope=scope)
