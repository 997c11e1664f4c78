"""Who confirms sees why it was asked, and what it would change now, within his rights."""

from typing import Any

import pytest
from api.test_access_notes import notes
from api.test_second_person import TwoPersons


@pytest.fixture
def company(both: Any) -> TwoPersons:
    return TwoPersons(both)


def read(company: TwoPersons, actor: str, path: str, **headers: str) -> Any:
    company.api.feed()
    told = {"Authorization": f"Bearer {company.key(actor)}", **headers}
    return company.api.client.get(path, headers=told)


def difference(company: TwoPersons, actor: str, request: str, **headers: str) -> Any:
    answer = read(company, actor, f"/requests/{request}/difference", **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def asked(company: TwoPersons, reason: str) -> Any:
    headers = {
        "Authorization": f"Bearer {company.key('mei')}",
        "Idempotency-Key": "asked",
        "If-Match": "*",
        "Request-Reason": reason,
    }
    body = {"id": "D-li", "reason": "unpaid"}
    return company.api.client.post("/commands/freeze-customer", json=body, headers=headers)


@pytest.mark.parametrize(
    "sent", ["Owes since May", "%E4%BA%94%E6%9C%88%E8%B5%B7%E6%AC%A0%E6%AC%BE"]
)
def test_the_maker_says_why_and_the_checker_reads_it(company: TwoPersons, sent: str) -> None:
    answer = asked(company, sent)
    assert answer.status_code == 202, answer.text
    request = answer.json()["request"]["id"]
    said = "五月起欠款" if sent.startswith("%") else sent
    assert read(company, "ann", f"/requests/{request}").json()["data"]["reason"] == said
    told = read(company, "ann", "/requests?waiting=me").json()["data"]
    assert [one["reason"] for one in told] == [said]
    assert company.ask("ann", "confirm-request", id=request).status_code == 200


@pytest.mark.parametrize("sent", ["", " ", "x" * 201, "%FF", "two%0Alines"])
def test_a_reason_that_cannot_be_read_is_refused(company: TwoPersons, sent: str) -> None:
    answer = asked(company, sent)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-header")
    assert "request-reason" in answer.text


def test_each_row_of_a_batch_has_its_own_reason_or_that_of_the_batch(company: TwoPersons) -> None:
    freeze = {"command": "freeze-customer", "expected": "*"}
    rows = [
        {**freeze, "body": {"id": "D-li", "reason": "x"}, "reason": "Owes since May"},
        {**freeze, "body": {"id": "D-wu", "reason": "x"}},
    ]
    headers = {"Authorization": f"Bearer {company.key('mei')}", "Idempotency-Key": "b"}
    headers["Request-Reason"] = "All of the east"
    company.api.client.post("/commands", json=rows, headers=headers)
    told = read(company, "mei", "/requests?maker=me&sort=thing_id").json()["data"]
    assert [one["reason"] for one in told] == ["Owes since May", "All of the east"]


def test_a_checker_sees_what_would_change_and_nothing_is_written(company: TwoPersons) -> None:
    request = company.request()
    before = company.api.get("/status")["head"]
    found = difference(company, "ann", request)
    assert (found["position"], found["refusal"]) == (before, None)
    assert [(one["stream"], one["type"]) for one in found["events"]] == [
        ("customer-D-li", "CustomerFrozen")
    ]
    (thing,) = found["things"]
    assert (thing["stream"], thing["new"]) == ("customer-D-li", False)
    assert thing["changes"] == {"frozen": {"from": None, "to": "unpaid"}}
    assert company.api.get("/status")["head"] == before
    assert not company.frozen()


def test_the_difference_is_that_of_now_and_not_of_when_it_was_asked(company: TwoPersons) -> None:
    company.listed("change-customer-details")
    answer = company.ask("mei", "change-customer-details", id="D-li", city="Suzhou")
    request = answer.json()["request"]["id"]
    listing = {"id": "approvals.second_person", "values": {"commands": []}, "reason": "x"}
    company.api.done("change-settings", **listing)
    company.api.done("change-customer-details", id="D-li", city="Wuxi")
    (thing,) = difference(company, "ann", request)["things"]
    assert thing["changes"]["city"] == {"from": "Wuxi", "to": "Suzhou"}
    assert company.ask("ann", "confirm-request", id=request).status_code == 200
    company.api.feed()
    history = company.api.get("/customers/D-li/history")["data"]
    assert history[-1]["changes"]["city"] == thing["changes"]["city"]


def test_a_new_thing_is_shown_as_it_would_begin(company: TwoPersons) -> None:
    shop = {"id": "D-new", "name": "New shop", "customer_kind": "retailer", "owner": "wu"}
    answer = company.ask("mei", "register-customer", **shop)
    (thing,) = difference(company, "ann", answer.json()["request"]["id"])["things"]
    assert (thing["stream"], thing["new"]) == ("customer-D-new", True)
    assert thing["changes"]["owner"] == {"from": None, "to": "wu"}


def test_why_a_confirmation_would_be_refused_is_told_beforehand(company: TwoPersons) -> None:
    request = company.request()
    company.listed()
    assert company.freeze(actor="ann").status_code == 200
    found = difference(company, "ann", request)
    assert (found["events"], found["things"]) == ([], [])
    assert found["refusal"]["refusal"] == "NoLongerApplies"
    assert "change nothing" in found["refusal"]["detail"]
    chinese = difference(company, "ann", request, **{"Accept-Language": "zh-CN"})
    assert "请拒绝该申请" in chinese["refusal"]["detail"]
    company.ask("mei", "withdraw-request", id=request)
    assert difference(company, "ann", request)["refusal"]["refusal"] == "AlreadyDecided"


def test_who_may_not_ask_the_command_is_not_told_why_it_is_refused(company: TwoPersons) -> None:
    request = company.request()
    company.listed()
    company.freeze(actor="ann")
    refusal = difference(company, "li", request)["refusal"]
    assert (refusal["refusal"], "would be refused now" in refusal["detail"]) == ("Refused", True)


def test_a_request_that_one_may_not_see_has_no_difference(company: TwoPersons) -> None:
    request = company.request()
    assert read(company, "wu", f"/requests/{request}/difference").status_code == 404
    assert read(company, "ann", "/requests/RQ-NONE/difference").status_code == 404
    company.api.done("open-account", id="eve", person="wu")
    assert read(company, "eve", f"/requests/{request}/difference").status_code == 403


def test_what_a_reader_may_not_see_is_not_in_the_difference(company: TwoPersons) -> None:
    """`mei` hands the shop over: `wu` would have it then, and sees nothing of it until then."""
    company.listed("reassign-customer")
    hand = {"id": "D-li", "owner": "wu", "reason": "moved"}
    request = company.ask("mei", "reassign-customer", **hand).json()["request"]["id"]
    assert "customer-D-li" in str(difference(company, "ann", request))
    found = difference(company, "wu", request)
    assert "customer-D-li" not in str(found["events"]) + str(found["things"])


def test_personal_fields_are_hidden_from_whom_persons_are(company: TwoPersons) -> None:
    api = company.api
    company.listed("add-contact")
    contact = {"id": "D-li", "contact": "c1", "name": "Zhao", "phone": "1390000"}
    request = company.ask("mei", "add-contact", **contact).json()["request"]["id"]
    api.done("open-account", id="eve", person="wu")
    api.done("grant-role", id="eve", role="analyst", everything=True)
    assert "Zhao" in str(difference(company, "mei", request))
    assert "Zhao" not in str(difference(company, "eve", request))
    read_by = [one for one in notes(company, "personal-read") if one["actor"] == "mei"]
    assert any(one["detail"]["path"].endswith("/difference") for one in read_by)


def test_what_goods_cost_is_hidden_in_the_lines_of_the_difference_too(company: TwoPersons) -> None:
    api = company.api
    what = {"category": "x", "unit": "box", "list_price": 500, "currency": "CNY"}
    api.done("add-product", id="pot", name="Pot", cost=98_765, **what)
    company.listed("draft-order")
    order = {"id": "O-1", "customer": "D-li", "warehouse": "W"}
    lines = [{"item": "pot", "quantity": 1}]
    asked = company.ask("mei", "draft-order", **order, lines=lines)
    assert asked.status_code == 202, asked.text
    request = asked.json()["request"]["id"]
    assert "98765" in str(difference(company, "tester", request)["things"])
    seen = str(difference(company, "li", request))
    assert "500" in seen
    assert "98765" not in seen
