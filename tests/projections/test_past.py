"""The past answers as it would have answered then, with rollups taken or without."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from company import Company, Found
from history import MIDNIGHT, few, histories
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from commands import Command
from infra.clock import micros
from infra.events import Recorded
from projections.engine import View, day_of, progress, reading, rollups
from projections.engine.figure import FigureQuery
from projections.engine.reading import NOW, AsOf, Days
from projections.inventory import dealer_stock, transit
from projections.opportunities import cohorts, deals, funnel, open_deals, series
from projections.targets import rankings
from services.bootstrap import FIGURES, VIEWS
from services.workers import upkeep

TODAY = 20_520
MIDDLE = day_of(micros(MIDNIGHT))
ALL: Any = {"limit": 10_000}
CHOICE = st.integers(0, 10**9)
SHORT = 32
"""Positions of a block: a history has a few of them."""


@pytest.fixture(params=["open", "closed"])
def books(request: pytest.FixtureRequest) -> Iterator[str]:
    """The past is summed from the ledger, or from rollups of short blocks."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "closed":
            patch.setattr(rollups, "BLOCK", SHORT)
            patch.setattr(upkeep, "ROLL_UP_EVERY", 8)
        yield request.param


def answers(connection: Connection, view: Any, as_of: AsOf) -> list[Any]:
    """All that a view says of that time."""
    if view is funnel.view:
        whose = funnel.read(connection, filters={"rep": "R1"}, as_of=as_of, **ALL)
        return [*funnel.read(connection, by=("rep", "region"), as_of=as_of, **ALL), *whose]
    if view is dealer_stock.view:
        return dealer_stock.read(connection, today=TODAY, as_of=as_of, **ALL)
    if view is transit.view:
        return transit.read(connection, today=TODAY, as_of=as_of, **ALL)
    if view is deals.view:
        return _of_deals(connection, as_of)
    if view is not rankings.view:
        figure = next(one for one in FIGURES if one.view is view)
        if figure.beside:  # what it is read beside is a record, and of no past that is told here
            table = rollups.shown(connection, view, as_of)
            query = reading.sums(table, view.key, view.measures, ())
            return sorted(query.tuples(connection))
        return list(figure.rows(FigureQuery(connection, as_of, limit=10_000)).rows)
    boards = [rankings.top(connection, b, "amount", as_of=as_of, **ALL) for b in rankings.BOARDS]
    some: Any = {"filters": {"currency": "CNY"}, "days": Days(MIDDLE, MIDDLE + 1)}
    return [*boards, rankings.top(connection, "products", "quantity", as_of=as_of, **some)]


def _of_deals(connection: Connection, as_of: AsOf) -> list[Any]:
    by = {"by": ("rep", "source"), "as_of": as_of, **ALL}
    some: Any = {"every": "day", "days": Days(MIDDLE - 1, MIDDLE), "filters": {"rep": "R1"}}
    opened = open_deals.read(connection, today=TODAY, as_of=as_of, **ALL)
    return [
        *series.read(connection, every="week", **by),
        *series.read(connection, **some, as_of=as_of),
        *cohorts.read(connection, **by),
        *cohorts.read(connection, **some, as_of=as_of),
        *opened.deals,
        *opened.stages,
    ]


def after(found: Found, history: list[Command], books: str) -> Company:
    company = found()
    company.try_all(history)
    applier = company.follow(20).follower.applier
    while books == "closed" and applier.roll_up_one("main"):
        pass
    with company.read() as connection:
        taken = select(func.count()).select_from(progress.rolled_up)
        blocks = connection.execute(taken).scalar_one()
    rolled = [one for view in VIEWS for one in (view, view.by_scope) if one is not None]
    taken_of = len(rolled) + sum(view.lasts is not None for view in VIEWS)
    assert blocks == (company.head() // SHORT * taken_of if books == "closed" else 0)
    return company


def same_as_from(
    company: Company, events: list[Recorded], as_of: AsOf, views: Sequence[View] = VIEWS
) -> None:
    for view in views:
        with company.read() as connection:
            then = answers(connection, view, as_of)
        with company.made_from(view, events) as connection:
            assert then == answers(connection, view, NOW)


@few
@given(history=histories, choice=CHOICE)
def test_as_of_a_position_is_what_the_view_said_there(
    found: Found, books: str, history: list[Command], choice: int
) -> None:
    company = after(found, history, books)
    events = company.events()
    # Each place is asked of a third of the views, which change from one history to the next.
    places = choice % (len(events) + 1), choice % SHORT, len(events) // SHORT * SHORT
    for number, position in enumerate(places, choice):
        share = VIEWS[number % 3 :: 3]
        same_as_from(company, events[:position], AsOf(position=position), share)


@few
@given(history=histories, choice=CHOICE)
def test_as_of_an_instant_counts_what_had_happened_by_then(
    found: Found, books: str, history: list[Command], choice: int
) -> None:
    """Late events included, and those of the very instant."""
    company = after(found, history, books)
    events = company.events()
    happened = events[choice % len(events)].occurred_at
    for number, at in enumerate((happened, happened - 1), choice):
        by_then = [event for event in events if event.occurred_at <= at]
        same_as_from(company, by_then, AsOf(occurred_at=at), VIEWS[number % 2 :: 2])


@few
@given(history=histories, choice=CHOICE)
def test_both_clocks_may_be_asked_at_once(
    found: Found, books: str, history: list[Command], choice: int
) -> None:
    company = after(found, history, books)
    events = company.events()
    position, at = choice % (len(events) + 1), events[choice % len(events)].occurred_at
    known = [event for event in events[:position] if event.occurred_at <= at]
    same_as_from(company, known, AsOf(position, at))


@few
@given(history=histories)
def test_as_of_the_end_is_now(found: Found, books: str, history: list[Command]) -> None:
    company = after(found, history, books)
    last = max(event.occurred_at for event in company.events())
    for view in VIEWS:
        with company.read() as connection:
            now = answers(connection, view, NOW)
            assert answers(connection, view, AsOf(position=company.head())) == now
            assert answers(connection, view, AsOf(occurred_at=last)) == now


@few
@given(history=histories)
def test_a_block_is_closed_once_and_never_changes(found: Found, history: list[Command]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollups, "BLOCK", SHORT)
        company = found()
        company.try_all(history[: len(history) // 2])
        applier = company.follow(7).follower.applier
        while applier.roll_up_one("main"):
            pass
        before = {view.name: closed(company, view) for view in VIEWS}
        company.try_all(history[len(history) // 2 :])
        company.follow(7)
        while applier.roll_up_one("main"):
            pass
        assert all(before[view.name] <= closed(company, view) for view in VIEWS)


def closed(company: Company, view: Any) -> set[tuple[Any, ...]]:
    with company.read() as connection:
        return {tuple(row) for row in connection.execute(select(view.tables(1).rollups))}
