"""Random weeks of a small company: asked in any order, told late, or around midnight."""

from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
from effort import effort
from hypothesis import HealthCheck, Phase, settings

from aggregates.opportunities.opportunity import PIPELINES
from commands import Command
from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    ReleaseStock,
    ReserveStock,
    SellOut,
    TransferStock,
)
from commands.loyalty.member import EnrolMember, RedeemPoints, ReverseRedemption
from commands.loyalty.purchase import EarnPoints, RecordPurchase, ReturnPurchase, ReverseEarning
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    ChangeOpportunityDetails,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    RescheduleOpportunity,
    RevalueOpportunity,
    WinOpportunity,
)
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
from commands.organisation.rep import HireRep

few = settings(
    max_examples=effort(2, 6),
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # to shrink a history takes minutes
)
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, 16, tzinfo=UTC)  # where the company is, a day begins
INSTANT = timedelta(microseconds=1)
times = st.one_of(
    st.sampled_from([MIDNIGHT - INSTANT, MIDNIGHT, MIDNIGHT + INSTANT]),
    st.integers(0, 5 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
)
WAREHOUSES, ITEMS, CUSTOMERS = ("W1", "W2"), ("I1", "I2", "I3"), ("D1", "D2", "C1")
quantities, amounts = st.integers(1, 9), st.integers(0, 9_999)


def founding() -> list[Command]:
    """Who and what there is at first: two reps, three customers, three products, full stores."""
    at: dict[str, Any] = {"occurred_at": START}
    reps = [
        HireRep(id=f"R{n}", name=f"Rep {n}", department=f"dept-{n}", region="east", **at)
        for n in (1, 2)
    ]
    customers = [
        RegisterCustomer(id=name, name=name, customer_kind=kind, owner=owner, **at)
        for name, kind, owner in [("D1", "dealer", "R1"), ("D2", "dealer", "R2")]
    ]
    retailer = RegisterCustomer(id="C1", name="C1", customer_kind="retailer", owner="R2", **at)
    products = [
        AddProduct(id=name, name=name, category="x", unit="box", cost=cost, **at, **price)
        for name, cost, price in [
            ("I1", 60, {"list_price": 100, "currency": "CNY"}),
            ("I2", None, {"list_price": 33, "currency": "CNY"}),
            ("I3", 7, {"list_price": 10, "currency": "USD"}),
        ]
    ]
    stock = [
        ReceiveStock(location=place, item=item, quantity=60, reference="opening", **at)
        for place in WAREHOUSES
        for item in ITEMS
    ]
    members = [
        EnrolMember(id=name, dealer=dealer, **at) for name, dealer in (("M1", "D1"), ("M2", None))
    ]
    return [*reps, *customers, retailer, *products, *stock, *members, *rare()]


def rare() -> list[Command]:
    """What chance brings about too seldom."""
    deal: dict[str, Any] = {"customer": "D1", "title": "Tea", "amount": 70, "currency": "CNY"}
    sent: dict[str, Any] = {"item": "I1", "transfer": "t0", "occurred_at": START}
    return [
        *(OpenOpportunity(id=name, occurred_at=START, **deal) for name in ("kept", "won", "lost")),
        *(ReassignOpportunity(id=name, rep="R2", occurred_at=START) for name in ("kept", "lost")),
        AdvanceOpportunity(id="kept", stage="proposal", occurred_at=MIDNIGHT),
        WinOpportunity(id="won", occurred_at=MIDNIGHT),
        LoseOpportunity(id="lost", reason="price", occurred_at=MIDNIGHT),
        TransferStock(from_location="W1", to_location="W2", quantity=5, **sent),
        ReceiveTransfer(location="W2", quantity=3, lost=1, **sent),
    ]


def dated(kind: type[Command], **fields: Any) -> st.SearchStrategy[list[Command]]:
    """One request, at any time."""
    return st.builds(kind, occurred_at=times, **fields).map(lambda command: [command])


def _names(prefix: str, most: int) -> st.SearchStrategy[str]:
    return st.integers(1, most).map(lambda number: f"{prefix}{number}")


places = {"location": st.sampled_from([*WAREHOUSES, "D1", "D2"]), "item": st.sampled_from(ITEMS)}
references, members = _names("ref", 30), _names("M", 2)
deals = {"id": _names("deal", 3)}
stages = st.sampled_from([*PIPELINES["standard"], *PIPELINES["tender"]])
moves = st.one_of(
    dated(ReceiveStock, **places, quantity=quantities, reference=references),
    dated(
        IssueStock,
        **places,
        quantity=quantities,
        reference=references,
        reason=st.sampled_from(["sale", "scrap"]),
    ),
    dated(ReserveStock, **places, order=references, quantity=quantities),
    dated(ReleaseStock, **places, order=references),
    dated(
        TransferStock,
        from_location=st.sampled_from(WAREHOUSES),
        to_location=st.sampled_from(WAREHOUSES),
        item=places["item"],
        transfer=_names("t", 4),
        quantity=quantities,
    ),
    dated(
        ReceiveTransfer,
        **places,
        transfer=_names("t", 4) | st.builds("O{}-{}".format, st.integers(1, 12), st.integers(0, 1)),
        quantity=st.integers(0, 3),
        lost=st.integers(0, 1),
        receipt=references,
    ),
    dated(
        AdjustStock,
        **places,
        quantity=st.integers(-5, 5),
        reason=st.just("x"),
        reference=references,
    ),
    dated(CountStock, **places, counted=st.integers(0, 70), reference=references),
)
sales = st.one_of(
    dated(
        SellOut,
        location=st.sampled_from(["D1", "D2"]),
        item=places["item"],
        sale=references,
        quantity=quantities,
        amount=amounts,
        currency=st.sampled_from(["CNY", "USD"]),
        member=st.none() | members,
    ),
    dated(EarnPoints, id=members, purchase=_names("p", 5), points=st.integers(1, 50)),
    dated(
        RedeemPoints,
        id=members,
        redemption=_names("r", 5),
        form=st.just("gift"),
        points=st.integers(1, 30),
    ),
    dated(ReverseEarning, id=members, purchase=_names("p", 5), reason=st.just("x")),
    dated(ReverseRedemption, id=members, redemption=_names("r", 5)),
    dated(
        RecordPurchase,
        id=members,
        purchase=_names("b", 9),
        dealer=st.sampled_from(["D1", "D2"]),
        currency=st.just("CNY"),
        lines=st.just(({"item": "I1", "quantity": 2, "amount": 500},)),
    ),
    dated(
        ReturnPurchase,
        id=members,
        purchase=_names("b", 9),
        return_id=_names("back", 3),
        lines=st.just(({"item": "I1", "quantity": 1},)) | st.none(),
    ),
)
opened = dated(
    OpenOpportunity,
    **deals,
    customer=st.sampled_from(CUSTOMERS),
    title=st.just("Tea"),
    pipeline=st.sampled_from(list(PIPELINES)),
    amount=amounts,
    currency=st.sampled_from(["CNY", "USD"]),
)
selling = st.one_of(
    opened,
    opened,
    dated(AdvanceOpportunity, **deals, stage=stages),
    dated(AdvanceOpportunity, **deals, stage=stages),
    dated(RevalueOpportunity, **deals, amount=amounts),
    dated(
        ChangeOpportunityDetails,
        **deals,
        currency=st.sampled_from(["CNY", "USD"]),
        pipeline=st.sampled_from(["standard", "tender"]),
    ),
    dated(RescheduleOpportunity, **deals, expected_close=st.just(START.date())),
    dated(ReassignOpportunity, **deals, rep=st.sampled_from(["R1", "R2"])),
    dated(WinOpportunity, **deals),
    dated(LoseOpportunity, **deals, reason=st.just("price")),
)


@st.composite
def an_order(draw: st.DrawFn) -> list[Command]:
    """An order on its way: drafted, approved, shipped in parts, some of it taken back."""
    order, at = draw(_names("O", 12)), {"occurred_at": draw(times)}
    items = draw(st.sampled_from([("I1", "I2"), ("I2", "I1"), ("I3",), ("I1", "I1")]))
    lines = tuple(
        Line(item=i, quantity=draw(quantities), discount_bp=draw(st.integers(0, 900)))
        for i in items
    )
    whom = {"customer": draw(st.sampled_from(CUSTOMERS)), "warehouse": draw(st.just("W1"))}
    shipments = [f"{order}-{number}" for number in range(draw(st.integers(0, 2)))]
    part = (LinePart(line=1, quantity=draw(st.integers(1, 3))),)
    commands: list[Command] = [
        DraftOrder(id=order, lines=lines, **whom, **at),
        SubmitOrder(id=order, **at),
        ApproveOrder(id=order, **at),
        *(ShipOrder(id=order, shipment=name, lines=part, **at) for name in shipments),
    ]
    later = {"occurred_at": draw(times)}
    if draw(st.booleans()):
        commands.append(ShipOrder(id=order, shipment=f"{order}-rest", **later))
    if draw(st.booleans()):
        commands.append(ReturnOrder(id=order, return_id="b1", lines=part, reason="x", **later))
    if draw(st.booleans()):
        commands.append(CancelOrder(id=order, reason="x", **later))
    return commands


steps = st.one_of(moves, sales, selling, selling, an_order())
histories = st.lists(steps, min_size=80, max_size=120).map(
    lambda parts: [*founding(), *(command for part in parts for command in part)]
)
