"""What is on its way: of each transfer and shipment what has not arrived, and since when."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, select, tuple_

from aggregates.inventory.stock import (
    Stock,
    StockArrivalReversed,
    StockArrived,
    StockDiverted,
    StockExpected,
)
from aggregates.marks import DayCount
from infra.clock import iso
from projections.engine import EventHeader, View, day_of, reading
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.figure import Figure, FigureQuery, Instant
from projections.engine.reading import NOW, AsOf, Filters
from projections.engine.why import Within


class Change(NamedTuple):
    """`quantity` is what is still to come; where it comes from stands on its sending alone."""

    location: str
    item: str
    transfer: str
    from_location: str = ""
    quantity: int = 0
    arrived: int = 0
    lost: int = 0


MEASURES = ("quantity", "arrived", "lost")
GROUP = ("location", "item", "transfer")
HEARD = StockExpected | StockArrived | StockArrivalReversed | StockDiverted
SENDER = "from_location"
KEY = ("since", "location", "item", "transfer")


def rows(recorded: EventHeader, event: Any) -> Iterable[Change]:
    if not isinstance(event, HEARD):  # most of what moves stock is neither
        return ()
    at = *Stock.parts(recorded.stream), event.transfer
    if isinstance(event, StockExpected):
        return (Change(*at, event.from_location, event.quantity),)
    if isinstance(event, StockDiverted):
        return (Change(*at, quantity=-event.quantity),)
    came, lost = event.quantity, event.lost
    return (Change(*at, quantity=-came - lost, arrived=came, lost=lost),)


view = View(
    name="transit",
    kinds=frozenset({"stock"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("transfer",),),
    scope={"dealer": "location"},
)


def read(
    connection: Connection,
    *,
    today: int,
    filters: Filters | None = None,
    as_of: AsOf = NOW,
    after: Sequence[Any] = (),
    limit: int = 500,
    attributes: Attributes = NO_ATTRIBUTES,
) -> list[dict[str, Any]]:
    """What is still to come of each transfer, the longest under way first."""
    table = attributes.shown(connection, view, as_of)
    sender, wanted = _apart(filters or {})
    source = func.max(table.c.from_location).label("from_location")
    query = reading.sums(table, GROUP, MEASURES, reading.conditions(table, wanted)).query()
    found = query.add_columns(source).having(func.sum(table.c.quantity) != 0).subquery()
    of_sender = [one for one in attributes.named if one.begins == SENDER]
    sent_by = attributes._replace(named=of_sender).widen(connection, found)
    ledger = reading.tables(connection, view).ledger
    sent = and_(*(ledger.c[name] == sent_by.c[name] for name in GROUP), ledger.c.quantity > 0)
    since = func.min(ledger.c.occurred_at).label("since")
    shown = [sent_by.c[column.name] for column in found.c]
    joined = sent_by.join(ledger, and_(sent, *reading.until(ledger, as_of)))
    dated = select(*shown, since).select_from(joined)
    dated = dated.where(*reading.conditions(sent_by, sender)).group_by(*shown)
    under_way = [_aged(dict(row), today) for row in connection.execute(dated).mappings()]
    under_way.sort(key=lambda row: [row[name] for name in KEY])
    place = list(after)
    return [r for r in under_way if not after or [r[name] for name in KEY] > place][:limit]


def within(filters: Filters) -> Callable[[FromClause], ColumnElement[bool]]:
    """The rows of a ledger that tell of what was sent from there; for *why*.

    The sender stands on the sending alone, and is asked of what the sending began.
    """
    sender, others = _apart(filters)

    def condition(ledger: FromClause) -> ColumnElement[bool]:
        sent = ledger.alias("sent")
        sendings = select(*(sent.c[name] for name in GROUP))
        theirs = sendings.where(*reading.conditions(sent, sender), sent.c.quantity > 0)
        mine = tuple_(*(ledger.c[name] for name in GROUP)).in_(theirs)
        return and_(mine, *reading.conditions(ledger, others))

    return condition


def _apart(filters: Filters) -> tuple[Filters, Filters]:
    """What is asked of the sender, and what of the rest."""
    sender = {name: one for name, one in filters.items() if name.partition(".")[0] == SENDER}
    return sender, {name: one for name, one in filters.items() if name not in sender}


def _aged(row: dict[str, Any], today: int) -> dict[str, Any]:
    since = row["since"]
    return {**row, "since": iso(since), "age_days": today - day_of(since)}


class TransitRow(NamedTuple):
    location: Annotated[str, "Where it is to arrive."]
    item: str
    transfer: Annotated[str, "The transfer's id, or the shipment's."]
    from_location: str
    quantity: Annotated[int, "What has not arrived and is not lost."]
    arrived: int
    lost: int
    since: Instant
    age_days: DayCount


def _behind(asked: FigureQuery) -> Within | None:
    return within(asked.filters) if _apart(asked.filters)[0] else None


figure = Figure(
    "transit",
    "/stock/transit",
    view,
    """What is on its way and has not arrived: transfers and shipments, the oldest first.

    `age_days` are business days since it was sent.
    """,
    key=KEY,
    row=TransitRow,
    read=lambda asked: read(asked.connection, today=asked.today, **asked.named),
    behind=_behind,
    about_why="The events behind what is on its way; their changes sum to it.",
    whole=True,
    attributes=True,
    joins=False,
)
