"""Whatever is ordered, received, changed and broken off, nobody waits who could be served."""

from collections import Counter
from random import Random

import pytest
from scenario import NOON
from shop import ITEMS, Shop

from aggregates.inventory.stock import Stock
from aggregates.inventory.stock.lots import LotChoice
from aggregates.orders.backlog import Backlog, BacklogLeft
from aggregates.orders.lines import by_item
from aggregates.orders.order import SalesOrder
from commands.customers.customer import FreezeCustomer, UnfreezeCustomer
from commands.inventory.stock import (
    AdjustStock,
    IssueStock,
    ReceiveTransfer,
    ReleaseStock,
    ReserveStock,
    TransferStock,
)
from commands.orders.order import ApproveOrder, CancelOrder, Line, RedraftOrder, SubmitOrder
from services.processes import positions

STEPS = 150


class Trade:
    """Random business: seeded, so that what fails once fails again."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.random = Random(seed)
        self.orders: list[str] = []
        self.number = 0
        self.driver = shop.driver()

    def go_on(self) -> None:
        acts = [self.order] * 5 + [self.receive] * 5 + [self.drive] * 4 + [self.crash]
        acts += [self.change, self.cancel, self.again, self.freeze, self.take, self.move]
        acts += [self.set_aside] * 2
        self.number += 1
        self.random.choice(acts)()

    def order(self) -> None:
        self.orders.append(name := f"O{self.number}")
        self.shop.order(name, self.random.choice(["C1", "C1", "C2"]), **self.basket())

    def basket(self) -> dict[str, int]:
        items = self.random.sample(ITEMS, self.random.randint(1, 3))
        return {item: self.random.randint(1, 6) for item in items}

    def receive(self) -> None:
        self.shop.receive(self.random.choice(ITEMS), self.random.randint(1, 8))

    def drive(self) -> None:
        self.driver.step(self.random.choice([1, 5, 1000]))

    def crash(self) -> None:
        """The worker dies before its position moves; another goes on."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(positions, "move", _die)
            self.driver.step()
        self.driver = self.shop.driver()

    def some_order(self) -> str:
        return self.random.choice(self.orders or ["nothing"])

    def change(self) -> None:
        """Other goods in an order; half of them are put up for approval again."""
        name = self.some_order()
        lines = tuple(Line(item=i, quantity=q) for i, q in self.basket().items())
        submit, approve = SubmitOrder(id=name), ApproveOrder(id=name)
        again = (submit, approve) if self.random.random() < 0.5 else (submit,)
        self.shop.ask(RedraftOrder(id=name, lines=lines), *again)

    def cancel(self) -> None:
        self.shop.ask(CancelOrder(id=self.some_order(), reason="x"))

    def again(self) -> None:
        self.shop.ask(ApproveOrder(id=self.some_order()))

    def set_aside(self) -> None:
        """By hand, for an order that may wait; half of the time it is let go again."""
        what = {"location": "W1", "item": self.random.choice(ITEMS), "order": self.some_order()}
        self.shop.ask(ReserveStock(quantity=self.random.randint(1, 3), **what))
        if self.random.random() < 0.5:
            self.shop.ask(ReleaseStock(**what))

    def freeze(self) -> None:
        kind = self.random.choice([FreezeCustomer, UnfreezeCustomer])
        self.shop.ask(kind(id="C2", **({"reason": "x"} if kind is FreezeCustomer else {})))

    def take(self) -> None:
        what = {"location": "W1", "item": self.random.choice(ITEMS), "reference": f"T{self.number}"}
        less = {"quantity": self.random.randint(1, 4)}
        issue = IssueStock(reason="sample", **what, **less)
        self.shop.ask(
            self.random.choice([issue, AdjustStock(quantity=3, reason="found", **what), issue])
        )

    def move(self) -> None:
        item, name = self.random.choice(ITEMS), f"T{self.number}"
        ways = {"from_location": "W1", "to_location": "W2"}
        self.shop.ask(TransferStock(transfer=name, item=item, quantity=2, **ways))
        back = {"from_location": "W2", "to_location": "W1"}
        self.shop.ask(TransferStock(transfer=f"{name}b", item=item, quantity=1, **back))
        self.shop.ask(ReceiveTransfer(location="W2", item=item, transfer=name, quantity=2))
        self.shop.ask(ReceiveTransfer(location="W1", item=item, transfer=f"{name}b", quantity=1))


def _die(*_: object) -> None:
    raise ConnectionError("killed")


@pytest.mark.parametrize("seed", [0, 2, 3, 4])
def test_nobody_waits_who_could_be_served(shop: Shop, seed: int) -> None:
    trade = Trade(shop, seed)
    for _ in range(STEPS):
        trade.go_on()
    shop.drain(trade.driver)
    served = Counter(e.order for _, e in shop.said(BacklogLeft) if e.reason == "served")
    assert served, "this seed shows nothing: take another"
    assert all(times == 1 for times in shop.approvals().values())
    for name in trade.orders:
        holds_what_it_was_promised(shop, name)
        waits_only_for_what_is_short(shop, name)
    for item in ITEMS:
        assert shop.load(Stock, f"W1:{item}").available >= 0
    again = len(shop.history())
    with shop.database.write() as connection:
        positions.move(connection, "backorders", "main", shop.position(), 0)
    shop.drain()
    assert len(shop.history()) == again


def holds_what_it_was_promised(shop: Shop, name: str) -> None:
    order: SalesOrder = shop.load(SalesOrder, name)
    held = {item: shop.load(Stock, f"W1:{item}").orders.get(name, 0) for item in ITEMS}
    if order.status == "approved":
        assert {item: quantity for item, quantity in held.items() if quantity} == wanted(order)
    elif order.drafted is not None:
        assert all(quantity <= order.due("W1", item) for item, quantity in held.items())


def waits_only_for_what_is_short(shop: Shop, name: str) -> None:
    """Everything it was refused for and still lacks it waits for; C2 was frozen now and then."""
    order: SalesOrder = shop.load(SalesOrder, name)
    if order.status != "submitted" or shop.refusals().get(name) != order.content:
        return
    there = {i: shop.load(Stock, f"W1:{i}").reach(name, LotChoice(NOON)) for i in wanted(order)}
    short = [item for item, quantity in wanted(order).items() if there[item] < quantity]
    waits = [i for i in ITEMS if name in shop.load(Backlog, f"W1:{i}").waiting]
    if order.known().customer == "C1":
        assert set(short) & set(waits)
    assert short or not waits


def wanted(order: SalesOrder) -> dict[str, int]:
    return by_item((line.item, line.quantity) for line in order.lines)
