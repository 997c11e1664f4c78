"""Movement documents: what was moved for which reason, in one act."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.inventory.movement import (
    MovedLine,
    Movement,
    MovementCancelled,
    MovementPosted,
    StockMovement,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import ADDS_UP, INDEXED, INSTANT, names, taking


class Row(NamedTuple):
    """`quantity` is the sum of all lines."""

    movement: Annotated[Movement, INDEXED] = "opening"
    status: Annotated[Literal["posted", "cancelled"], INDEXED] = "posted"
    location: Annotated[str, INDEXED] = ""
    to_location: Annotated[str | None, INDEXED] = None
    customer: Annotated[str | None, names("customer")] = None
    quantity: Annotated[int, ADDS_UP] = 0
    note: str | None = None
    reason: str | None = None
    posted_at: Annotated[int, INSTANT, INDEXED] = 0
    lines: tuple[MovedLine, ...] = ()


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case MovementPosted():
            quantity = sum(line.quantity for line in event.lines)
            return taking(row, event)._replace(posted_at=recorded.occurred_at, quantity=quantity)
        case MovementCancelled(reason):
            return row._replace(status="cancelled", reason=reason)
    raise TypeError(f"{type(event).__name__} is no event of a movement")


record = Record("movements", StockMovement, Row, fold, scope={"dealer": "location"})
