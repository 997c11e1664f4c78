"""Customers that are entered twice: refused, found, merged and taken apart again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from api.conftest import Api
from api.test_access_commands import Company
from api.test_access_reads import get

SHOP = {"customer_kind": "retailer", "owner": "li"}


@pytest.fixture
def company(api: Api) -> Company:
    return Company(api)


def unique(api: Api, **what: bool) -> None:
    api.done("change-settings", id="customers.uniqueness", values=what, reason="once is enough")


def register(api: Api, customer: str, **told: Any) -> Any:
    return api.ask("register-customer", id=customer, **{"name": customer, **SHOP, **told})


def test_of_many_that_register_one_tax_id_at_once_one_does(both: Api) -> None:
    both.done("hire-rep", id="li", name="Li", department="east", region="east")
    unique(both, tax_id=True)
    told = [f"9131-00{' ' * number}77" for number in range(4)]

    def ask(number: int) -> int:
        return int(register(both, f"C{number}", tax_id=told[number % 4]).status_code)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(12)))
    assert sorted(found) == [201, *[409] * 11]
    both.feed()
    assert len(both.get("/customers")["data"]) == 1


def test_what_only_one_may_have_is_free_when_nobody_has_it_any_more(company: Company) -> None:
    api = company.api
    register(api, "old", phone="021-5555")
    unique(api, phone=True, name_in_region=True)
    for name in ("C1", "C2"):
        register(api, name, phone=f"021-{name}")
    taken = company.ask("li", "change-customer-details", id="C1", phone="021 c2")
    assert (taken.status_code, "Another customer has this phone" in taken.text) == (409, True)
    assert "C2" not in taken.text
    assert register(api, "C3", name="c 1").status_code == 409
    assert register(api, "C3", name="c 1", owner="wu").status_code == 201
    api.done("change-customer-details", id="C2", phone="021-0000")
    api.done("change-customer-details", id="C1", phone="021 C2")
    assert register(api, "C4", phone="0215555").status_code == 201


def test_duplicates_that_are_there_are_found_merged_and_taken_apart_with_nothing_lost(
    company: Company,
) -> None:
    api = company.api
    register(api, "C1", name="上海绿叶茶馆有限公司", tax_id="91310")
    register(api, "C2", name="绿叶茶馆", phone="13800000000")
    register(api, "C3", name="红星百货")
    talk = {"interaction": "1", "way": "call", "text": "They want tea"}
    for name in ("C1", "C2"):
        api.done("record-interaction", customer=name, **talk)
    api.feed()
    (pair,) = api.get("/duplicates/customers")["data"]
    assert ([one["id"] for one in pair["customers"]], pair["by"]) == (["C1", "C2"], ["name"])
    assert get(company, "wu", "/duplicates/customers").json()["data"] == []
    asked = {"id": "C2", "reason": "one shop"}
    assert company.says("mei", "merge-customer", customer="C-x", **asked)[0] == 404
    before = company.ask("mei", "merge-customer", customer="C1", **asked).json()["position"]
    api.feed()
    assert api.get("/duplicates/customers")["data"] == []
    listed = get(company, "li", "/customers", **{"name.contains": "绿叶"}).json()["data"]
    assert [row["id"] for row in listed] == ["C1"]
    page = get(company, "li", "/customers/C1/overview").json()
    assert page["interactions"]["count"] == 2
    deal = {"title": "Tea", "amount": 9, "currency": "CNY"}
    refused = company.says("li", "open-opportunity", id="P1", customer="C2", **deal)
    assert "merged into C1. Ask for C1" in refused[1]
    assert (
        company.ask("mei", "merge-customer", id="C1", customer="C2", reason="x").status_code == 409
    )
    company.ask("mei", "unmerge-customer", id="C2", reason="two shops of one owner")
    api.feed()
    assert company.ask("li", "open-opportunity", id="P1", customer="C2", **deal).status_code == 201
    assert get(company, "li", "/customers/C1/overview").json()["interactions"]["count"] == 1
    was = api.get("/customers/C2", as_of=before)["data"]["merged_into"]
    assert (was, api.get("/customers/C2")["data"]["merged_into"]) == ("C1", None)
