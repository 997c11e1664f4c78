"""What is on its way: where from, where to, how much is still to come, and since when."""

from datetime import UTC, datetime, timedelta
from typing import Any

from company import Company, Found, about
from history import few, histories
from hypothesis import given

from aggregates.inventory.stock import Stock
from commands import Command
from commands.inventory.stock import ReceiveStock, ReceiveTransfer, TransferStock
from commands.inventory.stock_corrections import ReverseArrival
from infra.clock import micros
from projections.engine import day_of
from projections.engine.reading import AsOf
from projections.inventory import transit

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = day_of(micros(AT + 9 * DAY))


def sent(transfer: str, quantity: int, day: int, to: str = "W2") -> Command:
    what: Any = {"item": "tea", "from_location": "W1", "to_location": to, "quantity": quantity}
    return about(TransferStock, transfer=transfer, occurred_at=AT + day * DAY, **what)


def arrived(transfer: str, quantity: int, lost: int, day: int) -> Command:
    what: Any = {"location": "W2", "item": "tea", "receipt": f"{transfer}-{day}"}
    when = {"transfer": transfer, "occurred_at": AT + day * DAY}
    return about(ReceiveTransfer, quantity=quantity, lost=lost, **what, **when)


def shown(company: Company, **asked: Any) -> list[tuple[Any, ...]]:
    company.follow()
    names = "transfer", "from_location", "location", "quantity", "arrived", "lost", "age_days"
    with company.read() as connection:
        rows = transit.read(connection, today=TODAY, **asked)
    return [tuple(row[name] for name in names) for row in rows]


def test_what_is_on_its_way_is_listed_until_all_of_it_has_arrived_or_is_lost(
    company: Company,
) -> None:
    stock: Any = {"location": "W1", "item": "tea", "quantity": 100, "reference": "r"}
    company.ask(about(ReceiveStock, occurred_at=AT, **stock))
    company.ask(sent("t1", 10, 3), sent("t2", 5, 1), sent("t3", 2, 2, to="W3"))
    assert shown(company) == [
        ("t2", "W1", "W2", 5, 0, 0, 8),
        ("t3", "W1", "W3", 2, 0, 0, 7),
        ("t1", "W1", "W2", 10, 0, 0, 6),
    ]
    company.ask(arrived("t1", 6, 1, 4), arrived("t2", 4, 1, 4))
    assert shown(company) == [("t3", "W1", "W3", 2, 0, 0, 7), ("t1", "W1", "W2", 3, 6, 1, 6)]
    assert shown(company, filters={"from_location": "W2"}) == []
    assert shown(company, filters={"location": "W3", "from_location": ["W1", "W2"]}) == [
        ("t3", "W1", "W3", 2, 0, 0, 7)
    ]
    assert shown(company, as_of=AsOf(None, micros(AT + 2 * DAY))) == [
        ("t2", "W1", "W2", 5, 0, 0, 8),
        ("t3", "W1", "W3", 2, 0, 0, 7),
    ]
    part = {"transfer": "t1", "receipt": "t1-4", "reason": "miscounted"}
    company.ask(about(ReverseArrival, location="W2", item="tea", **part))
    assert shown(company)[-1] == ("t1", "W1", "W2", 10, 0, 0, 6)
    company.ask(arrived("t1", 10, 0, 5))
    assert [row[0] for row in shown(company)] == ["t3"]


@few
@given(history=histories)
def test_what_is_on_its_way_is_what_the_stocks_expect(found: Found, history: list[Command]) -> None:
    company = found()
    company.try_all(history)
    company.follow(50)
    with company.read() as connection:
        rows = transit.read(connection, today=TODAY, limit=10_000)
    expected = {
        (*Stock.parts(stream), transfer): quantity
        for stream, stock in company.states(Stock).items()
        for transfer, quantity in stock.transit.items()
    }
    assert expected
    seen = {(row["location"], row["item"], row["transfer"]): row["quantity"] for row in rows}
    assert seen == expected
    assert all(row["from_location"] for row in rows)
