"""What waits for whom, and since when, is a list; signing needs the right to it."""

from types import SimpleNamespace
from typing import Any

from asking import Asking
from workers.books import recorded

from infra.keys import Keys

STEPS = [
    {"signers": [{"role": "finance"}]},
    {"signers": [{"head": True}, {"account": "ann"}], "needs": "all"},
]


def founded(api: Any) -> None:
    api.done("register-department", id="sales", name="Sales")
    api.done("register-department", id="east", name="East", parent="sales")
    api.done("register-region", id="sh", name="Shanghai")
    api.done("register-position", id="head", name="Head", department="sales", heads="yes")
    for rep, department in (("li", "east"), ("wu", "sales")):
        api.done("hire-rep", id=rep, name=rep, department=department, region="sh")
    api.done("take-position", id="wu", position="head")
    api.done("register-customer", id="C1", name="Shop", customer_kind="retailer", owner="li")
    goods = {"category": "tea", "unit": "box", "list_price": 100, "currency": "CNY"}
    api.done("add-product", id="tea", name="Tea", **goods)
    api.done("receive-stock", location="WH", item="tea", quantity=9, reference="R1")
    api.done("change-settings", id="approvals.routes", values=routes(), reason="four eyes")


def routes() -> dict[str, Any]:
    return {
        "routes": [
            {"name": "large", "document": "order", "where": "amount.gte=500", "steps": STEPS},
        ]
    }


def submitted(api: Any, id: str, quantity: int) -> None:
    lines = [{"item": "tea", "quantity": quantity}]
    api.done("draft-order", id=id, customer="C1", warehouse="WH", lines=lines)
    api.done("submit-order", id=id)


def as_account(api: Any, name: str) -> Any:
    key = Keys(api.platform.database).new(name)
    client = Asking(api.client.app, headers={"Authorization": f"Bearer {key}"})
    return type(api)(client, api.platform)


def accounts(api: Any) -> dict[str, Any]:
    api.done("open-account", id="tester")
    every = {"finn": "finance", "ann": "sales-manager", "li": "representative", "wu": None}
    for name, role in every.items():
        person = {"person": name} if name in ("li", "wu") else {}
        api.done("open-account", id=name, **person)
        if role == "representative":
            api.done("grant-role", id=name, role=role, own="owner")
        elif role:
            api.done("grant-role", id=name, role=role, everything=True)
    api.done("grant-role", id="wu", role="sales-manager", departments=["sales"])
    return {name: as_account(api, name) for name in every}


def waiting(api: Any, **more: Any) -> list[str]:
    api.feed()
    return [one["id"] for one in api.get("/approvals", waiting="me", **more)["data"]]


def test_what_waits_for_me_is_a_list(both: Any) -> None:
    founded(both)
    who = accounts(both)
    submitted(both, "O1", 5)
    submitted(both, "O2", 1)
    assert waiting(who["finn"]) == ["order:O1:1"]
    assert waiting(who["ann"]) == waiting(who["wu"]) == []
    who["finn"].done("sign-approval", id="order:O1:1", step=1, comment="fair")
    assert waiting(who["finn"]) == []
    assert waiting(who["ann"]) == waiting(who["wu"]) == ["order:O1:1"]
    [signed] = who["finn"].get("/approvals", signed="me")["data"]
    assert (signed["status"], signed["waiting"]) == (
        "waiting",
        "head:east; head:sales; account:ann;",
    )
    assert signed["signatures"][0]["comment"] == "fair"
    assert signed["waiting_since"] == signed["open_steps"][0]["since"]
    assert [one["id"] for one in both.get("/approvals", document="O2")["data"]] == []


def test_what_waits_for_whom_i_stand_in_for_waits_for_me(both: Any) -> None:
    founded(both)
    who = accounts(both)
    submitted(both, "O1", 5)
    period = {"since": "2020-01-01T00:00:00+08:00", "until": "2099-01-01T00:00:00+08:00"}
    who["finn"].done("announce-absence", id="finn", stand_in="ann", **period)
    assert waiting(who["ann"]) == ["order:O1:1"]
    assert [one["id"] for one in both.get("/absences", stand_in="ann")["data"]] == ["finn"]
    who["ann"].done("sign-approval", id="order:O1:1", step=1, in_place_of="finn")


def test_the_timeline_of_an_order_shows_its_approval(both: Any) -> None:
    founded(both)
    submitted(both, "O1", 5)
    both.feed()
    types = [one["type"] for one in both.get("/orders/O1/timeline")["data"]]
    assert {"ApprovalRequested", "ApprovalStepOpened", "OrderSubmitted"} <= set(types)


def test_who_may_sign_needs_the_grant_and_the_document_within_the_scope(both: Any) -> None:
    founded(both)
    who = accounts(both)
    submitted(both, "O1", 5)
    asked = {"id": "order:O1:1", "step": 1}
    assert who["li"].ask("sign-approval", **asked).status_code == 403
    both.done("revoke-role", id="finn", role="finance", reason="moved")
    assert who["finn"].ask("sign-approval", **asked).status_code == 403


def test_what_waits_tells_who_reads_it_what_he_may_do_next(both: Any) -> None:
    founded(both)
    submitted(both, "O1", 5)
    both.feed()
    found = both.get("/approvals/order:O1:1")
    assert found["data"]["amount"] == 500
    assert "sign-approval" in [one["command"] for one in found["next"]]


def test_an_unknown_route_is_refused_with_what_is_wrong(both: Any) -> None:
    founded(both)
    wrong = [{"name": "x", "document": "order", "where": "amont.gte=5", "steps": STEPS}]
    answer = both.ask(
        "change-settings", id="approvals.routes", values={"routes": wrong}, reason="x"
    )
    assert answer.status_code == 409
    assert "amont" in answer.json()["detail"]


def test_each_record_of_a_signed_order_is_the_fold_of_its_events(both: Any) -> None:
    founded(both)
    who = accounts(both)
    submitted(both, "O1", 5)
    who["finn"].done("sign-approval", id="order:O1:1", step=1, comment="fair")
    both.feed()
    company: Any = SimpleNamespace(platform=both.platform)
    with both.platform.database.read() as connection:
        log = both.platform.store.read(connection, 0, 10_000)
    for record in both.platform.records:
        recorded(company, record, log)


def test_nobody_is_asked_to_sign_who_cannot(api: Any) -> None:
    founded(api)
    who = accounts(api)
    when = {"since": "2020-01-01T00:00:00+08:00", "until": "2099-01-01T00:00:00+08:00"}
    no = who["ann"].ask("announce-absence", id="ann", stand_in="li", **when)
    assert (no.status_code, no.json()["refusal"]) == (409, "UnfitStandIn")
    assert "may not sign approvals" in no.json()["detail"]
    who["ann"].done("announce-absence", id="ann", stand_in="wu", **when)
    submitted(api, "O1", 5)
    who["finn"].done("sign-approval", id="order:O1:1", step=1)
    who["wu"].done("sign-approval", id="order:O1:1", step=2)
    no = who["wu"].ask("sign-approval", id="order:O1:1", step=2, in_place_of="ann")
    assert (no.status_code, no.json()["refusal"]) == (409, "SignsOnce")
    assert "wu has signed this step for wu" in no.json()["detail"]
    who["ann"].done("sign-approval", id="order:O1:1", step=2)
    submitted(api, "O3", 7)
    api.done("close-account", id="ann", reason="left")
    back = {"id": "order:O3:1", "reason": "ann has left"}
    no = who["finn"].ask("withdraw-approval", **back)
    assert (no.status_code, no.json()["refusal"]) == (409, "NotTheAsker")
    api.done("open-account", id="boss")
    api.done("grant-role", id="boss", role="owner", everything=True)
    as_account(api, "boss").done("withdraw-approval", **back)
    api.feed()
    assert api.get("/orders/O3")["data"]["status"] == "draft"
    lines = [{"item": "tea", "quantity": 6}]
    api.done("draft-order", id="O2", customer="C1", warehouse="WH", lines=lines)
    no = api.ask("submit-order", id="O2")
    assert (no.status_code, no.json()["refusal"]) == (409, "NobodyToSign")
    assert "needs ann, whose account is closed" in no.json()["detail"]
