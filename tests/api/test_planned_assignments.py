"""Who works where from a day ahead is entered now, and takes effect by itself with that day."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import ids
from api.test_organisation import on
from virtual_days import Days

NEW_YEAR = "2027-01-01"
MIDNIGHT = "2027-01-01T00:00:00+08:00"


@pytest.fixture
def company(api: Any) -> Company:
    """`boss` is the account of `mei`, who heads the west until New Year, and sees her team's."""
    days = Days(api)
    days.until("2026-12-10T09:00:00+08:00")
    company = Company(api)
    company.days = days  # type: ignore[attr-defined]
    for place in ("east", "west"):
        seat = {"name": f"Head of {place}", "department": place, "heads": "yes"}
        api.done("register-position", id=f"head-{place}", **seat)
    api.done("take-position", id="mei", position="head-west")
    api.done("open-account", id="boss", person="mei")
    api.done("grant-role", id="boss", role="sales-manager", own="team")
    api.feed()
    return company


def planned(company: Company, who: str = "mei", **plan: Any) -> None:
    told = {"from_day": NEW_YEAR, "reason": "a new year", **plan}
    company.api.done("plan-assignment", id=who, **told)
    company.api.feed()


def then(company: Company, moment: str) -> None:
    company.days.until(moment)  # type: ignore[attr-defined]
    company.api.client.app.state.permissions.forget()
    company.api.feed()


def types(company: Company, who: str = "mei") -> list[str]:
    events = company.api.get("/events", stream=f"rep-{who}")["data"]
    return [one["type"] for one in events]


def heads(company: Company, day: str) -> dict[str, list[str]]:
    return {name: who for name, (who, _) in on(company.api, day).items() if who}


@pytest.mark.capability("PL-02")
def test_from_new_year_she_works_for_the_east(company: Company) -> None:
    planned(company, position="head-east", gives_up="head-west", main=True)
    assert heads(company, "2026-12-31") == {"west": ["mei"]}
    assert heads(company, NEW_YEAR) == heads(company, "2027-03-01") == {"east": ["mei"]}
    then(company, "2026-12-31T23:59:00+08:00")
    assert ids(company, "boss", "/customers") == ["D-wu"]
    then(company, MIDNIGHT)
    assert ids(company, "boss", "/customers") == ["D-li"]
    assert company.says("boss", "change-customer-details", id="D-wu", city="x")[0] == 404
    assert company.ask("boss", "change-customer-details", id="D-li", city="x").status_code == 200
    assert heads(company, NEW_YEAR) == {"east": ["mei"]}
    assert heads(company, "2026-12-31") == {"west": ["mei"]}
    began = company.api.get("/events", type="AssignmentBegan")["data"]
    assert [one["occurred_at"] for one in began] == ["2026-12-31T16:00:00.000000Z"]


def test_a_department_alone_can_be_planned(company: Company) -> None:
    planned(company, "li", department="west", region="west")
    then(company, MIDNIGHT)
    row = company.api.get("/reps/li")["data"]
    assert (row["department"], row["region"], row["planned"]) == ("west", "west", [])


def test_what_is_planned_is_shown_with_the_person(company: Company) -> None:
    planned(company, "li", department="west")
    (plan,) = company.api.get("/reps/li")["data"]["planned"]
    assert (plan["from_day"], plan["department"], plan["position"]) == (NEW_YEAR, "west", None)
    planned(company, "li", department="sales")
    (plan,) = company.api.get("/reps/li")["data"]["planned"]
    assert plan["department"] == "sales"


def test_a_plan_that_is_cancelled_never_begins(company: Company) -> None:
    planned(company, "li", department="west")
    company.api.done("cancel-planned-assignment", id="li", from_day=NEW_YEAR, reason="stays")
    then(company, "2027-01-02T00:00:00+08:00")
    assert company.api.get("/reps/li")["data"]["department"] == "east"
    assert "AssignmentBegan" not in types(company, "li")
    answer = company.api.ask(
        "cancel-planned-assignment", id="li", from_day="2027-05-01", reason="x"
    )
    assert (answer.status_code, "Nothing is planned for 2027-05-01" in answer.text) == (404, True)


def test_two_who_change_places_do_so_on_one_day(company: Company) -> None:
    company.api.done("take-position", id="li", position="head-east")
    company.api.feed()
    planned(company, position="head-east", gives_up="head-west")
    planned(company, "li", position="head-west", gives_up="head-east")
    assert heads(company, NEW_YEAR) == {"east": ["mei"], "west": ["li"]}
    then(company, MIDNIGHT)
    assert heads(company, NEW_YEAR) == {"east": ["mei"], "west": ["li"]}
    assert company.api.get("/reps/li")["data"]["department"] == "west"


def test_a_plan_for_a_position_that_is_filled_then_lapses_and_says_why(company: Company) -> None:
    planned(company, position="head-east", gives_up="head-west")
    company.api.done("take-position", id="li", position="head-east")
    company.api.feed()
    assert heads(company, NEW_YEAR) == {"east": ["li"]}
    then(company, MIDNIGHT)
    (lapsed,) = company.api.get("/events", type="AssignmentLapsed")["data"]
    assert "head-east is filled by li" in lapsed["data"]["reason"]
    assert "由 li 担任" in lapsed["data"]["reason_zh"]
    assert heads(company, NEW_YEAR) == {"east": ["li"], "west": ["mei"]}


def test_who_leaves_before_the_day_begins_nothing(company: Company) -> None:
    planned(company, position="head-east")
    company.api.done("dismiss-rep", id="mei", reason="left")
    then(company, MIDNIGHT)
    assert types(company)[-1] == "RepLeft"


@pytest.mark.parametrize(
    ("plan", "status", "said"),
    [
        ({"from_day": "2026-12-10", "department": "west"}, 409, "today is 2026-12-10"),
        ({"from_day": NEW_YEAR}, 409, "Nothing would change on 2027-01-01"),
        ({"from_day": NEW_YEAR, "department": "north"}, 404, "north"),
        ({"from_day": NEW_YEAR, "position": "nowhere"}, 404, "no position nowhere"),
        ({"from_day": NEW_YEAR, "gives_up": "head-west"}, 404, "does not work as head-west"),
    ],
)
def test_what_cannot_be_planned_is_refused(
    company: Company, plan: dict[str, Any], status: int, said: str
) -> None:
    answer = company.api.ask("plan-assignment", id="li", reason="x", **plan)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
