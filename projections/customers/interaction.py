"""Interactions: the thread of contacts with each customer."""

from typing import Annotated, Any, NamedTuple

from aggregates.customers.interaction import (
    Interaction,
    InteractionRecorded,
    InteractionStatus,
    Way,
)
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import BLANK, INDEXED, INSTANT, SEARCHED, names, taking


class Row(NamedTuple):
    customer: Annotated[str, names("customer")] = ""
    contact: str | None = None
    way: Annotated[Way, INDEXED] = BLANK
    text: Annotated[str, SEARCHED] = ""
    owner: Annotated[str, names("rep")] = ""
    happened_at: Annotated[int, INSTANT, INDEXED] = 0
    next_contact: Annotated[int | None, INSTANT, INDEXED] = None
    status: Annotated[InteractionStatus, INDEXED] = BLANK
    solution: Annotated[str | None, SEARCHED] = None


def fold(row: Row, _: Recorded, event: Any) -> Row:
    if not isinstance(event, InteractionRecorded):
        return taking(row, event)
    told = taking(row, event, "happened_at", "next_contact")
    after = None if event.next_contact is None else micros(event.next_contact)
    return told._replace(happened_at=micros(event.happened_at), next_contact=after)


record = Record("interactions", Interaction, Row, fold, seen_with="customer")
