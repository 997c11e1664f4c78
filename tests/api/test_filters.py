"""A filter that nothing can fit is refused, with what was meant, in place of an empty answer."""

from typing import Any

import pytest
from scenario import NOON

from aggregates.opportunities.opportunity import OpportunityOpened
from infra.events import Entry

WRONG = (
    ("/funnel", {"stage": "Won"}, "There is no stage Won. Did you mean won?"),
    ("/funnel/why", {"stage": "propsal"}, "Did you mean proposal?"),
    ("/funnel", {"pipeline": "tender", "stage": "proposal"}, "There is no stage proposal."),
    ("/funnel", {"pipeline": "standart"}, "Did you mean standard? Choose from standard, tender."),
    ("/funnel", {"currency": "cny"}, "cny is no currency. Write three capital letters"),
    ("/stock", {"holder": "Dealer"}, "Did you mean dealer? Choose from warehouse, dealer."),
    ("/stock/why", {"holder": "shop"}, "There is no holder shop. Choose from warehouse, dealer."),
    ("/rankings/reps", {"currency": "yuan"}, "yuan is no currency"),
    ("/rankings/regions", {"by": "points"}, "Rank them by amount, quantity, margin, sell_out"),
    ("/rankings/members", {"by": "amount"}, "Nothing is recorded of members by amount."),
    ("/rankings/customers", {"by": "sell_out_amount"}, "Rank them by amount, quantity, margin."),
    (
        "/rankings/reps",
        {"first": "2026-03-02", "last": "2026-03-01"},
        "The last day, 2026-03-01, is before the first, 2026-03-02.",
    ),
    (
        "/rankings/reps/why",
        {"subject": "li", "first": "2026-03-02", "last": "2026-03-01"},
        "Swap them.",
    ),
    ("/funnel/series", {"reason": "pice"}, "There is no reason pice. Did you mean price?"),
    ("/funnel/series/why", {"first": "2026-03-02", "last": "2026-03-01"}, "Swap them."),
    ("/funnel/cohorts", {"customer_kind": "Dealers"}, "Did you mean dealer? Choose from dealer,"),
    ("/funnel/open", {"stage": "negotation"}, "Did you mean negotiation?"),
    ("/contracts", {"status": "Signed"}, "Did you mean signed? Choose from draft, submitted,"),
    ("/claims", {"fault.not": "damagd"}, "There is no fault damagd. Did you mean damaged?"),
    ("/orders", {"status": "shiped"}, "There is no status shiped. Did you mean shipped?"),
    ("/invoices", {"currency": "cny"}, "cny is no currency. Write three capital letters"),
    ("/events", {"type": "StockRecieved"}, "Did you mean StockReceived?"),
    ("/events", {"type": "None"}, "There is no type None."),
    ("/events", {"kind": "re"}, "There is no kind re. Did you mean rep?"),
    ("/events", {"stream": "stok-WH:tea"}, "There is no stream stok. Did you mean stock?"),
    ("/events", {"after": 5, "until": 3}, "until=3 lies before after=5."),
    ("/events/stream", {"type": "Stock"}, "There is no type Stock."),
    ("/events/stream", {"after": 9_999}, "there is no position 9999 yet"),
)


@pytest.mark.parametrize(("path", "params", "said"), WRONG)
def test_a_filter_that_nothing_can_fit_is_refused_with_what_was_meant(
    company: Any, path: str, params: dict[str, Any], said: str
) -> None:
    answer = company.client.get(path, params=params)
    assert answer.status_code == 400, answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/invalid-parameter"
    assert said in problem["detail"]
    assert problem["errors"][0]["parameter"] in params
    spoken = company.client.get(path, params=params, headers={"Accept-Language": "zh-CN"})
    assert not spoken.json()["detail"].isascii()


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/funnel", {"stage": ["won", "submitted"], "rep": "nobody"}),
        ("/funnel", {"pipeline": ["standard", "tender"], "currency": "XXX"}),
        ("/stock", {"holder": ["dealer", "warehouse"], "item": "none"}),
        ("/rankings/members", {"currency": ""}),
        ("/rankings/members", {"by": "sell_out_quantity"}),
        ("/events", {"stream": "stock-none:none", "kind": "stock", "type": "StockReceived"}),
        ("/events", {"after": 5, "until": 5}),
    ],
)
def test_what_might_be_is_answered_though_there_is_none(
    company: Any, path: str, params: dict[str, Any]
) -> None:
    company.get(path, **params)


def test_a_board_ranks_by_its_first_figure_unless_told_otherwise(company: Any) -> None:
    rows = company.get("/rankings/members")["data"]
    assert rows == company.get("/rankings/members", by="points")["data"]
    assert rows[0]["points"] == 80


def test_a_reader_at_the_end_of_the_log_waits_for_what_happens_next(api: Any) -> None:
    rep = {"name": "R", "department": "east", "region": "shanghai"}
    api.done("hire-rep", id="r1", **rep)
    with api.listening() as (client, _):
        answer = client.get("/events/stream", headers={"Last-Event-ID": "2"})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "beyond_the_head")
        answer = client.get("/events", params={"after": 2})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "beyond_the_head")
        with client.stream("GET", "/events/stream", headers={"Last-Event-ID": "1"}) as stream:
            assert stream.status_code == 200


def test_the_stages_of_a_pipeline_come_in_its_order(both: Any) -> None:
    """Those of a pipeline that is not built in, as its last deal was to go through them."""
    both.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    both.done("register-customer", id="C1", name="C", customer_kind="retailer", owner="li")
    what = {"customer": "C1", "title": "Deal", "currency": "CNY", "amount": 1}
    for deal in ("D1", "D2", "D3", "D4"):
        both.done("open-opportunity", id=deal, **what)
    for deal, stage in (("D1", "needs_analysis"), ("D2", "proposal"), ("D3", "negotiation")):
        both.done("advance-opportunity", id=deal, stage=stage)
    both.done("win-opportunity", id="D1")
    opened(both, "S1", ("visit", "sample", "trial"), "trial")
    opened(both, "S2", ("visit", "trial", "sample"), "sample")
    both.feed()
    standard = ["qualification", "needs_analysis", "proposal", "negotiation", "won"]
    rows = both.get("/funnel")["data"]
    stages = [(row["pipeline"], row["stage"]) for row in rows]
    samples = [("samples", "trial"), ("samples", "sample")]
    assert stages == [*samples, *(("standard", stage) for stage in standard)]
    assert [row for page in both.pages("/funnel", limit=1) for row in page] == rows
    assert both.get("/funnel", pipeline="samples", stage="trial")["data"] == rows[:1]
    refused = both.client.get("/funnel", params={"pipeline": "samples", "stage": "proposal"})
    assert "Choose from won, lost, sample, trial." in refused.json()["detail"]


def test_a_pipeline_may_be_named_as_soon_as_it_is_defined(both: Any) -> None:
    stages = [{"stage": "visit"}, {"stage": "trial"}]
    both.done("define-pipeline", id="samples", stages=stages)
    both.done("define-pipeline", id="tender", stages=[{"stage": "called"}])
    both.feed()
    for path in ("/funnel", "/funnel/series", "/funnel/cohorts", "/funnel/open"):
        assert both.get(path, pipeline="samples")["data"] == []
        assert both.get(path, pipeline="samples", stage="trial")["data"] == []
        assert both.get(path, stage="called")["data"] == []
    refused = both.client.get("/funnel", params={"pipeline": "samples", "stage": "trail"})
    assert "Did you mean trial? Choose from won, lost, visit, trial." in refused.json()["detail"]
    unknown = both.client.get("/funnel", params={"pipeline": "simples"})
    assert unknown.status_code == 400


def opened(api: Any, id: str, stages: tuple[str, ...], stage: str) -> None:
    """A deal in a pipeline of the company's own, that stands somewhere in it."""
    platform = api.platform
    with platform.database.write() as connection:
        at = platform.database.now(connection)
        what = "C1", "Deal", "samples", stages, stage, 5, "CNY", None
        event = OpportunityOpened(*what, "li", "east", "shanghai", NOON)
        data = platform.codec.encode(event)
        stream, key = f"opportunity-{id}", f"opened-{id}"
        entry = Entry(stream, 1, "OpportunityOpened", 1, at, "x", key, key, None, data)
        platform.store.write(connection, platform.store.lock(connection), [entry])
