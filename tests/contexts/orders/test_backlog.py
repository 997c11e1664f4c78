"""Orders that wait for an item at a warehouse stand in line as they came, each until served."""

import pytest
from scenario import NOON, World, given

from aggregates import Event
from aggregates.customers.customer import Customer, CustomerFrozen, CustomerRegistered
from aggregates.inventory.lot import LotRegistered
from aggregates.inventory.stock import LotPart, LotsMoved, StockReceived, StockReserved
from aggregates.orders.backlog import Backlog, BacklogJoined, BacklogLeft, BacklogPaused
from aggregates.orders.lines import content_of, priced
from aggregates.orders.order import NotNow, OrderApproved, OrderDrafted, OrderSubmitted
from commands.orders.backlog import LOOKS, JoinBacklog, ServeBacklog, ServeFromLot

WHO = "li", "east", "shanghai"
serve = ServeBacklog(location="W1", item="I1")


def an_order(**items: int) -> tuple[Event, ...]:
    lines = tuple(priced(n, item, q, 100, 0, None) for n, (item, q) in enumerate(items.items(), 1))
    drafted = OrderDrafted("C1", "retailer", "W1", "CNY", lines, *WHO, None)
    return drafted, OrderSubmitted(100, content_of(lines))


def content(order: tuple[Event, ...]) -> str:
    submitted = order[-1]
    assert isinstance(submitted, OrderSubmitted)
    return submitted.content


def received(quantity: int) -> StockReceived:
    return StockReceived("warehouse", quantity, "purchase", "X", NOON)


def a_world(stock: dict[str, int], **orders: tuple[Event, ...]) -> World:
    """Every order waits for I1, in the order given."""
    world = World({f"stock-W1:{item}": (received(quantity),) for item, quantity in stock.items()})
    world.streams["customer-C1"] = (CustomerRegistered("Shop", "retailer", *WHO, None, None, None),)
    for name, order in orders.items():
        world.streams[f"order-{name}"] = order
        world.ask(joins(name, order))
    return world


def joins(name: str, order: tuple[Event, ...]) -> JoinBacklog:
    drafted = order[0]
    assert isinstance(drafted, OrderDrafted)
    (quantity,) = (line.quantity for line in drafted.lines if line.item == "I1")
    what = {"order": name, "quantity": quantity, "content": content(order), "approver": "boss"}
    return JoinBacklog(location="W1", item="I1", **what)


def waiting(world: World, item: str = "I1") -> list[str]:
    return list(world.load(Backlog, f"W1:{item}").waiting)


def test_who_joins_again_keeps_the_place_and_who_changed_stands_at_the_end() -> None:
    old, new = an_order(I1=1), an_order(I1=2)
    world = a_world({}, O1=old, O2=old)
    assert world.ask(joins("O1", old)) == ()
    assert waiting(world) == ["O1", "O2"]
    assert world.ask(joins("O1", new)) == (BacklogJoined("O1", 2, content(new), "boss"),)
    assert waiting(world) == ["O2", "O1"]


def test_first_come_first_served_with_what_was_approved_by_whom() -> None:
    order = an_order(I1=3)
    world = a_world({"I1": 5}, O1=order, O2=order)
    assert world.ask(serve) == (
        OrderApproved(content(order), "boss"),
        StockReserved("warehouse", "O1", 3),
        BacklogLeft("O1", "served"),
    )
    assert waiting(world) == ["O2"]
    assert world.ask(serve) == ()


def test_goods_do_not_lie_idle_for_a_larger_order_ahead() -> None:
    world = a_world({"I1": 5}, O1=an_order(I1=9), O2=an_order(I1=5))
    assert BacklogLeft("O2", "served") in world.ask(serve)
    assert waiting(world) == ["O1"]


def test_an_order_that_lacks_another_item_waits_for_that_as_well() -> None:
    order = an_order(I1=2, I2=4)
    world = a_world({"I1": 5, "I2": 3}, O1=order)
    assert world.ask(serve) == (BacklogJoined("O1", 4, content(order), "boss"),)
    assert waiting(world) == waiting(world, "I2") == ["O1"]
    assert world.ask(serve) == ()
    world.streams["stock-W1:I2"] = (received(4),)
    world.states.clear()
    world.ask(ServeBacklog(location="W1", item="I2"))
    assert waiting(world) == waiting(world, "I2") == []


@pytest.mark.parametrize("change", ["cancelled", "changed"])
def test_who_is_no_longer_as_he_came_leaves(change: str) -> None:
    world = a_world({"I1": 5}, O1=an_order(I1=2))
    world.streams["order-O1"] = an_order(I1=1)[: 1 if change == "cancelled" else 2]
    assert world.ask(serve) == (BacklogLeft("O1", "gone"),)


def test_a_frozen_customer_holds_no_place() -> None:
    world = a_world({"I1": 5}, O1=an_order(I1=2))
    world.streams["customer-C1"] += (CustomerFrozen("unpaid"),)
    assert world.ask(serve) == (BacklogLeft("O1", "frozen"),)


@pytest.mark.parametrize("why", ["frozen", "refused"])
def test_who_may_not_be_served_leaves_every_line_that_he_stands_in(
    why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else goods of another kind would approve later what a person shall decide anew."""
    order = an_order(I1=2, I2=1)
    world = a_world({"I1": 5}, O1=order)
    assert world.ask(serve) == (BacklogJoined("O1", 1, content(order), "boss"),)
    if why == "frozen":
        world.streams["customer-C1"] += (CustomerFrozen("unpaid"),)
        world.states.clear()
    else:
        monkeypatch.setattr(Customer, "served", _refuses)
    left = [event for event in world.ask(serve) if isinstance(event, BacklogLeft)]
    assert [event.reason for event in left] == [why, why]
    assert waiting(world) == waiting(world, "I2") == []


def _refuses(_: Customer) -> None:
    raise NotNow("shipped", ["submitted"])


def test_a_long_line_is_looked_at_in_steps_that_miss_nobody() -> None:
    both, one = an_order(I1=1, I2=1), an_order(I1=1)
    orders = {f"O{n}": both if n % 3 else one for n in range(2 * LOOKS + 5)}
    world = a_world({"I1": 500}, **orders)
    first = step(world, None)
    second = step(world, first)
    assert None not in (first, second)
    assert step(world, second) is None
    assert waiting(world) == [name for name, order in orders.items() if order is both]


def step(world: World, after: str | None) -> str | None:
    """Look on behind that order; answers behind whom to go on."""
    events = world.ask(ServeBacklog(location="W1", item="I1", after=after))
    return next((event.after for event in events if isinstance(event, BacklogPaused)), None)


def test_a_lot_serves_who_waits_for_it_wherever_it_lies() -> None:
    world = a_world({"I1": 5, "I2": 5}, O1=an_order(I1=2))
    of_lot = LotsMoved("warehouse", "received:X", (LotPart("I1:A", 5),), "opening", "X", NOON)
    world.streams["lot-I1:A"] = (LotRegistered("I1", "A"),)
    for place in ("W1:I1", "W2:I1"):
        world.streams[f"stock-{place}"] = (received(5), of_lot)
    assert world.ask(ServeFromLot(item="I1", lot="A")) == (BacklogPaused(None),)
    assert world.ask(ServeFromLot(item="I1", lot="B")) == ()
    assert BacklogLeft("O1", "served") in world.ask(serve)


def test_a_step_starts_anew_where_the_last_looked_at_has_gone() -> None:
    joined = BacklogJoined("O1", 1, "x", None)
    backlog = Backlog.after([joined, BacklogPaused("O0")])
    assert [name for name, _ in backlog.behind("O0")] == ["O1"]
    assert [name for name, _ in backlog.behind("O1")] == []


def test_nobody_waits_and_nothing_happens() -> None:
    given().when(serve).then()
