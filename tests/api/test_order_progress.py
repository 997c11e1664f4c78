"""The way of an order: picked, dispatched, delivered, invoiced, paid, and signed on the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from api.conftest import Api, prepared, served
from api.test_files import PHOTO, digest, send
from asking import Asking
from originals import Originals

from infra.keys import Keys

LINES = [{"item": "tea", "quantity": 10}, {"item": "cup", "quantity": 4}]
S1 = {"order": "O1", "shipment": "S1"}
STEPS = {"payment": "finance", "shipping": "warehouse", "invoice": "finance"}


@contextmanager
def selling(originals: Originals, folder: Path, *items: str) -> Iterator[Api]:
    """A representative with a customer and a dealer, and goods in the warehouse."""
    with (
        originals.copied("sqlite", prepared) as url,
        served(url, files=str(folder / "files")) as api,
    ):
        api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
        for name, kind in (("C1", "retailer"), ("D1", "dealer")):
            about = {"name": name, "customer_kind": kind, "owner": "li"}
            api.done("register-customer", id=name, **about)
        for item in items:
            what = {"category": "goods", "unit": "box", "currency": "CNY", "list_price": 100}
            api.done("add-product", id=item, name=item, **what)
            api.done("receive-stock", location="W", item=item, quantity=20, reference="open")
        yield api


@pytest.fixture
def shop(originals: Originals, tmp_path: Path) -> Iterator[Api]:
    with selling(originals, tmp_path, "tea", "cup") as api:
        yield api


def ordered(api: Api, order: str = "O1", customer: str = "C1") -> None:
    api.done("draft-order", id=order, customer=customer, warehouse="W", lines=LINES)
    api.done("submit-order", id=order)
    api.done("approve-order", id=order)


def where(api: Api, order: str = "O1") -> dict[str, Any]:
    api.feed()
    found: dict[str, Any] = api.get(f"/orders/{order}/progress")["data"]
    return found


def line(api: Api, number: int = 1) -> tuple[int, ...]:
    found = where(api)["lines"][number - 1]
    names = "reserved", "picked", "shipped", "arrived", "returned", "invoiced"
    return tuple(found[name] for name in names)


def signed_in(api: Api, name: str, role: str, **scope: Any) -> Api:
    api.done("open-account", id=name)
    api.done("grant-role", id=name, role=role, **scope)
    key = Keys(api.platform.database).new(name)
    client = Asking(api.client.app, headers={"Authorization": f"Bearer {key}"})
    return Api(client, api.platform)


def test_what_stands_ready_for_a_shipment_is_picked_for_no_other_until_it_is_put_back(
    shop: Api,
) -> None:
    ordered(shop)
    other = {"order": "O1", "shipment": "S2"}
    shop.done("pick-shipment", **S1, lines=[{"line": 1, "quantity": 6}])
    told = shop.ask("pick-shipment", **other, lines=[{"line": 1, "quantity": 5}]).json()
    assert (told["refusal"], "Of line 1 4 can be picked" in told["detail"]) == (
        "PickedAlready",
        True,
    )
    shop.done("pick-shipment", **other)
    assert [line(shop, number)[:2] for number in (1, 2)] == [(10, 10), (4, 4)]
    assert shop.ask("pick-shipment", order="O1", shipment="S3").status_code == 409
    shop.done("cancel-pick", **S1, reason="拣错货架")
    assert line(shop)[:2] == (10, 4)
    assert shop.ask("dispatch-shipment", **S1, carrier="顺丰").json()["refusal"] == "PickCancelled"
    shop.done("dispatch-shipment", order="O1", shipment="S4", carrier="顺丰")
    assert line(shop)[:3] == (4, 4, 6)
    shop.done("cancel-order", id="O1", reason="不要了")
    shop.done("cancel-pick", **other, reason="订单取消")
    shop.feed()
    found = {one["shipment"]: one["status"] for one in shop.get("/shipments")["data"]}
    assert found == {"S1": "put_back", "S2": "put_back", "S4": "dispatched"}


@pytest.mark.capability("OR-09")
def test_a_shipment_is_tracked_from_the_shelf_to_the_signed_slip(shop: Api) -> None:
    ordered(shop)
    shop.done("pick-shipment", **S1, lines=[{"line": 1, "quantity": 6}])
    assert line(shop) == (10, 6, 0, 0, 0, 0)
    assert shop.ask("deliver-shipment", **S1).json()["refusal"] == "NotUnderWay"
    shop.done("dispatch-shipment", **S1, carrier="顺丰", tracking_number="SF-100")
    shop.done("correct-tracking", **S1, tracking_number="SF-1001")
    assert line(shop) == (4, 0, 6, 0, 0, 0)
    (stock,) = shop.get("/stock", location="W", item="tea")["data"]
    assert (stock["on_hand"], stock["reserved"]) == (14, 4)
    (sent,) = shop.get("/shipments", q="SF-1001")["data"]
    assert (sent["order"], sent["status"], sent["carrier"]) == ("O1", "dispatched", "顺丰")
    assert send(shop, PHOTO).status_code == 201
    shop.done("deliver-shipment", **S1, proof=digest(PHOTO), note="收货人已签字")
    assert line(shop) == (4, 0, 6, 6, 0, 0)
    (come,) = shop.get("/shipments", order="O1")["data"]
    assert (come["status"], come["proof"], come["arrived_at"]) != ("dispatched", None, None)
    assert shop.client.get(f"/files/{digest(PHOTO)}", params={"of": "order:O1"}).content
    again = shop.done("dispatch-shipment", **S1, carrier="顺丰", tracking_number="SF-100")
    assert again["repeated"]


@pytest.mark.capability("OR-07", "OR-10")
def test_anyone_concerned_asks_where_an_order_is_and_reads_one_answer(shop: Api) -> None:
    shop.done("open-account", id="tester")
    shop.done("grant-role", id="tester", role="owner", everything=True)
    dealer = signed_in(shop, "d1-buyer", "dealer", dealers=["D1"])
    ordered(shop, "O2", "D1")
    ordered(shop, "O1", "C1")
    shop.done("dispatch-shipment", order="O2", shipment="S2", carrier="德邦")
    dealer.done("deliver-shipment", order="O2", shipment="S2")
    invoice = shop.done("issue-invoice", order="O2", shipment="S2")["id"]
    paid = {"customer": "D1", "currency": "CNY", "way": "bank_transfer", "reference": "T-1"}
    receipt = shop.done("receive-payment", amount=900, **paid)["id"]
    settled = shop.done("allocate-receipt", id=receipt, allocation="A1", invoice=invoice)
    shop.done(
        "return-order", id="O2", return_id="R1", lines=[{"line": 2, "quantity": 1}], reason="x"
    )
    shop.feed()
    found = dealer.get("/orders/O2/progress")["data"]
    assert (found["status"], found["amount"]) == ("shipped", 1_400)
    assert (found["invoiced"], found["paid"]) == (1_400, 900)
    cups = found["lines"][1]
    done = {name: cups[name] for name in ("ordered", "shipped", "arrived", "invoiced", "returned")}
    assert done == {"ordered": 4, "shipped": 4, "arrived": 4, "invoiced": 4, "returned": 1}
    taken = [(one["step"], one["quantity"], one["by"], one["document"]) for one in cups["steps"]]
    assert taken == [
        ("shipped", 4, "tester", "S2"),
        ("arrived", 4, "d1-buyer", "S2"),
        ("invoiced", 4, "tester", invoice),
        ("returned", 1, "tester", "R1"),
    ]
    (held,) = shop.get("/stock", location="D1", item="tea")["data"]
    assert (held["on_hand"], held["in_transit"]) == (10, 0)
    assert dealer.client.get("/orders/O1/progress").status_code == 404
    then = shop.get("/orders/O2/progress", as_of=settled["position"])["data"]["lines"][1]
    assert (then["invoiced"], then["returned"]) == (4, 0)


@pytest.mark.capability("OR-07")
def test_what_a_dealer_takes_in_has_arrived_and_the_delivery_brings_the_rest(shop: Api) -> None:
    ordered(shop, "O2", "D1")
    shop.done("dispatch-shipment", order="O2", shipment="S2", carrier="德邦")
    came = {"location": "D1", "transfer": "S2"}
    shop.done("receive-transfer", **came, item="tea", quantity=6, lost=1, receipt="A")
    part = where(shop, "O2")
    assert [one["arrived"] for one in part["lines"]] == [6, 0]
    assert part["lines"][0]["lost"] == 1
    shop.done("deliver-shipment", order="O2", shipment="S2")
    whole = where(shop, "O2")
    assert [one["arrived"] for one in whole["lines"]] == [9, 4]
    steps = [(one["step"], one["quantity"]) for one in whole["lines"][0]["steps"]]
    assert [one for one in steps if one[0] == "arrived"] == [("arrived", 6), ("arrived", 3)]


@pytest.mark.capability("OR-06")
def test_each_step_waits_until_whom_the_company_names_has_signed_the_one_before(shop: Api) -> None:
    shop.done("open-account", id="tester")
    shop.done("grant-role", id="tester", role="owner", everything=True)
    money = signed_in(shop, "zhou", "finance", everything=True)
    house = signed_in(shop, "wang", "warehouse", everything=True)
    shop.done("change-settings", id="orders.steps", values=STEPS, reason="four eyes")
    ordered(shop)
    assert house.ask("dispatch-shipment", **S1, carrier="顺丰").json()["refusal"] == "StepNotSigned"
    sign = {"id": "O1", "step": "payment"}
    assert house.ask("sign-order-step", **sign).json()["refusal"] == "NotTheirStep"
    money.done("sign-order-step", **sign, note="定金已到账")
    house.done("dispatch-shipment", **S1, carrier="顺丰")
    bill = {"order": "O1", "shipment": "S1"}
    assert money.ask("issue-invoice", **bill).json()["refusal"] == "StepNotSigned"
    early = money.ask("sign-order-step", id="O1", step="invoice", shipment="S1")
    assert early.json()["refusal"] == "StepNotReached"
    house.done("sign-order-step", id="O1", step="shipping", shipment="S1")
    money.done("issue-invoice", **bill)
    money.done("sign-order-step", id="O1", step="invoice", shipment="S1")
    shop.feed()
    read = shop.get("/orders/O1")["data"]["signatures"]
    assert [(one["step"], one["role"], one["signed_by"]) for one in read] == [
        ("payment", "finance", "zhou"),
        ("shipping", "warehouse", "wang"),
        ("invoice", "finance", "zhou"),
    ]
    told, unpaid = where(shop), where(house)
    assert (told["invoiced"], told["paid"], unpaid["invoiced"], unpaid["paid"]) == (
        1_400,
        0,
        None,
        None,
    )
    steps = [one["step"] for one in told["steps"]]
    chain = ["reserved", "payment_signed", "shipped", "shipping_signed", "invoiced"]
    assert [one for one in steps if one in chain] == chain
    assert read[0]["note"] == "定金已到账"
    assert all(one["signed_at"] for one in read)


@pytest.mark.capability("OR-09")
def test_a_shipment_brings_a_little_more_or_less_than_was_ordered_and_is_paid_for(
    shop: Api,
) -> None:
    allowed = {"over_bp": 1_000, "exceptions": [{"product": "cup", "under_bp": 2_500}]}
    shop.done("change-settings", id="orders.deliveries", values=allowed, reason="sold by weight")
    ordered(shop)
    shop.done("pick-shipment", **S1, lines=[{"line": 1, "quantity": 11}])
    too_much = {"lines": [{"line": 1, "quantity": 12}]}
    told = shop.ask("ship-order", id="O1", shipment="S2", **too_much).json()
    assert told["refusal"] == "BeyondLine"
    assert "10 left and may exceed that up to 11, not to 12" in told["detail"]
    shop.done("dispatch-shipment", **S1, carrier="顺丰")
    shop.done("ship-order", id="O1", shipment="S2", lines=[{"line": 2, "quantity": 3}])
    invoices = [shop.done("issue-invoice", order="O1", shipment=one)["id"] for one in ("S1", "S2")]
    found = where(shop)
    assert (found["status"], found["amount"], found["invoiced"]) == ("shipped", 1_400, 1_400)
    assert (line(shop, 1), line(shop, 2)) == ((0, 0, 11, 0, 0, 11), (0, 0, 3, 0, 0, 3))
    amounts = [shop.get(f"/invoices/{one}")["data"]["amount"] for one in invoices]
    assert amounts == [1_100, 300]
    stock = {one["item"]: one for one in shop.get("/stock", location="W")["data"]}
    assert [(stock[i]["on_hand"], stock[i]["reserved"]) for i in ("tea", "cup")] == [
        (9, 0),
        (17, 0),
    ]
