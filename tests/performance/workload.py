"""What a distribution company does all day: stock moves, orders ship, deals advance, points."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from aggregates import Event
from aggregates.inventory.stock import (
    Holder,
    StockIssued,
    StockReceived,
    StockReserved,
    StockShipped,
    StockSold,
)
from aggregates.loyalty.member import LotUse, PointsEarned, PointsRedeemed
from aggregates.opportunities.opportunity import (
    PIPELINES,
    OpportunityAdvanced,
    OpportunityLost,
    OpportunityOpened,
    OpportunityRevalued,
    OpportunityWon,
)
from aggregates.orders.lines import ShippedLine
from aggregates.orders.order import OrderApproved, OrderShipped
from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import IssueStock, ReceiveStock
from commands.orders.order import DraftOrder, Line
from commands.organisation.rep import HireRep
from infra.clock import micros
from infra.events import Entry
from services.bootstrap import Platform, request

START = datetime(2026, 1, 5, 1, tzinfo=UTC)
STOCKS = 1_000
STAGES = PIPELINES["standard"]


def stock_of(number: int) -> dict[str, str]:
    return {"location": f"WH-{number % 10:02d}", "item": f"SKU-{number // 10:04d}"}


def issue(number: int, reference: str) -> IssueStock:
    """One piece leaves one of the warm stocks."""
    where = stock_of(number % STOCKS)
    return IssueStock(**where, quantity=1, reason="sale", reference=reference)


def trading(platform: Platform) -> None:
    """Somebody to draft orders for, and something to order."""
    money = {"list_price": 500, "cost": 300, "currency": "CNY"}
    for one in (
        HireRep(id="R", name="Li", department="east", region="east"),
        RegisterCustomer(id="C", name="Shop", customer_kind="retailer", owner="R"),
        AddProduct(id="tea", name="Tea", category="tea", unit="box", **money),
    ):
        platform.executor.execute(request(one, "bench"))


def order(id: str | None = None) -> DraftOrder:
    """An order of one line, under that id or the next number."""
    what = {"customer": "C", "warehouse": "WH-00", "lines": (Line(item="tea", quantity=1),)}
    return DraftOrder(**what) if id is None else DraftOrder(id=id, **what)


def warm(platform: Platform, stocks: int = STOCKS) -> None:
    """Fill stocks that last for any measurement."""
    opening = [
        ReceiveStock(**stock_of(n), quantity=10**9, reason="opening", reference="opening")
        for n in range(stocks)
    ]
    answers = platform.executor.commit([request(command, "bench") for command in opening])
    assert not [a for a in answers if isinstance(a, Exception) or a.refusal]


def fill(platform: Platform, events: int, seed: int = 7) -> None:
    """Append that many events of a mixed trade, 1,000 a transaction."""
    made = entries(platform, events, seed)
    while chunk := list(islice(made, 1_000)):
        with platform.database.write() as connection:
            platform.store.write(connection, platform.store.lock(connection), chunk)


def entries(platform: Platform, events: int, seed: int = 7) -> Iterator[Entry]:
    chance, versions, encode = Random(seed), dict[str, int](), platform.codec.encode
    for number in range(events):
        at = START + timedelta(seconds=20 * number)
        stream, event = _happening(chance, at, number)
        versions[stream] = version = versions.get(stream, 0) + 1
        who, key = f"user-{chance.randrange(40)}", f"{chance.getrandbits(128):032x}"
        name, data = type(event).__name__, encode(event)
        yield Entry(stream, version, name, event.schema, micros(at), who, key, key, None, data)


def _happening(chance: Random, at: datetime, number: int) -> tuple[str, Event]:
    draw = chance.random()
    if draw < 0.5:
        return _stock(chance, at, number)
    if draw < 0.65:
        return _order(chance, number)
    if draw < 0.8:
        return _deal(chance, at)
    return _points(chance, at, number)


def _stock(chance: Random, at: datetime, number: int) -> tuple[str, Event]:
    quantity, order = chance.randint(1, 24), f"SO-{number:06d}"
    holder: Holder = "warehouse"
    place, item = f"WH-{chance.randrange(10):02d}", f"SKU-{chance.randrange(400):04d}"
    draw = chance.random()
    event: Any
    if draw < 0.2:
        event = StockReceived(holder, quantity * 20, "purchase", f"PO-{number:06d}", at)
    elif draw < 0.4:
        event = StockReserved(holder, order, quantity)
    elif draw < 0.6:
        event = StockShipped(holder, order, f"SH-{number:06d}", quantity, at)
    elif draw < 0.8:
        event = StockIssued(holder, quantity, "sale", f"IS-{number:06d}", at)
    else:
        place, member = f"D-{chance.randrange(60):03d}", f"M-{chance.randrange(3000):05d}"
        money = quantity * 1_250, "CNY", member if chance.random() < 0.7 else None
        event = StockSold("dealer", f"SALE-{number:06d}", quantity, *money, at)
    return f"stock-{place}:{item}", event


def _order(chance: Random, number: int) -> tuple[str, Event]:
    stream = f"order-SO-{number:06d}"
    if chance.random() < 0.3:
        return stream, OrderApproved(f"{chance.getrandbits(64):016x}", "manager-1")
    rep, customer = chance.randrange(25), chance.randrange(300)
    kind = "dealer" if customer < 60 else "customer"
    lines = tuple(_line(chance, line) for line in range(1, chance.randint(1, 4) + 1))
    who = f"C-{customer:04d}", kind, f"WH-{chance.randrange(10):02d}", "CNY"
    place = f"rep-{rep:02d}", f"sales-{rep % 4}", f"region-{rep % 6}"
    return stream, OrderShipped(f"SH-{number:06d}", *who, *place, lines, complete=True)


def _line(chance: Random, line: int) -> ShippedLine:
    quantity, price = chance.randint(1, 30), chance.randint(200, 9_000)
    cost = quantity * price * 7 // 10 if chance.random() < 0.9 else None
    return ShippedLine(line, f"SKU-{chance.randrange(400):04d}", quantity, quantity * price, cost)


def _deal(chance: Random, at: datetime) -> tuple[str, Event]:
    rep, customer, amount = chance.randrange(25), chance.randrange(300), chance.randint(10, 900)
    stream = f"opportunity-OP-{chance.randrange(2_000):05d}"
    who = f"rep-{rep:02d}", f"sales-{rep % 4}", f"region-{rep % 6}"
    money = amount * 10_000, "CNY"
    stage, after = chance.randrange(3), chance.randint(3_600, 30 * 86_400)
    place, draw = ("standard", STAGES[stage]), chance.random()
    if draw < 0.3:
        title, close = f"Deal with customer {customer}", date(2026, 12, 31)
        first = f"C-{customer:04d}", title, "standard", STAGES, STAGES[0], *money, close
        return stream, OpportunityOpened(*first, *who, at)
    if draw < 0.75:
        step = *place, STAGES[stage + 1], *money, *who, after, at
        return stream, OpportunityAdvanced(*step, forward=True)
    if draw < 0.85:
        return stream, OpportunityRevalued(*place, amount * 9_000, *money, *who)
    if draw < 0.93:
        return stream, OpportunityWon(*place, *money, *who, after, None)
    return stream, OpportunityLost(*place, *money, *who, after, "price", None)


def _points(chance: Random, at: datetime, number: int) -> tuple[str, Event]:
    stream, points = f"member-M-{chance.randrange(3000):05d}", chance.randint(5, 400)
    dealer = f"D-{chance.randrange(60):03d}"
    if chance.random() < 0.8:
        purchase, until = f"PU-{number:06d}", date(at.year + 1, 12, 31)
        money = points * 100, "CNY"
        return stream, PointsEarned(purchase, points, purchase, dealer, *money, until, 0)
    lots = (LotUse(f"PU-{max(0, number - 900):06d}", points),)
    redemption, gift = f"RD-{number:06d}", ("mug", None, None)
    return stream, PointsRedeemed(redemption, "gift", points, lots, *gift, dealer)
