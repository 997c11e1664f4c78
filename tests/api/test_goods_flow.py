"""Goods flow over HTTP: from a dealer to which outlet, corrected without anything overwritten."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids

MINE = {"dealer": "D-li", "report": "R1"}
AGREED = {"dealer": "D-li", "agreement": "2026"}


@pytest.fixture
def company(api: Any) -> Company:
    made = Company(api)
    add = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    api.done("add-product", id="tea", name="Tea", **add)
    api.done("register-region", id="pudong", name="Pudong", parent="east")
    for outlet, region in (("corner", "pudong"), ("far", "west")):
        api.done("register-outlet", id=outlet, name=outlet, dealer="D-li", region=region)
    days = {"valid_from": "2026-01-01", "valid_until": "2099-12-31"}
    api.done("draft-agreement", **AGREED, **days, regions=["east"])
    api.done("sign-agreement", **AGREED, signed_by="Zhao")
    return made


def went(**quantities: int) -> list[dict[str, Any]]:
    lines = quantities.items()
    return [{"outlet": o, "item": "tea", "quantity": n, "amount": n * 120} for o, n in lines]


def flow(api: Any, **asked: Any) -> dict[str, tuple[int, int]]:
    api.feed()
    rows = api.get("/sell-through", **asked)["data"]
    return {row["outlet"]: (row["quantity"], row["outside_quantity"]) for row in rows}


@pytest.mark.capability("CH-12")
def test_goods_are_followed_from_a_dealer_to_outlets_and_a_correction_overwrites_nothing(
    company: Company,
) -> None:
    api = company.api
    told = company.ask(
        "shop", "report-goods-flow", **MINE, lines=went(corner=7, far=2), occurred_at="2026-11-02"
    )
    assert told.status_code == 201
    first = told.json()["position"]
    assert flow(api, dealer="D-li") == {"corner": (7, 0), "far": (2, 2)}
    fix = {"lines": went(corner=9), "reason": "the far shop sent them back"}
    assert company.ask("shop", "correct-goods-flow", **MINE, **fix).status_code == 200
    assert flow(api, region="pudong", first="2026-11-02", last="2026-11-02") == {"corner": (9, 0)}
    assert flow(api, outlet="far") in ({}, {"far": (0, 0)})
    assert flow(api, dealer="D-li", as_of=first) == {"corner": (7, 0), "far": (2, 2)}
    before = api.get("/goods_flows/D-li:R1/at/1")["data"]
    assert [line["quantity"] for line in before["lines"]] == [7, 2]
    now = api.get("/goods_flows/D-li:R1")["data"]
    assert (now["revision"], now["reason"]) == (2, fix["reason"])
    twice = company.ask("shop", "report-goods-flow", **MINE, lines=went(corner=1))
    assert (twice.status_code, twice.json()["refusal"]) == (409, "ReferenceTaken")
    assert "7 tea → corner (CNY 8.40), 2 tea → far (CNY 2.40), not 1 tea" in twice.json()["detail"]
    again = {**MINE, "lines": went(corner=7, far=2)}
    assert company.ask("shop", "report-goods-flow", **again).json()["repeated"]
    later = company.ask("shop", "report-goods-flow", **again, occurred_at="2026-11-03")
    assert (later.status_code, later.json()["refusal"]) == (409, "ReferenceTaken")
    none = {"lines": [], "reason": "it was another dealer's"}
    assert company.ask("shop", "correct-goods-flow", **MINE, **none).status_code == 200
    assert flow(api, dealer="D-li") in ({}, {"corner": (0, 0), "far": (0, 0)})
    other = company.says("shop", "report-goods-flow", dealer="D-wu", report="x", lines=went(far=1))
    assert other[0] == 404
    assert ids(company, "shop", "/goods_flows") == ids(company, "li", "/goods_flows")
    assert ids(company, "wu", "/goods_flows") == []


@pytest.mark.capability("CH-04", "CH-12")
def test_what_is_sold_outside_the_territory_is_flagged_while_the_agreement_holds(
    company: Company,
) -> None:
    api = company.api
    report = {"dealer": "D-li", "lines": went(far=3)}
    company.ask("shop", "report-goods-flow", report="R1", occurred_at="2026-10-05", **report)
    api.done("end-agreement", **AGREED, last_day="2026-10-31", reason="moved")
    company.ask("shop", "report-goods-flow", report="R2", occurred_at="2026-11-05", **report)
    api.feed()
    flagged = get(company, "mei", "/goods_flows", **{"outside.gte": 1}).json()["data"]
    assert [(row["id"], row["agreement"]) for row in flagged] == [("D-li:R1", "D-li:2026")]
    assert flow(api) == {"far": (6, 3)}
    (line,) = api.get("/dealers/D-li/file")["sell_through"]
    assert (line["quantity"], line["outside_quantity"]) == (6, 3)


@pytest.mark.capability("CH-12")
def test_a_correction_and_a_late_report_go_by_the_day_of_the_report(company: Company) -> None:
    api = company.api
    report = {"dealer": "D-li", "occurred_at": "2026-11-02"}
    company.ask("shop", "report-goods-flow", report="R1", lines=went(corner=7), **report)
    api.done("change-outlet", id="corner", region="west")
    fix = {**MINE, "lines": went(corner=8), "reason": "miscounted"}
    assert company.ask("shop", "correct-goods-flow", **fix).status_code == 200
    assert flow(api) == {"corner": (8, 0)}, "it lay within the territory on that day"
    api.done("close-outlet", id="corner", reason="rebuilt")
    late = company.ask("shop", "report-goods-flow", report="R2", lines=went(corner=1), **report)
    assert late.status_code == 201
    now = company.ask("shop", "report-goods-flow", **{**MINE, "report": "R3"}, lines=went(corner=1))
    assert (now.status_code, now.json()["refusal"]) == (409, "IsClosed")
    fix = {**fix, "lines": went(corner=9), "reason": "miscounted again"}
    assert company.ask("shop", "correct-goods-flow", **fix).status_code == 200
