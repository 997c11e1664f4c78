"""What each warehouse and dealer holds: on hand, reserved, available, in transit, days of cover."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, func, select

from aggregates.inventory.stock import (
    SellOutReturned,
    Stock,
    StockAdjusted,
    StockArrived,
    StockCounted,
    StockDispatched,
    StockDiverted,
    StockExpected,
    StockHolderCorrected,
    StockIssued,
    StockReceived,
    StockRecounted,
    StockReleased,
    StockReserved,
    StockReversed,
    StockShipped,
    StockSold,
    StockTakenBack,
)
from projections.engine import EventHeader, View, reading, rollups
from projections.engine.figure import Figure
from projections.engine.reading import NOW, AsOf, Days, Filters

COVER_DAYS = 28
GROUP = ("location", "holder", "item")


class Change(NamedTuple):
    """`outflow` is what left for customers, less what they gave back: how fast the stock goes."""

    location: str
    holder: str
    item: str
    on_hand: int = 0
    reserved: int = 0
    in_transit: int = 0
    outflow: int = 0


MEASURES = ("on_hand", "reserved", "in_transit", "outflow")


def rows(recorded: EventHeader, event: Any) -> Iterator[Change]:
    location, item = Stock.parts(recorded.stream)
    at = location, event.holder, item
    match event:
        case StockSold(quantity=quantity):
            yield Change(*at, on_hand=-quantity, outflow=quantity)
        case SellOutReturned(quantity=quantity):
            yield Change(*at, on_hand=quantity, outflow=-quantity)
        case StockReceived(quantity=quantity, reason=reason):
            yield Change(*at, on_hand=quantity, outflow=-quantity if reason == "return" else 0)
        case StockIssued(quantity=quantity, reason=reason):
            yield Change(*at, on_hand=-quantity, outflow=quantity if reason == "sale" else 0)
        case StockReserved(quantity=quantity):
            yield Change(*at, reserved=quantity)
        case StockReleased(quantity=quantity):
            yield Change(*at, reserved=-quantity)
        case StockShipped(quantity=quantity):
            yield Change(*at, on_hand=-quantity, reserved=-quantity, outflow=quantity)
        case StockDispatched(quantity=quantity):
            yield Change(*at, on_hand=-quantity)
        case StockExpected(quantity=quantity):
            yield Change(*at, in_transit=quantity)
        case StockArrived(quantity=quantity, lost=lost):
            yield Change(*at, on_hand=quantity, in_transit=-quantity - lost)
        case StockCounted(difference=difference):
            yield Change(*at, on_hand=difference)
        case _:
            yield from _put_right(at, event)


def _put_right(at: tuple[str, str, str], event: Any) -> Iterator[Change]:
    match event:
        case SellOutReturned(quantity=quantity):
            yield Change(*at, on_hand=quantity, outflow=-quantity)
        case StockAdjusted() | StockRecounted() | StockTakenBack():
            yield Change(*at, on_hand=event.quantity)
        case StockReversed(quantity=quantity, outflow=outflow):
            yield Change(*at, on_hand=quantity, outflow=outflow)
        case StockDiverted(quantity=quantity):
            yield Change(*at, in_transit=-quantity)
        case StockHolderCorrected(on_hand=on_hand, reserved=reserved):
            location, _, item = at
            yield Change(location, event.from_holder, item, -on_hand, -reserved)
            yield Change(*at, on_hand, reserved)


view = View(
    name="dealer_stock",
    kinds=frozenset({"stock"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("location", "item"), ("item",)),
    scope={"dealer": "location"},
)


def read(
    connection: Connection,
    *,
    filters: Filters | None = None,
    as_of: AsOf = NOW,
    today: int,
    after: Sequence[Any] = (),
    limit: int = 500,
) -> list[dict[str, Any]]:
    """Figures per location and item; days of cover by the outflow of the last 28 days."""
    wanted = filters or {}
    table = rollups.shown(connection, view, as_of)
    where = reading.conditions(table, wanted)
    query = reading.sums(table, GROUP, MEASURES, where)
    found = reading.page(connection, query, GROUP, after, limit)
    recent = _recent_outflow(connection, found, as_of, today)
    return [_with_cover(row, recent.get((row["location"], row["item"]), 0)) for row in found]


def _recent_outflow(
    connection: Connection, found: Sequence[dict[str, Any]], as_of: AsOf, today: int
) -> dict[tuple[str, str], int]:
    if not found:
        return {}
    wanted = {
        "location": sorted({row["location"] for row in found}),
        "item": sorted({row["item"] for row in found}),
    }
    days = Days(today - COVER_DAYS + 1, today)
    gone = rollups.summed(connection, view, as_of, days=days)
    key = gone.c.location, gone.c.item
    query = select(*key, func.sum(gone.c.outflow)).where(*reading.conditions(gone, wanted))
    query = query.group_by(*key)
    return {(row[0], row[1]): int(row[2]) for row in connection.execute(query)}


def _with_cover(row: dict[str, Any], recent: int) -> dict[str, Any]:
    available = row["on_hand"] - row["reserved"]
    cover = max(row["on_hand"], 0) * COVER_DAYS // recent if recent > 0 else None
    return {**row, "available": available, "outflow_28_days": recent, "days_of_cover": cover}


class StockRow(NamedTuple):
    location: str
    holder: Literal["warehouse", "dealer"] | str
    item: str
    on_hand: int
    reserved: int
    available: int
    in_transit: int
    outflow: int
    outflow_28_days: int
    days_of_cover: int | None


figure = Figure(
    "stock",
    "/stock",
    view,
    """What each warehouse and dealer holds, and how many days it will last.

    Days of cover are by the outflow of the last 28 days; null where nothing went out.
    """,
    key=GROUP,
    row=StockRow,
    read=lambda asked: read(asked.connection, today=asked.today, **asked.which),
)
