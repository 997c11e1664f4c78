"""What was told by mistake is put right: figures are as before it, and both stay on record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api.conftest import Api
from api.test_order_progress import S1, STEPS, selling, signed_in
from originals import Originals

FIGURES = "/funnel", "/funnel/series", "/funnel/cohorts", "/results", "/rankings/reps"
GOODS = "/stock", "/purchases", "/purchases/cycles", "/receivables"
YEAR = {"valid_from": "2026-01-01", "valid_until": "2027-12-31"}
BILL = {"order": "O1", "shipment": "S1"}


@pytest.fixture
def shop(originals: Originals, tmp_path: Path) -> Iterator[Api]:
    with selling(originals, tmp_path, "tea") as api:
        yield api


def figures(api: Api, *paths: str, **asked: Any) -> dict[str, Any]:
    api.feed()
    return {path: api.get(path, **asked)["data"] for path in paths}


def ordered(api: Api, customer: str = "C1", **of: str) -> None:
    lines = [{"item": "tea", "quantity": 10}]
    api.done("draft-order", id="O1", customer=customer, warehouse="W", lines=lines, **of)
    api.done("submit-order", id="O1")
    api.done("approve-order", id="O1")


def open_documents(api: Api) -> list[Any]:
    """What counts against the credit limit, document by document."""
    found: list[Any] = api.get("/customer_accounts/C1")["data"]["open_documents"]
    return sorted(found, key=str)


def refused(api: Api, command: str, **body: Any) -> tuple[str, str]:
    answer = api.ask(command, **body)
    assert answer.status_code == 409, answer.text
    told = answer.json()
    return told["refusal"], told["detail"]


@pytest.mark.capability("OP-01")
def test_a_deal_that_was_lost_or_won_by_mistake_stands_where_it_stood(shop: Api) -> None:
    deal = {"title": "茶单", "amount": 900, "currency": "CNY"}
    shop.done("open-opportunity", id="P1", customer="C1", **deal)
    shop.done("advance-opportunity", id="P1", stage="proposal")
    mistaken = {"id": "P1", "reason": "点错了商机"}
    assert refused(shop, "reopen-opportunity", **mistaken)[0] == "StillOpen"
    before = figures(shop, *FIGURES)
    position = shop.done("lose-opportunity", id="P1", reason="price")["position"]
    assert "reopen-opportunity" in refused(shop, "revalue-opportunity", id="P1", amount=1)[1]
    lost = figures(shop, *FIGURES)
    shop.done("reopen-opportunity", **mistaken)
    shop.done("reopen-opportunity", **mistaken)
    after = figures(shop, *FIGURES)
    assert whole(after) == whole(before)
    assert after["/results"] == before["/results"] != lost["/results"]
    assert shop.get("/results", as_of=position)["data"] == lost["/results"]
    assert shop.get("/funnel/open")["data"][0]["stage"] == "proposal"
    read = shop.get("/opportunities/P1")["data"]
    assert (read["status"], read["stage"], read["lost_reason"]) == ("open", "proposal", None)
    ordered(shop, opportunity="P1")
    shop.done("win-opportunity", id="P1", order="O1")
    assert refused(shop, "reopen-opportunity", **mistaken) == (
        "StillActive",
        "P1 was won with order O1, which goes on. Cancel the order first: cancel-order.",
    )
    shop.done("cancel-order", id="O1", reason="客户未下单")
    shop.done("reopen-opportunity", id="P1", reason="订单是别家的")
    assert whole(figures(shop, *FIGURES)) == whole(before)
    shop.done("win-opportunity", id="P1")
    [month] = figures(shop, "/funnel/series")["/funnel/series"]
    assert (month["won"], month["lost"], month["won_amount"]) == (1, 0, 900)


def whole(found: dict[str, Any]) -> dict[str, Any]:
    """Without rows in which all is nothing again."""
    return {
        path: [row for row in rows if any(isinstance(one, int) and one for one in row.values())]
        for path, rows in found.items()
    }


@pytest.mark.capability("OR-06")
def test_a_step_that_was_signed_by_mistake_waits_again_until_the_next_has_gone_on(
    shop: Api,
) -> None:
    shop.done("open-account", id="tester")
    shop.done("grant-role", id="tester", role="owner", everything=True)
    money = signed_in(shop, "zhou", "finance", everything=True)
    house = signed_in(shop, "wang", "warehouse", everything=True)
    shop.done("change-settings", id="orders.steps", values=STEPS, reason="four eyes")
    ordered(shop)
    paid = {"id": "O1", "step": "payment"}
    mistaken = {**paid, "reason": "定金是另一单的"}
    money.done("sign-order-step", **paid)
    assert refused(house, "undo-step-signature", **mistaken)[0] == "NotTheirStep"
    money.done("undo-step-signature", **mistaken)
    money.done("undo-step-signature", **mistaken)
    shop.feed()
    assert shop.get("/orders/O1")["data"]["signatures"] == []
    assert refused(house, "dispatch-shipment", **S1, carrier="顺丰")[0] == "StepNotSigned"
    money.done("sign-order-step", **paid, note="定金已到账")
    house.done("dispatch-shipment", **S1, carrier="顺丰")
    assert refused(money, "undo-step-signature", **mistaken) == (
        "GoneOn",
        "The payment of the order stays signed: shipment S1 has left on it. Put that right itself:"
        " return-order takes goods back.",
    )
    shop.feed()
    steps = [one["step"] for one in shop.get("/orders/O1/progress")["data"]["steps"]]
    assert steps.count("payment_signed") == 2
    assert steps.count("payment_unsigned") == 1
    [signed] = shop.get("/orders/O1")["data"]["signatures"]
    assert (signed["note"], signed["signed_by"]) == ("定金已到账", "zhou")


BACK = {"id": "O1", "return_id": "B1", "lines": [{"line": 1, "quantity": 4}], "reason": "受潮"}
WRONG = {"id": "O1", "return_id": "B1", "reason": "退的是另一单"}


@pytest.mark.capability("OR-11")
@pytest.mark.parametrize("customer", ["C1", "D1"])
def test_a_return_of_the_wrong_order_is_taken_back_with_all_that_came_of_it(
    shop: Api, customer: str
) -> None:
    ordered(shop, customer)
    shop.done("dispatch-shipment", **S1, carrier="顺丰")
    shop.done("deliver-shipment", **S1)
    before = figures(shop, *GOODS, *FIGURES)
    position = shop.done("return-order", **BACK, condition="damaged")["position"]
    mistaken = figures(shop, *GOODS, *FIGURES)
    shop.done("undo-return", **WRONG)
    shop.done("undo-return", **WRONG)
    assert figures(shop, *GOODS, *FIGURES) == before != mistaken
    assert shop.get("/stock/blocked")["data"] == []
    assert figures(shop, *GOODS, *FIGURES, as_of=position) == mistaken
    read = shop.get("/orders/O1")["data"]
    assert (read["returned"], read["returns"]) == (0, [])
    assert shop.get("/orders/O1/progress")["data"]["lines"][0]["returned"] == 0
    assert refused(shop, "return-order", **BACK, condition="damaged")[0] == "TakenBack"
    shop.done("return-order", **{**BACK, "return_id": "B2"})
    shop.done("issue-invoice", id="V1", **BILL)
    shop.done("issue-credit-note", id="N1", order="O1", return_id="B2")
    late = {**WRONG, "return_id": "B2"}
    assert "cancel-credit-note" in refused(shop, "undo-return", **late)[1]
    shop.done("cancel-credit-note", id="N1", reason="退货属于另一单")
    shop.done("undo-return", **late)
    assert figures(shop, "/stock", *FIGURES) == {
        path: before[path] for path in ("/stock", *FIGURES)
    }


@pytest.mark.capability("OR-09")
def test_a_loss_that_turned_up_is_owed_again_and_so_is_what_was_credited_for_it(
    shop: Api,
) -> None:
    ordered(shop)
    shop.done("set-credit-limit", id="C1", currency="CNY", limit=9_000, **YEAR, reason="first")
    shop.done("dispatch-shipment", **S1, carrier="顺丰")
    shop.done("issue-invoice", id="V1", **BILL)
    shop.done("receive-payment", id="P1", customer="C1", amount=1_000, currency="CNY")
    shop.done("allocate-receipt", id="P1", allocation="A1")
    before = figures(shop, *GOODS, *FIGURES)
    open_before = open_documents(shop)
    lost = {"id": "O1", "loss": "L1", "shipment": "S1", "lines": [{"line": 1, "quantity": 3}]}
    shop.done("credit-loss", **lost)
    shop.done("issue-credit-note", id="N1", order="O1", loss="L1")
    found = {"id": "O1", "loss": "L1", "reason": "货已找到"}
    assert refused(shop, "undo-loss", **found)[0] == "RestsOnReturn"
    for _ in range(2):
        shop.done("cancel-credit-note", id="N1", reason="货已找到")
    shop.feed()
    invoice = shop.get("/invoices/V1")["data"]
    assert (invoice["credited"], invoice["paid"], invoice["open"]) == (0, 700, 300)
    assert shop.get("/credit_notes/N1")["data"]["status"] == "cancelled"
    shop.done("issue-credit-note", id="N2", order="O1", loss="L1")
    shop.done("cancel-credit-note", id="N2", reason="货已找到")
    shop.done("undo-loss", **found)
    shop.done("undo-loss", **found)
    assert refused(shop, "credit-loss", **lost)[0] == "TakenBack"
    shop.done("allocate-receipt", id="P1", allocation="A2")
    assert figures(shop, *GOODS, *FIGURES) == before
    assert open_documents(shop) == open_before
    assert shop.get("/orders/O1")["data"]["lost"] == 0


@pytest.mark.capability("OR-07")
@pytest.mark.parametrize("customer", ["C1", "D1"])
def test_a_delivery_of_the_wrong_day_is_told_anew_and_the_goods_are_on_their_way_between(
    shop: Api, customer: str
) -> None:
    ordered(shop, customer)
    shop.done("dispatch-shipment", **S1, carrier="顺丰")
    before = figures(shop, *GOODS, *FIGURES)
    shop.done("deliver-shipment", **S1, note="前台签收")
    arrived = figures(shop, *GOODS, *FIGURES)
    mistaken = {**S1, "reason": "签收日期录错"}
    shop.done("undo-delivery", **mistaken)
    shop.done("undo-delivery", **mistaken)
    assert figures(shop, *GOODS, *FIGURES) == before
    read = shop.get("/shipments/O1:S1")["data"]
    assert (read["status"], read["arrived_at"], read["note"]) == ("dispatched", None, None)
    assert shop.get("/orders/O1/progress")["data"]["lines"][0]["arrived"] == 0
    early = {"occurred_at": shop.get("/orders/O1")["data"]["drafted_at"]}
    assert refused(shop, "deliver-shipment", **S1, **early)[0] == "OutOfOrder"
    then = read["dispatched_at"]
    shop.done("deliver-shipment", **S1, note="仓库签收", occurred_at=then)
    assert figures(shop, *GOODS, *FIGURES) == arrived
    read = shop.get("/shipments/O1:S1")["data"]
    assert (read["arrived_at"], read["note"]) == (then, "仓库签收")
    assert shop.get("/orders/O1/progress")["data"]["lines"][0]["arrived"] == 10


@pytest.mark.capability("CH-13")
def test_a_return_of_a_dealers_sale_that_was_none_is_taken_back_and_the_sale_counts(
    shop: Api,
) -> None:
    at = {"location": "D1", "item": "tea"}
    shop.done("receive-stock", **at, quantity=9, reference="first")
    shop.done("sell-out", **at, sale="Z1", quantity=6, amount=1_000, currency="CNY")
    told = "/stock", "/stock/movements", "/rankings/dealers", "/rankings/reps"
    before = figures(shop, *told)
    back = {**at, "sale": "Z1", "return_id": "B1"}
    position = shop.done("return-sell-out", **back, quantity=2)["position"]
    mistaken = figures(shop, *told)
    whole_sale = {**at, "document": "sold", "reference": "Z1", "reason": "没有这笔销售"}
    assert "undo-sell-out-return" in refused(shop, "reverse-movement", **whole_sale)[1]
    shop.done("undo-sell-out-return", **back, reason="退的是另一笔")
    shop.done("undo-sell-out-return", **back, reason="退的是另一笔")
    assert figures(shop, *told) == before != mistaken
    assert figures(shop, *told, as_of=position) == mistaken
    assert refused(shop, "return-sell-out", **back, quantity=2)[0] == "TakenBack"
    shop.done("return-sell-out", **{**back, "return_id": "B2"}, quantity=6)
    assert figures(shop, "/rankings/dealers")["/rankings/dealers"] == []
    shop.done("undo-sell-out-return", **{**back, "return_id": "B2"}, reason="也没有退")
    shop.done("reverse-movement", **whole_sale)
    assert figures(shop, "/rankings/reps")["/rankings/reps"] == []
