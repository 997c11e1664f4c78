"""Agreements over HTTP: signed terms of each dealer, used on their days and on no other."""

from typing import Any

import pytest
from api.test_access_commands import Company
from virtual_days import NoticedDays

DAY = 86_400
TERMS = {
    "regions": ["east"],
    "products": ["tea"],
    "target_amount": 1_000_000,
    "currency": "CNY",
    "valid_from": "2026-03-01",
    "valid_until": "2026-05-31",
}
MINE = {"dealer": "D-li", "agreement": "2026"}


def shown(api: Any, id: str) -> dict[str, Any]:
    api.feed()
    found: dict[str, Any] = api.get(f"/agreements/{id}")["data"]
    return found


def product(api: Any) -> None:
    add = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    api.done("add-product", id="tea", name="Tea", **add)


@pytest.mark.capability("CH-04")
def test_signed_terms_are_recorded_per_dealer_and_who_has_the_dealer_reads_them(api: Any) -> None:
    company = Company(api)
    product(api)
    twice_told = {**TERMS, "regions": ["east", "east"]}
    assert company.ask("mei", "draft-agreement", **MINE, **twice_told).status_code == 201
    assert company.ask("mei", "change-agreement", **MINE, target_amount=900_000).status_code == 200
    sign = {"signed_by": "Zhao", "signed_on": "2026-02-20"}
    assert company.ask("mei", "sign-agreement", **MINE, **sign).status_code == 200
    terms = shown(api, "D-li:2026")
    assert {name: terms[name] for name in TERMS} == TERMS | {"target_amount": 900_000}
    assert (terms["status"], terms["signed_by"]) == ("signed", "Zhao")
    late = company.ask("mei", "change-agreement", **MINE, target_amount=1)
    assert (late.status_code, late.json()["refusal"]) == (409, "NotThen")
    second = {**TERMS, "agreement": "2027", "dealer": "D-li", "renews": "2026"}
    assert company.ask("mei", "draft-agreement", **second).status_code == 201
    twice = company.ask("mei", "sign-agreement", dealer="D-li", agreement="2027", signed_by="Qian")
    assert (twice.status_code, twice.json()["refusal"]) == (409, "AgreementsOverlap")
    api.feed()
    file = api.get("/dealers/D-li/file")["agreements"]
    assert {row["id"] for row in file["rows"]} == {"D-li:2026", "D-li:2027"}
    seen = company.api.client.get(
        "/agreements", headers={"Authorization": f"Bearer {company.key('shop')}"}
    )
    assert [row["id"] for row in seen.json()["data"]] == ["D-li:2026", "D-li:2027"]
    other = {"Authorization": f"Bearer {company.key('wu')}"}
    assert api.client.get("/agreements", headers=other).json()["data"] == []
    assert company.says("wu", "draft-agreement", dealer="D-li", agreement="x", **TERMS)[0] == 403


@pytest.mark.capability("CH-04")
def test_the_owner_is_reminded_of_a_renewal_and_after_the_last_day_it_is_over(api: Any) -> None:
    days, company = NoticedDays(api), Company(api)
    product(api)
    settings = {"id": "channel.agreements", "values": {"remind_days": 30}, "reason": "a month"}
    api.done("change-settings", **settings)
    api.done("draft-agreement", **MINE, **TERMS)
    api.done("sign-agreement", **MINE, signed_by="Zhao")
    days.until("2026-05-01T23:00:00+08:00")
    assert shown(api, "D-li:2026")["renewal_due"] == 0
    days.until("2026-05-02T01:00:00+08:00")
    assert shown(api, "D-li:2026")["renewal_due"] == 1
    inbox = {"Authorization": f"Bearer {company.key('li')}"}
    told = api.client.get("/notices", headers=inbox).json()["data"]
    assert "agreement-renewal-due" in {one["notice"] for one in told}
    days.until("2026-06-01T01:00:00+08:00")
    ended = shown(api, "D-li:2026")
    assert (ended["status"], ended["last_day"], ended["renewal_due"]) == ("ended", "2026-05-31", 0)


def test_nothing_was_signed_on_a_day_to_come(api: Any) -> None:
    Company(api)
    agreed = {"dealer": "D-li", "agreement": "2099"}
    api.done("draft-agreement", **agreed, valid_from="2099-01-01", valid_until="2099-12-31")
    early = api.ask("sign-agreement", **agreed, signed_by="Zhao", signed_on="2098-12-31")
    assert (early.status_code, early.json()["refusal"]) == (409, "NotThen")
    api.done("sign-agreement", **agreed, signed_by="Zhao", signed_on="2020-12-31")


@pytest.mark.capability("CH-04")
def test_what_is_agreed_is_measured_by_what_the_dealer_buys_or_sells(api: Any) -> None:
    company = Company(api)
    product(api)
    days = {"valid_from": "2026-03-01", "valid_until": "2026-03-31"}
    bought = {**TERMS, **days, "products": ["tea"], "target_amount": 10_000, "target_quantity": 40}
    sold = {"target_amount": 2_000, "currency": "CNY", "measured_by": "sell_out", **days}
    for dealer, terms in (("D-li", bought), ("D-wu", sold)):
        agreed = {"dealer": dealer, "agreement": "2026"}
        api.done("draft-agreement", **agreed, **terms)
        api.done("sign-agreement", **agreed, signed_by="Zhao")
    early, then = "2026-02-28T09:00:00+08:00", "2026-03-02T09:00:00+08:00"
    stock = {"location": "W", "item": "tea", "reference": "open"}
    api.done("receive-stock", **stock, quantity=90, occurred_at=early)
    for order, dealer, quantity, at in (
        ("O2", "D-li", 9, early),
        ("O1", "D-li", 30, then),
        ("O3", "D-wu", 20, then),
    ):
        lines = [{"item": "tea", "quantity": quantity}]
        told = {"id": order, "occurred_at": at}
        api.done("draft-order", **told, customer=dealer, warehouse="W", lines=lines)
        for verb in ("submit", "approve"):
            api.done(f"{verb}-order", **told)
        api.done("ship-order", **told, shipment=f"S-{order}")
    came = {"location": "D-li", "item": "tea", "transfer": "S-O1", "quantity": 30}
    api.done("receive-transfer", **came, occurred_at=then)
    back = [{"line": 1, "quantity": 5}]
    returned = {"return_id": "R1", "lines": back, "reason": "crushed"}
    api.done("return-order", id="O1", occurred_at=then, **returned)
    sale = {"location": "D-wu", "item": "tea", "quantity": 6, "amount": 900, "currency": "CNY"}
    api.done("sell-out", **sale, sale="V1", occurred_at=then)
    api.feed()
    names = "agreement", "actual_amount", "amount_bp", "actual_quantity", "quantity_bp"
    rows = [[row[name] for name in names] for row in api.get("/agreement-attainment")["data"]]
    assert rows == [["D-li:2026", 2_500, 2_500, 25, 6_250], ["D-wu:2026", 900, 4_500, 6, None]]
    asked = {"agreement": "D-li:2026", "measure": "amount"}
    why = api.get("/agreement-attainment/why", **asked)["rows"]
    assert sorted(one["change"]["amount"] for one in why) == [-500, 3_000]
    before = api.get("/agreement-attainment", dealer="D-li", as_of=why[-1]["position"] - 1)
    assert before["data"][0]["actual_amount"] in {0, 3_000}
    mine = {"Authorization": f"Bearer {company.key('li')}"}
    seen = api.client.get("/agreement-attainment", headers=mine).json()["data"]
    assert [row["agreement"] for row in seen] == ["D-li:2026"]
