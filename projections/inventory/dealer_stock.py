"""What each warehouse and dealer holds: on hand, reserved, blocked, available, in transit."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from sqlalchemy import Connection, FromClause

from aggregates.inventory.stock import (
    SellOutReturned,
    SellOutReturnUndone,
    Stock,
    StockAdjusted,
    StockArrivalReversed,
    StockArrived,
    StockBlocked,
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
    StockUnblocked,
)
from aggregates.marks import DayCount
from projections.engine import EventHeader, View, reading
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.figure import Figure, FigureQuery
from projections.engine.reading import NOW, AsOf, Days, Filters
from projections.inventory import stock_lots

COVER_DAYS = 28
GROUP = ("location", "holder", "item")
STOCK = ("location", "item")


class Change(NamedTuple):
    """`outflow` is what left for customers, less what they gave back: how fast the stock goes."""

    location: str
    holder: str
    item: str
    on_hand: int = 0
    reserved: int = 0
    in_transit: int = 0
    outflow: int = 0
    blocked: int = 0


MEASURES = ("on_hand", "reserved", "in_transit", "outflow", "blocked")


def rows(recorded: EventHeader, event: Any) -> Iterator[Change]:
    location, item = Stock.parts(recorded.stream)
    at = location, event.holder, item
    match event:
        case StockSold(quantity=quantity):
            yield Change(*at, on_hand=-quantity, outflow=quantity)
        case SellOutReturned(quantity=quantity) | SellOutReturnUndone(quantity=quantity):
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
        case StockArrived() | StockArrivalReversed():
            quantity, lost = event.quantity, event.lost
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
        case StockBlocked(quantity=quantity):
            yield Change(*at, blocked=quantity)
        case StockUnblocked(quantity=quantity):
            yield Change(*at, blocked=-quantity)
        case StockHolderCorrected(on_hand=on_hand, reserved=reserved, blocked=blocked):
            location, _, item = at
            before = location, event.from_holder, item
            yield Change(*before, -on_hand, -reserved, blocked=-blocked)
            yield Change(*at, on_hand, reserved, blocked=blocked)


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
    by: Sequence[str] = (),
    attributes: Attributes = NO_ATTRIBUTES,
) -> list[dict[str, Any]]:
    """Figures per location and item; days of cover by the outflow of the last 28 days."""
    wanted, group = filters or {}, tuple(by) or GROUP
    table = attributes.shown(connection, view, as_of)
    where = reading.conditions(table, wanted)
    query = reading.sums(table, group, MEASURES, where)
    found = reading.page(connection, query, group, after, limit)
    # Who holds a stock may have been corrected since something went out of it.
    key, others = (group, wanted) if by else (STOCK, {})
    gone = attributes.shown(connection, view, as_of, Days(today - COVER_DAYS + 1, today))
    recent = _recent_outflow(connection, gone, found, key, others)
    return [_with_cover(row, recent.get(tuple(row[n] for n in key), 0)) for row in found]


def _recent_outflow(
    connection: Connection,
    gone: FromClause,
    found: Sequence[dict[str, Any]],
    key: Sequence[str],
    others: Filters,
) -> dict[tuple[str, ...], int]:
    """What went out of each of the rows that were found."""
    if not found:
        return {}
    mine = {name: sorted({row[name] for row in found}) for name in key}
    where = [*reading.conditions(gone, mine), *reading.conditions(gone, others)]
    sums = reading.sums(gone, key, ("outflow",), where)
    return {row[:-1]: row[-1] for row in sums.tuples(connection)}


def _read(asked: FigureQuery) -> list[dict[str, Any]]:
    """The same, without what of lots may not be issued."""
    rows = read(asked.connection, by=asked.by, today=asked.today, **asked.named)
    key, others = (tuple(asked.by), asked.filters) if asked.by else (STOCK, {})
    kept = stock_lots.withheld(asked, rows, key, others) if rows else {}
    for row in rows:
        row["withheld"] = kept.get(tuple(row[name] for name in key), 0)
        row["available"] -= row["withheld"]
    return rows


def _with_cover(row: dict[str, Any], recent: int) -> dict[str, Any]:
    available = row["on_hand"] - row["reserved"] - row["blocked"]
    cover = max(row["on_hand"], 0) * COVER_DAYS // recent if recent > 0 else None
    told = {"available": available, "short": max(-available, 0)}
    return {**row, **told, "outflow_28_days": recent, "days_of_cover": cover}


class StockRow(NamedTuple):
    location: str
    holder: Literal["warehouse", "dealer"] | str
    item: str
    on_hand: int
    reserved: int
    blocked: Annotated[int, "Held back here: returns that are looked at, damaged goods."]
    withheld: Annotated[int, "Of lots that have expired or are in quarantine, and free otherwise."]
    available: int
    short: Annotated[int, "By how many fewer are there than are reserved and blocked."]
    in_transit: int
    outflow: int
    outflow_28_days: int
    days_of_cover: DayCount | None


figure = Figure(
    "stock",
    "/stock",
    view,
    """What each warehouse and dealer holds, and how many days it will last.

    Days of cover are by the outflow of the last 28 days; null where nothing went out.
    """,
    key=GROUP,
    row=StockRow,
    read=_read,
    by=GROUP,
    in_place=True,
    attributes=True,
    beside=("lots",),
)
