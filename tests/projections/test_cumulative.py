"""A cumulative rollup holds all that was rolled up before it, and what comes there later."""

from itertools import pairwise
from typing import Any

import pytest
from company import Company, Found
from sqlalchemy import Connection, func, insert, select

from aggregates.inventory.stock import Stock
from commands.inventory.stock import IssueStock, ReceiveStock
from projections.engine import DAY, View, cumulative, generations, rollups
from projections.engine.progress import cumulated, rolled_up
from projections.engine.reading import AsOf, until
from projections.inventory import dealer_stock
from projections.targets import rankings
from services.bootstrap import VIEWS
from services.workers import upkeep

BLOCK = 8
HEARD = [view for view in VIEWS if Stock.kind in view.kinds]
"""What else there is has no row of all this."""


@pytest.fixture
def company(found: Found, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Fourteen blocks of movements of three stocks, rolled up and added up."""
    monkeypatch.setattr(rollups, "BLOCK", BLOCK)
    monkeypatch.setattr(upkeep, "ROLL_UP_EVERY", BLOCK)
    company = found()
    company.follower = company.new_follower(HEARD)
    for number in range(57):
        what: Any = {"location": "W1", "item": f"I{number % 3}", "reference": f"R{number}"}
        company.try_all(
            [
                ReceiveStock(**what, quantity=5),
                IssueStock(**what, quantity=number % 4 + 1, reason="sale"),
            ]
        )
    company.follow(20)
    applier = company.follow(20).follower.applier
    while applier.roll_up_one("main"):
        pass
    return company


def test_a_cumulative_rollup_is_the_sum_of_the_rollups_before_it(company: Company) -> None:
    with company.read() as connection:
        for view in HEARD:
            assert taken(connection, view) == added(connection, view)
        assert len({key[0] for key in taken(connection, dealer_stock.view)}) > 3


def test_what_comes_to_a_block_later_comes_to_the_cumulative_rollups_after_it(
    company: Company,
) -> None:
    view = dealer_stock.view
    with company.database.write() as connection:
        ledger = view.tables(1).ledger
        first = connection.execute(select(ledger).order_by(ledger.c.position).limit(1)).one()
        late = {**first._asdict(), "line": 1, "day": first.day - 400, "on_hand": 1_000}
        connection.execute(insert(ledger).values(late))
        rollups.recompute(connection, view, 1, "main", [first.position])
        assert taken(connection, view) == added(connection, view)
        days = [range_.first_day for range_ in cumulative.ranges(connection, view, 1, "main")]
        assert days[0] == first.day - 400 < days[1]


def test_what_is_dated_ahead_does_not_count_before_its_day(company: Company) -> None:
    """It stands in an early block, whose cumulative rollup must give it back."""
    view = dealer_stock.view
    with company.database.write() as connection:
        ledger = view.tables(1).ledger
        first = connection.execute(select(ledger).order_by(ledger.c.position).limit(1)).one()
        ahead = {"day": first.day + 400, "occurred_at": first.occurred_at + 400 * DAY}
        connection.execute(insert(ledger).values({**first._asdict(), **ahead, "line": 1}))
        rollups.recompute(connection, view, 1, "main", [first.position])
        for days in (1, 399, 401):
            moment = AsOf(occurred_at=first.occurred_at + days * DAY)
            then = rollups.summed(connection, view, moment)
            counted = select(func.sum(ledger.c.on_hand)).where(*until(ledger, moment))
            found = connection.execute(select(func.sum(then.c.on_hand))).scalar_one()
            assert found == connection.execute(counted).scalar_one()


def test_forgetting_a_generation_takes_its_cumulative_rollups_along(company: Company) -> None:
    with company.database.write() as connection:
        generations.forget(connection, rankings.view, 1)
        left = select(func.count()).where(cumulated.c.view == rankings.view.name)
        assert connection.execute(left).scalar_one() == 0
        assert not connection.dialect.has_table(connection, rankings.view.cumulative(1).name)


def taken(connection: Connection, view: View) -> dict[Any, Any]:
    wide = len(view.cumulative(1).columns) - len(view.measures)
    rows = connection.execute(select(view.cumulative(1)))
    return {tuple(row[1:wide]): list(row[wide:]) for row in rows if any(row[wide:])}


def added(connection: Connection, view: View) -> dict[Any, Any]:
    """The same, by hand."""
    table = view.tables(1).rollups
    keys, found = view.key, {}
    for range_ in cumulative.ranges(connection, view, 1, "main"):
        sums = [func.sum(table.c[name]) for name in view.measures]
        names = [table.c[name] for name in keys]
        query = select(*names, *sums).where(table.c.block < range_.end).group_by(*names)
        for row in connection.execute(query):
            measures = [int(value) for value in row[len(keys) :]]
            if any(measures):
                found[(range_.end, *row[: len(keys)])] = measures
    return found


def test_a_step_takes_a_few_of_many_rollups_and_idle_ones_take_the_others(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade to rollups: whoever steps must hear meanwhile that he shall end."""
    company = found()
    company.follower = company.new_follower(HEARD)
    what: Any = {"location": "W1", "item": "I", "quantity": 1}
    company.try_all([ReceiveStock(**what, reference=f"R{number}") for number in range(100)])
    company.follow()
    monkeypatch.setattr(rollups, "BLOCK", BLOCK)
    monkeypatch.setattr(upkeep, "ROLL_UP_EVERY", 1)
    company.try_all([ReceiveStock(**what, reference="last")])
    taken = []
    while len(taken) < 2 or taken[-1] > taken[-2]:
        company.follower.step()
        taken.append(count_rollups(company))
    assert all(later - sooner <= upkeep.AT_ONCE for sooner, later in pairwise([0, *taken]))
    assert not company.follower.applier.roll_up_one("main")


def count_rollups(company: Company) -> int:
    with company.read() as connection:
        tables = rolled_up, cumulated
        counts = (connection.execute(select(func.count()).select_from(table)) for table in tables)
        return sum(count.scalar_one() for count in counts)


def test_what_was_left_without_rollups_gets_them_by_a_worker_that_is_idle(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by an older build: nothing need happen for it."""
    company = found()
    what: Any = {"location": "W1", "item": "I", "quantity": 1}
    company.try_all([ReceiveStock(**what, reference=f"R{number}") for number in range(30)])
    company.follow()
    assert count_rollups(company) == 0
    monkeypatch.setattr(rollups, "BLOCK", BLOCK)
    follower = company.new_follower()
    follower.step()
    assert count_rollups(company) > 0
