"""Whatever happened, every figure is the sum of its ledger and says what the aggregates say."""

from datetime import timedelta
from typing import Any

from company import CODEC, Company, Found, Totals, added
from history import few, histories
from hypothesis import given
from hypothesis import strategies as st

from aggregates.inventory.stock import SellOutReturned, Stock, StockReversed, StockSold
from aggregates.loyalty.member import (
    EarningReversed,
    PointsEarned,
    PointsRedeemed,
    PurchaseReturned,
    RedemptionReversed,
)
from aggregates.opportunities.opportunity import Opportunity
from aggregates.orders.order import OrderReturned, OrderShipped
from commands import Command
from infra.clock import instant
from projections.engine import PLACE, View
from projections.inventory import dealer_stock
from projections.opportunities import funnel
from projections.targets import rankings
from services.bootstrap import VIEWS

TODAY = 20_520
EVERYTHING = 10_000


def after(found: Found, history: list[Command], batch: int = 50) -> Company:
    company = found()
    company.try_all(history)
    return company.follow(batch)


def from_ledger(company: Company, view: View) -> Totals:
    """What the totals should be, by the ledger."""
    rows = []
    for row in company.ledger(view):
        change = view.change(**{name: row[name] for name in view.change._fields})
        measures = tuple(row[name] for name in view.measures)
        rows += [(tuple(key), measures) for key in view.keys(change)]
    return added(rows)


@few
@given(history=histories)
def test_batches_of_any_size_give_the_same_view(found: Found, history: list[Command]) -> None:
    company = after(found, history, 1)
    for view in VIEWS:
        first = company.ledger(view), company.totals(view)
        for batch in (7, 200):
            with company.made_from(view, company.events(), batch):
                assert (company.ledger(view), company.totals(view)) == first


@few
@given(history=histories)
def test_every_total_is_the_sum_of_its_ledger(found: Found, history: list[Command]) -> None:
    company = after(found, history)
    for view in VIEWS:
        assert company.totals(view) == from_ledger(company, view)


@few
@given(history=histories)
def test_the_ledger_tells_of_each_event_as_the_log_does(
    found: Found, history: list[Command]
) -> None:
    company = after(found, history)
    events = {event.position: event for event in company.events()}
    for view in VIEWS:
        lines: dict[int, list[int]] = {}
        for row in company.ledger(view):
            event = events[row["position"]]
            day = (instant(event.occurred_at) + timedelta(hours=8)).date()
            told = event.stream, event.type, event.occurred_at, event.recorded_at
            assert tuple(row[name] for name in PLACE[3:7]) == told
            assert row["day"] == (day - instant(0).date()).days
            lines.setdefault(row["position"], []).append(row["line"])
        assert all(numbers == list(range(len(numbers))) for numbers in lines.values())


@few
@given(history=histories)
def test_the_stock_view_holds_what_the_stocks_hold(found: Found, history: list[Command]) -> None:
    company = after(found, history)
    with company.read() as connection:
        rows = dealer_stock.read(connection, today=TODAY, limit=EVERYTHING)
    seen = {
        (row["location"], row["item"]): (row["on_hand"], row["reserved"], row["in_transit"])
        for row in rows
        if row["on_hand"] or row["reserved"] or row["in_transit"]
    }
    held = {
        Stock.parts(stream): (stock.on_hand, stock.reserved, sum(stock.transit.values()))
        for stream, stock in company.states(Stock).items()
    }
    assert seen == {place: figures for place, figures in held.items() if any(figures)}


@few
@given(history=histories)
def test_the_funnel_stands_where_the_deals_stand(found: Found, history: list[Command]) -> None:
    company = after(found, history)
    by = ("rep", "department", "region")
    with company.read() as connection:
        rows = funnel.read(connection, by=by, limit=EVERYTHING)
    key = ("pipeline", "stage", "currency", *by)
    seen = added((tuple(r[n] for n in key), (r["deals"], r["amount"])) for r in rows)
    assert seen == added(map(standing, company.states(Opportunity).values()))


def standing(deal: Opportunity) -> tuple[tuple[Any, ...], tuple[int, int]]:
    stage = funnel.WON if deal.won else funnel.LOST if deal.lost else deal.stage
    amount, currency, *who = deal.stamp
    return (deal.pipeline, stage, currency, *who), (1, amount)


@few
@given(history=histories)
def test_the_rankings_add_up_to_what_was_sold(found: Found, history: list[Command]) -> None:
    company = after(found, history)
    sold = [row for event in company.events() for row in figures(event)]
    for board, place in BOARDS.items():
        expected = added(((who[place], who[7]), measures) for who, measures in sold if who[place])
        with company.read() as connection:
            rows = [
                row
                for by in ("amount", "points")
                for row in rankings.top(connection, board, by, limit=EVERYTHING)
            ]
        seen = {
            (row["subject"], row["currency"]): tuple(row[name] for name in rankings.MEASURES)
            for row in rows
        }
        assert seen == expected


BOARDS = {
    "customers": 0,
    "dealers": 1,
    "reps": 2,
    "departments": 3,
    "regions": 4,
    "products": 5,
    "members": 6,
}


def figures(recorded: Any) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Whose figures an event changes, and by how much, told apart from the view."""
    event = CODEC.decode(recorded.type, recorded.schema, recorded.data)
    match event:
        case OrderShipped() | OrderReturned():
            sign = 1 if isinstance(event, OrderShipped) else -1
            dealer = event.customer if event.customer_kind == "dealer" else ""
            whose = event.customer, dealer, event.rep, event.department, event.region
            return [
                ((*whose, line.item, "", event.currency), tuple(sign * n for n in gained(line)))
                for line in event.lines
            ]
        case StockSold() | SellOutReturned() | StockReversed(document="sold"):
            sign = 1 if isinstance(event, StockSold) else -1
            dealer, _, item = recorded.key.partition(":")
            whose = event.rep or "", event.department or "", event.region or ""
            who = "", dealer, *whose, item, event.member or "", event.currency
            return [(who, (0, 0, 0, 0, sign * event.amount, sign * event.quantity, 0, 0))]
        case PointsEarned():
            points = event.points, 0
        case EarningReversed() | PurchaseReturned():
            points = -event.points - event.debt, 0
        case PointsRedeemed():
            points = 0, event.points
        case RedemptionReversed():
            points = 0, -event.points
        case _:
            return []
    who = "", event.dealer or "", "", "", "", "", recorded.key, ""
    return [(who, (0, 0, 0, 0, 0, 0, *points))]


def gained(line: Any) -> tuple[int, ...]:
    margin, uncosted = (0, line.amount) if line.cost is None else (line.amount - line.cost, 0)
    return line.amount, line.quantity, margin, uncosted, 0, 0, 0, 0


@few
@given(history=histories, batch=st.sampled_from([1, 7, 200]))
def test_every_figure_is_a_whole_number(found: Found, history: list[Command], batch: int) -> None:
    company = after(found, history, batch)
    with company.read() as connection:
        rows = [
            *funnel.read(connection),
            *dealer_stock.read(connection, today=TODAY),
            *(row for board in BOARDS for row in rankings.top(connection, board, "points")),
        ]
    assert rows
    assert {type(value) for row in rows for value in row.values()} <= {int, str, type(None)}
