"""Orders of a dealer's own user: his alone, at his prices, and of what is agreed with him."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import ids

NEEDED = {"id": "channel.orders", "values": {"agreement_needed": True}, "reason": "signed first"}
AGREED = {"dealer": "D-li", "agreement": "2026"}


@pytest.fixture
def company(api: Any) -> Company:
    made = Company(api)
    for item in ("tea", "cup"):
        add = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
        api.done("add-product", id=item, name=item, **add)
    prices = {"id": "his", "name": "His prices", "currency": "CNY", "priority": 9}
    api.done("register-price-list", **prices, customer="D-li")
    breaks = [{"unit_price": 80}]
    api.done("set-list-price", price_list="his", product="tea", breaks=breaks)
    days = {"valid_from": "2026-01-01", "valid_until": "2099-12-31"}
    api.done("draft-agreement", **AGREED, **days, products=["tea"], price_list="his")
    api.done("change-settings", **NEEDED)
    return made


def order(company: Company, id: str, customer: str = "D-li", **line: Any) -> Any:
    lines = [{"item": "tea", "quantity": 10, **line}]
    return company.ask("shop", "draft-order", id=id, customer=customer, warehouse="W", lines=lines)


@pytest.mark.capability("OR-12", "CH-04")
def test_a_dealer_orders_what_is_agreed_at_his_prices_while_the_agreement_holds(
    company: Company,
) -> None:
    api = company.api
    none = order(company, "O0")
    assert (none.status_code, none.json()["refusal"]) == (409, "NoAgreement")
    api.done("sign-agreement", **AGREED, signed_by="Zhao")
    api.done("register-warehouse", id="W", name="East store")
    api.feed()
    assert ids(company, "shop", "/warehouses") == ["W"], "where he may order from"
    assert ids(company, "shop", "/stock") == []
    assert order(company, "O1").status_code == 201
    assert company.ask("shop", "submit-order", id="O1").status_code == 200
    assert order(company, "O2", customer="D-wu").status_code == 404
    for other, why in (({"item": "cup"}, "NotAgreed"), ({"unit_price": 1}, "OwnPrice")):
        refused = order(company, "O3", **other)
        assert (refused.status_code, refused.json()["refusal"]) == (409, why)
    cheaper = [{"item": "tea", "quantity": 10, "discount_bp": 5_000}]
    redraft = company.ask("shop", "redraft-order", id="O1", lines=cheaper)
    assert (redraft.status_code, redraft.json()["refusal"]) == (409, "OwnPrice")
    api.feed()
    placed = api.get("/orders/O1")["data"]
    assert (placed["status"], placed["amount"], placed["customer"]) == ("submitted", 800, "D-li")
    assert placed["lines"][0]["pricing"]["price_list"] == "his"
    assert ids(company, "shop", "/orders") == ["O1"]
    api.done("end-agreement", **AGREED, last_day="2026-02-01", reason="late payments")
    ended = order(company, "O4")
    assert (ended.status_code, ended.json()["refusal"]) == (409, "NoAgreement")
    api.done("draft-order", id="O5", customer="D-li", warehouse="W", lines=cheaper)
