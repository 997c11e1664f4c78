"""The product archive over HTTP: where things are from, how they are sold, and in which season."""

from typing import Any

import pytest
from api.test_imports import ended

from aggregates.calendar import business_day
from infra.clock import instant

TEA = {
    "name": "龙井",
    "category": "tea",
    "unit": "box",
    "supplier": "garden",
    "list_price": 500,
    "currency": "CNY",
    "brand": "西湖",
    "sales_route": "distributed",
    "transport": "chilled",
}


def refused(api: Any, slug: str, **asked: Any) -> str:
    answer = api.ask(slug, **asked)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["refusal"])


@pytest.fixture
def shop(api: Any) -> Any:
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    for one, kind in (("garden", "supplier"), ("C1", "retailer")):
        api.done("register-customer", id=one, name=one, customer_kind=kind, owner="li")
    api.done("register-product-line", id="spring", name="春茶")
    api.done("register-category", id="tea", name="茶")
    for unit, more in (("box", {}), ("case", {"base": "box", "factor": 12})):
        api.done("register-unit", id=unit, name=unit, **more)
    return api


@pytest.mark.capability("PR-01")
def test_what_is_known_of_a_product_is_kept_corrected_and_found(shop: Any) -> None:
    shop.done("add-product", id="LJ", **TEA)
    shop.done("register-barcode", id="6901234567892", product="LJ")
    shop.done("register-barcode", id="16901234567899", product="LJ", unit="case")
    shop.done("change-product-details", id="LJ", sales_route="direct", transport=None)
    shop.feed()
    (seen,) = shop.get("/products", brand="西湖", supplier="garden", sales_route="direct")["data"]
    assert (seen["id"], seen["name"], seen["transport"]) == ("LJ", "龙井", None)
    assert shop.get("/products", sales_route="distributed")["data"] == []
    scanned = shop.get("/barcodes/16901234567899")["data"]
    pack = shop.get(f"/units/{scanned['unit']}")["data"]
    assert (scanned["product"], pack["base"], pack["factor"]) == ("LJ", "box", 12)
    twice = refused(shop, "register-barcode", id="6901234567892", product="LJ", unit="box")
    assert twice == "ReferenceTaken"
    changes = shop.get("/products/LJ/history")["data"][-1]["changes"]
    assert changes["transport"] == {"from": "chilled", "to": None}


@pytest.mark.capability("PR-02")
def test_a_line_that_is_over_is_sold_no_more_and_what_was_sold_of_it_stays(shop: Any) -> None:
    today = business_day(instant(shop.platform.database.clock.now())).isoformat()
    rows = "".join(f"G{n},绿茶{n},spring\n" for n in range(40))
    how = {"command": "add-product", "name": "spring.csv", "map": ["编号=id", "名称=name"]}
    fixed = ["category=tea", "unit=box", "list_price=300", "currency=CNY"]
    sent = shop.client.post(
        "/imports",
        params={**how, "set": fixed},
        content=f"编号,名称,product_line\n{rows}".encode(),
        headers={"Idempotency-Key": "spring", "Content-Type": "text/csv"},
    )
    assert ended(shop, sent)["accepted"] == 40
    shop.done("add-product", id="LJ", **TEA)
    shop.done("receive-stock", location="W", item="G7", quantity=5, reference="R1")
    drafted = {"customer": "C1", "warehouse": "W", "lines": [{"item": "G7", "quantity": 2}]}
    shop.done("draft-order", id="O1", **drafted)
    itself = shop.ask("change-product-details", id="G7", successor="G7")
    assert itself.json()["refusal"] == "OwnSuccessor"
    shop.done("change-product-details", id="G7", successor="LJ")
    shop.done("change-product-line", id="spring", on_sale_until="2026-03-31")
    answer = shop.ask("draft-order", id="O2", **drafted)
    assert (answer.status_code, answer.json()["refusal"]) == (409, "NotOnSale")
    assert "LJ" in answer.json()["detail"]
    for step in ("submit-order", "approve-order"):
        shop.done(step, id="O1")
    shop.done("ship-order", id="O1", shipment="S1")
    shop.feed()
    assert shop.get("/products", product_line="spring", count="exact")["count"] == 40
    assert shop.get("/orders/O1")["data"]["lines"][0]["item"] == "G7"
    shop.done("change-product-line", id="spring", on_sale_until=today)
    shop.done("draft-order", id="O2", **drafted)
    shop.done("change-product-details", id="G7", on_sale_from="2999-01-01")
    assert refused(shop, "draft-order", id="O3", **drafted) == "NotOnSale"
    backwards = {"on_sale_from": "2026-05-01", "on_sale_until": "2026-04-01"}
    assert refused(shop, "change-product-details", id="G8", **backwards) == "Unfit"
