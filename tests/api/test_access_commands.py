"""What an account may ask is what its roles grant, of what lies within their scope."""

import time
from typing import Any

import pytest
from pace import limit
from waiting import until

from infra.keys import Keys
from services.access.permissions import REMEMBERED


class Company:
    """Two departments below sales, with a representative each; everybody asks by his own key."""

    def __init__(self, api: Any) -> None:
        self.api = api
        done = api.done
        done("register-department", id="sales", name="Sales")
        for place, rep in (("east", "li"), ("west", "wu")):
            done("register-department", id=place, name=place, parent="sales")
            done("register-region", id=place, name=place)
            done("hire-rep", id=rep, name=rep, department=place, region=place)
            shop = {"customer_kind": "dealer", "owner": rep}
            done("register-customer", id=f"D-{rep}", name=f"Shop of {rep}", **shop)
        done("hire-rep", id="mei", name="Mei", department="sales", region="east", sells=False)
        done("open-account", id="tester")
        self.open("li", "representative", own="owner")
        self.open("wu", "representative", own="owner")
        self.open("mei", "sales-manager", departments=["sales"])
        done("open-account", id="shop", dealer="D-li")
        done("grant-role", id="shop", role="dealer", dealers=["D-li"])
        api.feed()

    def open(self, name: str, role: str, **scope: Any) -> None:
        self.api.done("open-account", id=name, person=name)
        self.api.done("grant-role", id=name, role=role, **scope)

    def ask(self, actor: str, slug: str, **body: Any) -> Any:
        """The answer to a command of somebody, whatever the version."""
        return self.api.ask(slug, bearer=self.key(actor), **body)

    def key(self, actor: str) -> str:
        return Keys(self.api.platform.database).new(actor)

    def says(self, actor: str, slug: str, **body: Any) -> tuple[int, str]:
        answer = self.ask(actor, slug, **body)
        return answer.status_code, answer.json().get("detail", "")


@pytest.fixture
def company(both: Any) -> Company:
    return Company(both)


def test_without_an_account_nothing_goes_from_the_first_one_on(both: Any) -> None:
    assert both.ask("hire-rep", id="li", name="Li", department="x", region="y").status_code == 201
    both.done("open-account", id="boss")
    status = both.ask("hire-rep", id="wu", name="Wu", department="x", region="y").status_code
    assert status == 403


def test_the_first_account_may_do_everything(company: Company) -> None:
    assert company.ask("tester", "register-department", id="north", name="North").status_code == 201


def test_what_no_role_grants_is_forbidden_and_says_what_is_missing(company: Company) -> None:
    status, detail = company.says("li", "register-department", id="x", name="X")
    assert (status, "command:organisation/register-department" in detail) == (403, True)
    assert company.says("li", "grant-role", id="li", role="owner", everything=True)[0] == 403


@pytest.mark.capability("PL-04")
def test_a_representative_works_with_customers_of_his_own_alone(company: Company) -> None:
    change = {"city": "Shanghai"}
    assert company.ask("li", "change-customer-details", id="D-li", **change).status_code == 200
    hidden = company.says("li", "change-customer-details", id="D-wu", **change)
    unknown = company.says("li", "change-customer-details", id="D-xx", **change)
    assert hidden[0] == unknown[0] == 404
    assert hidden[1].replace("D-wu", "") == unknown[1].replace("D-xx", "")


def test_an_order_for_somebody_elses_customer_is_as_one_for_nobody(company: Company) -> None:
    add = {"category": "x", "unit": "box", "list_price": 1, "currency": "CNY"}
    company.api.done("add-product", id="tea", name="Tea", **add)
    lines = [{"item": "tea", "quantity": 1}]
    order = {"id": "O1", "warehouse": "W1", "lines": lines}
    hidden = company.says("li", "draft-order", customer="D-wu", **order)
    unknown = company.says("li", "draft-order", customer="D-xx", **order)
    assert hidden[0] == unknown[0] == 404
    assert hidden[1].replace("D-wu", "") == unknown[1].replace("D-xx", "")
    assert company.ask("li", "draft-order", customer="D-li", **order).status_code == 201
    assert company.says("wu", "submit-order", id="O1")[0] == 404
    assert company.ask("mei", "submit-order", id="O1").status_code == 200


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_representative_names_the_order_that_is_to_come_of_his_quotation(
    company: Company,
) -> None:
    api = company.api
    tea = {"name": "Tea", "category": "drinks", "unit": "box", "list_price": 1_000}
    api.done("add-product", id="tea", **tea, currency="CNY")
    lines = [{"item": "tea", "quantity": 1}]
    for rep in ("li", "wu"):
        what = {"customer": f"D-{rep}", "warehouse": "WH-1", "valid_until": "2099-12-31"}
        api.done("draft-quotation", id=f"Q-{rep}", **what, lines=lines)
        api.done("send-quotation", id=f"Q-{rep}")
        api.done("accept-quotation", id=f"Q-{rep}", revision=1)
    assert (
        company.ask("wu", "order-quotation", id="Q-wu", revision=1, order="SO-W").status_code == 200
    )
    status, detail = company.says("li", "order-quotation", id="Q-li", revision=1, order="SO-W")
    assert (status, "no order SO-W within your scope" in detail) == (404, True)
    assert (
        company.ask("li", "order-quotation", id="Q-li", revision=1, order="SO-L").status_code == 200
    )


def test_nobody_registers_customers_for_others_than_himself(company: Company) -> None:
    shop = {"name": "Shop", "customer_kind": "retailer"}
    assert company.says("li", "register-customer", id="C1", owner="wu", **shop)[0] == 404
    assert company.ask("li", "register-customer", id="C1", owner="li", **shop).status_code == 201
    assert company.ask("mei", "register-customer", id="C2", owner="wu", **shop).status_code == 201


def test_what_was_handed_over_is_no_more_ones_own(company: Company) -> None:
    hand = {"id": "D-li", "owner": "wu", "reason": "moved"}
    assert company.says("li", "reassign-customer", **hand)[0] == 403
    assert company.ask("mei", "reassign-customer", **hand).status_code == 200
    assert company.says("li", "change-customer-details", id="D-li", city="x")[0] == 404
    assert company.ask("wu", "change-customer-details", id="D-li", city="x").status_code == 200


@pytest.mark.capability("PL-01", "PL-04")
def test_a_manager_reaches_what_lies_below_his_department(company: Company) -> None:
    company.api.done("revoke-role", id="mei", role="sales-manager", reason="moved")
    company.api.done("grant-role", id="mei", role="sales-manager", departments=["east"])
    assert company.ask("mei", "change-customer-details", id="D-li", city="x").status_code == 200
    assert company.says("mei", "change-customer-details", id="D-wu", city="x")[0] == 404
    company.api.done("change-department", id="west", parent="east")
    assert company.ask("mei", "change-customer-details", id="D-wu", city="x").status_code == 200


def test_a_dealers_user_reports_his_own_sales_alone(company: Company) -> None:
    sold = {"item": "tea", "sale": "S1", "quantity": 1, "amount": 9, "currency": "CNY"}
    add = {"category": "x", "unit": "box", "list_price": 1, "currency": "CNY"}
    company.api.done("add-product", id="tea", name="Tea", **add)
    assert company.says("shop", "sell-out", location="D-wu", **sold)[0] == 404
    assert company.ask("shop", "sell-out", location="D-li", **sold).status_code == 201
    assert company.says("shop", "add-contact", id="D-li", contact="a", name="A")[0] == 403


def test_what_is_withdrawn_closed_or_left_may_do_nothing(company: Company) -> None:
    change = {"id": "D-li", "city": "x"}
    company.api.done("revoke-role", id="li", role="representative", reason="x")
    assert company.says("li", "change-customer-details", **change)[0] == 403
    company.api.done("close-account", id="mei", reason="x")
    assert company.says("mei", "change-customer-details", **change)[0] == 401
    company.api.done("reopen-account", id="mei")
    assert company.ask("mei", "change-customer-details", **change).status_code == 200
    company.api.done("dismiss-rep", id="mei", reason="left")
    assert company.says("mei", "change-customer-details", **change)[0] == 401


def test_a_row_of_a_batch_is_checked_like_a_command(company: Company) -> None:
    rows = [
        {"command": "change-customer-details", "body": {"id": one, "city": "x"}, "expected": "*"}
        for one in ("D-li", "D-wu")
    ]
    headers = {"Authorization": f"Bearer {company.key('li')}", "Idempotency-Key": "b"}
    answer = company.api.client.post("/commands", json=rows, headers=headers)
    assert [row["status"] for row in answer.json()["outcomes"]] == [200, 404]


def test_an_import_changes_what_one_may_change_alone(company: Company) -> None:
    file = "id,city\nD-li,Shanghai\nD-wu,Shanghai\n"
    key = f"Bearer {company.key('li')}"
    headers = {"Authorization": key, "Idempotency-Key": "i1", "Content-Type": "text/csv"}
    assert company.api.client.get("/imports", headers=headers).status_code == 403
    company.api.done("grant-role", id="li", role="clerk", own="owner")
    time.sleep(REMEMBERED)
    how = {"command": "change-customer-details", "name": "cities.csv", "partial": "true"}
    post = company.api.client.post
    answer = post("/imports", params=how, content=file.encode(), headers=headers)
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]

    def found() -> dict[str, Any]:
        return company.api.get(place)

    until(lambda: found()["ended_at"] is not None, limit(20), progress=found)
    assert (found()["accepted"], found()["refused"]) == (1, 1)
    get = company.api.client.get
    assert get(place, headers=headers).status_code == 200
    company.api.done("grant-role", id="wu", role="clerk", own="owner")
    time.sleep(REMEMBERED)
    other = {"Authorization": f"Bearer {company.key('wu')}"}
    assert get("/imports", headers=other).json()["data"] == []
    for tail in ("", "/refused", "/undo"):
        assert get(f"{place}{tail}", headers=other).status_code == 404


def test_events_of_others_are_as_if_they_were_not(company: Company) -> None:
    def streams(actor: str, **asked: Any) -> set[str]:
        headers = {"Authorization": f"Bearer {company.key(actor)}"}
        answer = company.api.client.get("/events", params={"limit": 1000, **asked}, headers=headers)
        assert answer.status_code == 200, answer.text
        return {event["stream"] for event in answer.json()["data"]}

    every = streams("tester")
    seen = streams("li")
    assert {"customer-D-li", "rep-wu", "department-east"} <= seen < every
    assert not {"customer-D-wu", "account-li", "register-accounts"} & seen
    assert streams("li", stream="customer-D-wu") == set()
    assert streams("mei") > {"customer-D-li", "customer-D-wu"}
    headers = {"Authorization": f"Bearer {company.key('li')}"}
    get = company.api.client.get
    hidden, unknown = (get(f"/streams/customer-D-{n}", headers=headers) for n in ("wu", "xx"))
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text.replace("D-wu", "") == unknown.text.replace("D-xx", "")
    places = {e["stream"]: e["position"] for e in company.api.get("/events", limit=1000)["data"]}
    assert get(f"/events/{places['customer-D-wu']}", headers=headers).status_code == 404
    assert get(f"/events/{places['customer-D-li']}", headers=headers).status_code == 200


def test_several_that_are_named_at_once_are_each_looked_at(company: Company) -> None:
    """Whose a hidden customer is must not be told by the refusal to hand it over."""
    company.api.done("grant-role", id="mei", role="sales-manager", departments=["east"])
    hand = {"id": "li", "owner": "wu", "reason": "x"}
    hidden = company.says("mei", "hand-over-customers", customers=["D-li", "D-wu"], **hand)
    unknown = company.says("mei", "hand-over-customers", customers=["D-li", "D-xx"], **hand)
    assert hidden[0] == unknown[0] == 404
    assert hidden[1].replace("D-wu", "") == unknown[1].replace("D-xx", "")
    assert company.ask("mei", "hand-over-customers", customers=["D-li"], **hand).status_code == 200
