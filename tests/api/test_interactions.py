"""Interactions over HTTP: one thread for each customer, seen by whoever has the customer."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids
from api.test_public_pool import PoolInTime

from services.access.permissions import Permissions

TALK = {"interaction": "1", "way": "call", "text": "They want tea"}


@pytest.fixture
def company(both: Any) -> Company:
    return Company(both)


@pytest.fixture
def idle(api: Any) -> PoolInTime:
    return PoolInTime(api)


def seen(company: Company) -> None:
    """Views and rights are as the log is now."""
    company.api.feed()
    permissions: Permissions = company.api.client.app.state.permissions
    permissions.forget()


@pytest.mark.capability("CU-08")
def test_what_was_said_with_a_customer_is_read_as_one_thread(company: Company) -> None:
    talk = {"customer": "D-li", **TALK}
    assert company.ask("li", "record-interaction", **talk).status_code == 201
    second = talk | {"interaction": "2", "way": "visit", "text": "They took two boxes"}
    assert company.ask("li", "record-interaction", **second).status_code == 201
    settle = {"customer": "D-li", "interaction": "1", "status": "settled", "solution": "Sold"}
    assert company.ask("li", "change-interaction", **settle).status_code == 200
    seen(company)
    thread = get(company, "li", "/interactions", customer="D-li", sort="happened_at").json()["data"]
    told = [(row["way"], row["text"], row["status"], row["solution"]) for row in thread]
    assert told == [
        ("call", "They want tea", "settled", "Sold"),
        ("visit", "They took two boxes", "open", None),
    ]
    assert ids(company, "mei", "/interactions", q="boxes") == ["D-li:2"]
    timeline = get(company, "li", "/customers/D-li/timeline").json()["data"]
    assert timeline[0]["type"] == "InteractionChanged"


@pytest.mark.capability("CU-08", "CU-17")
def test_who_gets_a_customer_reads_what_was_said_before_and_who_had_it_reads_it_no_more(
    company: Company,
) -> None:
    company.ask("li", "record-interaction", customer="D-li", **TALK)
    seen(company)
    assert ids(company, "wu", "/interactions") == []
    assert get(company, "wu", "/interactions/D-li:1").status_code == 404
    assert company.says("wu", "record-interaction", customer="D-li", **TALK)[0] == 404
    assert company.says("wu", "change-interaction", customer="D-li", interaction="1")[0] == 404
    company.ask("mei", "reassign-customer", id="D-li", owner="wu", reason="Li leaves")
    seen(company)
    assert ids(company, "wu", "/interactions") == ["D-li:1"]
    assert ids(company, "li", "/interactions") == []


@pytest.mark.capability("CU-08", "CU-12")
def test_a_follow_up_keeps_the_customer_and_its_next_contact_becomes_a_task(
    idle: PoolInTime,
) -> None:
    idle.register("C1", "li")
    idle.later(20)
    talk = {"customer": "C1", **TALK, "next_contact": "2026-04-10"}
    assert idle.ask("li", "record-interaction", **talk).status_code == 201
    idle.later(0)
    (task,) = idle.api.get("/tasks", owner="li")["data"]
    assert (task["customer"], task["due"]) == ("C1", "2026-04-10T15:59:59.999999Z")
    idle.later(15)
    assert idle.shown("C1")["owner"] == "li"
    idle.later(15)
    assert idle.shown("C1")["pool_cause"] == "follow_up"
