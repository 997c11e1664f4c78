"""What clients ask for, by chance: goods that come, go and move, and orders that want them."""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from random import Random
from typing import Any

import msgspec

from aggregates.inventory.warehouse import Warehouse
from commands import Command
from commands.catalog.product import AddProduct
from commands.customers.customer import FreezeCustomer, RegisterCustomer, UnfreezeCustomer
from commands.inventory.stock import (
    IssueStock,
    ReceiveStock,
    ReleaseStock,
    ReserveStock,
    SellOut,
    TransferStock,
)
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    DraftOrder,
    Line,
    LinePart,
    ShipOrder,
    SubmitOrder,
)
from commands.organisation.rep import HireRep
from commands.plain import verbs
from infra.events import Entry
from simulation import approvals
from simulation.approvals import Signatures
from simulation.costs import Costs
from simulation.deals import Deals
from simulation.features import approves
from simulation.journeys import Journeys
from simulation.lots import LotShelf
from simulation.shelf import Shelf
from simulation.shoppers import Shoppers

RegisterWarehouse = verbs(Warehouse).register
LOCATIONS, ITEMS = ("A", "B"), ("x", "y", "z")
GIANTS = tuple(f"stock-E:g{number}" for number in range(4))
OLDEN = {"moved_at": "2025-01-01T00:00:00Z"}
HERITAGE = "client", "heritage", "heritage", None
OLD = "StockReceived", 0
"""The first build called the quantity of this event otherwise."""


class Trade:
    """Names are taken once, so that each command is its own."""

    def __init__(
        self,
        random: Random,
        features: Collection[str],
        terms: Callable[[], Mapping[str, Any]],
        now: Callable[[], datetime],
    ) -> None:
        """`terms` are those of an approval: how long it waits, and how long goods are held."""
        self.random = random
        self.terms = terms
        orders, members, dealing = (each in features for each in ("orders", "members", "deals"))
        self.number = 0
        self.drafted: list[str] = []
        self.wants: dict[str, tuple[str, list[str]]] = {}
        shoppers = Shoppers(random)
        self.next: deque[Command] = deque(shoppers.opening() if members else ())
        journeys = self.journeys = Journeys(random)
        self.signatures = Signatures(random, now) if approves(features) else None
        self.busy = 5 if self.signatures is None else 10
        """Fewer commands than this are asked at once."""
        deals = Deals(random)
        self.next += deals.opening() if dealing else ()
        costs = Costs(random, journeys) if "costs" in features else None
        self.next += costs.opening() if costs else ()
        self.kinds: list[Callable[[], Command]] = [
            *[self._receipt] * 6, *[self._issue] * 3, *[self._transfer] * 3, self._reservation,
            self._sale, *[journeys.command] * 2,
            *([*[self._order] * 8, *[self._by_hand] * 3, *[self._custom] * 2] if orders else []),
            *[shoppers.command] * (6 if members else 0),
            *[deals.command] * (4 if dealing else 0),
            *[Shelf(random).command] * (4 if "shelf" in features else 0),
            *[LotShelf(random).command] * (12 if "lots" in features else 0),
            *([costs.command] * 40 if costs else []),
            *([*[self._order] * 6, *[self.signatures.command] * 12] if self.signatures else []),
        ]  # fmt: skip

    def command(self) -> Command:
        if self.next and self.random.random() < 0.7:
            return self.next.popleft()
        return self.random.choice(self.kinds)()

    def asker(self, command: Command) -> str:
        """In whose name a command is asked."""
        return approvals.MAKER if self.signatures is None else self.signatures.asker(command)

    def registers(self) -> list[Command]:
        """All that a command may name where references are checked, and who signs."""
        signing = approvals.opening() if self.signatures else []
        return [*registers(), *signing]

    def _name(self) -> str:
        self.number += 1
        return f"n{self.number}"

    def _place(self) -> dict[str, str]:
        return {"location": self.random.choice(LOCATIONS), "item": self.random.choice(ITEMS)}

    def _few(self) -> int:
        return self.random.randrange(1, 9)

    def _receipt(self) -> Command:
        return ReceiveStock(**self._place(), quantity=self._few(), reference=self._name())

    def _issue(self) -> Command:
        what = {"quantity": self._few(), "reason": "sale", "reference": self._name()}
        return IssueStock(**self._place(), **what)

    def _transfer(self) -> Command:
        way = zip(("from_location", "to_location"), self.random.sample(LOCATIONS, 2), strict=True)
        what = {"item": self.random.choice(ITEMS), "transfer": self._name()}
        sent = TransferStock(**dict(way), **what, quantity=self._few())
        self.journeys.begins(sent.to_location, sent.item, sent.transfer)
        return sent

    def _reservation(self) -> Command:
        return ReserveStock(**self._place(), order=self._name(), quantity=self._few())

    def _by_hand(self) -> Command:
        """Stock set aside for an order that there is, or let go again."""
        if not self.drafted:
            return self._reservation()
        what = {**self._place(), "order": self.random.choice(self.drafted[-6:])}
        if self.random.random() < 0.2:
            return ReleaseStock(**what)
        return ReserveStock(**what, quantity=self.random.randrange(1, 4))

    def _custom(self) -> Command:
        """One customer is frozen now and then."""
        if self.random.random() < 0.5:
            return FreezeCustomer(id="F", reason="unpaid")
        return UnfreezeCustomer(id="F")

    def _sale(self) -> Command:
        what = {"quantity": self._few(), "amount": self._few() * 100, "currency": "CNY"}
        place = {"location": "D", "item": self.random.choice(ITEMS)}
        return SellOut(**place, sale=self._name(), **what)

    def _shipment(self, order: str) -> Command:
        """Of all that is open on an order, or of one piece."""
        shipment = self._name()
        customer, items = self.wants[order]
        for item in items:
            self.journeys.begins(customer, item, shipment)
        piece = (LinePart(line=1, quantity=1),) if self.random.random() < 0.2 else None
        return ShipOrder(id=order, shipment=shipment, lines=piece)

    def _order(self) -> Command:
        """A new order and what follows from it, or the end of an old one."""
        if self.drafted and self.random.random() < 0.3:
            old = self.random.choice(self.drafted)
            if self.random.random() < 0.3:
                return CancelOrder(id=old, reason="changed")
            return self._shipment(old)
        new = self._name()
        self.drafted.append(new)
        partial = self.random.random() < 0.2
        approve = ApproveOrder(id=new, approver="li", partial=partial, **self.terms())
        self.next += [SubmitOrder(id=new), approve]
        items = self.random.sample(ITEMS, self.random.randrange(1, 3))
        lines = tuple(Line(item=item, quantity=self._few()) for item in items)
        self.next += self.signatures.drafted(new, lines) if self.signatures else ()
        whose = {"customer": self.random.choice("CCF")}
        self.wants[new] = whose["customer"], items
        if self.random.random() < 0.3:
            self.next.append(self._shipment(new))
        return DraftOrder(id=new, warehouse=self.random.choice(LOCATIONS), lines=lines, **whose)


def registers() -> list[Command]:
    """All that a command may name where references are checked."""
    kind = {"customer_kind": "dealer", "owner": "li"}
    hired = HireRep(id="li", name="Li", department="east", region="shanghai")
    of = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    products = [AddProduct(id=item, name=item, **of) for item in ITEMS]
    dealers = [RegisterCustomer(id=name, name=name, **kind) for name in "CFD"]
    warehouses = [RegisterWarehouse(id=name, name=name) for name in "ABL"]
    return [hired, *dealers, *products, *warehouses]


def heritage(random: Random, at: int) -> list[Entry]:
    """What the first build wrote, before the events had their present shape."""
    entries = []
    for version in range(1, random.randrange(2, 6)):
        data = {"holder": "warehouse", "qty": version, "reason": "purchase",
                "reference": f"old{version}", "moved_at": "2025-01-01T00:00:00Z"}  # fmt: skip
        envelope = ("stock-A:x", version, *OLD, at, *HERITAGE)
        entries.append(Entry(*envelope, msgspec.json.encode(data)))
    return entries


def giants(random: Random, at: int) -> list[Entry]:
    """Sales that no command reports: one is beyond 64 bits, and of the others only one fits."""
    amounts = [2**62 + random.randrange(9), 2**62 + random.randrange(9), 10**19, 2**62]
    came = {"holder": "dealer", "quantity": 9, "reason": "purchase", "reference": "r", **OLDEN}
    sold = {"holder": "dealer", "quantity": 1, "currency": "CNY", "member": None, **OLDEN}
    entries = []
    for stream, amount in zip(GIANTS, random.sample(amounts, 4), strict=True):
        sales = [{**sold, "sale": f"s{each}", "amount": each} for each in (amount, 5)]
        entries += [
            Entry(stream, 1, "StockReceived", 1, at, *HERITAGE, msgspec.json.encode(came)),
            Entry(stream, 2, "StockSold", 1, at, *HERITAGE, msgspec.json.encode(sales[0])),
            Entry(stream, 3, "StockSold", 1, at, *HERITAGE, msgspec.json.encode(sales[1])),
        ]
    return entries


def modern(data: dict[str, object]) -> dict[str, object]:
    """The shape that such an event has today."""
    return {"quantity" if name == "qty" else name: value for name, value in data.items()}
