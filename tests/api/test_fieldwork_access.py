"""Tasks, appointments and agendas are seen and changed within the scope of a role alone."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids

VISIT = {"title": "Tasting", "appointment_kind": "visit"}
WHEN = {"starts_at": "2099-03-03T02:00:00Z", "ends_at": "2099-03-03T03:00:00Z"}


@pytest.fixture
def company(both: Any) -> Company:
    made = Company(both)
    for rep in ("li", "wu"):
        both.done("create-task", id=f"T-{rep}", title="Call", owner=rep, due="2099-03-05")
        both.done("plan-appointment", id=f"A-{rep}", owner=rep, **VISIT, **WHEN)
    both.feed()
    return made


def test_a_person_sees_tasks_appointments_and_the_agenda_of_her_own(company: Company) -> None:
    assert ids(company, "li", "/tasks") == ["T-li"]
    assert ids(company, "li", "/appointments") == ["A-li"]
    assert ids(company, "li", "/agendas") == ["li"]
    assert get(company, "li", "/agendas/li/calendar.ics").status_code == 200
    for hidden in ("/tasks/T-wu", "/appointments/A-wu", "/agendas/wu", "/agendas/wu/calendar.ics"):
        assert get(company, "li", hidden).status_code == 404
    counted = get(company, "li", "/task-counts").json()["data"]
    assert [row["owner"] for row in counted] == ["li"]


def test_the_head_of_a_department_sees_those_of_all_who_work_in_it(company: Company) -> None:
    assert ids(company, "mei", "/tasks") == ["T-li", "T-wu"]
    assert get(company, "mei", "/agendas/wu/calendar.ics").status_code == 200


def test_whoever_has_a_task_may_hand_it_over_and_sees_it_no_more(company: Company) -> None:
    refused = company.ask("li", "complete-task", id="T-wu")
    assert (refused.status_code, refused.json()["refusal"]) == (404, "OutOfScope")
    given = company.ask("li", "create-task", title="Call", owner="wu", due="2099-03-05")
    assert given.json()["refusal"] == "OutOfScope"
    moved = company.ask("li", "reassign-task", id="T-li", owner="wu", reason="ill")
    assert moved.status_code == 200
    company.api.feed()
    assert ids(company, "li", "/tasks") == []
    assert ids(company, "wu", "/tasks") == ["T-li", "T-wu"]


def test_anybody_may_be_invited_and_finds_it_in_her_agenda(company: Company) -> None:
    invited = company.ask("li", "invite-to-appointment", id="A-li", participants=["wu"])
    assert invited.status_code == 200
    company.api.feed()
    entries = get(company, "wu", "/agendas/wu").json()["data"]["entries"]
    assert [one["appointment"] for one in entries] == ["A-li", "A-wu"]
    assert get(company, "wu", "/appointments/A-li").status_code == 404
