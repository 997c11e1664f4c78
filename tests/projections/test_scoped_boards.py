"""A board within a scope is the sum of the rows within it, and read from rollups."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from company import Company, Found, recorded
from scenario import NOON
from sqlalchemy import Connection, delete, select

from aggregates.conditions import as_predicate
from aggregates.inventory.stock import StockSold
from aggregates.loyalty.member import LotUse, PointsRedeemed
from aggregates.orders.lines import ShippedLine
from aggregates.orders.order import OrderShipped
from infra.clock import micros
from projections.engine import DecodedEvent, day_of, generations, progress, rollups
from projections.engine.progress import LOG, Checkpoint, CheckpointKey
from projections.engine.reach import Reach
from projections.engine.reading import ALL_DAYS, NOW, SCOPE, AsOf, Days
from projections.targets import rankings

BLOCK, EVENTS = 16, 300
VIEW = rankings.view
FIRST = day_of(micros(NOON))
LATER = micros(NOON + timedelta(days=4))
MOMENTS = [
    (NOW, Days()),
    (NOW, Days(FIRST + 1, FIRST + 3)),
    (AsOf(150), Days()),
    (AsOf(None, LATER), Days(None, FIRST + 2)),
    (AsOf(200, LATER), Days(FIRST, None)),
]
SCOPES: list[dict[str, set[str]]] = [
    {"department": {"sales-1"}},
    {"department": {"sales-1", "sales-3"}, "region": {"north"}},
    {"owner": {"R2"}},
    {"dealer": {"C1"}},
    {"department": {"nobody"}},
]


@pytest.fixture
def company(found: Found, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Eighteen blocks that are rolled up, some rows after them, and late events among all."""
    monkeypatch.setattr(rollups, "BLOCK", BLOCK)
    made, chance = found(), Random(3)
    batch = [happened(chance, position) for position in range(1, EVENTS + 1)]
    with made.database.write() as connection:
        assert VIEW.apply(connection, 1, batch) == []
        place = CheckpointKey(VIEW.name, 1, *LOG, "main")
        progress.enter(connection, {place: Checkpoint(EVENTS, EVENTS)})
        roll_up(connection)
    return made


def happened(chance: Random, position: int) -> DecodedEvent:
    rep, customer, draw = chance.randrange(8), f"C{chance.randrange(5)}", chance.random()
    who = f"R{rep}", f"sales-{rep % 4}", ("north", "south")[rep % 2]
    at = NOON + timedelta(days=position // 60 - (3 if draw < 0.1 else 0))
    event: Any
    if draw < 0.6:
        lines = tuple(ShippedLine(n, f"I{chance.randrange(6)}", 2, 700, 500) for n in (1, 2))
        event = OrderShipped("s", customer, "dealer", "W1", "CNY", *who, lines, complete=True)
        stream = f"order-{position}"
    elif draw < 0.8:
        event = StockSold("dealer", f"s{position}", 2, 500, "CNY", "M1", at)
        stream = f"stock-{customer}:I1"
    else:
        event = PointsRedeemed("r", "gift", 12, (LotUse("p", 12),), None, None, None, customer)
        stream = "member-M1"
    return DecodedEvent("main", recorded(stream, event, position, at), event)


def roll_up(connection: Connection) -> None:
    while VIEW.upkeep(connection, 1, "main"):
        pass


def scoped(scope: dict[str, set[str]]) -> Any:
    within = {name: frozenset(values) for name, values in scope.items()}
    return Reach(within=(within,)).tree(VIEW.scope)


def test_a_board_within_a_scope_is_the_sum_of_the_rows_that_its_predicate_fits(
    company: Company,
) -> None:
    """Of every board, now and then, over any days, for one scope and for two at once."""
    ledger = company.ledger(VIEW)
    both = Reach(within=tuple({k: frozenset(v) for k, v in s.items()} for s in SCOPES[:3]))
    trees = [*map(scoped, SCOPES), both.tree(VIEW.scope)]
    with company.read() as connection:
        for tree, (as_of, days) in product(trees, MOMENTS):
            rows = [row for row in ledger if counts(row, as_of, days)]
            seen = list(filter(as_predicate(tree), rows))
            for board in rankings.BOARDS:
                found = top(connection, board, {SCOPE: tree}, as_of, days)
                assert found == by_hand(board, seen), (tree, as_of, days, board)


@pytest.mark.parametrize("named", [("department", "sales-1"), ("rep", "R2"), ("region", "")])
def test_a_board_that_is_filtered_is_the_sum_of_the_rows_that_fit(
    company: Company, named: tuple[str, str]
) -> None:
    name, value = named
    rows = [row for row in company.ledger(VIEW) if row[name] == value]
    with company.read() as connection:
        for board in rankings.BOARDS:
            assert top(connection, board, {name: [value]}) == by_hand(board, rows)


def test_a_board_within_a_department_needs_no_row_of_a_block_that_is_rolled_up(
    company: Company,
) -> None:
    """However long the history: without these rows the answer is the same."""
    asked: Any = {SCOPE: scoped(SCOPES[0])}
    with company.database.write() as connection:
        boards = {board: top(connection, board, asked) for board in rankings.BOARDS}
        ledger = VIEW.tables(1).ledger
        connection.execute(delete(ledger).where(ledger.c.position <= EVENTS // BLOCK * BLOCK))
        assert {board: top(connection, board, asked) for board in rankings.BOARDS} == boards


def test_a_board_within_the_scope_of_what_it_ranks_is_read_as_for_everybody(
    company: Company,
) -> None:
    asked: Any = {SCOPE: scoped({"dealer": {"C1"}})}
    with company.database.write() as connection:
        before = top(connection, "dealers", asked)
        connection.execute(delete(VIEW.tables(1).ledger))
        assert before == top(connection, "dealers", asked) != []


def test_what_comes_to_a_block_later_comes_to_its_rollups_by_scope(company: Company) -> None:
    asked: Any = {SCOPE: scoped(SCOPES[0])}
    with company.database.write() as connection:
        ledger = VIEW.tables(1).ledger
        mine = ledger.c.department == "sales-1", ledger.c.position <= BLOCK
        first = connection.execute(select(ledger).where(*mine).limit(1)).one()
        late = {**first._asdict(), "line": 9, "amount": 1_000_000}
        connection.execute(ledger.insert().values(late))
        VIEW.replayed(connection, 1, "main", {first.position})
        rows = connection.execute(select(ledger)).mappings()
        fits = as_predicate(asked[SCOPE])
        assert top(connection, "products", asked) == by_hand(
            "products", [dict(row) for row in rows if fits(row)]
        )


def test_an_older_generation_is_given_rollups_by_scope_and_answers_meanwhile(
    company: Company,
) -> None:
    asked: Any = {SCOPE: scoped(SCOPES[0])}
    by_scope = VIEW.by_scope
    assert by_scope is not None
    with company.database.write() as connection:
        before = top(connection, "products", asked)
        for table in (by_scope.tables(1).rollups, by_scope.cumulative(1)):
            table.drop(connection)
        for done in (progress.rolled_up, progress.cumulated):
            connection.execute(delete(done).where(done.c.view == by_scope.name))
        generations.create(connection, [VIEW])
        assert top(connection, "products", asked) == before
        roll_up(connection)
        assert connection.execute(select(by_scope.cumulative(1))).first() is not None
        assert top(connection, "products", asked) == before


def counts(row: dict[str, Any], as_of: AsOf, days: Days) -> bool:
    return (
        (as_of.position is None or row["position"] <= as_of.position)
        and (as_of.occurred_at is None or row["occurred_at"] <= as_of.occurred_at)
        and (days.first is None or row["day"] >= days.first)
        and (days.last is None or row["day"] <= days.last)
    )


def top(
    connection: Connection, board: str, filters: Any, as_of: AsOf = NOW, days: Days = ALL_DAYS
) -> list[Any]:
    asked: Any = {"filters": filters, "as_of": as_of, "days": days, "limit": 1_000}
    by = rankings.RANKED[board][0]
    return sorted(tuple(row.values()) for row in rankings.top(connection, board, by, **asked))


def by_hand(board: str, rows: Iterable[dict[str, Any]]) -> list[Any]:
    """The sums of a board's subjects, in the currencies that its first figure has."""
    subject, sums = rankings.BOARDS[board], defaultdict[Any, Sequence[int]](lambda: EMPTY)
    for row in rows:
        if row[subject] and (row["currency"] == "") == (board == "members"):
            key = row[subject], row["currency"]
            added = zip(sums[key], (row[name] for name in rankings.MEASURES), strict=True)
            sums[key] = [a + b for a, b in added]
    return sorted((*key, *values) for key, values in sums.items() if any(values))


EMPTY = [0] * len(rankings.MEASURES)
