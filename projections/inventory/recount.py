"""Recounts: what was counted too far off the book, and what another person counted then."""

from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.inventory.recount import Recount, RecountAsked, RecountDecided
from infra.clock import iso, micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names


class CountTold(TypedDict):
    counted: int
    book: int
    difference: int
    counter: str
    counted_at: str


class Row(NamedTuple):
    """`difference` is that of the last count; `counts` are all of them, the booked one included."""

    location: Annotated[str, INDEXED] = ""
    item: Annotated[str, names("product")] = ""
    reference: str = ""
    status: Annotated[Literal["asked", "decided"], INDEXED] = "asked"
    counted: int = 0
    book: int = 0
    difference: int = 0
    counts: tuple[CountTold, ...] = ()
    asked_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case RecountAsked():
            if row.status == "decided" or not row.counts:
                row = Row(event.location, event.item, event.reference)
                row = row._replace(asked_at=recorded.occurred_at)
            at = iso(micros(event.counted_at))
        case RecountDecided():
            row, at = row._replace(status="decided"), iso(recorded.occurred_at)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a recount")
    counted, book, difference = event.counted, event.book, event.difference
    one = CountTold(
        counted=counted,
        book=book,
        difference=difference,
        counter=event.counter.account,
        counted_at=at,
    )
    row = row._replace(counted=counted, book=book, difference=difference)
    return row._replace(counts=(*row.counts, one))


record = Record("recounts", Recount, Row, fold, scope={"dealer": "location"})
