"""What a location holds: what each event of a stock does to its figures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from company import Company, about, changes

from aggregates.inventory.stock import (
    SellOutReturned,
    StockAdjusted,
    StockArrived,
    StockCounted,
    StockDispatched,
    StockEvent,
    StockExpected,
    StockIssued,
    StockReceived,
    StockReleased,
    StockReserved,
    StockShipped,
    StockSold,
)
from commands.inventory.stock import (
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    ReserveStock,
    TransferStock,
)
from infra.clock import micros
from projections.engine import day_of
from projections.engine.reading import AsOf
from projections.inventory import dealer_stock
from projections.inventory.dealer_stock import COVER_DAYS, Change

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = day_of(micros(AT))
HERE: Any = "warehouse"


def told(*events: StockEvent) -> list[Any]:
    return changes(dealer_stock.view, "stock-W1:tea:green", *events)


@pytest.mark.parametrize(
    ("event", "figures"),
    [
        (StockReceived(HERE, 5, "purchase", "r", AT), (5, 0, 0, 0)),
        (StockIssued(HERE, 5, "sale", "r", AT), (-5, 0, 0, 5)),
        (StockIssued(HERE, 5, "scrap", "r", AT), (-5, 0, 0, 0)),
        (StockReserved(HERE, "O1", 5), (0, 5, 0, 0)),
        (StockReleased(HERE, "O1", 5), (0, -5, 0, 0)),
        (StockShipped(HERE, "O1", "s", 5, AT), (-5, -5, 0, 5)),
        (StockDispatched(HERE, "t", "W2", 5, AT), (-5, 0, 0, 0)),
        (StockExpected(HERE, "t", "W2", 5), (0, 0, 5, 0)),
        (StockArrived(HERE, "t", 4, 1, "r", AT), (4, 0, -5, 0)),
        (StockAdjusted(HERE, -5, "why", "r", AT), (-5, 0, 0, 0)),
        (StockCounted(HERE, 3, 5, -2, AT, "r", AT), (-2, 0, 0, 0)),
        (StockSold("dealer", "s", 5, 900, "CNY", None, AT), (-5, 0, 0, 5)),
        (SellOutReturned("dealer", "s", "b", 5, 900, "CNY", None, AT), (5, 0, 0, -5)),
    ],
)
def test_each_movement_changes_what_it_moves(event: StockEvent, figures: tuple[int, ...]) -> None:
    """On hand, reserved, in transit and outflow; what is scrapped did not leave for customers."""
    assert told(event) == [Change("W1", event.holder, "tea:green", *figures)]


def test_a_transfer_is_in_transit_until_it_arrives(company: Company) -> None:
    company.ask(about(ReceiveStock, location="W1", item="tea", quantity=9, reference="r"))
    company.ask(
        about(
            TransferStock,
            transfer="t",
            from_location="W1",
            to_location="W2",
            item="tea",
            quantity=5,
        )
    )
    assert stock(company) == {"W1": (4, 0, 4, 0), "W2": (0, 0, 0, 5)}
    company.ask(about(ReceiveTransfer, location="W2", item="tea", transfer="t", quantity=3, lost=1))
    assert stock(company) == {"W1": (4, 0, 4, 0), "W2": (3, 0, 3, 1)}
    rest = {"transfer": "t", "quantity": 1, "receipt": "second"}
    company.ask(about(ReceiveTransfer, location="W2", item="tea", **rest))
    assert stock(company) == {"W1": (4, 0, 4, 0), "W2": (4, 0, 4, 0)}


def test_what_is_reserved_is_on_hand_and_not_available(company: Company) -> None:
    company.ask(about(ReceiveStock, location="W1", item="tea", quantity=9, reference="r"))
    company.ask(about(ReserveStock, location="W1", item="tea", order="O1", quantity=7))
    assert stock(company) == {"W1": (9, 7, 2, 0)}


def stock(company: Company) -> dict[str, tuple[int, ...]]:
    """On hand, reserved, available and in transit."""
    company.follow()
    with company.read() as connection:
        rows = dealer_stock.read(connection, today=TODAY)
    names = ("on_hand", "reserved", "available", "in_transit")
    return {row["location"]: tuple(row[name] for name in names) for row in rows}


@pytest.mark.parametrize(
    ("days_ago", "recent", "cover"), [(0, 14, 42), (27, 14, 42), (28, 0, None)]
)
def test_cover_is_by_what_left_in_the_last_28_days(
    company: Company, days_ago: int, recent: int, cover: int | None
) -> None:
    """21 are left; 14 went in 28 days, so they last 42."""
    at = AT - timedelta(days=days_ago)
    company.ask(
        about(ReceiveStock, location="W1", item="tea", quantity=35, reference="r", occurred_at=at)
    )
    sale: Any = {"quantity": 14, "reason": "sale", "reference": "i", "occurred_at": at}
    company.ask(about(IssueStock, location="W1", item="tea", **sale))
    company.follow()
    with company.read() as connection:
        (row,) = dealer_stock.read(connection, today=TODAY)
    assert (row["on_hand"], row["outflow_28_days"], row["days_of_cover"]) == (21, recent, cover)


def test_what_came_back_was_not_used(company: Company) -> None:
    """28 were shipped and all of them came back: nothing says how long the stock will last."""
    at: Any = {"location": "W1", "item": "tea", "occurred_at": AT}
    company.ask(
        about(ReceiveStock, quantity=28, reference="r", **at),
        about(IssueStock, quantity=28, reason="sale", reference="i", **at),
        about(ReceiveStock, quantity=20, reason="return", reference="b1", **at),
    )
    assert cover(company) == (8, 20 * COVER_DAYS // 8)
    company.ask(about(ReceiveStock, quantity=8, reason="return", reference="b2", **at))
    assert cover(company) == (0, None)


def cover(company: Company) -> tuple[int, int | None]:
    company.follow()
    with company.read() as connection:
        (row,) = dealer_stock.read(connection, today=TODAY)
    return row["outflow_28_days"], row["days_of_cover"]


def test_what_is_told_after_a_count_changes_no_figure_since(company: Company) -> None:
    """100 came, 90 were counted on day 10; told afterwards, 7 had left on day 5."""
    days = {n: AT - timedelta(days=20 - n) for n in (1, 5, 10)}
    tea: Any = {"location": "W1", "item": "tea"}
    issue: Any = {"quantity": 7, "reason": "sale", "reference": "i", "occurred_at": days[5]}
    company.ask(
        about(ReceiveStock, **tea, quantity=100, reference="r", occurred_at=days[1]),
        about(CountStock, **tea, counted=90, counted_at=days[10], reference="c"),
        about(IssueStock, **tea, **issue),
    )
    assert stock(company) == {"W1": (90, 0, 90, 0)}
    with company.read() as connection:
        past = [
            dealer_stock.read(connection, as_of=AsOf(None, micros(at)), today=TODAY)[0]["on_hand"]
            for at in days.values()
        ]
    assert past == [100, 93, 90]


def test_a_document_is_taken_once_however_many_came_between(company: Company) -> None:
    tea: Any = {"location": "W1", "item": "tea", "quantity": 1}
    first = about(ReceiveStock, **tea, reference="DN-1")
    company.ask(first, *(about(ReceiveStock, **tea, reference=f"P{n}") for n in range(90)))
    company.ask(first)
    assert stock(company) == {"W1": (91, 0, 91, 0)}


def test_what_is_gone_wholly_is_shown_no_more_where_nothing_ever_left_for_customers(
    company: Company,
) -> None:
    company.ask(about(ReceiveStock, location="W1", item="tea", quantity=2, reference="r"))
    scrap: Any = {"quantity": 2, "reason": "scrap", "reference": "i"}
    company.ask(about(IssueStock, location="W1", item="tea", **scrap))
    assert stock(company) == {}
