"""Requests end in their time, come from files, and show what their reader may see."""

from typing import Any

import pytest
from api.test_access_log import notes
from api.test_imports import ended, send
from api.test_second_person import TwoPersons
from virtual_days import Days

from commands.customers.customer import FreezeCustomer
from infra.tables import events
from services.bootstrap import Platform, request

DAY = 86_400


@pytest.fixture
def company(api: Any) -> TwoPersons:
    return TwoPersons(api)


def test_a_request_that_nobody_confirms_ends_with_its_term(api: Any) -> None:
    days = Days(api)
    company = TwoPersons(api)
    company.listed("freeze-customer", days=3)
    request, other = company.request(), company.request()
    company.ask("ann", "decline-request", id=other, reason="once is enough")
    days.run()
    assert [one["about"] for one in api.get("/deadlines")["data"]] == [f"request-{request}"]
    days.later(3 * DAY - 60)
    assert api.get("/events", type="RequestExpired")["data"] == []
    days.later(120)
    assert [one["stream"] for one in api.get("/events", type="RequestExpired")["data"]] == [
        f"request-{request}"
    ]
    status, detail = company.says("ann", "confirm-request", id=request)
    assert (status, "expired" in detail) == (409, True)
    assert not company.frozen()


def test_a_term_that_is_over_counts_before_the_process_has_told_it(api: Any) -> None:
    days = Days(api)
    company = TwoPersons(api)
    request = company.request()
    days.clock.sleep(15 * DAY)
    status, detail = company.says("ann", "confirm-request", id=request)
    assert (status, "was open until" in detail) == (409, True)
    assert not company.frozen()


def test_the_rows_of_a_file_wait_and_belong_to_it(company: TwoPersons) -> None:
    api = company.api
    api.client.headers["Authorization"] = f"Bearer {company.key('mei')}"
    how = {"command": "freeze-customer", "name": "unpaid.csv", "set": "reason=unpaid"}
    how |= {"map": "no=id"}
    found = ended(api, send(api, "no\nD-li\n", key="file", why="Audit of May", **how))
    assert (found["waiting"], found["accepted"], found["refused"]) == (1, 0, 0)
    api.feed()
    (row,) = api.get("/requests", status="waiting")["data"]
    assert row["reason"] == "Audit of May"
    company.ask("ann", "confirm-request", id=row["id"])
    (event,) = api.get("/events", type="CustomerFrozen")["data"]
    assert event["correlation_id"] == f"import:{found['id']}"
    assert event["actor"] == "mei"


def test_what_tells_of_a_person_is_kept_apart_and_hidden_as_in_events(company: TwoPersons) -> None:
    api = company.api
    company.listed("add-contact")
    contact = {"id": "D-li", "contact": "P1", "name": "Zhao", "title": "buyer", "phone": "1390000"}
    asked = company.ask("mei", "add-contact", **contact)
    assert asked.status_code == 202, asked.text
    api.feed()
    api.done("open-account", id="eve", person="wu")
    api.done("grant-role", id="eve", role="analyst", everything=True)
    request = asked.json()["request"]["id"]

    def seen(path: str, who: str) -> str:
        headers = {"Authorization": f"Bearer {company.key(who)}"}
        answer = api.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    for path in (f"/requests/{request}", f"/events?stream=request-{request}"):
        assert "Zhao" in seen(path, "mei")
        shown = seen(path, "eve")
        assert "Zhao" not in shown
        assert "1390000" not in shown
        assert "buyer" in shown


def test_a_request_about_what_one_may_not_see_is_not_there(company: TwoPersons) -> None:
    api = company.api
    request = company.request()
    api.feed()
    role = {"name": "Requests alone", "grants": "read:approvals/requests, read:catalog/*"}
    api.done("register-role", id="requests-alone", **role)
    api.done("open-account", id="eve", person="wu")
    api.done("grant-role", id="eve", role="requests-alone", everything=True)
    headers = {"Authorization": f"Bearer {company.key('eve')}"}
    assert api.client.get(f"/requests/{request}", headers=headers).status_code == 404
    assert api.client.get("/requests", headers=headers).json()["data"] == []
    told = api.client.get(f"/events?stream=request-{request}", headers=headers)
    assert told.json().get("data", []) == []


def test_processes_and_verbs_on_the_machine_wait_for_nobody(company: TwoPersons) -> None:
    command = FreezeCustomer(id="D-li", reason="unpaid")
    outcome = company.api.platform.executor.execute(request(command, "cli"))
    assert [one.type for one in outcome.events] == ["CustomerFrozen"]
    assert company.frozen()


def test_what_was_touched_is_not_confirmed(company: TwoPersons) -> None:
    request = company.request()
    platform: Platform = company.api.platform
    with platform.database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE {events.name}"
            " SET data = CAST(replace(CAST(data AS TEXT), 'D-li', 'D-wu') AS BLOB)"
            " WHERE type = 'ConfirmationRequested'"
        )
    status, detail = company.says("ann", "confirm-request", id=request)
    assert (status, "has the digest" in detail) == (409, True)
    assert not company.frozen("D-wu")


def test_a_confirmed_right_is_in_the_log_of_access(company: TwoPersons) -> None:
    api = company.api
    for who in ("mei", "ann"):
        api.done("grant-role", id=who, role="owner", everything=True)
    company.listed("revoke-role")
    asked = company.ask("mei", "revoke-role", id="li", role="representative", reason="left")
    assert asked.status_code == 202
    done = company.ask("ann", "confirm-request", id=asked.json()["request"]["id"])
    assert done.status_code == 200, done.text
    (note,) = [one for one in notes(api, kind=["rights-changed"]) if one["actor"] == "ann"]
    assert (note["detail"]["command"], note["detail"]["about"]) == (
        "confirm-request",
        ["account-li"],
    )
