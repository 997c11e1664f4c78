"""A customer who buys on contracts, and claims what is amiss: of every state there is one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from commands import Command
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import ReceiveStock
from commands.orders.claim import AcceptClaim, FileClaim, RejectClaim
from commands.orders.order import ApproveOrder, Line, SubmitOrder
from commands.orders.parts import LinePart
from commands.orders.shipment import DeliverShipment, DispatchShipment
from commands.pricing.contract import (
    DraftContract,
    OrderContract,
    SignContract,
    SubmitContract,
    TerminateContract,
)
from services.bootstrap import Platform, request
from services.demo.catalogue import GOODS, PEOPLE

SHOP, HOUSE, CONTRACT = "s-lanxin", "WH-SH", "HT-LANXIN"
WATER, SODA = GOODS[0], GOODS[1]
FIRST, SECOND = f"{CONTRACT}-1", f"{CONTRACT}-2"


def ask(platform: Platform, source: str) -> int:
    """Sign, order, deliver and claim; asked again, it changes nothing."""
    position = 0
    for number, command in enumerate((*_contracts(), *_claims())):
        key = f"{source}-contract-{number}"
        position = platform.executor.execute(request(command, "demo", key)).position
    return position


def _contracts() -> Iterator[Command]:
    of = {"customer_kind": "retailer", "owner": PEOPLE[0].id}
    yield RegisterCustomer(id=SHOP, name="兰馨连锁超市 Lanxin Supermarkets", **of)
    for good in (WATER, SODA):
        goods: dict[str, Any] = {"location": HOUSE, "item": good.id, "unit": good.case}
        yield ReceiveStock(**goods, quantity=60, reference=f"LANXIN-{good.id}")
    lines = tuple(Line(item=one.id, quantity=50, unit=one.case) for one in (WATER, SODA))
    what: dict[str, Any] = {"customer": SHOP, "warehouse": HOUSE, "lines": lines}
    what["valid_until"] = date(2099, 12, 31)
    note = "长期供货合同 分批提货 Supply in parts, until further notice"
    yield DraftContract(id=CONTRACT, note=note, **what)
    yield SubmitContract(id=CONTRACT)
    yield SignContract(id=CONTRACT, reference="LX-采-0716")
    for order, cases in ((FIRST, 20), (SECOND, 10)):
        units = enumerate((WATER.case, SODA.case), 1)
        parts = tuple(LinePart(line=n, quantity=cases, unit=unit) for n, unit in units)
        yield OrderContract(id=CONTRACT, order=order, lines=parts)
        yield SubmitOrder(id=order)
        yield ApproveOrder(id=order)
    sent: dict[str, Any] = {"order": FIRST, "shipment": f"{FIRST}-S"}
    yield DispatchShipment(**sent, carrier="德邦快递 Deppon")
    yield DeliverShipment(**sent, note="店长签收 Signed by the manager")
    for name, note in (("HT-FESTIVAL", "节日礼盒供货 Gift boxes"), ("HT-REVIEW", "新店首批铺货")):
        yield DraftContract(id=name, note=note, **what)
        yield SubmitContract(id=name)
    yield SignContract(id="HT-FESTIVAL")
    yield TerminateContract(id="HT-FESTIVAL", reason="门店调整 双方协商解除 Ended by both sides")


def _claims() -> Iterator[Command]:
    of: dict[str, Any] = {"order": FIRST, "shipment": f"{FIRST}-S"}
    for name, line, quantity, fault, reason in (
        ("CL-WET", 1, 6, "damaged", "外箱淋湿 6 件霉变 Six are mouldy"),
        ("CL-WRONG", 2, 12, "wrong", "口味发错 Another flavour"),
        ("CL-LATE", 1, 24, "late", "晚到两天 Two days late"),
        ("CL-SHORT", 2, 3, "short", "点收少 3 件 Three are missing"),
    ):
        told = {"line": line, "quantity": quantity, "fault": fault, "reason": reason}
        yield FileClaim(id=name, **of, **told)
    yield AcceptClaim(id="CL-WET", remedy="credit")
    yield AcceptClaim(id="CL-WRONG", remedy="replacement", condition="inspect")
    yield RejectClaim(id="CL-LATE", reason="合同约定的到货期内 Within the days of the contract")
