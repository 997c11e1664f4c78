"""Whatever is read, nobody sees more than what lies within the scope of his roles."""

from typing import Any

import pytest
from api.test_access_commands import Company


@pytest.fixture
def company(both: Any) -> Company:
    made = Company(both)
    add = {"category": "x", "unit": "box", "list_price": 1, "currency": "CNY"}
    both.done("add-product", id="tea", name="Tea", **add)
    for rep in ("li", "wu"):
        line = {"item": "tea", "quantity": 1}
        order = {"customer": f"D-{rep}", "warehouse": "W1", "lines": [line]}
        both.done("draft-order", id=f"O-{rep}", **order)
    both.feed()
    return made


def get(company: Company, actor: str, path: str, **params: Any) -> Any:
    headers = {"Authorization": f"Bearer {company.key(actor)}"}
    return company.api.client.get(path, params=params, headers=headers)


def ids(company: Company, actor: str, path: str, **params: Any) -> list[str]:
    answer = get(company, actor, path, **params)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["data"]]


def test_a_list_has_what_one_may_see_and_counts_no_more(company: Company) -> None:
    assert ids(company, "li", "/customers") == ["D-li"]
    assert ids(company, "mei", "/customers") == ["D-li", "D-wu"]
    assert ids(company, "shop", "/orders") == ["O-li"]
    counted = get(company, "li", "/customers", count="exact").json()
    assert (counted["count"], counted["capped"]) == (1, False)


def test_search_and_filters_find_nothing_of_others(company: Company) -> None:
    assert ids(company, "li", "/customers", q="shop") == ["D-li"]
    assert ids(company, "li", "/customers", q="wu") == []
    assert ids(company, "li", "/customers", owner="wu") == []
    assert ids(company, "li", "/orders", **{"customer.not": "D-li"}) == []


def test_a_file_has_no_more_than_the_list(company: Company) -> None:
    lines = get(company, "li", "/customers", format="csv", header="names").text.splitlines()
    assert [line.split(",")[0].strip("\ufeff") for line in lines] == ["id", "D-li"]


@pytest.mark.parametrize("tail", ["", "/history", "/timeline", "/at/1"])
def test_a_hidden_thing_is_as_one_that_is_not_there(company: Company, tail: str) -> None:
    hidden = get(company, "li", f"/customers/D-wu{tail}")
    unknown = get(company, "li", f"/customers/D-xx{tail}")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text.replace("D-wu", "") == unknown.text.replace("D-xx", "")
    assert get(company, "li", f"/customers/D-li{tail}").status_code == 200


def test_what_was_mine_and_is_no_more_is_not_shown_as_it_was_then(company: Company) -> None:
    before = company.api.get("/customers")["freshness"]["position"]
    hand = {"id": "D-li", "owner": "wu", "reason": "moved"}
    company.api.done("reassign-customer", **hand)
    company.api.feed()
    for moment in ({}, {"as_of": before}, {"as_of": "2030-01-01T00:00:00Z"}):
        assert ids(company, "li", "/customers", **moment) == []
        assert ids(company, "wu", "/customers", **moment) == ["D-li", "D-wu"]
    assert get(company, "li", "/customers/D-li/at/1").status_code == 404
    assert get(company, "wu", "/customers/D-li/at/1").status_code == 200


def test_names_of_what_is_hidden_are_not_told(company: Company) -> None:
    company.api.done("reassign-customer", id="D-li", owner="wu", reason="x")
    company.api.feed()
    found = get(company, "li", "/orders", expand="names").json()
    assert [row["customer"] for row in found["data"]] == ["D-li"]
    assert found["names"]["customer"] == {}
    assert found["names"]["rep"] == {"li": "li"}
    every = company.api.get("/orders", expand="names")
    assert every["names"]["customer"]["D-li"] == "Shop of li"


def test_a_timeline_tells_of_what_one_may_see_alone(company: Company) -> None:
    company.api.done("reassign-customer", id="D-li", owner="wu", reason="x")
    company.api.feed()
    types = {row["type"] for row in get(company, "wu", "/customers/D-li/timeline").json()["data"]}
    assert types == {"CustomerRegistered", "CustomerReassigned"}
    full = {row["type"] for row in company.api.get("/customers/D-li/timeline")["data"]}
    assert "OrderDrafted" in full


def test_what_no_role_grants_is_forbidden(company: Company) -> None:
    for actor, path in (("li", "/members"), ("li", "/status"), ("shop", "/reps"), ("li", "/roles")):
        answer = get(company, actor, path)
        assert answer.status_code == 403, (actor, path)
        assert answer.json()["type"] == "/problems/forbidden"
