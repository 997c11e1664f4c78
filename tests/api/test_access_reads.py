"""Whatever is read, nobody sees more than what lies within the scope of his roles."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_live import received

from infra.keys import Keys


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


@pytest.mark.capability("PL-04")
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


def test_values_and_sums_are_of_what_one_may_see_alone(company: Company) -> None:
    asked = {"facets": "customer", "totals": "amount", "customer.not": "nobody"}
    mine = get(company, "li", "/orders", **asked).json()
    assert mine["facets"]["customer"] == {"values": [{"value": "D-li", "count": 1}], "more": 0}
    assert mine["totals"] == {"amount": {"CNY": 1}}
    assert company.api.get("/orders", **asked)["totals"] == {"amount": {"CNY": 2}}


def test_a_file_has_no_more_than_the_list(company: Company) -> None:
    lines = get(company, "li", "/customers", format="csv", header="names").text.splitlines()
    assert [line.split(",")[0].strip("\ufeff") for line in lines] == ["id", "D-li"]


def test_what_may_be_done_next_is_what_is_granted_of_that_very_thing(company: Company) -> None:
    company.api.done("submit-order", id="O-li")
    company.api.feed()
    next_of = {
        actor: [one["command"] for one in get(company, actor, "/orders/O-li").json()["next"]]
        for actor in ("li", "mei")
    }
    assert next_of["li"] == ["redraft-order", "cancel-order"]
    assert next_of["mei"] == ["approve-order", "reject-order", "redraft-order", "cancel-order"]


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


@pytest.fixture
def traded(company: Company) -> Company:
    """Each representative has a deal, sold at his dealer, and sells out there."""
    done = company.api.done
    for number, rep in enumerate(("li", "wu"), 1):
        deal = {"customer": f"D-{rep}", "title": "Tea", "amount": 100 * number, "currency": "CNY"}
        done("open-opportunity", id=f"P-{rep}", **deal)
        sold = {"sale": f"S-{rep}", "quantity": number, "amount": 10 * number, "currency": "CNY"}
        done("sell-out", location=f"D-{rep}", item="tea", **sold)
    company.api.feed()
    return company


def rows(company: Company, actor: str, path: str, **params: Any) -> list[dict[str, Any]]:
    answer = get(company, actor, path, **params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


@pytest.mark.capability("PL-03", "PL-05")
def test_figures_sum_what_one_may_see_alone(traded: Company) -> None:
    for path, name in (("/funnel", "amount"), ("/funnel/series", "opened_amount")):
        for actor, amount in (("li", 100), ("wu", 200), ("mei", 300), ("tester", 300)):
            assert sum(row[name] for row in rows(traded, actor, path)) == amount, (path, actor)
    assert [row["stream"] for row in rows(traded, "li", "/funnel/open")] == ["opportunity-P-li"]
    assert sum(row["opened"] for row in rows(traded, "li", "/funnel/cohorts")) == 1
    by = {"by": "sell_out_amount"}
    assert [row["subject"] for row in rows(traded, "li", "/rankings/dealers", **by)] == ["D-li"]
    (department,) = rows(traded, "wu", "/rankings/departments", **by)
    assert (department["subject"], department["sell_out_amount"]) == ("west", 20)
    assert {row["location"] for row in rows(traded, "shop", "/stock")} == {"D-li"}


def test_why_tells_of_the_events_that_one_may_see(traded: Company) -> None:
    for actor, deals in (("li", 1), ("mei", 2)):
        found = get(traded, actor, "/funnel/why", pipeline="standard").json()
        assert (found["figure"]["deals"], len(found["rows"])) == (deals, deals)
    asked = {"subject": "tea", "measure": "sell_out_amount"}
    found = get(traded, "wu", "/rankings/products/why", **asked).json()
    assert [row["dimensions"]["dealer"] for row in found["rows"]] == ["D-wu"]
    assert found["figure"]["sell_out_amount"] == 20
    hidden = get(traded, "li", "/funnel/why", rep="wu").json()
    assert (hidden["rows"], hidden["figure"]["deals"]) == ([], 0)


def test_the_past_and_files_of_figures_have_no_more(traded: Company) -> None:
    head = traded.api.get("/funnel")["freshness"]["position"]
    assert sum(row["amount"] for row in rows(traded, "li", "/funnel", as_of=head)) == 100
    asked = {"by": "sell_out_amount", "first": "2020-01-01", "last": "2040-01-01"}
    assert [row["subject"] for row in rows(traded, "wu", "/rankings/reps", **asked)] == ["wu"]
    file = get(traded, "li", "/rankings/reps", format="csv", header="names", **asked).text
    assert [line.split(",")[1] for line in file.splitlines()] == ["subject", "li"]


@pytest.fixture
def costed(traded: Company) -> Company:
    """A product with its cost, a member, and a contact; a warehouse clerk may see none of it."""
    done = traded.api.done
    add = {"category": "x", "unit": "box", "list_price": 5, "currency": "CNY"}
    done("add-product", id="pot", name="Pot", cost=3, **add)
    done("add-contact", id="D-li", contact="a", name="Zhao", phone="100")
    done("enrol-member", id="m1", name="Sun", phone="200", dealer="D-li")
    grants = "read:customers/*@all, read:catalog/*, read:loyalty/*@all, read:targets/*@all"
    done("register-role", id="plain", name="Plain", grants=grants + ", read:organisation/reps@all")
    done("open-account", id="he")
    done("grant-role", id="he", role="plain", everything=True)
    traded.api.feed()
    return traded


def test_what_goods_cost_is_to_others_no_field_at_all(costed: Company) -> None:
    pot = get(costed, "he", "/products/pot").json()["data"]
    assert "cost" not in pot
    assert pot["list_price"] == 5
    assert costed.api.get("/products/pot")["data"]["cost"] == 3
    named = ({name: "cost"} for name in ("sort", "fields", "facets", "totals"))
    for asked in ({"cost": "3"}, {"cost.gte": "1"}, *named):
        answer = get(costed, "he", "/products", **asked)
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0]["message"].startswith("There is no field cost")
    assert get(costed, "he", "/products", where="id=pot or cost=3").status_code == 400
    head = get(costed, "he", "/products", format="csv", header="names").text.splitlines()[0]
    assert "list_price" in head
    assert "cost" not in head.split(",")
    (step,) = get(costed, "he", "/products/pot/history").json()["data"]
    assert "cost" not in step["changes"]


@pytest.mark.parametrize("tail", ["", "/history", "/at/1", "?as_of=2090-01-01", "?format=ndjson"])
def test_what_the_goods_of_an_order_cost_is_hidden_in_each_of_its_lines(
    costed: Company, tail: str
) -> None:
    lines = [{"item": "pot", "quantity": 1}]
    costed.api.done("draft-order", id="O-pot", customer="D-li", warehouse="W", lines=lines)
    costed.api.feed()
    path = f"/orders{tail}" if "format" in tail else f"/orders/O-pot{tail}"
    assert '"cost":3' in get(costed, "tester", path).text
    for hidden in ("/orders", path):
        seen = get(costed, "li", hidden)
        assert seen.status_code == 200, seen.text
        assert "O-pot" in seen.text or "history" in tail
        assert '"unit_price":5' in seen.text
        assert '"cost"' not in seen.text


def test_what_may_not_be_seen_of_a_record_is_no_field_of_a_figure_either(costed: Company) -> None:
    costed.api.done("register-role", id="lookout", name="Looks", grants="read:loyalty/*")
    costed.api.done("grant-role", id="li", role="lookout", everything=True)
    costed.api.client.app.state.permissions.fresh("li")
    asked = (("/stock", "item.cost.gte", "1"), ("/points", "member.phone.starts", "1"))
    for path, name, value in asked:
        assert get(costed, "tester", path, where=f"{name}={value}").status_code == 200
        for params in ({"where": f"{name}={value}"}, {name: value}):
            refused = get(costed, "li", path, **params)
            assert refused.status_code == 400, refused.text
            assert f"{name.rpartition('.')[0]}?" not in refused.text


def test_events_are_told_without_what_is_hidden(costed: Company) -> None:
    asked = {"type": ["ProductAdded", "ContactAdded", "MemberEnrolled"], "limit": 1000}
    events = get(costed, "he", "/events", **asked).json()["data"]
    data = {event["stream"]: event for event in events if event["stream"] != "product-tea"}
    assert data["product-pot"]["hidden"] == ["cost"]
    assert "cost" not in data["product-pot"]["data"]
    assert "phone" not in data["customer-D-li"]["data"]
    assert "name" not in data["member-m1"]["data"]
    assert all("hidden" not in event for event in costed.api.get("/events", **asked)["data"])


def test_who_may_not_see_persons_cannot_find_them_either(costed: Company) -> None:
    member = get(costed, "he", "/members/m1").json()["data"]
    assert not {"name", "phone"} & member.keys()
    assert "contacts" not in get(costed, "he", "/customers/D-li").json()["data"]
    assert get(costed, "he", "/members", q="Sun").status_code == 400
    assert ids(costed, "he", "/members") == ["m1"]
    assert get(costed, "he", "/customers", expand="names").json()["names"]["owner"] == {}


def test_margins_are_neither_shown_nor_ranked_by(costed: Company) -> None:
    for row in rows(costed, "he", "/rankings/products"):
        assert not {"margin", "uncosted"} & row.keys()
    answer = get(costed, "he", "/rankings/products", by="margin")
    assert answer.status_code == 400
    why = get(costed, "he", "/rankings/products/why", subject="tea").json()
    assert "margin" not in why["figure"]
    file = get(costed, "he", "/rankings/products", format="csv", header="names").text
    assert "margin" not in file.splitlines()[0]


def test_facets_and_totals_count_what_one_may_see(traded: Company) -> None:
    found = get(traded, "li", "/orders", facets="customer,rep", totals="amount").json()
    every = traded.api.get("/orders", facets="customer,rep", totals="amount")
    assert [one["value"] for one in found["facets"]["customer"]["values"]] == ["D-li"]
    assert [one["value"] for one in found["facets"]["rep"]["values"]] == ["li"]
    assert len(every["facets"]["customer"]["values"]) == 2
    assert found["totals"] != every["totals"]


def test_figures_are_not_cut_by_records_that_one_sees_in_part(traded: Company) -> None:
    assert get(traded, "tester", "/funnel", by="customer.kind").status_code == 200
    assert get(traded, "li", "/funnel", by="customer.kind").status_code == 403


def narrowed(company: Any, *scopes: str) -> dict[str, str]:
    """The header of a key that may do less than its account."""
    key = Keys(company.platform.database).new("tester", scopes=scopes)
    return {"Authorization": f"Bearer {key}"}


def test_a_narrowed_key_is_told_no_other_events_even_where_nobody_has_an_account(both: Any) -> None:
    both.done("hire-rep", id="li", name="Li", department="x", region="y")
    both.done("register-category", id="tea", name="Tea")
    headers = narrowed(both, "read:catalog/*")
    found = both.client.get("/events", headers=headers).json()["data"]
    assert [event["stream"] for event in found] == ["category-tea"]
    assert both.client.get("/streams/rep-li", headers=headers).status_code == 404
    with both.listening() as (client, _):
        client.headers.update(headers)
        both.done("hire-rep", id="wu", name="Wu", department="x", region="y")
        both.done("register-category", id="cup", name="Cup")
        (first, second) = received(client, 2, params={"after": 0})
    assert [first["stream"], second["stream"]] == ["category-tea", "category-cup"]


def test_a_class_of_fields_is_shown_of_what_its_own_role_reaches(costed: Company) -> None:
    """One role shows persons, another lets read everything: together they do not show everybody."""
    done = costed.api.done
    assert "contacts" in get(costed, "li", "/customers/D-li").json()["data"]
    done("register-role", id="lookout", name="Looks", grants="read:customers/*, read:loyalty/*")
    done("grant-role", id="li", role="lookout", everything=True)
    done("register-role", id="costs", name="Costs", grants="field:cost, field:margin")
    done("grant-role", id="li", role="costs", departments=["east"])
    costed.api.client.app.state.permissions.fresh("li")
    assert ids(costed, "li", "/customers") == ["D-li", "D-wu"]
    for path in ("/customers/D-wu", "/customers/D-li", "/customers/D-li/at/2"):
        assert "contacts" not in get(costed, "li", path).json()["data"], path
    assert get(costed, "li", "/members", q="Sun").status_code == 400
    (added,) = get(costed, "li", "/events", type="ContactAdded").json()["data"]
    assert {"name", "phone"} <= set(added["hidden"])
    assert "name" in get(costed, "li", "/reps/wu").json()["data"]  # by the role that has both
    assert "cost" not in get(costed, "li", "/products/pot").json()["data"]
    by = get(costed, "li", "/rankings/reps", by="margin")
    assert by.status_code == 400, by.text
    kinds = {one["name"]: one for one in get(costed, "li", "/catalogue").json()["kinds"]}
    assert "contacts" not in {one["name"] for one in kinds["customer"]["fields"]}
    assert "name" in {one["name"] for one in kinds["rep"]["fields"]}


def test_a_class_of_fields_for_everything_is_shown_whatever_lets_read(costed: Company) -> None:
    done = costed.api.done
    done("register-role", id="looks", name="Looks", grants="read:catalog/*, read:customers/*")
    done("register-role", id="sees", name="Sees", grants="field:cost@all, field:personal")
    done("open-account", id="bo")
    done("grant-role", id="bo", role="looks", everything=True)
    done("grant-role", id="bo", role="sees", departments=["east"])
    assert get(costed, "bo", "/products/pot").json()["data"]["cost"] == 3
    assert "contacts" not in get(costed, "bo", "/customers/D-li").json()["data"]
    done("grant-role", id="bo", role="looks", departments=["east"])
    costed.api.client.app.state.permissions.fresh("bo")
    assert ids(costed, "bo", "/customers") == ["D-li"]
    assert "contacts" in get(costed, "bo", "/customers/D-li").json()["data"]


@pytest.mark.parametrize("first", ["tester", "li"])
def test_what_no_scope_reaches_is_neither_listed_nor_shown_whoever_asked_before(
    company: Company, first: str
) -> None:
    """An account belongs to no department: who may see those of one department sees none."""
    company.api.done("register-role", id="clerk", name="Clerk", grants="read:organisation/*")
    company.api.done("grant-role", id="li", role="clerk", departments=["east"])
    company.api.feed()
    for actor in (first, "li", "tester", "li"):
        known = ids(company, actor, "/accounts")
        assert known == ([] if actor == "li" else ["li", "mei", "shop", "tester", "wu"])
        found = get(company, actor, "/accounts/mei").status_code
        assert found == (404 if actor == "li" else 200)
