"""Reported stock over HTTP: it stands beside the book, is explained, and then accepted or not."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_imports import ended

MINE = {"dealer": "D-li", "report": "march"}
END_OF_MARCH = "2026-03-31T12:00:00+08:00"


@pytest.fixture
def company(api: Any) -> Company:
    made = Company(api)
    for unit, more in (("bottle", {}), ("case", {"base": "bottle", "factor": 12})):
        api.done("register-unit", id=unit, name=unit, **more)
    tea = {"name": "Tea", "category": "x", "unit": "bottle", "list_price": 9, "currency": "CNY"}
    for item in ("tea", "milk"):
        api.done("add-product", id=item, **tea)
        count = {"location": "D-li", "item": item, "holder": "dealer", "reference": "OPEN"}
        api.done("count-stock", **count, counted=40, counted_at="2026-03-01T00:00:00+08:00")
    return made


def line(item: str, quantity: int, **more: Any) -> dict[str, Any]:
    return {"item": item, "quantity": quantity, **more}


def seen(api: Any, id: str = "D-li:march") -> Any:
    api.feed()
    return api.get(f"/stock_reports/{id}")["data"]


def on_hand(api: Any, item: str) -> int:
    api.feed()
    return int(api.get("/stock", location="D-li", item=item)["data"][0]["on_hand"])


def sold(api: Any, sale: str, quantity: int, at: str) -> None:
    what = {"location": "D-li", "item": "tea", "amount": 100, "currency": "CNY"}
    api.done("sell-out", **what, sale=sale, quantity=quantity, occurred_at=at)


@pytest.mark.capability("CH-11")
def test_a_dealers_report_stands_beside_the_book_until_it_is_accepted(company: Company) -> None:
    api = company.api
    sold(api, "S1", 4, "2026-03-10")
    lines = [line("tea", 2, unit="case"), line("milk", 40)]
    told = company.ask("shop", "report-dealer-stock", **MINE, lines=lines, occurred_at=END_OF_MARCH)
    assert told.status_code == 201
    sold(api, "S2", 6, "2026-04-02")
    tea, milk = seen(api)["lines"]
    assert (tea["reported"], tea["book"], tea["variance"]) == (24, 36, -12)
    assert (tea["packed"]["quantity"], milk["variance"]) == (2, 0)
    assert seen(api)["reporter"] == "shop"
    assert on_hand(api, "tea") == 30, "nothing is booked by a report"
    assert company.says("shop", "accept-stock-report", **MINE)[0] == 403
    status, said = company.says("mei", "accept-stock-report", **MINE)
    assert (status, "nobody said why: tea" in said) == (409, True)
    why = {"item": "tea", "variance_reason": "unreported_sale", "note": "stall"}
    assert company.ask("shop", "explain-stock-variance", **MINE, **why).status_code == 200
    sold(api, "S3", 5, "2026-03-20")  # told late: it explains a part of what was missing
    assert company.ask("mei", "accept-stock-report", **MINE).status_code == 200
    booked = seen(api)
    assert (booked["status"], booked["lines"][0]["book"]) == ("accepted", 31)
    assert (booked["lines"][0]["variance"], booked["unexplained"]) == (-7, 0)
    assert on_hand(api, "tea") == 24 - 6, "what moved since stays moved"


@pytest.mark.capability("CH-11")
def test_what_was_accepted_by_mistake_is_undone_and_reported_anew(company: Company) -> None:
    api, right = company.api, {"dealer": "D-li", "report": "again"}
    for report, quantity in ((MINE, 3), (right, 33)):
        told = {**report, "lines": [line("tea", quantity)], "occurred_at": END_OF_MARCH}
        api.done("report-dealer-stock", **told)
    api.done("accept-stock-report", **MINE, variance_reason="lost")
    said = api.ask("accept-stock-report", **right, variance_reason="lost").json()["detail"]
    assert "by report:march" in said
    count = {"location": "D-li", "item": "tea", "document": "counted"}
    api.done("reverse-movement", **count, reference="report:march", reason="a digit was missing")
    assert on_hand(api, "tea") == 40
    api.done("accept-stock-report", **right, variance_reason="lost")
    assert on_hand(api, "tea") == 33


@pytest.mark.capability("CH-11")
def test_late_and_corrected_reports_overwrite_nothing(company: Company) -> None:
    api = company.api
    company.ask("shop", "report-dealer-stock", **MINE, lines=[line("tea", 30)],
                occurred_at=END_OF_MARCH)  # fmt: skip
    fix = {"lines": [line("tea", 38)], "reason": "the back room"}
    assert company.ask("shop", "correct-stock-report", **MINE, **fix).status_code == 200
    late = {"dealer": "D-li", "report": "mid", "occurred_at": "2026-03-15"}
    company.ask("shop", "report-dealer-stock", **late, lines=[line("tea", 39)])
    assert (seen(api)["lines"][0]["reported"], seen(api)["revision"]) == (38, 2)
    before = api.get("/stock_reports/D-li:march/at/1")["data"]
    assert before["lines"][0]["reported"] == 30
    assert (
        company.ask("mei", "reject-stock-report", **MINE, reason="count again").status_code == 200
    )
    status, said = company.says("mei", "accept-stock-report", **MINE, variance_reason="lost")
    assert (status, "under another id" in said) == (409, True)
    assert company.says("shop", "correct-stock-report", **MINE, lines=[line("tea", 1)],
                        reason="x")[0] == 409  # fmt: skip
    api.feed()
    listed = api.get("/stock_reports", dealer="D-li", sort="reported_at")["data"]
    assert [(one["id"], one["status"]) for one in listed] == [
        ("D-li:mid", "reported"),
        ("D-li:march", "rejected"),
    ]
    assert on_hand(api, "tea") == 40


def test_a_file_of_reports_is_imported_and_others_dealers_are_not_seen(company: Company) -> None:
    api = company.api
    rows = "dealer,report,lines.item,lines.quantity,lines.unit\nD-li,april,tea,3,case\n"
    how = {"command": "report-dealer-stock", "name": "reports.csv"}
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "reports"}
    sent = api.client.post("/imports", params=how, content=rows, headers=headers)
    assert ended(api, sent)["accepted"] == 1
    assert seen(api, "D-li:april")["lines"][0]["reported"] == 36
    of_wu = api.client.get(
        "/stock_reports", headers={"Authorization": f"Bearer {company.key('wu')}"}
    )
    assert of_wu.json()["data"] == []
