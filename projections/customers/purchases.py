"""What each customer bought, line by line, and how often: with shipment and invoice."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

from sqlalchemy import FromClause, Select, func, select, tuple_

from aggregates.calendar import EPOCH, business_day
from aggregates.marks import DayCount, Money
from aggregates.orders.order import (
    OrderLossCredited,
    OrderLossUndone,
    OrderReturned,
    OrderReturnUndone,
    OrderShipped,
)
from aggregates.receivables.invoice import InvoiceIssued
from infra.clock import instant
from projections.engine import EventHeader, View, reading
from projections.engine.figure import Day, Figure, FigureQuery
from projections.engine.prepared import DeferredQuery, deferred

LINE = ("customer", "sales_order", "shipment", "order_line", "item", "currency")
"""What tells one line of a shipment from all others."""
PAGED = ("customer", "bought_on", *LINE[1:])


class Change(NamedTuple):
    """`bought_on` is the day of what was shipped or came back; of what is invoiced, or did not come
    back after all, it is empty.
    """

    customer: str
    item: str
    currency: str
    sales_order: str
    shipment: str
    order_line: str
    bought_on: str = ""
    invoice: str = ""
    quantity: int = 0
    amount: Money = 0
    invoiced: Money = 0


MEASURES = ("quantity", "amount", "invoiced")


def rows(recorded: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case OrderShipped(shipment=document):
            yield from _moved(recorded, event, document, 1)
        case OrderReturned(return_id=document) | OrderLossCredited(loss=document):
            yield from _moved(recorded, event, document, -1)
        case OrderReturnUndone(return_id=document) | OrderLossUndone(loss=document):
            for change in _moved(recorded, event, document, 1):
                yield change._replace(bought_on="")
        case InvoiceIssued(order=order, shipment=shipment, currency=currency):
            who, invoice = event.debtor.customer, recorded.key
            for line in event.lines:
                what = line.item, currency, order, shipment, str(line.line)
                yield Change(who, *what, invoice=invoice, invoiced=line.amount)


def _moved(recorded: EventHeader, event: Any, document: str, sign: int) -> Iterator[Change]:
    on = business_day(instant(recorded.occurred_at)).isoformat()
    for one in event.lines:
        what = one.item, event.currency, recorded.key, document, str(one.line)
        moved = {"quantity": sign * one.quantity, "amount": sign * one.amount}
        yield Change(event.customer, *what, on, **moved)


view = View(
    name="purchases",
    kinds=frozenset({"order", "invoice"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("customer",),),
    scope={"dealer": "customer"},
    seen_with="customer",
)


class PurchaseRow(NamedTuple):
    """What came back, or was lost, is a row of its own below zero, under its own document."""

    customer: str
    bought_on: Day
    sales_order: str
    shipment: str
    order_line: str
    item: str
    currency: str
    quantity: int
    unit_price: Annotated[Money | None, "What one of it cost, discounts taken off."]
    amount: Money
    invoice: str
    invoiced: Money


def read(asked: FigureQuery) -> list[dict[str, Any]]:
    table = asked.attributes.shown(asked.connection, view, asked.as_of)
    where = reading.conditions(table, asked.filters)
    lines = reading.sums(table, LINE, MEASURES, where)

    def query() -> Select[Any]:
        told = [func.max(table.c[name]).label(name) for name in ("bought_on", "invoice")]
        return lines.query().add_columns(*told).having(func.max(table.c.bought_on) != "")

    bought = DeferredQuery(("purchases", lines.shape), lines.binds, query)
    found = reading.page(asked.connection, bought, PAGED, asked.after, asked.limit)
    return [{**row, "unit_price": _each(row["amount"], row["quantity"])} for row in found]


def _each(amount: int, quantity: int) -> int | None:
    return round(amount / quantity) if quantity else None


figure = Figure(
    "purchases",
    "/purchases",
    view,
    """What customers bought, line by line: when, at what price, by which shipment and invoice.

    It goes with the customer: whoever has the customer today sees all of it.
    """,
    key=PAGED,
    row=PurchaseRow,
    read=read,
    filters=LINE,
    about_why="The events behind the lines; their changes sum to them.",
    attributes=True,
)


class CycleRow(NamedTuple):
    """The cycle is the days from the first purchase to the last, shared among those between."""

    customer: str
    purchases: Annotated[int, "Days on which goods were shipped."]
    first: Day
    last: Day
    cycle_days: DayCount | None
    next: Day | None
    overdue_days: Annotated[DayCount, "How long the next purchase has been expected."]


def read_cycles(asked: FigureQuery) -> list[dict[str, Any]]:
    table = asked.attributes.shown(asked.connection, view, asked.as_of)
    key = ("customer", *asked.by)
    where = reading.conditions(table, asked.filters)
    what = "purchase cycles", key
    days = deferred(what, (table, *where), lambda: _days(table, key, where).where(*where))
    found = reading.page(asked.connection, days, key, asked.after, asked.limit)
    return [{**row, **_cycle(row, EPOCH + timedelta(days=asked.today))} for row in found]


def _days(table: FromClause, key: Sequence[str], where: Sequence[Any]) -> Select[Any]:
    """What came back whole was no purchase."""
    on, keys = table.c.bought_on, [table.c[name] for name in key]
    line = table.c.sales_order, table.c.order_line
    kept = select(*line).where(*where).group_by(*line).having(func.sum(table.c.quantity) > 0)
    ends = func.min(on).label("first"), func.max(on).label("last")
    counted = func.count(on.distinct()).label("purchases")
    bought = table.c.quantity > 0, on != "", tuple_(*line).in_(kept)
    return select(*keys, counted, *ends).where(*bought).group_by(*keys)


def _cycle(row: dict[str, Any], today: date) -> dict[str, Any]:
    if row["purchases"] < 2:
        return {"cycle_days": None, "next": None, "overdue_days": 0}
    first, last = (date.fromisoformat(row[name]) for name in ("first", "last"))
    days = max(1, round((last - first).days / (row["purchases"] - 1)))
    then = last + timedelta(days=days)
    overdue = max(0, (today - then).days)
    return {"cycle_days": days, "next": then.isoformat(), "overdue_days": overdue}


cycles = Figure(
    "purchase_cycles",
    "/purchases/cycles",
    view,
    """How often customers buy: from the first purchase to the last, and when the next is due.

    The purchases that a cycle was made of are listed by `GET /purchases`.
    """,
    key=("customer",),
    row=CycleRow,
    read=read_cycles,
    by=("item",),
    filters=LINE,
    about_why="The shipments that the cycle was made of, with what came back.",
    attributes=True,
)
