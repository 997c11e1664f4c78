"""The cold store of today: a lot near its end, a case too many, shelves to count again or short."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from commands import Command
from commands.channel.stock_report import ReportDealerStock, StockLine
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import CountStock, ReceiveStock
from commands.orders.blocking import BlockStock
from commands.orders.deferral import DeferOrder
from commands.orders.order import ApproveOrder, DraftOrder, Line, LinePart, SubmitOrder
from commands.orders.shipment import DispatchShipment, PickShipment
from commands.organisation.settings import ChangeSettings
from services.bootstrap import Platform, request
from services.demo.catalogue import DEALERS, GOODS, PEOPLE
from services.demo.lots import HOUSE

SHOP, ORDER, ORDERED = "s-cold", "SO-COLD", 40
LIMITS = {"units": 20}
WAITS = "SO-TEA-2"
KEEPS = 25
"""Days until the lot is sold no more."""


def ask(platform: Platform, source: str, today: date) -> int:
    """Settle how exact shipments and counts are, ship and count; asked again, it changes nothing.

    It is not dated back: settings hold from when they are made.
    """
    position = 0
    for number, command in enumerate((*_asked(today), *_short())):
        key = f"{source}-shelf-{number}"
        position = platform.executor.execute(request(command, "demo", key)).position
    return position


def _asked(today: date) -> Iterator[Command]:
    good = next(good for good in GOODS if good.name.startswith("椰子汁"))
    shelf: dict[str, Any] = {"location": HOUSE, "item": good.id}
    cases: dict[str, Any] = {**shelf, "unit": good.case}
    more = {"exceptions": [{"product": good.id, "over_bp": 300}]}
    reason = "整层发货，不拆托盘 Whole layers are shipped"
    yield ChangeSettings(id="orders.deliveries", values=more, reason=reason)
    reason = "差异大的须由另一人复盘 Large differences are counted twice"
    yield ChangeSettings(id="inventory.counting", values=LIMITS, reason=reason)
    lot = {"lot": "2512E", "expires_on": today + timedelta(days=KEEPS)}
    yield ReceiveStock(**cases, quantity=30, reference="COLD-2512E", **lot)
    yield ReceiveStock(**cases, quantity=70, reference="COLD-LOOSE")
    of = {"customer_kind": "retailer", "owner": PEOPLE[0].id}
    yield RegisterCustomer(id=SHOP, name="晨光冷饮店 Chenguang Cold Drinks", **of)
    lines = (Line(item=good.id, quantity=ORDERED, unit=good.case),)
    yield DraftOrder(id=ORDER, customer=SHOP, warehouse=HOUSE, lines=lines)
    yield SubmitOrder(id=ORDER)
    yield ApproveOrder(id=ORDER)
    sent: dict[str, Any] = {"order": ORDER, "shipment": f"{ORDER}-1"}
    yield PickShipment(**sent, lines=(LinePart(line=1, quantity=ORDERED + 1, unit=good.case),))
    yield DispatchShipment(**sent, carrier="顺丰冷运 SF Cold Chain")
    yield CountStock(**cases, counted=20, reference="COLD-COUNT")
    note = "外箱压坏，待检 Crushed cartons, to be looked at"
    yield BlockStock(**cases, quantity=2, reference="COLD-HELD", note=note)
    told = tuple(StockLine(item=one.id, quantity=6, unit=one.case) for one in GOODS[:3])
    of_dealer: dict[str, Any] = {"dealer": DEALERS[0].id, "report": "monthly"}
    yield ReportDealerStock(**of_dealer, lines=told)


def _short() -> Iterator[Command]:
    """A count finds less than two orders were promised, and the later one waits for the rest."""
    good = next(good for good in GOODS if good.name.startswith("冰红茶"))
    shelf: dict[str, Any] = {"location": HOUSE, "item": good.id}
    yield ReceiveStock(**shelf, quantity=150, reference="COLD-TEA")
    for order, quantity in (("SO-TEA-1", 90), (WAITS, 60)):
        lines = (Line(item=good.id, quantity=quantity),)
        yield DraftOrder(id=order, customer=SHOP, warehouse=HOUSE, lines=lines)
        yield SubmitOrder(id=order)
        yield ApproveOrder(id=order)
    yield CountStock(**shelf, counted=138, reference="COLD-TEA-COUNT")
    yield DeferOrder(id=WAITS, reason="盘亏 12 瓶 Twelve are missing", partial=True)
