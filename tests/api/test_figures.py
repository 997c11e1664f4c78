"""Figures add up, page without a gap, and are the same now as as of now."""

from typing import Any

import pytest

from aggregates import calendar

BOARDS = ("customers", "dealers", "reps", "products", "members", "departments", "regions")
READS = (
    ("/funnel", {}),
    ("/funnel", {"by": "rep,department,region"}),
    ("/stock", {}),
    ("/stock/transit", {}),
    ("/funnel/series", {"every": "day", "by": "rep,source,reason"}),
    ("/funnel/cohorts", {"every": "week", "by": "rep"}),
    ("/funnel/open", {}),
    *((f"/rankings/{board}", {}) for board in BOARDS),
)


def one(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    found = [row for row in rows if wanted.items() <= row.items()]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.capability("OP-08")
def test_the_funnel_shows_deals_by_stage(company: Any) -> None:
    rows = company.get("/funnel")["data"]
    needs = one(rows, stage="needs_analysis")
    assert (needs["deals"], needs["amount"], needs["went_back"]) == (1, 10_000, 0)
    proposal = one(rows, stage="proposal")
    assert (proposal["deals"], proposal["entered"], proposal["went_back"]) == (0, 2, 1)
    assert proposal["conversion_bp"] == 10_000
    assert one(rows, stage="won")["amount"] == 33_333
    wu = company.get("/funnel", by="rep", rep="wu")["data"]
    assert one(wu, stage="qualification", rep="wu")["amount"] == 40_000
    assert {row["rep"] for row in wu} == {"wu"}


@pytest.mark.capability("CH-11", "IN-02")
def test_stock_shows_what_is_there_and_what_is_promised(company: Any) -> None:
    rows = company.get("/stock")["data"]
    warehouse = one(rows, location="WH", item="tea")
    assert (warehouse["on_hand"], warehouse["reserved"]) == (500 - 54 + 2, 0)
    dealer = one(rows, location="C1", item="tea")
    assert (dealer["on_hand"], dealer["in_transit"]) == (35, 0)
    assert dealer["days_of_cover"] == 35 * 28 // 4
    only = company.get("/stock", location=["C1", "C2"], holder="dealer")["data"]
    assert {row["location"] for row in only} == {"C1", "C2"}


@pytest.mark.capability("OP-08")
def test_deals_are_shown_over_time(company: Any) -> None:
    (year,) = company.get("/funnel/series", every="year", pipeline="standard")["data"]
    assert (year["opened"], year["won"], year["lost"], year["win_rate_bp"]) == (4, 1, 1, 5_000)
    assert (year["opened_amount"], year["won_amount"]) == (100_000, 33_333)
    assert year["median_seconds_to_win"] == year["average_seconds_to_win"]
    rows = company.get("/funnel/cohorts", by="rep")["data"]
    assert [(row["rep"], row["opened"], row["won"], row["open"]) for row in rows] == [
        ("li", 3, 0, 2),
        ("wu", 1, 1, 0),
    ]
    assert rows[0]["reached"][0] == {"stage": "qualification", "deals": 3}
    opened = company.get("/funnel/open", limit=1)
    assert [row["stream"] for row in opened["data"]] == ["opportunity-D1"]
    assert sum(row["deals"] for row in opened["stages"]) == 2
    assert [row["stage"] for row in opened["stages"]] == ["qualification", "needs_analysis"]


def test_what_is_on_its_way_is_shown_with_its_age(company: Any) -> None:
    rows = company.get("/stock/transit", item="cup")["data"]
    assert [(row["transfer"], row["from_location"], row["location"]) for row in rows] == [
        ("S0", "WH", "C1"),
        ("S1", "WH", "C2"),
    ]
    assert [(row["quantity"], row["arrived"], row["age_days"]) for row in rows] == [
        (7, 0, 0),
        (5, 0, 0),
    ]


def test_a_ranking_goes_from_the_greatest_down(company: Any) -> None:
    found = company.get("/rankings/customers", by="amount")["data"]
    assert [(row["rank"], row["subject"]) for row in found] == [(1, "C1"), (2, "C2"), (3, "C3")]
    arrived = 39  # of 40 that were shipped: what a dealer finds lost is credited
    assert found[0]["amount"] == arrived * 1_500 + 7 * 900
    assert found[0]["margin"] == arrived * 750 + 7 * 450
    assert company.get("/rankings/members", by="points")["data"][0]["points"] == 80
    assert company.get("/rankings/members", by="redeemed")["data"][0]["redeemed"] == 30
    products = company.get("/rankings/products", by="sell_out_amount", top=1)
    assert [row["subject"] for row in products["data"]] == ["tea"]
    assert products["next"] is None


def test_a_ranking_of_days_without_sales_is_empty(company: Any) -> None:
    assert company.get("/rankings/customers", first="2001-01-01", last="2001-12-31")["data"] == []
    assert company.get("/rankings/customers", first="2001-01-01")["data"]


@pytest.mark.parametrize(("path", "params"), READS)
def test_pages_are_the_whole_without_gaps_or_doubles(
    company: Any, path: str, params: dict[str, str]
) -> None:
    whole = company.get(path, limit=500, **params)["data"]
    assert whole
    for limit in (1, 2, 3):
        pages = list(company.pages(path, limit=limit, **params))
        assert [row for page in pages for row in page] == whole
        assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.parametrize(("path", "params"), READS)
def test_as_of_now_is_now(company: Any, path: str, params: dict[str, str]) -> None:
    now = company.get(path, limit=500, **params)
    head = now["freshness"]["head"]
    assert now["freshness"] == {
        "position": head,
        "lag_events": 0,
        "lag_seconds": 0.0,
        "head": head,
        "as_of": None,
    }
    for moment in ({"as_of": head}, {"known_at": "2999-01-01T00:00:00Z"}):
        assert company.get(path, limit=500, **params, **moment)["data"] == now["data"]
    instant = company.get(path, limit=500, as_of="2999-01-01T00:00:00+08:00", **params)
    assert instant["data"] == now["data"]
    assert instant["freshness"]["as_of"] == "2998-12-31T16:00:00.000000Z"


def test_as_of_a_position_is_what_was_there_then(company: Any) -> None:
    events = company.get("/events", type="OpportunityOpened")["data"]
    first, before = events[0], company.get("/funnel", as_of=events[0]["position"])
    assert [(row["deals"], row["amount"]) for row in before["data"]] == [(1, 10_000)]
    assert company.get("/funnel", known_at=first["recorded_at"])["data"] == before["data"]
    assert company.get("/funnel", as_of=first["position"] - 1)["data"] == []


def test_a_late_event_is_known_later_but_happened_before(api: Any) -> None:
    move = {"location": "WH", "item": "tea", "quantity": 5}
    api.done("receive-stock", reference="b", occurred_at="2026-03-02T00:00:00Z", **move)
    known = api.get("/events/1")["recorded_at"]
    api.done("receive-stock", reference="a", occurred_at="2026-03-01T00:00:00Z", **move)
    api.feed()

    def on_hand(**moment: Any) -> int:
        return sum(row["on_hand"] for row in api.get("/stock", **moment)["data"])

    assert on_hand() == 10
    assert on_hand(as_of="2026-03-01T12:00:00Z") == 5
    assert on_hand(as_of="2026-03-01T12:00:00Z", known_at=known) == 0
    assert on_hand(known_at=known) == 5


def test_pages_of_a_ranking_are_of_one_moment(own_company: Any) -> None:
    company = own_company
    whole = company.get("/rankings/customers", limit=500)["data"]
    first = company.get("/rankings/customers", limit=1)
    line = {"item": "tea", "quantity": 100}
    company.done("draft-order", id="late", customer="C3", warehouse="WH", lines=[line])
    for step in ("submit-order", "approve-order"):
        company.done(step, id="late")
    company.done("ship-order", id="late", shipment="late")
    company.feed()
    assert company.get("/rankings/customers", limit=1)["data"][0]["subject"] == "C3"
    rest = [row for page in company.pages(first["next"]) for row in page]
    assert [*first["data"], *rest] == whole


def test_rows_that_come_between_pages_double_nothing(api: Any) -> None:
    def receive(item: str) -> None:
        api.done("receive-stock", location="WH", item=item, quantity=1, reference="r")
        api.feed()

    for n in range(0, 12, 2):
        receive(f"i{n:02}")
    seen: list[str] = []
    page = api.get("/stock", limit=2)
    for n in range(1, 12, 2):
        seen += [row["item"] for row in page["data"]]
        receive(f"i{n:02}")
        if page["next"] is None:
            break
        page = api.get(page["next"])
    assert seen == sorted(set(seen))
    assert {f"i{n:02}" for n in range(0, 12, 2)} <= set(seen)


def test_a_read_never_answers_before_its_position(both: Any) -> None:
    done = both.done("receive-stock", location="WH", item="tea", quantity=5, reference="a")
    early = both.client.get("/stock", params={"min_position": done["position"], "wait": 0.2})
    assert early.status_code == 409
    problem = early.json()
    assert (problem["type"], problem["position"]) == ("/problems/not-yet", 0)
    assert (problem["wanted"], problem["lag_events"]) == (1, 1)
    assert early.headers["retry-after"] == "1"
    both.feed()
    found = both.get("/stock", min_position=done["position"], wait=0)
    assert found["data"][0]["on_hand"] == 5
    assert both.client.get("/stock", params={"as_of": 2, "wait": 0}).status_code == 409


def test_a_read_waits_for_its_position(api: Any) -> None:
    from threading import Timer

    done = api.done("receive-stock", location="WH", item="tea", quantity=5, reference="a")
    Timer(0.3, api.feed).start()
    found = api.get("/stock", min_position=done["position"], wait=20)
    assert found["data"][0]["on_hand"] == 5


def test_no_figure_is_answered_by_the_days_of_another_zone(api: Any) -> None:
    api.done("receive-stock", location="W", item="tea", quantity=1, reference="r")
    api.feed()
    try:
        calendar.use("Europe/Berlin")
        answer = api.client.get("/stock")
        assert answer.status_code == 503
        assert "distributary rebuild dealer_stock" in answer.json()["detail"]
        chinese = api.client.get("/stock", headers={"Accept-Language": "zh-CN"}).json()["detail"]
        assert "Asia/Shanghai" in chinese
        assert "时区" in chinese
    finally:
        calendar.use(calendar.DEFAULT)
    assert api.get("/stock")["data"]
