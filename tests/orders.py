"""Worlds in which orders are tested: who sells what to whom, and what is on the shelves."""

from typing import Any

import hypothesis.strategies as st
from laws import few
from scenario import NOON, World

from aggregates import Event
from aggregates.catalog.product import ProductAdded
from aggregates.customers.customer import CustomerRegistered
from aggregates.inventory.stock import Stock, StockReceived
from aggregates.orders.lines import OrderLine, content_of
from aggregates.organisation.rep import RepHired
from commands import Command
from commands.inventory.stock import ReleaseStock, ReserveStock
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    DraftOrder,
    Line,
    LinePart,
    ReturnOrder,
    ShipOrder,
    SubmitOrder,
)

WHO = "li", "east", "shanghai"
draft = DraftOrder(
    id="O1",
    customer="C1",
    warehouse="W1",
    lines=(Line(item="I1", quantity=3), Line(item="I2", quantity=2, discount_bp=250)),
)
submit, approve = SubmitOrder(id="O1"), ApproveOrder(id="O1", approver="boss")
ship = ShipOrder(id="O1", shipment="S1")
cancel = CancelOrder(id="O1", reason="changed his mind")
release = ReleaseStock(location="W1", item="I1", order="O1")
ONE_EACH = (LinePart(line=1, quantity=1), LinePart(line=2, quantity=1))
give_back = ReturnOrder(id="O1", return_id="R1", lines=ONE_EACH, reason="damaged")
LINES = OrderLine(1, "I1", 3, 1000, 0, 3000, 1800), OrderLine(2, "I2", 2, 333, 250, 649, None)
CONTENT = content_of(LINES)
STAMP = "C1", "dealer", "W1", "CNY", *WHO


def a_world(kind: str = "dealer", tea: int = 10, cups: int = 10) -> World:
    customer = CustomerRegistered("Shop", kind, *WHO, None, None, None)  # type: ignore[arg-type]
    return World(
        {
            "rep-li": (RepHired("Li", "east", "shanghai", None),),
            "rep-wu": (RepHired("Wu", "west", "chengdu", None),),
            "customer-C1": (customer,),
            "product-I1": (ProductAdded("Tea", "drinks", "box", None, 1000, 600, "CNY"),),
            "product-I2": (ProductAdded("Cup", "china", "piece", None, 333, None, "CNY"),),
            "product-I3": (ProductAdded("Pot", "china", "piece", None, 900, None, "USD"),),
            "stock-W1:I1": (StockReceived("warehouse", tea, "opening", "X", NOON),),
            "stock-W1:I2": (StockReceived("warehouse", cups, "opening", "X", NOON),),
        }
    )


def reserve(quantity: int) -> ReserveStock:
    return ReserveStock(location="W1", item="I1", order="O1", quantity=quantity)


def held(world: World, place: str) -> tuple[int, int]:
    stock: Stock = world.load(Stock, place)
    return stock.on_hand, stock.reserved


items = st.sampled_from(["I1", "I2", "I3"])
lines = st.lists(
    st.builds(
        Line,
        item=items,
        quantity=few,
        unit_price=st.none() | st.integers(0, 9999),
        discount_bp=st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=4,
).map(tuple)
some = st.dictionaries(items, st.integers(1, 60))


def a_shop(stocks: dict[str, int]) -> World:
    streams: dict[str, tuple[Event, ...]] = {
        f"stock-W1:{item}": (StockReceived("warehouse", quantity, "opening", "X", NOON),)
        for item, quantity in stocks.items()
    }
    for item in ("I1", "I2", "I3"):
        streams[f"product-{item}"] = (ProductAdded(item, "x", "x", None, 333, 77, "CNY"),)
    who = "li", "east", "shanghai"
    streams["rep-li"] = (RepHired("Li", *who[1:], None),)
    streams["customer-C1"] = (CustomerRegistered("Shop", "retailer", *who, None, None, None),)
    return World(streams)


def an_approved_order(wanted: Any) -> tuple[Command, ...]:
    draft = DraftOrder(id="O1", customer="C1", warehouse="W1", lines=wanted)
    return draft, SubmitOrder(id="O1"), ApproveOrder(id="O1")
