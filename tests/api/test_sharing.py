"""A customer that is shared is reached by whom it is shared with, and by nobody longer."""

from datetime import timedelta
from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids, rows
from api.test_live import received

from services.access import explained
from services.access.permissions import Permissions

LINE = {"item": "tea", "quantity": 1}


@pytest.fixture
def company(both: Any) -> Company:
    """Li and Wu have a dealer each, with an order, a deal and stock sold there."""
    made = Company(both)
    add = {"category": "x", "unit": "box", "list_price": 1, "currency": "CNY"}
    both.done("add-product", id="tea", name="Tea", **add)
    for number, rep in enumerate(("li", "wu"), 1):
        dealer = f"D-{rep}"
        both.done("draft-order", id=f"O-{rep}", customer=dealer, warehouse="W1", lines=[LINE])
        deal = {"customer": dealer, "title": "Tea", "amount": 100 * number, "currency": "CNY"}
        both.done("open-opportunity", id=f"P-{rep}", **deal)
        sold = {"sale": f"S-{rep}", "quantity": number, "amount": 10 * number, "currency": "CNY"}
        both.done("sell-out", location=dealer, item="tea", **sold)
    both.feed()
    return made


def share(company: Company, actor: str = "wu", **how: Any) -> Any:
    what = {"customer": "D-wu", "with_person": "li", "reason": "holiday", **how}
    answer = company.ask(actor, "share-customer", **what)
    settled(company)
    return answer


def unshare(company: Company, actor: str = "wu", **how: Any) -> Any:
    what = {"customer": "D-wu", "with_person": "li", "reason": "back", **how}
    answer = company.ask(actor, "unshare-customer", **what)
    settled(company)
    return answer


def settled(company: Company) -> None:
    """Views and rights are as the log is now."""
    company.api.feed()
    permissions: Permissions = company.api.client.app.state.permissions
    permissions.forget()


@pytest.mark.capability("CU-18")
def test_a_shared_customer_is_reached_with_all_that_hangs_on_it(company: Company) -> None:
    assert ids(company, "li", "/customers") == ["D-li"]
    assert share(company).status_code == 201
    assert ids(company, "li", "/customers") == ["D-li", "D-wu"]
    assert ids(company, "li", "/orders") == ["O-li", "O-wu"]
    assert ids(company, "li", "/opportunities") == ["P-li", "P-wu"]
    assert ids(company, "wu", "/customers") == ["D-wu"]


def test_counts_values_sums_search_files_and_single_things_follow_a_share(company: Company) -> None:
    share(company)
    asked = {"facets": "customer", "totals": "amount", "count": "exact"}
    found = get(company, "li", "/orders", **asked).json()
    values = [one["value"] for one in found["facets"]["customer"]["values"]]
    assert (sorted(values), found["totals"], found["count"]) == (
        ["D-li", "D-wu"],
        {"amount": {"CNY": 2}},
        2,
    )
    assert ids(company, "li", "/customers", q="wu") == ["D-wu"]
    file = get(company, "li", "/customers", format="csv", header="names").text.splitlines()
    assert [line.split(",")[0].strip("\ufeff") for line in file] == ["id", "D-li", "D-wu"]
    for tail in ("", "/history", "/timeline", "/at/1"):
        assert get(company, "li", f"/customers/D-wu{tail}").status_code == 200
    names = get(company, "li", "/orders", expand="names").json()["names"]
    assert names["customer"] == {"D-li": "Shop of li", "D-wu": "Shop of wu"}
    unshare(company)
    assert get(company, "li", "/orders", **asked).json()["count"] == 1
    for tail in ("", "/history", "/timeline", "/at/1"):
        assert get(company, "li", f"/customers/D-wu{tail}").status_code == 404


def test_a_shared_customer_is_shown_with_its_past_as_long_as_it_is_shared(company: Company) -> None:
    before = company.api.get("/customers")["freshness"]["position"]
    share(company)
    for moment in ({}, {"as_of": before}, {"as_of": "2040-01-01T00:00:00Z"}):
        assert ids(company, "li", "/customers", **moment) == ["D-li", "D-wu"]
    unshare(company)
    for moment in ({}, {"as_of": before}, {"as_of": "2040-01-01T00:00:00Z"}):
        assert ids(company, "li", "/customers", **moment) == ["D-li"]


def test_figures_of_customers_follow_a_share(company: Company) -> None:
    by = {"by": "sell_out_amount"}
    assert [row["subject"] for row in rows(company, "li", "/rankings/dealers", **by)] == ["D-li"]
    share(company)
    found = rows(company, "li", "/rankings/dealers", **by)
    assert [row["subject"] for row in found] == ["D-wu", "D-li"]
    why = get(company, "li", "/rankings/dealers/why", subject="D-wu").json()
    assert why["figure"]["sell_out_amount"] == 20
    unshare(company)
    assert [row["subject"] for row in rows(company, "li", "/rankings/dealers", **by)] == ["D-li"]


def test_who_may_only_read_a_customer_does_not_work_with_it(company: Company) -> None:
    share(company)
    assert company.says("li", "change-customer-details", id="D-wu", city="x")[0] == 404
    order = {"id": "O2", "customer": "D-wu", "warehouse": "W1", "lines": [LINE]}
    assert company.says("li", "draft-order", **order)[0] == 404
    assert share(company, level="work").status_code == 200
    assert company.ask("li", "change-customer-details", id="D-wu", city="x").status_code == 200
    assert company.ask("li", "draft-order", **order).status_code == 201
    assert company.ask("li", "submit-order", id="O-wu").status_code == 200
    unshare(company)
    assert company.says("li", "change-customer-details", id="D-wu", city="y")[0] == 404


def test_roles_still_say_what_may_be_done_with_what_is_shared(company: Company) -> None:
    share(company, level="work")
    assert company.says("li", "freeze-customer", id="D-wu", reason="x")[0] == 403
    company.api.done("revoke-role", id="li", role="representative", reason="x")
    settled(company)
    assert get(company, "li", "/customers").status_code == 403


def test_what_is_shared_is_neither_shared_on_nor_handed_over(company: Company) -> None:
    company.api.done("grant-role", id="li", role="sales-manager", departments=["east"])
    share(company, level="work")
    assert share(company, "li", with_person="mei").status_code == 404
    assert unshare(company, "li").status_code == 404
    hand = {"id": "D-wu", "owner": "li", "reason": "mine"}
    assert company.says("li", "reassign-customer", **hand)[0] == 404
    assert company.says("li", "withdraw-customer", id="D-wu", reason="x")[0] == 404
    assert company.ask("li", "freeze-customer", id="D-wu", reason="x").status_code == 200


def test_a_share_with_a_department_is_with_all_who_work_in_it_and_below(company: Company) -> None:
    with_all = {"with_person": None, "with_department": "sales"}
    assert share(company, **with_all).status_code == 201
    assert ids(company, "li", "/customers") == ["D-li", "D-wu"]
    unshare(company, **with_all)
    share(company, with_person=None, with_department="west")
    assert ids(company, "li", "/customers") == ["D-li"]
    company.api.done("move-rep", id="li", department="west", region="east")
    settled(company)
    assert ids(company, "li", "/customers") == ["D-li", "D-wu"]


def test_a_share_ends_at_its_end(company: Company) -> None:
    clock = company.api.platform.database.clock
    now = company.api.platform.states.ask(lambda load: load.now)
    assert share(company, until=(now - timedelta(minutes=1)).isoformat()).status_code == 409
    until = now + timedelta(seconds=2)
    share(company, level="work", until=until.isoformat())
    assert ids(company, "li", "/customers") == ["D-li", "D-wu"]
    clock.sleep(2.5)
    settled(company)
    assert ids(company, "li", "/customers") == ["D-li"]
    assert company.says("li", "change-customer-details", id="D-wu", city="x")[0] == 404


def test_the_handover_of_a_customer_ends_its_shares(company: Company) -> None:
    share(company)
    company.api.done("reassign-customer", id="D-wu", owner="wu", reason="as it was")
    settled(company)
    assert ids(company, "li", "/customers") == ["D-li", "D-wu"]
    company.api.done("reassign-customer", id="D-wu", owner="li", reason="moved")
    company.api.done("reassign-customer", id="D-wu", owner="wu", reason="and back")
    settled(company)
    assert ids(company, "li", "/customers") == ["D-li"]
    (ended,) = company.api.get("/shares")["data"]
    assert ended["end_reason"] == "moved"


def test_one_lists_what_is_shared_with_oneself_and_what_one_shares(company: Company) -> None:
    share(company)
    with_me = get(company, "li", "/shares", with_person="me").json()["data"]
    assert [(row["customer"], row["shared_by"], row["level"]) for row in with_me] == [
        ("D-wu", "wu", "read")
    ]
    assert ids(company, "wu", "/shares", shared_by="me") == ["D-wu:person:li"]
    assert ids(company, "li", "/shares", shared_by="me") == []
    unshare(company)
    assert ids(company, "li", "/shares", with_person="me") == []


def test_what_is_shared_already_is_refused_to_nobody_in_particular(company: Company) -> None:
    assert share(company, with_department="east").status_code == 409
    assert share(company, with_person=None).status_code == 409
    assert share(company, with_person="nobody").status_code == 404
    assert unshare(company).status_code == 404
    assert share(company, "li").status_code == 404  # it is not his


@pytest.mark.capability("CU-18")
def test_a_rule_shares_what_has_what_it_names_as_long_as_it_has(company: Company) -> None:
    done = company.api.done
    done("register-department", id="key", name="Key accounts")
    done("hire-rep", id="kai", name="Kai", department="key", region="east")
    company.open("kai", "representative", own="owner")
    done("register-region", id="city", name="City", parent="west")
    rule = {"with_department": "key", "in_region": "west", "importance": "A", "level": "work"}
    done("register-sharing-rule", id="key", name="Key accounts", **rule)
    settled(company)
    assert ids(company, "kai", "/customers") == []
    done("rate-customer", id="D-li", importance="A")
    done("rate-customer", id="D-wu", importance="A")
    settled(company)
    assert ids(company, "kai", "/customers") == ["D-wu"]
    assert ids(company, "kai", "/orders") == ["O-wu"]
    events = get(company, "kai", "/events", kind="order").json()["data"]
    assert {event["stream"] for event in events} == {"order-O-wu"}
    assert company.ask("kai", "change-customer-details", id="D-wu", city="x").status_code == 200
    done("change-region", id="east", parent="west")
    settled(company)
    assert ids(company, "kai", "/orders") == ["O-li", "O-wu"]
    done("rate-customer", id="D-wu", importance="B")
    settled(company)
    assert ids(company, "kai", "/orders") == ["O-li"]
    assert company.says("kai", "change-customer-details", id="D-wu", city="y")[0] == 404
    done("close-sharing-rule", id="key", reason="over")
    settled(company)
    assert ids(company, "kai", "/orders") == []


def test_a_rule_says_with_whom_and_which(company: Company) -> None:
    rule = {"id": "r", "name": "R", "level": "read"}
    nobody = company.ask("tester", "register-sharing-rule", in_region="east", **rule)
    everything = company.ask("tester", "register-sharing-rule", with_person="li", **rule)
    assert (nobody.status_code, everything.status_code) == (409, 409)
    assert company.says("mei", "register-sharing-rule", with_person="mei", **rule)[0] == 403


def test_an_open_stream_follows_a_share_and_its_end(company: Company) -> None:
    def change(dealer: str, city: str) -> None:
        company.api.done("change-customer-details", id=f"D-{dealer}", city=city)

    head = company.api.get("/status")["head"]
    with company.api.listening() as (client, server):
        permissions: Permissions = server.config.app.state.permissions
        client.headers["Authorization"] = f"Bearer {company.key('li')}"
        share(company)
        change("wu", "a")
        permissions.forget()
        streams = [one["stream"] for one in received(client, 2, params={"after": head})]
        assert streams == ["share-D-wu:person:li", "customer-D-wu"]
        unshare(company)
        change("wu", "b")
        change("li", "b")
        permissions.forget()
        (only,) = received(client, 1, params={"after": head})
        assert only["stream"] == "customer-D-li"


def test_why_somebody_may_see_a_customer_names_the_share(company: Company) -> None:
    share(company)
    action, stream = "read:customers/customers", "customer-D-wu"
    ask = company.api.platform.states.ask
    found = ask(lambda load: explained.why(load, "li", action, stream))
    assert found.allowed
    assert found.why[-1] == "It is shared by share-D-wu:person:li."
    named = ask(lambda load: explained.who(load, action, stream))
    assert ("li", "shared") in {(one.account, one.role) for one in named}
    unshare(company)
    assert not ask(lambda load: explained.why(load, "li", action, stream)).allowed
