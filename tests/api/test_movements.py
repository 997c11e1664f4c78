"""Goods in and out by their kinds, several in one act, and the sums of each kind."""

import re
from typing import Any

import pytest

BOTH = [{"item": "tea", "quantity": 30}, {"item": "cup", "quantity": 20}]


@pytest.fixture
def house(api: Any) -> Any:
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    api.done("register-customer", id="V1", name="茶厂", customer_kind="supplier", owner="li")
    for item in ("tea", "cup"):
        what = {"category": "goods", "unit": "box", "currency": "CNY", "list_price": 100}
        api.done("add-product", id=item, name=item, **what)
    return api


def post(api: Any, movement: str, tea: int, cup: int = 0, **more: Any) -> str:
    lines = [{"item": "tea", "quantity": tea}] + ([{"item": "cup", "quantity": cup}] if cup else [])
    body = {"movement": movement, "location": "W", "lines": lines, **more}
    return str(api.done("post-movement", **body)["id"])


def by_kind(api: Any, item: str) -> dict[str, tuple[int, int]]:
    api.feed()
    found = api.get("/stock/movements", location="W", item=item)["data"]
    return {one["movement"]: (one["came_in"], one["went_out"]) for one in found}


@pytest.mark.capability("IN-01")
def test_each_kind_of_movement_is_one_act_and_its_sums_are_what_is_on_hand(house: Any) -> None:
    first = post(house, "purchase_receipt", 30, 20, customer="V1")
    assert re.fullmatch(r"SM-\d{6}-00001", first)
    post(house, "purchase_return", 2, customer="V1")
    post(house, "production_issue", 4, 3)
    post(house, "production_receipt", 6)
    post(house, "sales_issue", 5)
    post(house, "sales_return", 1)
    post(house, "promotion", 3, note="开业赠品")
    post(house, "adjustment", -1, note="破损")
    post(house, "transfer", 7, to_location="V")
    wrong = post(house, "promotion", 2)
    house.done("cancel-movement", id=wrong, reason="开错单")
    assert by_kind(house, "tea") == {
        "adjustment": (0, 1),
        "production_issue": (0, 4),
        "production_receipt": (6, 0),
        "promotion": (0, 3),
        "purchase_receipt": (30, 0),
        "purchase_return": (0, 2),
        "sales_issue": (0, 5),
        "sales_return": (1, 0),
        "transfer": (0, 7),
    }
    (stock,) = house.get("/stock", location="W", item="tea")["data"]
    (total,) = house.get("/stock/movements", location="W", item="tea", by="item")["data"]
    assert total["quantity"] == stock["on_hand"] == 15
    (listed,) = house.get("/movements", movement="promotion", status="posted")["data"]
    assert (listed["note"], listed["quantity"]) == ("开业赠品", 3)
    asked = {"movement": "purchase_receipt", "totals": "quantity", "facets": "movement"}
    assert house.get("/movements", **asked)["totals"]
    why = house.get("/stock/movements/why", location="W", item="tea", movement="promotion")
    assert [one["type"] for one in why["rows"]] == ["StockIssued", "StockIssued", "StockReversed"]


def test_a_document_moves_all_its_goods_or_none(house: Any) -> None:
    post(house, "purchase_receipt", 30, 20)
    beyond = {"movement": "sales_issue", "location": "W", "lines": [*BOTH, BOTH[1]]}
    answer = house.ask("post-movement", **beyond)
    assert (answer.status_code, answer.json()["refusal"]) == (409, "NotEnough")
    assert answer.json()["detail"].startswith("cup at W: Only 20 are available, not 40.")
    assert by_kind(house, "tea") == {"purchase_receipt": (30, 0)}
    nowhere = house.ask("post-movement", movement="transfer", location="W", lines=BOTH)
    assert nowhere.json()["refusal"] == "NotSuchMovement"
    assert house.get("/movements", count="exact")["count"] == 1


def refused(api: Any, command: str, **body: Any) -> str:
    answer = api.ask(command, **body)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["refusal"])


def test_a_document_is_undone_whole_and_its_number_is_never_used_again(house: Any) -> None:
    own = {"location": "W", "item": "tea", "quantity": 30, "reference": "D1"}
    house.done("receive-stock", **own)
    bought = {"id": "D1", "movement": "purchase_receipt", "location": "W", "lines": BOTH}
    assert refused(house, "post-movement", **bought) == "ReferenceTaken"
    house.done("post-movement", **{**bought, "id": "D2"})
    line = {"location": "W", "item": "tea", "document": "received", "reason": "打错"}
    assert refused(house, "reverse-movement", **line, reference="D2") == "PartOfDocument"
    house.done("cancel-movement", id="D2", reason="打错")
    assert refused(house, "post-movement", **{**bought, "id": "D2"}) == "MovementOver"
    house.done("reverse-movement", **line, reference="D1")
    assert by_kind(house, "tea") == {}


def test_what_of_a_transfer_has_arrived_is_not_undone_with_its_document(house: Any) -> None:
    post(house, "purchase_receipt", 30, 20)
    sent = post(house, "transfer", 10, 5, to_location="V")
    part = {"location": "V", "item": "tea", "transfer": sent}
    house.done("receive-transfer", **part, quantity=6)
    assert refused(house, "cancel-movement", id=sent, reason="x") == "Arrived"
    house.done("reverse-arrival", **part, reason="点错")
    house.done("cancel-movement", id=sent, reason="x")
    back = post(house, "transfer", 4, 5, to_location="V")
    house.done("cancel-transfer", **{**part, "transfer": back}, reason="装错")
    house.done("cancel-movement", id=back, reason="装错")
    assert by_kind(house, "tea")["transfer"] == (14, 14)


def test_lines_of_one_item_are_one_quantity_within_bounds(house: Any) -> None:
    most = {"item": "tea", "quantity": 1_000_000_000}
    bought = {"movement": "purchase_receipt", "location": "W"}
    assert refused(house, "post-movement", **bought, lines=[most, most]) == "TooLarge"


def test_nothing_is_given_to_whom_nothing_is_sold(house: Any) -> None:
    post(house, "purchase_receipt", 30)
    for name in ("C1", "C2"):
        told = {"name": name, "customer_kind": "retailer", "owner": "li"}
        house.done("register-customer", id=name, **told)
    house.done("merge-customer", id="C2", customer="C1", reason="同一家")
    house.done("freeze-customer", id="C1", reason="欠款")
    some = {"location": "W", "lines": [{"item": "tea", "quantity": 1}]}
    for movement in ("sales_issue", "promotion", "sample"):
        asked = {**some, "movement": movement, "customer": "C1"}
        assert refused(house, "post-movement", **asked) == "FrozenCustomer"
    asked = {**some, "movement": "sales_return", "customer": "C2"}
    assert refused(house, "post-movement", **asked) == "MergedAway"
    house.done("post-movement", **{**asked, "customer": "C1"})
