"""Every figure is explained by events that sum to it, to the unit."""

from collections import Counter
from typing import Any

import pytest

from projections.inventory import dealer_stock, transit
from projections.opportunities import deals, funnel
from projections.targets import rankings

FUNNEL = ({}, {"stage": "proposal"}, {"rep": "li"}, {"rep": ["li", "wu"], "currency": "CNY"})
STOCK = ({}, {"location": "WH", "item": "tea"}, {"holder": "dealer"})
SUBJECTS = (("customers", "C1"), ("dealers", "C1"), ("products", "tea"), ("members", "M1"))


def summed(pages: list[list[dict[str, Any]]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for page in pages:
        for row in page:
            total.update(row["change"])
    return total


def holds(company: Any, path: str, measures: tuple[str, ...], **params: Any) -> dict[str, int]:
    """The rows of all pages sum to the figure, for each measure and for all of them."""
    figure: dict[str, int] = company.get(path, **params)["figure"]
    for limit in (3, 1_000):
        pages = list(company.pages(path, "rows", limit=limit, **params))
        total = summed(pages)
        assert {name: total[name] for name in measures} == {n: figure[n] for n in measures}
        places = [(row["position"], row["line"]) for page in pages for row in page]
        assert places == sorted(set(places))
        assert len(places) == figure["rows"]
    for measure in measures:
        only = list(company.pages(path, "rows", limit=3, measure=measure, **params))
        assert all(measure in row["change"] for page in only for row in page)
        assert summed(only)[measure] == figure[measure]
    return figure


def test_explanations_and_pages_hold_on_each_kind_of_database(own_company: Any) -> None:
    holds(own_company, "/funnel/why", funnel.MEASURES, rep="li")
    holds(own_company, "/stock/why", dealer_stock.MEASURES, location="WH")
    holds(own_company, "/stock/transit/why", transit.MEASURES, location="C1")
    holds(own_company, "/stock/transit/why", transit.MEASURES, from_location="WH")
    holds(own_company, "/funnel/open/why", deals.MEASURES, rep="li")
    holds(own_company, "/funnel/cohorts/why", deals.MEASURES, rep="li")
    holds(own_company, "/rankings/dealers/why", rankings.MEASURES, subject="C1")
    for path in ("/funnel", "/stock", "/rankings/products"):
        whole = own_company.get(path)
        assert [row for page in own_company.pages(path, limit=1) for row in page] == whole["data"]
        head = whole["freshness"]["head"]
        assert own_company.get(path, as_of=head)["data"] == whole["data"]


@pytest.mark.parametrize("filters", FUNNEL)
def test_the_funnel_is_explained(company: Any, filters: dict[str, Any]) -> None:
    figure = holds(company, "/funnel/why", funnel.MEASURES, **filters)
    rows = company.get("/funnel", **filters)["data"]
    for measure in funnel.MEASURES:
        assert sum(row[measure] for row in rows) == figure[measure]


SERIES = ({}, {"first": "2001-01-01"}, {"reason": "price"}, {"customer_kind": "dealer"})


@pytest.mark.parametrize("filters", SERIES)
def test_a_series_is_explained(company: Any, filters: dict[str, Any]) -> None:
    figure = holds(company, "/funnel/series/why", deals.MEASURES, **filters)
    rows = company.get("/funnel/series", **filters)["data"]
    for measure in deals.COUNTS:
        assert sum(row[measure] for row in rows) == figure[measure]


@pytest.mark.parametrize("filters", [{}, {"rep": "li"}, {"last": "2001-01-01"}])
def test_a_cohort_is_explained(company: Any, filters: dict[str, Any]) -> None:
    figure = holds(company, "/funnel/cohorts/why", deals.MEASURES, **filters)
    rows = company.get("/funnel/cohorts", **filters)["data"]
    for measure in deals.COUNTS:
        assert sum(row[measure] for row in rows) == figure[measure]


@pytest.mark.parametrize(
    "filters",
    [{"item": "cup"}, {"from_location": "WH"}, {"from_location": ["WH", "W2"], "location": "C1"}],
)
def test_what_is_on_its_way_is_explained(company: Any, filters: dict[str, Any]) -> None:
    figure = holds(company, "/stock/transit/why", transit.MEASURES, **filters)
    rows = company.get("/stock/transit", **filters)["data"]
    assert figure["quantity"] == sum(row["quantity"] for row in rows) > 0


@pytest.mark.parametrize("filters", [{}, {"rep": "li"}, {"stage": "needs_analysis"}])
def test_the_open_deals_are_explained(company: Any, filters: dict[str, Any]) -> None:
    figure = holds(company, "/funnel/open/why", deals.MEASURES, **filters)
    rows = company.get("/funnel/open", **filters)["data"]
    assert figure["opened"] == len(rows) > 0
    assert figure["won"] == figure["lost"] == 0
    assert figure["opened_amount"] + figure["revalued"] == sum(row["amount"] for row in rows)


def test_what_was_sent_from_elsewhere_explains_nothing(company: Any) -> None:
    found = company.get("/stock/transit/why", from_location="nowhere")
    assert (found["figure"]["rows"], found["rows"]) == (0, [])


@pytest.mark.parametrize("filters", STOCK)
def test_stock_is_explained(company: Any, filters: dict[str, Any]) -> None:
    figure = holds(company, "/stock/why", dealer_stock.MEASURES, **filters)
    rows = company.get("/stock", **filters)["data"]
    for measure in dealer_stock.MEASURES:
        assert sum(row[measure] for row in rows) == figure[measure]


@pytest.mark.parametrize(("board", "subject"), SUBJECTS)
def test_a_ranking_is_explained(company: Any, board: str, subject: str) -> None:
    path = f"/rankings/{board}/why"
    figure = holds(company, path, rankings.MEASURES, subject=subject)
    money_and_points = {"points", "sell_out_amount"} & {*rankings.RANKED[board]} or {"amount"}
    every = [
        row for by in money_and_points for row in company.get(f"/rankings/{board}", by=by)["data"]
    ]
    rows = [row for row in every if row["subject"] == subject]
    for measure in rankings.MEASURES:
        assert sum(row[measure] for row in rows) == figure[measure]


def test_a_reason_names_the_event_and_who_asked(company: Any) -> None:
    row = company.get("/stock/why", location="C1", item="tea", measure="outflow")["rows"][0]
    event = company.get(f"/events/{row['position']}")
    assert row["type"] == event["type"] == "StockSold"
    assert row["change"] == {"on_hand": -4, "outflow": 4}
    names = ("stream", "actor", "command_id", "correlation_id", "occurred_at", "recorded_at")
    assert {name: row[name] for name in names} == {name: event[name] for name in names}
    assert row["event_id"] == event["id"]


def test_an_earlier_figure_is_explained_by_earlier_events(company: Any) -> None:
    whole = company.get("/stock/why", item="tea")["rows"]
    half = whole[len(whole) // 2]["position"]
    then = company.get("/stock/why", item="tea", as_of=half)
    assert [r["position"] for r in then["rows"]] == [
        r["position"] for r in whole if r["position"] <= half
    ]
    now = company.get("/stock", item="tea", as_of=half)["data"]
    assert then["figure"]["on_hand"] == sum(row["on_hand"] for row in now)
