"""Tasks over HTTP: given, reminded of until they are done, handed over, listed and counted."""

from typing import Any

import pytest
from virtual_days import Days

HOUR = 3_600
DAY = 24 * HOUR


def founded(api: Any) -> None:
    api.done("hire-rep", id="li", name="Li Na", department="sales", region="east")
    api.done("hire-rep", id="wu", name="Wu Gang", department="service", region="east")
    api.done("register-customer", id="C1", name="Corner", customer_kind="retailer", owner="li")


@pytest.fixture
def days(api: Any) -> Days:
    made = Days(api)
    founded(api)
    return made


def create(days: Days, task: str = "T1", **more: Any) -> None:
    told = {"title": "Collect the signed contract", "owner": "li", "customer": "C1", **more}
    days.api.done("create-task", id=task, due=days.after(2 * DAY), **told)


def events(api: Any, kind: str) -> list[dict[str, Any]]:
    return [one["data"] for one in api.get("/events", type=kind)["data"]]


def task(api: Any, id: str = "T1") -> dict[str, Any]:
    api.feed()
    found: dict[str, Any] = api.get(f"/tasks/{id}")["data"]
    return found


@pytest.mark.capability("FW-09")
def test_a_task_that_is_not_done_is_brought_up_again_until_it_is(days: Days) -> None:
    api = days.api
    create(days)
    days.later(DAY - 1)
    assert events(api, "TaskReminded") == []
    days.later(1)
    assert [one["owner"] for one in events(api, "TaskReminded")] == ["li"]
    days.later(DAY)
    assert [one["times"] for one in events(api, "TaskOverdue")] == [1]
    days.later(DAY)
    days.later(DAY)
    assert [one["times"] for one in events(api, "TaskOverdue")] == [1, 2, 3]
    assert task(api)["times_overdue"] == 3
    api.done("complete-task", id="T1", result="It is in the safe")
    days.later(9 * DAY)
    assert len(events(api, "TaskOverdue")) == 3
    assert api.get("/deadlines", process="task_reminders")["data"] == []
    assert (task(api)["status"], task(api)["result"]) == ("done", "It is in the safe")


@pytest.mark.capability("FW-09")
def test_how_far_a_task_is_is_told_and_seen(days: Days) -> None:
    api = days.api
    create(days, checklist=["ask for the price", "send the offer"])
    api.done("report-task-progress", id="T1", percent=50, comment="They wait for the director")
    api.done("tick-task-item", id="T1", item=1)
    seen = task(api)
    assert (seen["percent"], seen["comment"]) == (50, "They wait for the director")
    assert [one["done"] for one in seen["checklist"]] == [True, False]
    refused = api.ask("complete-task", id="T1")
    assert (refused.status_code, refused.json()["refusal"]) == (409, "ChecklistOpen")
    api.done("tick-task-item", id="T1", item=2)
    api.done("complete-task", id="T1")
    steps = [one["type"] for one in api.get("/customers/C1/timeline")["data"]]
    assert steps[-2:] == ["TaskCreated", "CustomerRegistered"]


def test_a_task_that_was_handed_over_is_brought_up_to_its_new_owner(days: Days) -> None:
    api = days.api
    create(days)
    api.done("reassign-task", id="T1", owner="wu", reason="Li is ill")
    days.later(2 * DAY)
    assert [one["owner"] for one in events(api, "TaskOverdue")] == ["wu"]
    assert [row["id"] for row in api_tasks(api, owner="wu", status="open")] == ["T1"]
    counted = api.get("/task-counts")["data"]
    assert [(row["owner"], row["open"], row["overdue"]) for row in counted] == [
        ("li", 0, 0),
        ("wu", 1, 1),
    ]


def api_tasks(api: Any, **asked: Any) -> list[dict[str, Any]]:
    api.feed()
    found: list[dict[str, Any]] = api.get("/tasks", **asked)["data"]
    return found


def test_open_and_overdue_tasks_are_counted_by_owner_and_department(days: Days) -> None:
    api = days.api
    for number, owner in enumerate(("li", "li", "wu")):
        create(days, f"T{number}", owner=owner)
    api.done("complete-task", id="T0")
    days.later(3 * DAY)
    api.done("cancel-task", id="T2", reason="The shop has closed")
    api.feed()
    shown = ("open", "overdue", "times_overdue", "done", "late", "cancelled")
    found = {
        row["department"]: [row[name] for name in shown]
        for row in api.get("/task-counts", by="department")["data"]
    }
    assert found == {"sales": [1, 1, 1, 1, 0, 0], "service": [0, 0, 1, 0, 0, 1]}
    api.done("complete-task", id="T1")
    api.done("reopen-task", id="T0", reason="They sent it back")
    api.feed()
    row = api.get("/task-counts", owner="li")["data"][0]
    assert [row[name] for name in shown] == [1, 0, 1, 1, 1, 0]


def test_a_task_that_is_reopened_after_its_time_is_overdue_at_once(days: Days) -> None:
    api = days.api
    create(days)
    api.done("complete-task", id="T1")
    days.later(5 * DAY)
    assert events(api, "TaskOverdue") == []
    api.done("reopen-task", id="T1", reason="The signature is missing")
    days.run()
    (first,) = events(api, "TaskOverdue")
    assert first["next_at"] == "2026-03-08T12:00:00Z"
    days.later(DAY)
    assert len(events(api, "TaskOverdue")) == 2


def test_a_company_may_say_when_and_how_often_tasks_are_brought_up(days: Days) -> None:
    api = days.api
    values = {"remind_hours": 3, "repeat_days": 2, "repeats": 1}
    api.done("change-settings", id="fieldwork.tasks", values=values, reason="less noise")
    create(days)
    days.later(2 * DAY - 3 * HOUR - 1)
    assert events(api, "TaskReminded") == []
    days.later(1)
    assert len(events(api, "TaskReminded")) == 1
    for _ in range(9):
        days.later(DAY)
    assert [one["next_at"] for one in events(api, "TaskOverdue")] == ["2026-03-06T12:00:00Z", None]


def test_tasks_are_numbered_and_listed_on_either_database(both: Any) -> None:
    founded(both)
    told = {"title": "Call back", "owner": "li", "due": "2030-01-05", "priority": "urgent"}
    made = both.done("create-task", **told, text="About the broken pallets")
    assert made["stream"].startswith("task-TK-")
    both.done("create-task", **told | {"owner": "wu", "priority": "low"})
    both.feed()
    (found,) = both.get("/tasks", q="pallets")["data"]
    assert (found["priority"], found["due"]) == ("urgent", "2030-01-05T15:59:59.999999Z")
    rows = both.get("/tasks", sort="due,title", **{"due.lt": "2030-01-06T00:00:00Z"})["data"]
    assert len(rows) == 2
    assert both.get("/task-counts", by="department")["data"][0]["open"] == 1
