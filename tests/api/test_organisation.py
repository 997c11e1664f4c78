"""The structure of a day says who headed and who worked in each department, then."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids


def founded(api: Any) -> None:
    """Li heads the west from February on, and moves to the east in April."""
    done = api.done
    done("register-department", id="all", name="All", occurred_at="2026-01-01")
    for place in ("east", "west"):
        done("register-department", id=place, name=place, parent="all", occurred_at="2026-01-01")
        seat = {"name": f"Head of {place}", "department": place, "heads": "yes"}
        done("register-position", id=f"head-{place}", **seat, occurred_at="2026-02-01")
    for rep, department in (("li", "west"), ("wu", "east")):
        hired = {"name": rep, "department": department, "region": "r"}
        done("hire-rep", id=rep, **hired, occurred_at="2026-01-05")
    done("take-position", id="li", position="head-west", occurred_at="2026-02-02")
    done("leave-position", id="li", position="head-west", reason="x", occurred_at="2026-04-01")
    done("take-position", id="li", position="head-east", occurred_at="2026-04-01")
    api.feed()


def on(api: Any, day: str | None, **asked: str) -> dict[str, tuple[list[str], list[str]]]:
    when = {} if day is None else {"on": day}
    rows = api.get("/organisation", **when, **asked)["data"]
    return {row["id"]: (row["headed_by"], [one["id"] for one in row["people"]]) for row in rows}


@pytest.mark.capability("PL-02")
def test_the_structure_of_any_day_is_told_as_it_was(both: Any) -> None:
    founded(both)
    assert on(both, "2026-01-10") == {"all": ([], []), "east": ([], ["wu"]), "west": ([], ["li"])}
    march = {"all": ([], []), "east": ([], ["wu"]), "west": (["li"], ["li"])}
    assert on(both, "2026-03-01") == march
    now = {"all": ([], []), "east": (["li"], ["li", "wu"]), "west": ([], [])}
    assert on(both, "2026-05-01") == on(both, None) == now
    assert on(both, "2025-12-31") == {}


def test_vacant_positions_are_listed(both: Any) -> None:
    founded(both)
    assert both.get("/organisation", on="2026-01-10")["vacant"] == []
    assert both.get("/organisation", on="2026-03-01")["vacant"] == ["head-east"]
    assert both.get("/organisation")["vacant"] == ["head-west"]


def test_a_department_that_was_never_registered_has_its_people_too(both: Any) -> None:
    both.done("hire-rep", id="li", name="Li", department="old", region="r")
    both.feed()
    (row,) = both.get("/organisation")["data"]
    assert (row["id"], row["name"], row["people"][0]["name"]) == ("old", None, "Li")


def test_what_belongs_to_a_team_follows_positions(both: Any) -> None:
    company = Company(both)
    both.done("open-account", id="boss", person="mei")
    both.done("grant-role", id="boss", role="sales-manager", own="team")
    both.done("register-position", id="head-west", name="H", department="west", heads="yes")
    both.feed()
    assert ids(company, "boss", "/customers") == ["D-li", "D-wu"]  # of sales, and all below
    both.done("take-position", id="mei", position="head-west")
    both.client.app.state.permissions.forget()
    both.feed()
    assert ids(company, "boss", "/customers") == ["D-wu"]
    both.done("register-position", id="aide-east", name="A", department="east")
    both.done("take-position", id="mei", position="aide-east")
    both.client.app.state.permissions.forget()
    both.feed()
    assert ids(company, "boss", "/customers") == ["D-li", "D-wu"]


def test_a_day_to_come_is_shown_as_it_is_planned(both: Any) -> None:
    founded(both)
    move = {"id": "li", "from_day": "2999-01-01", "reason": "x", "department": "west"}
    both.done("plan-assignment", **move, gives_up="head-east", position="head-west")
    seat = {"position": "head-east", "reason": "x"}
    both.done("plan-assignment", id="wu", from_day="2999-02-01", **seat)
    both.feed()
    assert on(both, "2998-12-31") == on(both, None)
    january = {"all": ([], []), "east": ([], ["wu"]), "west": (["li"], ["li"])}
    assert on(both, "2999-01-01") == january
    assert on(both, "2999-03-01") == {**january, "east": (["wu"], ["wu"])}
    both.done("cancel-planned-assignment", id="li", from_day="2999-01-01", reason="stays")
    both.feed()
    assert on(both, "2999-03-01") == on(both, None)


def test_who_may_not_read_people_sees_no_structure(both: Any) -> None:
    company = Company(both)
    assert get(company, "shop", "/organisation").status_code == 403
    assert get(company, "li", "/organisation").status_code == 200
