"""More or less than was ordered may leave, as far as the company lets it, and costs its price."""

from typing import Any

import hypothesis.strategies as st
from hypothesis import given
from laws import asked, names, quick, try_out
from orders import a_shop, a_world, an_approved_order, approve, draft, held, lines, ship, submit
from scenario import NOON, World

from aggregates.inventory.stock import NotEnough, Stock
from aggregates.orders.order import BeyondLine, OrderShipped, SalesOrder
from aggregates.receivables.account.credit import OverCreditLimit
from commands import Command
from commands.inventory.stock import IssueStock, ReserveStock
from commands.orders.order import LinePart, ReturnOrder, ShipOrder
from commands.orders.shipment import DispatchShipment, PickShipment
from commands.organisation.settings import ChangeSettings
from commands.receivables.account import SetCreditLimit

TEA = {"product": "I1", "over_bp": 5_000, "under_bp": 0}
HALF_OF_DEALERS = {"over_bp": 3_400, "under_bp": 5_000, "customer_kind": "dealer"}


def settled(world: World, *exceptions: Any, **values: Any) -> World:
    told = {**values, "exceptions": list(exceptions)}
    world.ask(ChangeSettings(id="orders.deliveries", values=told, reason="by weight"))
    return world


def so_many(*quantities: int, shipment: str = "S1") -> ShipOrder:
    parts = enumerate(quantities, 1)
    told = tuple(LinePart(line=line, quantity=quantity) for line, quantity in parts if quantity)
    return ship.model_copy(update={"shipment": shipment, "lines": told})


def test_what_exceeds_is_worth_its_price_and_beyond_it_is_refused_with_the_figures() -> None:
    world = settled(a_world(), TEA, HALF_OF_DEALERS)
    world.ask(draft, submit, approve)
    sentence = world.refuses(so_many(5), BeyondLine)
    assert sentence == "Line 1 has 3 left and may exceed that up to 4, not to 5. Take fewer."
    assert world.refuses(so_many(0, 3), BeyondLine) == "Line 2 has 2 left, not 3. Take fewer."
    pick = PickShipment(order="O1", shipment="S9", lines=(LinePart(line=1, quantity=4),))
    world.copy().ask(pick)
    events = world.ask(so_many(4, 1))
    (shipped,) = (one for one in events if isinstance(one, OrderShipped))
    assert [(one.quantity, one.amount, one.cost) for one in shipped.lines] == [
        (4, 4_000, 2_400),
        (1, 324, None),
    ]
    assert (shipped.complete, shipped.lines_closed) == (True, (2,))
    assert shipped.settings == "orders.deliveries:1"
    order: SalesOrder = world.load(SalesOrder, "O1")
    assert (order.status, dict(order.open), order.uninvoiced) == ("shipped", {}, 4_324)
    assert (held(world, "W1:I1"), held(world, "W1:I2")) == ((6, 0), (9, 0))


def test_nothing_goes_beyond_what_is_there_or_what_the_customer_may_owe() -> None:
    world = settled(a_world(tea=3), over_bp=5_000)
    world.ask(draft, submit, approve)
    pick = PickShipment(order="O1", shipment="S4", lines=so_many(4).lines)
    sentence = "I1 at W1: Only 0 are available, not 1. Receive more or take fewer."
    assert [world.refuses(one, NotEnough) for one in (pick, so_many(4))] == [sentence] * 2
    world = settled(a_world(), over_bp=5_000)
    limit = SetCreditLimit(id="C1", currency="CNY", limit=4_000, reason="new")
    world.ask(limit, draft, submit, approve)
    world.refuses(so_many(4), OverCreditLimit)
    world.ask(so_many(3))


shipments = st.lists(
    st.builds(LinePart, line=st.integers(1, 2), quantity=st.integers(1, 9)), min_size=1, max_size=2
).map(tuple)
asks = st.one_of(
    asked(ShipOrder, id=st.just("O1"), shipment=names, lines=st.none() | shipments),
    asked(ShipOrder, id=st.just("O1"), shipment=names, lines=shipments),
    asked(
        ReturnOrder, id=st.just("O1"), return_id=names, lines=shipments, reason=st.just("crushed")
    ),
)


@quick
@given(lines, st.integers(0, 10_000), st.integers(0, 10_000), st.lists(asks, max_size=12))
def test_an_order_holds_what_is_open_and_ships_no_more_than_is_allowed(
    wanted: Any, over: int, under: int, asks: list[Command]
) -> None:
    world = settled(a_shop(dict.fromkeys(("I1", "I2", "I3"), 500)), over_bp=over, under_bp=under)
    world.ask(*an_approved_order(wanted))
    for command in asks:
        try_out(world, command, NOON)
        order: SalesOrder = world.load(SalesOrder, "O1")
        assert all(quantity > 0 for quantity in order.open.values())
        for line, sent, back in zip(order.lines, order.shipped, order.returned, strict=True):
            assert back <= sent <= line.quantity * (10_000 + over) // 10_000
        for item in ("I1", "I2", "I3"):
            assert world.load(Stock, f"W1:{item}").orders.get("O1", 0) == order.due("W1", item)
        assert order.status != "partly_shipped" or order.open
        assert order.status != "shipped" or all(
            line.quantity - sent <= line.quantity * under // 10_000
            for line, sent in zip(order.lines, order.shipped, strict=True)
        )


shipped = {"order": st.just("O1"), "shipment": names}
takes = st.one_of(
    asked(PickShipment, **shipped, lines=shipments),
    asked(DispatchShipment, **shipped, carrier=st.just("SF"), tracking_number=st.none()),
    asked(ShipOrder, id=st.just("O1"), shipment=names, lines=shipments),
    asked(
        IssueStock,
        location=st.just("W1"),
        item=st.sampled_from(["I1", "I2", "I3"]),
        quantity=st.integers(1, 4),
        reason=st.just("sample"),
        reference=names,
        lot=st.none(),
    ),
)


@quick
@given(lines, st.integers(0, 6), st.lists(takes, max_size=10))
def test_what_goes_beyond_the_order_is_taken_of_what_nobody_holds(
    wanted: Any, spare: int, takes: list[Command]
) -> None:
    """Another order holds what it was promised, and what is picked can leave or is refused."""
    items = ("I1", "I2", "I3")
    need = {i: sum(line.quantity for line in wanted if line.item == i) + 2 for i in items}
    world = settled(a_shop({item: most + spare for item, most in need.items()}), over_bp=10_000)
    world.ask(*an_approved_order(wanted))
    for item in items:
        world.ask(ReserveStock(location="W1", item=item, order="O9", quantity=2))
    for command in takes:
        try_out(world, command, NOON)
        for item in items:
            stock: Stock = world.load(Stock, f"W1:{item}")
            assert stock.available >= 0
            assert stock.orders["O9"] == 2
