"""Customers: who they are, whose they are, and whether business goes on with them."""

from typing import Annotated, Any, NamedTuple

from aggregates.customers.customer import (
    ContactAdded,
    ContactChanged,
    ContactRemoved,
    Customer,
    CustomerFrozen,
    CustomerKind,
    CustomerRegistered,
    CustomerUnfrozen,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, SEARCHED, names, taking

BLANK: Any = ""
"""What an enumeration is before anything is known."""


class Row(NamedTuple):
    name: Annotated[str, SEARCHED, INDEXED] = ""
    customer_kind: Annotated[CustomerKind, INDEXED] = BLANK
    owner: Annotated[str, names("rep")] = ""
    department: Annotated[str, INDEXED] = ""
    region: Annotated[str, INDEXED] = ""
    city: Annotated[str | None, SEARCHED] = None
    country: str | None = None
    source: str | None = None
    frozen: str | None = None
    contacts: int = 0
    registered_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case CustomerRegistered():
            return taking(row, event)._replace(registered_at=recorded.occurred_at)
        case CustomerFrozen(reason):
            return row._replace(frozen=reason)
        case CustomerUnfrozen():
            return row._replace(frozen=None)
        case ContactAdded():
            return row._replace(contacts=row.contacts + 1)
        case ContactRemoved():
            return row._replace(contacts=row.contacts - 1)
        case ContactChanged():
            return row
        case _:
            return taking(row, event)


record = Record("customers", Customer, Row, fold)
