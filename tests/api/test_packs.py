"""What is ordered, moved and counted in packs: said in cases, kept and moved in bottles."""

from typing import Any

import pytest
from api.test_imports import ended
from api.test_quotation_pdf import pdf
from api.test_quotations import refusal

THREE = {"item": "beer", "quantity": 3, "unit": "case"}


@pytest.fixture
def house(api: Any) -> Any:
    """Beer by the bottle of 5.00; a case is 24 bottles, a pallet 40 cases."""
    api.done("hire-rep", id="li", name="李娜", department="east", region="shanghai")
    api.done("register-customer", id="shop", name="便利店", customer_kind="retailer", owner="li")
    for unit, name, more in (
        ("bottle", "瓶", {}),
        ("case", "箱", {"base": "bottle", "factor": 24}),
        ("pallet", "托", {"base": "case", "factor": 40}),
        ("kilo", "公斤", {}),
    ):
        api.done("register-unit", id=unit, name=name, **more)
    beer = {"name": "啤酒", "category": "drinks", "unit": "bottle", "currency": "CNY"}
    api.done("add-product", id="beer", list_price=500, **beer)
    api.done("receive-stock", location="W", item="beer", quantity=100, reference="PO-1")
    return api


def ordered(api: Any, id: str) -> Any:
    api.feed()
    (line,) = api.get(f"/orders/{id}")["data"]["lines"]
    return line


def draft(api: Any, id: str, *lines: dict[str, Any]) -> Any:
    return api.ask("draft-order", id=id, customer="shop", warehouse="W", lines=list(lines))


def test_an_order_in_cases_is_priced_reserved_and_kept_as_it_was_said(house: Any) -> None:
    shops = {"name": "门店", "currency": "CNY", "priority": 1, "customer_kind": "retailer"}
    house.done("register-price-list", id="shops", **shops)
    breaks = [{"quantity": 1, "unit_price": 500}, {"quantity": 50, "unit_price": 400}]
    house.done("set-list-price", price_list="shops", product="beer", breaks=breaks)
    for n, asked in enumerate((THREE, {**THREE, "unit_price": 10_001}), 1):
        assert draft(house, f"O{n}", asked).status_code == 201
    line = ordered(house, "O1")
    assert line["packed"] == {"unit": "case", "quantity": 3, "factor": 24, "unit_price": None}
    assert (line["quantity"], line["unit_price"], line["amount"]) == (72, 400, 28_800)
    given = ordered(house, "O2")  # by the case: to the fen, whatever a bottle comes to
    assert (given["unit_price"], given["amount"]) == (417, 30_003)
    house.done("submit-order", id="O1")
    house.done("approve-order", id="O1")
    house.feed()
    (stock,) = house.get("/stock", item="beer")["data"]
    assert (stock["on_hand"], stock["reserved"]) == (100, 72)


def test_what_a_case_is_from_now_on_changes_no_order_and_no_repeat(house: Any) -> None:
    first = draft(house, "O1", THREE).json()
    house.done("change-unit", id="case", factor=12)
    assert draft(house, "O1", THREE).json()["position"] == first["position"]
    assert ordered(house, "O1")["quantity"] == 72
    assert draft(house, "O2", THREE).status_code == 201
    assert ordered(house, "O2")["quantity"] == 36
    bottles = draft(house, "O1", {"item": "beer", "quantity": 72})
    assert bottles.status_code == 409
    assert "unit of line 1 case, not nothing" in bottles.json()["detail"]


def test_a_product_that_does_not_come_so_says_how_it_comes(house: Any) -> None:
    for unit in ("kilo", "crate"):
        answer = draft(house, "O1", {**THREE, "unit": unit})
        assert answer.status_code in (404, 409), answer.text
    said = refusal(house, "draft-order", id="O1", customer="shop", warehouse="W",
                   lines=[{**THREE, "unit": "kilo"}])  # fmt: skip
    assert "bottle, case (24), pallet (960)" in said


def test_a_unit_that_was_any_word_stays_until_it_is_given_a_registered_one(api: Any) -> None:
    tea = {"name": "茶", "category": "drinks", "currency": "CNY", "list_price": 500}
    api.done("add-product", id="tea", unit="case of 24", **tea)
    api.done("register-unit", id="box", name="盒")
    api.done("register-unit", id="case", name="箱", base="box", factor=12)
    assert api.ask("add-product", id="new", unit="case of 24", **tea).status_code == 404
    pack = {"location": "W", "item": "tea", "quantity": 2, "unit": "case", "reference": "R1"}
    said = refusal(api, "receive-stock", **pack)
    assert "case of 24, which is not registered" in said
    api.feed()
    assert [one["id"] for one in api.get("/products", unit="case of 24")["data"]] == ["tea"]
    assert "change-product-details" in said
    api.done("change-product-details", id="tea", unit="box")
    api.done("receive-stock", **pack)
    api.feed()
    assert api.get("/stock", item="tea")["data"][0]["on_hand"] == 24


def test_a_quotation_shows_its_customer_cases_and_bottles_and_is_ordered_so(house: Any) -> None:
    what = {"customer": "shop", "warehouse": "W", "valid_until": "2099-01-01"}
    house.done("draft-quotation", id="Q1", lines=[{**THREE, "discount_bp": 1_000}], **what)
    house.done("send-quotation", id="Q1")
    (page,) = pdf(house, language="zh")
    assert "1啤酒3箱(72瓶)120.00-36.00324.00" in page
    house.done("accept-quotation", id="Q1", revision=1)
    house.done("order-quotation", id="Q1", revision=1, order="O1")
    line = ordered(house, "O1")
    assert (line["packed"]["quantity"], line["quantity"], line["amount"]) == (3, 72, 32_400)


def test_a_file_of_orders_says_in_which_unit_each_line_is(house: Any) -> None:
    head = "id,customer,warehouse,lines.item,lines.quantity,lines.unit"
    rows = f"{head}\nO1,shop,W,beer,2,case\nO2,shop,W,beer,5,\n"
    how = {"command": "draft-order", "name": "orders.csv"}
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "orders"}
    sent = house.client.post("/imports", params=how, content=rows, headers=headers)
    assert ended(house, sent)["accepted"] == 2
    assert [ordered(house, name)["quantity"] for name in ("O1", "O2")] == [48, 5]


def test_goods_come_go_and_are_counted_in_cases(house: Any) -> None:
    here = {"location": "W", "item": "beer", "unit": "case"}
    house.done("receive-stock", **here, quantity=5, reference="PO-2")
    way = {"item": "beer", "from_location": "W", "to_location": "V", "unit": "case"}
    house.done("transfer-stock", **way, transfer="T1", quantity=2)
    line = {"item": "beer", "quantity": 1, "unit": "case"}
    house.done("post-movement", id="M1", movement="sample", location="W", lines=[line])
    house.feed()
    assert there(house) == 100 + (5 - 2 - 1) * 24
    house.done("count-stock", **here, counted=6, reference="C1")
    assert there(house) == 144
    (moved,) = house.get("/movements/M1")["data"]["lines"]
    assert (moved["quantity"], moved["packed"]["quantity"]) == (24, 1)
    house.done("change-unit", id="case", factor=12)
    house.done("receive-stock", **here, quantity=5, reference="PO-2")
    house.done("post-movement", id="M1", movement="sample", location="W", lines=[line])
    assert there(house) == 144, "what is told again means what it meant"
    bottles = refusal(house, "receive-stock", location="W", item="beer", quantity=120,
                      reference="PO-2")  # fmt: skip
    assert "packed 5 case (120), not nothing" in bottles


def test_a_dealer_sells_out_in_cases(house: Any) -> None:
    house.done("register-customer", id="dealer", name="经销商", customer_kind="dealer", owner="li")
    house.done("receive-stock", location="dealer", item="beer", quantity=50, reference="OPEN")
    house.done("sell-out", location="dealer", item="beer", sale="S1", quantity=2, unit="case",
               amount=20_000, currency="CNY")  # fmt: skip
    assert there(house, "dealer") == 2


def test_a_part_of_what_was_said_in_cases_is_of_those_cases(house: Any) -> None:
    house.done("register-customer", id="dealer", name="批发", customer_kind="dealer", owner="li")
    house.done("enrol-member", id="M")
    case: dict[str, Any] = {"item": "beer", "quantity": 1, "unit": "case"}
    shelf = {"location": "dealer", **case}
    house.done("receive-stock", **{**shelf, "quantity": 10}, reference="PO-2")
    house.done("transfer-stock", from_location="W", to_location="X", transfer="T", **case)
    house.done("block-stock", location="W", reference="B", **{**case, "quantity": 2})
    house.done("sell-out", sale="S", amount=9, currency="CNY", **shelf)
    bought = {"purchase": "P", "dealer": "dealer", "currency": "CNY"}
    house.done("record-purchase", id="M", lines=[{**case, "amount": 9}], **bought)
    house.done("change-unit", id="case", factor=20)
    house.done("receive-transfer", location="X", transfer="T", **case)
    house.done("unblock-stock", location="W", reference="B", document="D", **case)
    house.done("return-sell-out", sale="S", return_id="R", **shelf)
    house.done("return-purchase", id="M", purchase="P", return_id="R", lines=[case])
    house.feed()
    assert (there(house, "X"), there(house, "dealer")) == (24, 240)
    (shelf_of,) = house.get("/stock", item="beer", location="W")["data"]
    assert shelf_of["blocked"] == 24
    house.done("close-unit", id="case", reason="by the bottle from now on")
    again = house.done("receive-stock", **{**shelf, "quantity": 10}, reference="PO-2")
    assert again["repeated"]
    assert "closed" in refusal(house, "receive-stock", **shelf, reference="PO-3")


def there(api: Any, location: str = "W") -> int:
    api.feed()
    (stock,) = api.get("/stock", item="beer", location=location)["data"]
    return int(stock["on_hand"])
