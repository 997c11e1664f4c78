"""A view made anew answers when it says the same, or when somebody accepts what it says."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from company import CODEC, Company, about
from sqlalchemy import inspect

from aggregates.inventory.stock import StockSold
from commands.inventory.stock import SellOut
from commands.organisation.rep import HireRep
from infra.events import Recorded
from projections.engine import View, generations, progress
from projections.inventory import dealer_stock
from projections.targets import rankings
from services.workers import rebuild
from services.workers.apply import Applier
from services.workers.follow import Follower
from services.workers.rebuild import Rebuild, roll_back


class Killed(Exception):
    """The process died here."""


@pytest.fixture(autouse=True)
def small_steps() -> Iterator[None]:
    """Some twenty events are a long history here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuild, "READ", 4)
        patch.setattr(rebuild, "NEAR", 3)
        yield


@pytest.fixture
def selling(company: Company) -> Company:
    sell(company, 0, 22)
    company.follow()
    return company


def sell(company: Company, first: int, last: int) -> None:
    company.ask(
        *(
            about(
                SellOut,
                location=f"D{n % 3}",
                item="tea",
                sale=f"s{n}",
                quantity=1,
                amount=n,
                currency="CNY",
            )
            for n in range(first, last)
        )
    )


def making(company: Company, view: View = rankings.view) -> Rebuild:
    return Rebuild(company.store, CODEC, view)


def quietly(*_: int) -> None:
    pass


def answering(company: Company) -> int:
    with company.read() as connection:
        return generations.generation(connection, "rankings")


def figures(company: Company) -> list[dict[str, Any]]:
    with company.read() as connection:
        return rankings.top(connection, "dealers", "sell_out_amount")


def doubled(recorded: Recorded, event: Any) -> Iterator[Any]:
    """Another way to count, which makes another view."""
    for change in rankings.rows(recorded, event):
        twice = 2 if isinstance(event, StockSold) else 1
        yield change._replace(sell_out_amount=change.sell_out_amount * twice)


OTHER = replace(rankings.view, rows=doubled)


def test_a_view_that_comes_out_the_same_is_switched_in(selling: Company) -> None:
    before = figures(selling), selling.totals(rankings.view), selling.ledger(rankings.view)
    built = making(selling).run(quietly)
    assert (built.switched, built.differences, built.generation) == (True, [], 2)
    assert (built.position, built.rows, built.parked) == (22, 22, 0)
    assert answering(selling) == 2
    after = figures(selling), selling.totals(rankings.view), selling.ledger(rankings.view)
    assert after == before


def test_the_new_generation_goes_on_from_where_the_old_one_stood(selling: Company) -> None:
    making(selling).run(quietly)
    sell(selling, 22, 30)
    selling.follow()
    assert sum(row["sell_out_amount"] for row in figures(selling)) == sum(range(30))


def test_a_rebuild_killed_half_way_goes_on_where_it_was(selling: Company) -> None:
    def die(position: int, _: int) -> None:
        if position >= 8:
            raise Killed

    killed = making(selling)
    with pytest.raises(Killed):
        killed.run(die)
    assert answering(selling) == 1
    reached: list[int] = []
    again = making(selling)
    built = again.run(lambda position, _: reached.append(position))
    assert again.new == killed.new
    assert reached[0] == 8
    assert (built.switched, built.rows) == (True, 22)


def test_events_that_come_during_a_rebuild_are_in_it(selling: Company) -> None:
    def meanwhile(position: int, _: int) -> None:
        if position == 8:
            sell(selling, 22, 29)
            selling.follow()

    built = making(selling).run(meanwhile)
    assert (built.switched, built.rows, built.position) == (True, 29, 29)


def test_a_view_that_comes_out_other_is_shown_and_not_switched_in(selling: Company) -> None:
    before = figures(selling), selling.totals(rankings.view)
    built = making(selling, OTHER).run(quietly)
    assert not built.switched
    assert answering(selling) == 1
    assert (figures(selling), selling.totals(rankings.view)) == before
    amounts = {
        side: row["sell_out_amount"]
        for side, row in built.differences
        if (row["board"], row["subject"]) == ("products", "tea")
    }
    assert amounts == {"old": sum(range(22)), "new": 2 * sum(range(22))}
    sell(selling, 22, 24)
    selling.follow()
    assert sum(row["sell_out_amount"] for row in figures(selling)) == sum(range(24))


def test_who_accepts_the_difference_gets_the_new_figures(selling: Company) -> None:
    making(selling, OTHER).run(quietly)
    built = making(selling, OTHER).run(quietly, accept=True)
    assert built.switched
    assert built.differences
    assert sum(row["sell_out_amount"] for row in figures(selling)) == 2 * sum(range(22))


def test_the_old_generation_can_answer_again_and_catches_up(selling: Company) -> None:
    making(selling, OTHER).run(quietly, accept=True)
    with_other = Follower(Applier(selling.store, [OTHER], CODEC))
    with_other.start()
    sell(selling, 22, 26)
    while with_other.step():
        pass
    assert sum(row["sell_out_amount"] for row in figures(selling)) == 2 * sum(range(26))
    assert roll_back(selling.store, CODEC, rankings.view) == 1
    assert sum(row["sell_out_amount"] for row in figures(selling)) == sum(range(22))
    selling.follow()
    assert sum(row["sell_out_amount"] for row in figures(selling)) == sum(range(26))


def test_the_old_generation_catches_up_though_nothing_new_happens(selling: Company) -> None:
    making(selling).run(quietly)
    sell(selling, 22, 26)
    selling.follow()
    roll_back(selling.store, CODEC, rankings.view)
    selling.follow()
    assert sum(row["sell_out_amount"] for row in figures(selling)) == sum(range(26))


def test_a_view_that_was_never_made_anew_has_nothing_to_go_back_to(selling: Company) -> None:
    with pytest.raises(LookupError, match="no earlier generation"):
        roll_back(selling.store, CODEC, rankings.view)


def test_the_generation_before_is_kept_and_those_before_it_are_dropped(selling: Company) -> None:
    kept = []
    for _ in range(3):
        making(selling).run(quietly)
        tables = inspect(selling.database.engine).get_table_names()
        kept.append([n for n in range(1, 6) if f"rankings_{n}_ledger" in tables])
    assert kept == [[1, 2], [1, 2, 3], [2, 3, 4]]
    with selling.read() as connection:
        assert not progress.stands(connection, "rankings", 1)


def test_a_worker_that_knows_the_old_generation_writes_nothing_to_it(selling: Company) -> None:
    """It learns of the switch and goes on with the new one."""
    making(selling).run(quietly)
    sell(selling, 22, 23)
    assert selling.follower.step() == 0
    totals = selling.follow().totals(rankings.view)
    assert totals["products", "tea", "CNY"][4] == sum(range(23))


def test_what_a_view_does_not_hear_is_not_parked_in_it(selling: Company) -> None:
    """Not even among the last events, which go in while all is held still."""
    place = {"department": "north", "region": "east"}
    selling.ask(*(about(HireRep, id=name, name=name, **place) for name in ("li", "bo", "an")))
    selling.follow()
    assert making(selling, dealer_stock.view).run(quietly).parked == 0
