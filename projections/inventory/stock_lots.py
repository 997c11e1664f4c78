"""What lies where of each lot, until when it keeps, and whether it may be issued."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from aggregates.inventory.lot import ProductLot
from aggregates.inventory.stock import LotsHeld, LotsMoved, Stock, StockBlocked, StockUnblocked
from aggregates.marks import DayCount
from projections.engine import EventHeader, View, periods, reading, versions_as_of
from projections.engine.figure import Day, Figure, FigureQuery, FigureRow
from projections.engine.prepared import built
from projections.engine.reading import Filters


class Change(NamedTuple):
    location: str
    holder: str
    item: str
    stock_lot: str
    on_hand: int = 0
    reserved: int = 0
    blocked: int = 0


MEASURES = ("on_hand", "reserved", "blocked")
KEY = ("location", "item", "stock_lot")


def rows(recorded: EventHeader, event: Any) -> Iterable[Change]:
    if not isinstance(event, LotsMoved | LotsHeld | StockBlocked | StockUnblocked):
        return ()  # most stock is of no lot
    location, item = Stock.parts(recorded.stream)
    at = location, event.holder, item
    if isinstance(event, LotsHeld):
        return [Change(*at, part.lot, reserved=part.quantity) for part in event.lots]
    if not isinstance(event, LotsMoved):
        return [Change(*at, part.lot, blocked=part.quantity) for part in event.lots]
    left = event.order is not None  # what was set aside for it
    return [
        Change(*at, part.lot, part.quantity, part.quantity if left else 0) for part in event.lots
    ]


view = View(
    name="stock_lots",
    kinds=frozenset({"stock"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("location", "item"), ("item",), ("stock_lot",)),
    scope={"dealer": "location"},
)


class StockLotRow(NamedTuple):
    location: str
    item: str
    stock_lot: Annotated[str, "The product, a colon, and the number of the lot."]
    expires_on: Day | None
    days_left: Annotated[DayCount | None, "Until its last day; below zero where that is over."]
    status: Literal["available", "quarantined", "expired"]
    on_hand: int
    reserved: int
    blocked: int
    available: Annotated[int, "What may be issued, and is neither set aside nor blocked."]


def terms(asked: FigureQuery) -> FromClause:
    """Each lot as it was at the moment that is asked for."""
    record = asked.records["lots"]
    then = versions_as_of.versions(asked.connection, record, asked.states)
    lot = then.rows.c
    query = select(lot.stream, lot.expires_on, lot.status).where(*then.there)
    return query.subquery()


def _of(lots: FromClause, stock_lot: ColumnElement[str]) -> ColumnElement[bool]:
    """By stream, by which a lot is found at once."""
    return lots.c.stream == literal(ProductLot.stream("")).concat(stock_lot)


def read(asked: FigureQuery) -> list[FigureRow]:
    table = asked.attributes.shown(asked.connection, view, asked.as_of)
    sums = reading.sums(table, KEY, MEASURES, reading.conditions(table, asked.filters)).query()
    held, lots = sums.subquery(), terms(asked)
    query = select(held, lots.c.expires_on, lots.c.status)
    query = query.outerjoin_from(held, lots, _of(lots, held.c.stock_lot))
    found = reading.page(asked.connection, built(query), KEY, asked.after, asked.limit)
    return [_told(row, asked.today) for row in found]


def withheld(
    asked: FigureQuery, found: Sequence[FigureRow], key: Sequence[str], others: Filters
) -> dict[tuple[str, ...], int]:
    """How many of each of the rows that were found are free, and may not be issued."""
    table = asked.attributes.shown(asked.connection, view, asked.as_of)
    today, lots = periods.iso_day(asked.today), terms(asked)
    mine = {name: sorted({row[name] for row in found}) for name in key}
    columns = [table.c[name] for name in key]
    free = cast(func.sum(table.c.on_hand - table.c.reserved - table.c.blocked), BigInteger)
    # Asked lot by lot: of a join, SQLite would go through all that has expired.
    held_back = or_(lots.c.status == "quarantined", lots.c.expires_on < today)
    kept = exists().where(_of(lots, table.c.stock_lot), held_back)
    where = *reading.conditions(table, mine), *reading.conditions(table, others)
    query = select(*columns, free).where(*where, kept).group_by(*columns)
    return {row[:-1]: row[-1] for row in built(query).tuples(asked.connection)}


def _told(row: FigureRow, today: int) -> FigureRow:
    last, status = row["expires_on"], "available"
    left = None if last is None else periods.day_number(last) - today
    if row["status"] == "quarantined":
        status = "quarantined"
    elif left is not None and left < 0:
        status = "expired"
    free = row["on_hand"] - row["reserved"] - row["blocked"]
    free = free if status == "available" else 0
    return {**row, "days_left": left, "status": status, "available": free}


figure = Figure(
    "stock_lots",
    "/stock/lots",
    view,
    """What lies where of each lot, how many days it keeps, and whether it may be issued: what has
    expired or is in quarantine is on hand, and not available. `stock_lot.expires_on.lte=+30d` asks
    for what expires within 30 days, `stock_lot.status` for what is held back.
    """,
    key=KEY,
    row=StockLotRow,
    read=read,
    attributes=True,
    beside=("lots",),
)
