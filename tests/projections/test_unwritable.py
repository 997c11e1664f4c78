"""What a view cannot write stops its own stream in its own view, and nothing else."""

import random

import msgspec
import pytest
from company import CODEC, Company, Found, about, entry
from scenario import NOON
from sqlalchemy.exc import DBAPIError

from aggregates import Event
from aggregates.inventory.stock import StockSold
from aggregates.opportunities.opportunity import OpportunityOpened
from commands.inventory.stock import ReceiveStock
from infra.database import beyond_64_bits
from infra.events import Entry
from projections.engine import DAY, day_of, progress, rollup_failures, rollups
from projections.engine.reading import AsOf, Days, sums
from projections.inventory import dealer_stock
from projections.opportunities import funnel
from projections.targets import rankings
from services.workers import upkeep
from services.workers.errors import BEHIND, describe
from services.workers.rebuild import Rebuild
from services.workers.replayer import Replayer

MOST = 2**63 - 1
LONG = "".join(random.Random(5).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9_000))
"""Too long for a key of PostgreSQL, and for it to be made shorter."""


def stored(stream: str, version: int, event: Event) -> Entry:
    return entry(stream, version, type(event).__name__, CODEC.encode(event))


def sale(amount: int, version: int = 1, item: str = "tea", quantity: int = 1) -> Entry:
    event = StockSold("dealer", f"s{version}", quantity, amount, "CNY", None, NOON)
    return stored(f"stock-D1:{item}", version, event)


def deal(id: str, owner: str = "li", amount: int = 5) -> Entry:
    stages = ("lead", "won")
    return stored(
        f"opportunity-{id}",
        1,
        OpportunityOpened(
            "C", "T", "standard", stages, "lead", amount, "CNY", None, owner, "north", "east", NOON
        ),
    )


def receive(company: Company, item: str) -> None:
    company.ask(about(ReceiveStock, location="W1", item=item, quantity=5, reference="r"))


def parked(company: Company) -> list[tuple[str, str, int]]:
    with company.read() as connection:
        rows = progress.parked_summary(connection)
    return sorted((row.view, row.stream, row.events) for row in rows)


def errors(company: Company) -> list[str]:
    with company.read() as connection:
        query = progress.parked.select().order_by("view", "position")
        return [row.error for row in connection.execute(query)]


def items(company: Company) -> set[str]:
    return {row["item"] for row in company.ledger(dealer_stock.view)}


@pytest.mark.parametrize("batch", [1, 100])
def test_a_number_beyond_64_bits_parks_its_stream_and_the_others_flow(
    found: Found, batch: int
) -> None:
    company = found()
    receive(company, "tea")
    company.append(sale(10**19), sale(7, 2), sale(9, 1, "cup"))
    receive(company, "jug")
    company.follow(batch)
    assert parked(company) == [("rankings", "stock-D1:tea", 2)]
    first, behind = errors(company)
    assert "beyond 64 bits" in first
    assert behind == (first if batch == 100 else BEHIND)
    assert items(company) == {"tea", "cup", "jug"}
    amounts = {row["product"]: row["sell_out_amount"] for row in company.ledger(rankings.view)}
    assert amounts == {"cup": 9}


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_sum_beyond_64_bits_is_never_held_at_the_limit(found: Found, batch: int) -> None:
    """Each fits, and both together do not: the one that does not fit any more is parked."""
    company = found()
    company.append(sale(MOST, 1, "cup"), sale(MOST, 1, "tea"), deal("O1"), sale(0, 1, "jug"))
    company.follow(batch)
    assert parked(company) == [("rankings", "stock-D1:tea", 1)]
    assert "beyond 64 bits" in errors(company)[0]
    totals = company.totals(rankings.view)
    assert totals[("dealers", "D1", "CNY")][4] == MOST
    assert len(company.ledger(funnel.view)) == 1
    assert {row["product"] for row in company.ledger(rankings.view)} == {"cup", "jug"}


def test_a_text_with_a_nul_or_too_long_for_an_index_parks_at_most_its_own_stream(
    found: Found,
) -> None:
    company = found()
    company.append(deal("O1"), deal("O2", "li\0"), deal("O3", LONG), deal("O4"))
    company.follow()
    if company.database.sqlite:  # which takes them, and shows them as they are
        assert parked(company) == []
        return
    assert [row[1:] for row in parked(company) if row[0] == "funnel"] == [
        ("opportunity-O2", 1),
        ("opportunity-O3", 1),
    ]
    assert {row["stream"] for row in company.ledger(funnel.view)} == {
        "opportunity-O1",
        "opportunity-O4",
    }


def test_an_error_that_quotes_what_cannot_be_stored_is_stored_all_the_same(found: Found) -> None:
    company = found()
    company.append(entry("stock-W1:tea", 1, "StockBlessed\\"), sale(1))
    told = describe(ValueError("a\0b\ud800"))
    assert "\0" not in told
    told.encode()
    company.follow()
    assert len(company.ledger(rankings.view)) == 1


def test_a_rebuild_row_by_row_parks_what_cannot_be_written(found: Found) -> None:
    company = found()
    company.append(sale(4, 1, "cup"), sale(10**19), sale(7, 2), deal("O1"))
    company.follow()
    before = company.totals(rankings.view)
    made = Rebuild(company.store, CODEC, rankings.view).run(lambda *_: None)
    assert (made.switched, made.parked) == (True, 1)
    assert company.totals(rankings.view) == before


def test_a_retry_of_what_cannot_be_written_changes_nothing_and_says_why(found: Found) -> None:
    company = found()
    company.append(sale(4, 1, "cup"), sale(10**19), sale(7, 2))
    company.follow()
    with company.database.write() as connection:
        done = Replayer(company.store, CODEC, rankings.view).settle(connection, 1, "stock-D1:tea")
    assert (done.applied, done.left) == (0, 2)
    assert done.error is not None
    assert "beyond 64 bits" in done.error


@pytest.fixture
def crowded(found: Found, monkeypatch: pytest.MonkeyPatch) -> Company:
    """In the first block more is sold on one day than 64 bits hold: not all in all, since as much
    was taken back on the day before.
    """
    monkeypatch.setattr(rollups, "BLOCK", 4)
    monkeypatch.setattr(upkeep, "ROLL_UP_EVERY", 2)
    company = found()
    before = sale(-MOST)
    before = msgspec.structs.replace(before, occurred_at=before.occurred_at - DAY)
    company.append(before, sale(MOST, 2), sale(MOST - 100, 3), sale(1, 1, "cup"))
    company.append(*(sale(1, version, "cup") for version in range(2, 9)))
    return company


def test_a_block_whose_sum_is_beyond_64_bits_stays_open_and_the_others_flow(
    crowded: Company,
) -> None:
    crowded.follow(1)
    while crowded.follower.applier.roll_up_one(crowded.store.log):
        pass  # whichever view's turn comes last
    assert parked(crowded) == []
    with crowded.read() as connection:
        column = progress.rolled_up.c
        closed = connection.execute(progress.rolled_up.select().where(column.view == "rankings"))
        assert closed.all() == []
        table = rollups.summed(connection, rankings.view, AsOf(8), board=("products", "product"))
        query = sums(table, ["subject"], ["sell_out_amount"], [table.c.subject == "cup"])
        assert [row["sell_out_amount"] for row in query.rows(connection)] == [5]
        (row,) = rollup_failures.every(connection)
        assert (row.view, row.log, row.generation) == ("rankings", crowded.store.log, 1)
        assert row.error
    receive(crowded, "jug")
    crowded.follow()
    assert "jug" in items(crowded)
    with crowded.database.write() as connection:
        assert len(rollup_failures.every(connection)) == 1
        rollup_failures.clear(connection, "rankings", row.generation, row.log)
        assert rollup_failures.every(connection) == []


def test_a_sum_that_a_question_makes_beyond_64_bits_is_an_error_and_no_other_figure(
    crowded: Company,
) -> None:
    crowded.follow(1)
    day = day_of(crowded.events()[-1].occurred_at)
    with crowded.read() as connection:
        board = "products", "product"
        table = rollups.summed(connection, rankings.view, board=board, days=Days(day))
        query = sums(table, ["subject"], ["sell_out_amount"], [table.c.subject == "tea"])
        with pytest.raises(DBAPIError) as refused:
            query.rows(connection)
        assert beyond_64_bits(refused.value)
