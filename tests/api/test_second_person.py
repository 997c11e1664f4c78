"""A command that a company has confirmed takes effect once another person has confirmed it."""

from typing import Any

import pytest
from api.test_access_commands import Company


class TwoPersons(Company):
    """`mei` and `ann` manage sales and may confirm for each other; `li` represents."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        person = {"department": "sales", "region": "east", "sells": False}
        api.done("hire-rep", id="ann", name="Ann", **person)
        self.open("ann", "sales-manager", departments=["sales"])
        self.listed("freeze-customer", "register-customer")

    def listed(self, *commands: str, **more: Any) -> None:
        values = {"commands": list(commands), **more}
        self.api.done(
            "change-settings", id="approvals.second_person", values=values, reason="policy"
        )

    def freeze(self, actor: str = "mei", customer: str = "D-li", **more: Any) -> Any:
        return self.ask(actor, "freeze-customer", id=customer, reason="unpaid", **more)

    def request(self, actor: str = "mei") -> str:
        answer = self.freeze(actor)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["request"]["id"])

    def frozen(self, customer: str = "D-li") -> bool:
        self.api.feed()
        return bool(self.api.get(f"/customers/{customer}")["data"]["frozen"])


@pytest.fixture
def company(both: Any) -> TwoPersons:
    return TwoPersons(both)


def test_a_listed_command_waits_and_takes_effect_in_the_makers_name(company: TwoPersons) -> None:
    answer = company.freeze()
    assert answer.status_code == 202
    told = answer.json()["request"]
    assert answer.headers["Location"] == told["address"] == f"/requests/{told['id']}"
    assert told["may_confirm"] == ["ann"]
    assert told["right"] == "command:customers/freeze-customer"
    assert not company.frozen()
    assert company.says("mei", "confirm-request", id=told["id"])[0] == 409
    confirmed = company.ask("ann", "confirm-request", id=told["id"])
    assert confirmed.status_code == 200, confirmed.text
    assert company.frozen()
    events = company.api.get("/events", stream="customer-D-li", type="CustomerFrozen")["data"]
    assert [one["actor"] for one in events] == ["mei"]
    assert events[0]["causation_id"] == f"request-{told['id']}:ann"
    assert company.ask("ann", "confirm-request", id=told["id"]).json()["repeated"]


def test_the_maker_may_not_confirm_nor_may_who_may_not_ask_it(company: TwoPersons) -> None:
    request = company.request()
    status, detail = company.says("mei", "confirm-request", id=request)
    assert (status, "same person" in detail) == (409, True)
    assert company.says("li", "confirm-request", id=request)[0] == 403
    assert not company.frozen()


def test_a_request_shows_what_the_command_says_field_by_field(company: TwoPersons) -> None:
    request = company.request()
    company.api.feed()
    found = company.api.get(f"/requests/{request}")["data"]
    assert found["content"] == [
        {"name": "id", "value": '"D-li"'},
        {"name": "reason", "value": '"unpaid"'},
    ]
    about = {name: found[name] for name in ("status", "command", "maker", "thing_id", "dealer")}
    assert about == {
        "status": "waiting",
        "command": "freeze-customer",
        "maker": "mei",
        "thing_id": "D-li",
        "dealer": "D-li",
    }


def test_the_maker_may_withdraw_next_and_the_checker_decide(company: TwoPersons) -> None:
    request = company.request()
    company.api.feed()

    def following(actor: str) -> list[str]:
        headers = {"Authorization": f"Bearer {company.key(actor)}"}
        answer = company.api.client.get(f"/requests/{request}", headers=headers)
        return [one["command"] for one in answer.json()["next"]]

    assert following("mei") == ["withdraw-request"]
    assert following("ann") == ["confirm-request", "decline-request"]


def test_one_person_under_two_accounts_is_one_person(company: TwoPersons) -> None:
    company.api.done("open-account", id="mei-2", person="mei")
    company.api.done("grant-role", id="mei-2", role="sales-manager", departments=["sales"])
    status, detail = company.says("mei-2", "confirm-request", id=company.request())
    assert (status, "same person" in detail) == (409, True)


def test_a_program_is_no_second_person(company: TwoPersons) -> None:
    company.api.done("open-account", id="robot")
    company.api.done("grant-role", id="robot", role="service", everything=True)
    request = company.request()
    for who in ("robot", "tester"):
        status, detail = company.says(who, "confirm-request", id=request)
        assert (status, "no person's account" in detail) == (409, True)


def test_what_is_declined_never_takes_effect(company: TwoPersons) -> None:
    request = company.request()
    assert company.says("mei", "decline-request", id=request, reason="no")[0] == 409
    assert company.ask("ann", "decline-request", id=request, reason="paid").status_code == 200
    status, detail = company.says("ann", "confirm-request", id=request)
    assert (status, "declined by ann" in detail) == (409, True)
    assert not company.frozen()


def test_only_the_maker_withdraws(company: TwoPersons) -> None:
    request = company.request()
    assert company.says("ann", "withdraw-request", id=request)[0] == 409
    assert company.ask("mei", "withdraw-request", id=request).status_code == 200
    assert company.says("ann", "confirm-request", id=request)[0] == 409
    assert not company.frozen()


def test_a_key_of_the_maker_repeats_the_answer_of_the_request(company: TwoPersons) -> None:
    first, again = (company.freeze(key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["request"]["id"] == first.json()["request"]["id"]
    assert again.json()["repeated"]
    company.ask("ann", "confirm-request", id=first.json()["request"]["id"])
    assert company.freeze(key="k1").status_code == 202


def test_what_is_impossible_now_is_refused_at_once(company: TwoPersons) -> None:
    assert company.freeze(customer="D-xx").status_code == 404
    assert company.freeze(actor="li").status_code == 403
    assert company.ask("mei", "freeze-customer", id="D-li").status_code == 422


def test_what_is_so_already_waits_for_nobody(company: TwoPersons) -> None:
    company.ask("ann", "confirm-request", id=company.request())
    again = company.freeze()
    assert (again.status_code, again.json()["repeated"]) == (200, True)


def test_a_version_that_has_passed_is_refused(company: TwoPersons) -> None:
    api = company.api
    headers = {"Idempotency-Key": "seen", "If-Match": '"1"'}
    headers["Authorization"] = f"Bearer {company.key('mei')}"
    body = {"id": "D-li", "reason": "unpaid"}
    answer = api.client.post("/commands/freeze-customer", json=body, headers=headers)
    assert answer.status_code == 202, answer.text
    api.done("change-customer-details", id="D-li", city="Shanghai")
    request = answer.json()["request"]["id"]
    status, detail = company.says("ann", "confirm-request", id=request)
    assert (status, "was at version 1" in detail, "is at 2" in detail) == (409, True, True)
    assert not company.frozen()


def test_a_right_that_the_maker_has_lost_ends_the_request(company: TwoPersons) -> None:
    request = company.request()
    company.api.done("revoke-role", id="mei", role="sales-manager", reason="moved")
    status, detail = company.says("ann", "confirm-request", id=request)
    assert (status, "mei, who asked it, may no longer" in detail) == (409, True)
    assert not company.frozen()


def test_what_no_longer_applies_is_refused_with_the_reason(company: TwoPersons) -> None:
    request = company.request()
    company.listed("register-customer")
    assert company.freeze(actor="ann").status_code == 200
    status, detail = company.says("ann", "confirm-request", id=request)
    assert (status, "no longer applies" in detail or "change nothing" in detail) == (409, True)


def test_a_new_thing_begins_with_the_confirmation(company: TwoPersons) -> None:
    numbers = {"id": "customers.numbers", "values": {"automatic": True}, "reason": "x"}
    company.api.done("change-settings", **numbers)
    shop = {"name": "New shop", "customer_kind": "retailer", "owner": "wu"}
    answer = company.ask("mei", "register-customer", **shop)
    assert answer.status_code == 202, answer.text
    done = company.ask("ann", "confirm-request", id=answer.json()["request"]["id"])
    assert done.status_code == 200, done.text
    types = [one["type"] for one in done.json()["events"]]
    assert types[0] == "RequestConfirmed"
    assert "CustomerRegistered" in types


def test_settings_name_commands_that_there_are_and_that_may_wait(company: TwoPersons) -> None:
    change = {"id": "approvals.second_person", "reason": "x"}
    for name, said in (
        ("freeze-custommer", "freeze-customer"),
        ("confirm-request", "word of one person"),
        ("expire-points", "a process asks it"),
        ("skip-parked", "runs the platform"),
    ):
        answer = company.api.ask("change-settings", values={"commands": [name]}, **change)
        assert (answer.status_code, said in answer.text) == (422, True), answer.text


def test_requests_are_listed_for_whom_they_wait(company: TwoPersons) -> None:
    request = company.request()
    company.api.feed()

    def listed(actor: str, **asked: str) -> list[str]:
        headers = {"Authorization": f"Bearer {company.key(actor)}"}
        answer = company.api.client.get("/requests", params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["data"]]

    assert listed("ann", waiting="me") == [request]
    assert listed("mei", waiting="me") == listed("tester", waiting="me") == []
    assert listed("mei", maker="me") == listed("mei", thing_id="D-li") == [request]
    assert listed("li") == [request]
    assert listed("wu") == []
    company.ask("ann", "confirm-request", id=request)
    company.api.feed()
    assert listed("ann", waiting="me") == []
    assert listed("ann", status="confirmed", command="freeze-customer") == [request]


def test_what_waits_for_oneself_is_a_condition_like_others(company: TwoPersons) -> None:
    request = company.request()
    company.api.feed()
    headers = {"Authorization": f"Bearer {company.key('ann')}"}

    def asked(**query: str) -> Any:
        return company.api.client.get("/requests", params=query, headers=headers)

    for where, found in (
        ("waiting=me and command=freeze-customer", [request]),
        ("waiting=me and command=register-customer", []),
        ("not (waiting=me)", []),
        ("waiting=me or command=none", [request]),
    ):
        answer = asked(where=where)
        assert [one["id"] for one in answer.json()["data"]] == found, answer.text
    told = asked(waiting="me").json()["asked"]
    assert told["where"] == "waiting=me"
    assert "waiting for you" in told["words"]
    headers["Accept-Language"] = "zh-CN"
    assert "待您确认" in asked(waiting="me", status="waiting").json()["asked"]["words"]
    for query in ({"waiting": "ann"}, {"where": "waiting=ann"}):
        answer = asked(**query)
        assert (answer.status_code, "waiting=me" in answer.text) == (400, True)


def test_the_rows_of_a_batch_wait_each_for_itself(company: TwoPersons) -> None:
    rows = [
        {"command": "freeze-customer", "body": {"id": "D-li", "reason": "x"}, "expected": "*"},
        {"command": "rate-customer", "body": {"id": "D-li", "importance": "A"}, "expected": "*"},
        {"command": "freeze-customer", "body": {"id": "D-xx", "reason": "x"}, "expected": "*"},
    ]
    before = company.api.client.headers["Authorization"]
    company.api.client.headers["Authorization"] = f"Bearer {company.key('mei')}"
    found = company.api.client.post("/commands", json=rows, headers={"Idempotency-Key": "b"}).json()
    company.api.client.headers["Authorization"] = before
    assert [found[name] for name in ("done", "waiting", "failed")] == [1, 1, 1]
    assert [one["status"] for one in found["outcomes"]] == [202, 200, 404]
    request = found["outcomes"][0]["request"].rpartition("/")[2]
    assert company.ask("ann", "confirm-request", id=request).status_code == 200
    assert company.frozen()


def test_the_thing_and_who_it_names_tell_of_the_request(company: TwoPersons) -> None:
    request = company.request()
    company.api.feed()
    told = company.api.get("/customers/D-li/timeline")["data"]
    assert ("ConfirmationRequested", f"request-{request}") in [
        (one["type"], one["stream"]) for one in told
    ]
