"""What a customer bought, how often, and all that is going on with it on one page."""

from collections.abc import Iterator

import pytest
from api.conftest import Api, prepared, served
from api.test_access_commands import Company
from api.test_access_reads import get
from originals import Originals

TEA = {"category": "goods", "unit": "box", "currency": "CNY", "list_price": 1_500, "cost": 700}
DAYS = ("2026-03-02", "2026-03-12", "2026-03-20")


@pytest.fixture
def company(originals: Originals) -> Iterator[Company]:
    """Li's shop bought on three days; of the first shipment one box came back."""
    with originals.copied("postgres", prepared) as url, served(url) as api:
        made = Company(api)
        _trade(api)
        yield made


def _trade(api: Api) -> None:
    shop = {"name": "Tea bar", "customer_kind": "retailer", "owner": "li"}
    api.done("register-customer", id="C-li", **shop)
    early = {"occurred_at": "2026-03-01"}
    api.done("add-product", id="tea", name="Tea", **TEA)
    api.done("receive-stock", location="WH", item="tea", quantity=500, reference="open", **early)
    for number, day in enumerate(DAYS):
        order = {"id": f"O{number}", "occurred_at": day}
        line = {"item": "tea", "quantity": 10 + number, "discount_bp": 1_000}
        flagged = {"customer": "C-li", "warehouse": "WH", "lines": [line], "dates": "flag"}
        api.done("draft-order", **order, **flagged)
        for verb in ("submit", "approve"):
            api.done(f"{verb}-order", **order)
        api.done("ship-order", **order, shipment=f"S{number}", dates="flag")
    api.done("issue-invoice", id="INV1", order="O0", shipment="S0")
    back = {"return_id": "R1", "lines": [{"line": 1, "quantity": 1}], "reason": "wet"}
    api.done("return-order", id="O0", **back, occurred_at="2026-03-05", dates="flag")
    api.feed()


@pytest.mark.capability("CU-11")
def test_each_purchase_is_told_with_price_shipment_and_invoice_and_the_cycle_with_its_reasons(
    company: Company,
) -> None:
    api = company.api
    told = ("bought_on", "item", "quantity", "unit_price", "amount", "shipment", "invoice")
    bought = [tuple(row[name] for name in told) for row in api.get("/purchases")["data"]]
    assert bought == [
        ("2026-03-02", "tea", 10, 1_350, 13_500, "S0", "INV1"),
        ("2026-03-05", "tea", -1, 1_350, -1_350, "R1", ""),
        ("2026-03-12", "tea", 11, 1_350, 14_850, "S1", ""),
        ("2026-03-20", "tea", 12, 1_350, 16_200, "S2", ""),
    ]
    (cycle,) = api.get("/purchases/cycles", customer="C-li")["data"]
    ends = {"purchases": 3, "first": "2026-03-02", "last": "2026-03-20"}
    assert cycle.items() >= {**ends, "cycle_days": 9, "next": "2026-03-29"}.items()
    assert cycle["overdue_days"] > 200
    why = api.get("/purchases/cycles/why", customer="C-li", measure="quantity")["rows"]
    assert [row["change"]["quantity"] for row in why] == [10, 11, 12, -1]
    before = api.get("/purchases/cycles", as_of="2026-03-12", customer="C-li")["data"]
    assert (before[0]["cycle_days"], before[0]["overdue_days"]) == (10, 0)
    whole = {"return_id": "R2", "lines": [{"line": 1, "quantity": 12}], "reason": "mouldy"}
    api.done("return-order", id="O2", **whole)
    api.feed()
    for asked in ({}, {"customer": "C-li"}, {"item": "tea"}):
        (cycle,) = api.get("/purchases/cycles", **asked)["data"]
        assert (cycle["purchases"], cycle["last"]) == (2, "2026-03-12"), "none that came back whole"


@pytest.mark.capability("CU-11", "CU-17")
def test_who_takes_a_customer_over_sees_what_it_bought_before(company: Company) -> None:
    assert len(get(company, "li", "/purchases").json()["data"]) == 4
    assert get(company, "wu", "/purchases").json()["data"] == []
    company.ask("mei", "reassign-customer", id="C-li", owner="wu", reason="Li leaves")
    company.api.feed()
    assert len(get(company, "wu", "/purchases").json()["data"]) == 4
    assert get(company, "li", "/purchases").json()["data"] == []


@pytest.mark.capability("CU-10")
def test_a_customer_with_all_that_goes_on_is_one_read_of_what_one_may_see(company: Company) -> None:
    api = company.api
    before = api.done("add-contact", id="C-li", contact="sun", name="Sun Mei")["position"]
    talk = {"interaction": "1", "way": "call", "text": "They want tea"}
    api.done("record-interaction", customer="C-li", **talk)
    deal = {"title": "Tea bar", "amount": 900, "currency": "CNY"}
    api.done("open-opportunity", id="P1", customer="C-li", **deal)
    offer = {
        "lines": [{"item": "tea", "quantity": 5}],
        "warehouse": "WH",
        "valid_until": "2099-01-01",
    }
    api.done("draft-quotation", id="Q1", customer="C-li", **offer)
    api.done("receive-payment", customer="C-li", amount=5_000, currency="CNY")
    api.feed()
    page = get(company, "li", "/customers/C-li/overview").json()
    assert [one["name"] for one in page["data"]["contacts"]] == ["Sun Mei"]
    lists = ("interactions", "opportunities", "quotations", "orders", "invoices", "receipts")
    assert {name: page[name]["count"] for name in lists} == {**dict.fromkeys(lists, 1), "orders": 3}
    assert page["value"][0]["amount"] == 13_500 - 1_350 + 14_850 + 16_200
    assert "margin" not in page["value"][0]
    assert page["receivable"][0]["open"] == 13_500
    assert page["cycle"][0]["cycle_days"] == 9
    assert api.get("/customers/C-li/overview")["value"][0]["margin"] > 0
    then = api.get("/customers/C-li/overview", as_of=before)
    assert (then["orders"]["count"], then["interactions"]["count"]) == (3, 0)
    assert get(company, "wu", "/customers/C-li/overview").status_code == 404
    api.done("register-role", id="desk", name="Desk", grants="read:customers/*, read:orders/*")
    api.done("open-account", id="he")
    api.done("grant-role", id="he", role="desk", everything=True)
    seen = get(company, "he", "/customers/C-li/overview").json()
    assert seen["orders"]["count"] == 3
    assert not {"opportunities", "invoices", "receivable", "value"} & seen.keys()
    assert "contacts" not in seen["data"]
