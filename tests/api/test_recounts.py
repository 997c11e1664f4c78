"""A large difference is counted by a second person before it is booked."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get

LIMITS = {"units": 10, "counts": 2}


@pytest.fixture
def house(both: Any) -> Company:
    return opened(both)


def opened(api: Any) -> Company:
    company = Company(api)
    what = {"category": "goods", "unit": "box", "currency": "CNY", "list_price": 100}
    api.done("add-product", id="tea", name="Tea", **what)
    api.done("receive-stock", location="W", item="tea", quantity=100, reference="R1")
    api.done("change-settings", id="inventory.counting", values=LIMITS, reason="four eyes")
    for name in ("li", "wu", "mei"):
        api.done("grant-role", id=name, role="warehouse", everything=True)
    return company


def counted(house: Company, who: str, so_many: int, reference: str = "C1") -> tuple[int, str]:
    count = {"location": "W", "item": "tea", "counted": so_many, "reference": reference}
    return house.says(who, "count-stock", **count)


def on_hand(house: Company) -> int:
    house.api.feed()
    (stock,) = house.api.get("/stock", location="W", item="tea")["data"]
    return int(stock["on_hand"])


@pytest.mark.capability("IN-03")
def test_a_large_difference_waits_for_the_second_person_who_decides_once(house: Company) -> None:
    assert counted(house, "li", 95, "C0")[0] == 200
    assert on_hand(house) == 95
    assert counted(house, "li", 60)[0] == 200
    assert on_hand(house) == 95
    (waiting,) = house.api.get("/recounts", status="asked")["data"]
    assert (waiting["counted"], waiting["book"], waiting["difference"]) == (60, 95, -35)
    status, detail = counted(house, "li", 61)
    assert (status, "Have another person count it" in detail) == (409, True)
    house.api.done(
        "issue-stock", location="W", item="tea", quantity=5, reason="sale", reference="S"
    )
    with ThreadPoolExecutor(2) as hands:
        both = [*hands.map(lambda who: counted(house, *who)[0], [("wu", 57), ("mei", 58)])]
    assert sorted(both) == [200, 409]
    booked = 57 if both[0] < 300 else 58
    assert on_hand(house) == booked
    (decided,) = house.api.get("/recounts", status="decided")["data"]
    counts = [(one["counter"], one["counted"]) for one in decided["counts"]]
    assert counts == [("li", 60), ("wu" if booked == 57 else "mei", booked)]
    why = house.api.get("/stock/movements/why", location="W", item="tea", movement="count")
    assert [one["change"]["quantity"] for one in why["rows"]] == [-5, booked - 90]


@pytest.mark.capability("IN-03")
def test_who_counts_again_sees_neither_the_first_count_nor_by_how_much_it_is_off(api: Any) -> None:
    house = opened(api)
    house.api.done("register-customer", id="D", name="D", customer_kind="dealer", owner="li")
    at_dealers = {**LIMITS, "dealers": True}
    house.api.done("change-settings", id="inventory.counting", values=at_dealers, reason="both")
    house.api.done("receive-stock", location="D", item="tea", quantity=50, reference="R2")
    for location in ("W", "D"):
        house.api.done("count-stock", location=location, item="tea", counted=20, reference="C1")
    house.api.feed()
    shown = {"counted", "book", "difference", "counts"}
    for who, sees in (("li", set()), ("tester", shown)):
        rows = get(house, who, "/recounts", status="asked").json()["data"]
        assert [row["location"] for row in rows] == ["D", "W"], who
        assert shown & rows[0].keys() == sees
        events = get(house, who, "/events", type="RecountAsked").json()["data"]
        assert [shown & one["data"].keys() for one in events] == [sees - {"counts"}] * 2
    assert get(house, "li", "/recounts", counted=20).status_code == 400
    assert counted(house, "li", 21)[0] == 200
    assert on_hand(house) == 21
