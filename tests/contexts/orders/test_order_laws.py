"""Whatever is asked of orders in whatever order, stock holds what they were promised."""

from typing import Any

import hypothesis.strategies as st
from hypothesis import given
from laws import asked, few, names, order_adds_up, quick, try_out
from orders import a_shop, an_approved_order, items, lines, some
from scenario import NOON, World

from aggregates.inventory.stock import Stock
from aggregates.orders.lines import part, priced
from aggregates.orders.order import PROMISED, OrderApprovalRefused, SalesOrder
from commands import Command
from commands.inventory.stock import ReleaseStock, ReserveStock
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    DraftOrder,
    LinePart,
    RedraftOrder,
    RejectOrder,
    ReturnOrder,
    ShipOrder,
    SubmitOrder,
)

parts = st.lists(
    st.builds(LinePart, line=st.integers(1, 2), quantity=st.integers(1, 3)), min_size=1, max_size=2
).map(tuple)
orders = {"id": st.sampled_from(["O1", "O2"])}
by_hand = {"order": st.sampled_from(["O1", "O2"]), "item": items, "location": st.just("W1")}
steps = st.one_of(
    asked(DraftOrder, **orders, customer=st.just("C1"), warehouse=st.just("W1"), lines=lines),
    asked(RedraftOrder, **orders, lines=lines),
    asked(SubmitOrder, **orders),
    asked(ApproveOrder, **orders, approver=st.none(), content=st.none()),
    asked(SubmitOrder, **orders),
    asked(ApproveOrder, **orders, approver=st.none(), content=st.none()),
    asked(ShipOrder, **orders, shipment=names, lines=st.none() | parts),
    asked(ShipOrder, **orders, shipment=names, lines=parts),
    *[asked(ReturnOrder, **orders, return_id=names, lines=parts, reason=st.just("x"))] * 3,
    asked(CancelOrder, **orders, reason=st.just("x")),
    asked(ReserveStock, **by_hand, quantity=few),
    asked(ReserveStock, **by_hand, quantity=few),
    asked(ReleaseStock, **by_hand),
    asked(RejectOrder, **orders, reason=st.just("x")),
)


def known(world: World, name: str) -> bool:
    order: SalesOrder = world.load(SalesOrder, name)
    return order.drafted is not None


def promises_are_kept(world: World, early: dict[str, set[str]]) -> None:
    """`early` has the items set aside for each order before it was known."""
    for name in ("O1", "O2"):
        order: SalesOrder = world.load(SalesOrder, name)
        for item in ("I1", "I2", "I3"):
            held = world.load(Stock, f"W1:{item}").orders.get(name, 0)
            due = order.due("W1", item) if order.drafted else 0
            if order.status in PROMISED:
                assert held == due or (not due and item in early[name])
            elif order.drafted and item not in early[name]:
                assert held <= due


@quick
@given(some, st.lists(steps, max_size=3), lines, st.lists(steps, min_size=10, max_size=60))
def test_stock_holds_exactly_what_open_orders_were_promised(
    stocks: dict[str, int], first: list[Command], wanted: Any, asks: list[Command]
) -> None:
    world = a_shop(dict.fromkeys(("I1", "I2", "I3"), 20) | stocks)
    early: dict[str, set[str]] = {"O1": set(), "O2": set()}
    for command in (*first, *an_approved_order(wanted), *asks):
        if isinstance(command, ReserveStock) and not known(world, command.order):
            early[command.order].add(command.item)
        try_out(world, command, NOON)
        promises_are_kept(world, early)


@quick
@given(some, lines)
def test_approval_reserves_every_line_or_none(stocks: dict[str, int], wanted: Any) -> None:
    world = a_shop(stocks)
    events = world.ask(*an_approved_order(wanted))
    total: dict[str, int] = {}
    for line in wanted:
        total[line.item] = total.get(line.item, 0) + line.quantity
    enough = all(stocks.get(item, 0) >= quantity for item, quantity in total.items())
    held = {item: world.load(Stock, f"W1:{item}").reserved for item in total}
    assert held == (total if enough else dict.fromkeys(total, 0))
    assert isinstance(events[0], OrderApprovalRefused) is not enough


@quick
@given(st.integers(1, 50), st.integers(0, 10**6), st.integers(0, 10_000), st.data())
def test_parts_of_a_line_sum_to_the_line(
    quantity: int, price: int, discount: int, data: st.DataObject
) -> None:
    line, done, sent = priced(1, "I1", quantity, price, discount, 77), 0, []
    while done < quantity:
        more = data.draw(st.integers(1, quantity - done))
        sent.append(part(line, done, more))
        done += more
    assert sum(each.amount for each in sent) == line.amount
    assert sum(each.cost or 0 for each in sent) == line.cost
    assert all(each.amount >= 0 for each in sent)


@quick
@given(some, lines, st.lists(parts, max_size=5))
def test_what_ships_and_comes_back_in_full_leaves_everything_as_it_was(
    stocks: dict[str, int], wanted: Any, portions: list[Any]
) -> None:
    world = a_shop(dict.fromkeys(("I1", "I2", "I3"), 100) | stocks)
    before = {
        name: Stock.after(events).on_hand
        for name, events in world.streams.items()
        if name.startswith("stock")
    }
    world.ask(*an_approved_order(wanted))
    for number, portion in enumerate(portions):
        try_out(world, ShipOrder(id="O1", shipment=f"S{number}", lines=portion), NOON)
    try_out(world, ShipOrder(id="O1", shipment="rest"), NOON)
    order: SalesOrder = world.load(SalesOrder, "O1")
    if order.status != "shipped":
        return
    whole = tuple(LinePart(line=line.line, quantity=line.quantity) for line in order.lines)
    world.ask(ReturnOrder(id="O1", return_id="R", lines=whole, reason="x"))
    after = world.load(SalesOrder, "O1")
    order_adds_up(after)
    assert sum(line.amount for line in after.returns["R"]) == sum(x.amount for x in order.lines)
    assert {name: Stock.after(world.streams[name]).on_hand for name in before} == before
