"""Customers that are entered twice: refused, found, merged and taken apart again."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import hypothesis.strategies as st
import pytest
from api.conftest import Api
from api.test_access_commands import Company
from api.test_access_reads import get
from hypothesis import given, settings

from aggregates.likeness import Traits, compare, keys
from services.alike import Place, likest

NAMES = ["tea house", "tea shop", "inn", "bar", "cafe"]
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


def test_what_two_owe_that_are_one_is_one_figure_and_orders_are_checked_against_it(
    api: Api,
) -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="east")
    of = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    api.done("add-product", id="tea", name="Tea", **of)
    api.done("receive-stock", location="W", item="tea", quantity=99, reference="R")
    for customer, quantity in (("C1", 5), ("C2", 4)):
        register(api, customer)
        limit = {"currency": "CNY", "limit": 1_000, "reason": "new"}
        api.done("set-credit-limit", id=customer, **limit)
        assert ordered(api, f"{customer}-1", customer, quantity) == 200
    api.done("merge-customer", id="C2", customer="C1", reason="one shop")
    assert owed(api, "C2") == 0
    assert owed(api, "C1") == 900
    assert ordered(api, "C1-2", "C1", 2) == 409
    api.done("unmerge-customer", id="C2", reason="two shops of one owner")
    assert (owed(api, "C1"), owed(api, "C2")) == (500, 400)
    assert api.ask("approve-order", id="C1-2").status_code == 200


def ordered(api: Api, order: str, customer: str, quantity: int) -> int:
    lines = [{"item": "tea", "quantity": quantity}]
    api.done("draft-order", id=order, customer=customer, warehouse="W", lines=lines)
    api.done("submit-order", id=order)
    return api.ask("approve-order", id=order).status_code


def owed(api: Api, customer: str) -> int:
    api.feed()
    account = api.get(f"/customer_accounts/{customer}")["data"]
    return sum(one["amount"] for one in account["open_documents"])


def test_pairs_come_in_pages_of_one_moment_the_likest_first(company: Company) -> None:
    api = company.api
    for number in range(3):
        for half in "ab":
            register(api, f"{number}{half}", name=f"茶馆{number}", tax_id=f"{number}{half}")
    register(api, "t1", name="Alpha", tax_id="7788")
    register(api, "t2", name="Omega", tax_id="7788")
    api.feed()
    whole = api.get("/duplicates/customers", limit=9)["data"]
    paged = []
    for page in api.pages("/duplicates/customers", limit=2):
        paged += page
        register(api, f"later{len(paged)}", name="茶馆0")
        api.feed()
    assert [pair["customers"] for pair in paged] == [pair["customers"] for pair in whole]
    assert [one["id"] for one in paged[0]["customers"]] == ["t1", "t2"]


@settings(max_examples=40, derandomize=True, database=None)
@given(
    st.lists(st.sampled_from(["tea house", "tea shop", "inn", "bar", "cafe"])), st.integers(1, 9)
)
def test_parts_and_pages_find_what_all_at_once_does(names: list[str], held: int) -> None:
    rows = [({"id": f"C{n:02}"}, Traits(name)) for n, name in enumerate(names)]
    compared = [
        (Place(-how.likeness_bp, one[0]["id"], other[0]["id"]))
        for one, other in combinations(rows, 2)
        if (how := compare(one[1], other[1], 6_500)).by and keys(one[1]) and keys(other[1])
        if {*keys(one[1])} & {*keys(other[1])}
    ]
    found, after = list[Place](), None
    while pairs := likest(lambda: rows, 6_500, 3, after, held):
        found += [pair.place for pair in pairs]
        after = found[-1]
    assert found == sorted(compared)
