"""What was registered by mistake is taken back, where nothing was built on it."""

from typing import Any

import pytest

PLACE = {"department": "sales", "region": "east"}
SHOP = {"name": "Shop", "customer_kind": "dealer", "owner": "R-1"}
TEA = {"name": "Tea", "category": "drinks", "unit": "box", "list_price": 900, "currency": "CNY"}
DEAL = {"customer": "C-1", "title": "Tea", "amount": 5, "currency": "CNY"}
REGISTRATIONS = [
    ("reps", "hire-rep", "withdraw-rep", {"name": "Li", **PLACE}, {"name": "Wu", **PLACE}),
    ("customers", "register-customer", "withdraw-customer", SHOP, {**SHOP, "name": "Inn"}),
    ("products", "add-product", "withdraw-product", TEA, {**TEA, "name": "Pot"}),
    ("members", "enrol-member", "withdraw-member", {"name": "Zhao"}, {"name": "Qian"}),
    ("categories", "register-category", "withdraw-category", {"name": "A"}, {"name": "B"}),
    ("units", "register-unit", "withdraw-unit", {"name": "Box"}, {"name": "Bag"}),
    ("warehouses", "register-warehouse", "withdraw-warehouse", {"name": "A"}, {"name": "B"}),
]


@pytest.fixture
def books(both: Any) -> Any:
    both.done("hire-rep", id="R-1", name="Li", **PLACE)
    return both


@pytest.mark.parametrize(("path", "begin", "withdraw", "first", "second"), REGISTRATIONS)
def test_what_is_withdrawn_is_in_no_list_and_its_id_is_free(
    books: Any, path: str, begin: str, withdraw: str, first: Any, second: Any
) -> None:
    books.done(begin, id="X-1", **first)
    books.done(withdraw, id="X-1", reason="entered twice")
    books.feed()
    assert "X-1" not in [row["id"] for row in books.get(f"/{path}")["data"]]
    asked_for = books.get(f"/{path}", **{"withdrawn.empty": "false"})["data"]
    assert [(row["id"], row["withdrawn"]) for row in asked_for] == [("X-1", "entered twice")]
    assert books.get(f"/{path}/X-1")["data"]["withdrawn"] == "entered twice"
    anew = books.done(begin, id="X-1", **second)
    assert not anew.get("repeated")
    assert books.done(begin, id="X-1", **second)["repeated"]
    assert books.ask(begin, id="X-1", **first).json()["refusal"] == "ReferenceTaken"
    books.feed()
    now = books.get(f"/{path}/X-1")["data"]
    assert (now["name"], now["withdrawn"]) == (second["name"], None)
    assert "X-1" in [row["id"] for row in books.get(f"/{path}")["data"]]


def test_what_is_withdrawn_cannot_be_used(books: Any) -> None:
    books.done("register-customer", id="C-1", **SHOP)
    books.done("withdraw-customer", id="C-1", reason="twice")
    refused = books.ask("open-opportunity", id="D-1", **DEAL)
    assert refused.json()["refusal"] == "Unknown"
    assert books.ask("freeze-customer", id="C-1", reason="x").json()["refusal"] == "Unknown"
    books.done("withdraw-rep", id="R-1", reason="twice")
    assert books.ask("register-customer", id="C-2", **SHOP).json()["refusal"] == "Unknown"


def test_what_is_named_by_anything_is_not_withdrawn_and_the_refusal_says_by_what(
    books: Any,
) -> None:
    books.done("register-customer", id="C-1", **SHOP)
    books.done("open-opportunity", id="D-1", **DEAL)
    refused = books.ask("withdraw-customer", id="C-1", reason="twice")
    assert (refused.status_code, refused.json()["refusal"]) == (409, "BuiltUpon")
    assert "opportunity-D-1" in refused.json()["detail"]
    books.feed()  # now the index knows it, and the log beyond it does not
    assert "opportunity-D-1" in books.ask("withdraw-customer", id="C-1", reason="x").text
    assert "customer-C-1" in books.ask("withdraw-rep", id="R-1", reason="twice").text


def test_what_has_been_withdrawn_itself_counts_no_more(books: Any) -> None:
    books.done("register-customer", id="C-1", **SHOP)
    books.feed()
    assert books.ask("withdraw-rep", id="R-1", reason="twice").status_code == 409
    books.done("withdraw-customer", id="C-1", reason="twice")
    books.done("withdraw-rep", id="R-1", reason="twice")


def test_goods_at_a_place_keep_dealer_product_and_warehouse(books: Any) -> None:
    books.done("register-customer", id="C-1", **SHOP)
    books.done("add-product", id="P-1", **TEA)
    books.done("register-warehouse", id="W-1", name="Main")
    for place in ("C-1", "W-1"):
        books.done("receive-stock", location=place, item="P-1", quantity=3, reference="DN-1")
    for slug, name in (("customer", "C-1"), ("product", "P-1"), ("warehouse", "W-1")):
        refused = books.ask(f"withdraw-{slug}", id=name, reason="twice")
        assert refused.json()["refusal"] == "BuiltUpon", refused.text


def test_who_has_bought_stays_a_member(books: Any) -> None:
    books.done("enrol-member", id="M-1")
    books.done("earn-points", id="M-1", purchase="B-1", points=5)
    assert books.ask("withdraw-member", id="M-1", reason="x").json()["refusal"] == "HasPurchases"
    books.done("reverse-earning", id="M-1", purchase="B-1", reason="wrong")
    books.done("withdraw-member", id="M-1", reason="twice")
    assert books.ask("earn-points", id="M-1", purchase="B-2", points=5).status_code != 201


def test_details_of_who_was_hired_anew_are_changed_from_what_they_are_now(books: Any) -> None:
    books.done("hire-rep", id="R-2", name="Old", title="a", **PLACE)
    books.done("change-rep-details", id="R-2", name="Older")
    books.done("withdraw-rep", id="R-2", reason="twice")
    books.done("hire-rep", id="R-2", name="New", title="b", **PLACE)
    books.done("change-rep-details", id="R-2", name="Newer")
    books.done("enrol-member", id="M-1", name="Old", phone="1")
    books.done("change-member-details", id="M-1", phone="2")
    books.done("withdraw-member", id="M-1", reason="twice")
    books.done("enrol-member", id="M-1", name="New", phone="3")
    books.done("change-member-details", id="M-1", name="Newer")
    books.feed()
    rep, member = books.get("/reps/R-2")["data"], books.get("/members/M-1")["data"]
    assert (rep["name"], rep["title"]) == ("Newer", "b")
    assert (member["name"], member["phone"]) == ("Newer", "3")


def test_contacts_of_a_customer_registered_anew_are_its_own(books: Any) -> None:
    books.done("register-customer", id="C-1", **SHOP)
    books.done("add-contact", id="C-1", contact="P", name="Zhao")
    books.done("withdraw-customer", id="C-1", reason="twice")
    books.done("register-customer", id="C-1", **{**SHOP, "name": "Inn"})
    books.done("add-contact", id="C-1", contact="P", name="Qian")
    books.feed()
    contacts = books.get("/customers/C-1")["data"]["contacts"]
    assert [one["name"] for one in contacts] == ["Qian"]
