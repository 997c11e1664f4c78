"""Any figure can be asked why, page by page, and the pages are the whole."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from company import Company, Found, about, added
from history import MIDNIGHT, few, histories
from hypothesis import given
from hypothesis import strategies as st

from commands import Command
from commands.inventory.stock import SellOut
from infra.clock import instant
from projections.engine import View, why
from projections.engine.reading import NOW, AsOf, Days
from projections.inventory import dealer_stock
from projections.opportunities import funnel
from projections.targets import rankings
from services.bootstrap import VIEWS

TODAY = 20_520
ALL: Any = {"limit": 10_000}
SHANGHAI = ZoneInfo("Asia/Shanghai")


def after(found: Found, history: list[Command]) -> Company:
    company = found()
    company.try_all(history)
    return company.follow(50)


@few
@given(history=histories)
def test_the_explanation_of_a_figure_sums_to_it(found: Found, history: list[Command]) -> None:
    company = after(found, history)
    with company.read() as connection:
        for view, filters, row in shown(connection):
            sums = why.answer(connection, view, why.Question(filters)).figure
            assert {name: sums[name] for name in view.measures} == {
                name: row[name] for name in view.measures
            }


def shown(connection: Any) -> list[tuple[View, dict[str, str], dict[str, Any]]]:
    """Each row that a reader sees, with the filters that ask why."""
    rows: list[Any] = []
    for row in funnel.read(connection, **ALL):
        keys = ("pipeline", "stage", "currency")
        rows.append((funnel.view, {name: row[name] for name in keys}, row))
    held = dealer_stock.read(connection, today=TODAY, **ALL)
    place = dealer_stock.GROUP
    rows += [(dealer_stock.view, {name: row[name] for name in place}, row) for row in held]
    for board, subject in rankings.BOARDS.items():
        either = [rankings.top(connection, board, by, **ALL) for by in ("amount", "points")]
        for row in (row for found in either for row in found):
            filters = {subject: row["subject"], "currency": row["currency"]}
            rows.append((rankings.view, filters, row))
    assert rows
    return rows


@few
@given(history=histories, data=st.data())
def test_the_pages_of_an_explanation_are_the_whole(
    found: Found, history: list[Command], data: st.DataObject
) -> None:
    company = after(found, history)
    for view in VIEWS:
        ledger = company.ledger(view)
        question = any_question(data, view, ledger)
        expected = [row for row in ledger if counts(row, **question)]
        sums = {name: sum(row[name] for row in expected) for name in view.measures}
        figure = {**sums, "rows": len(expected)}
        with company.read() as connection:
            for limit in (1, 10_000):
                answers = list(pages(connection, view, why.Question(**question), limit))
                assert [row for answer in answers for row in answer.rows] == expected
                assert all(answer.figure == figure for answer in answers)
                assert all(type(value) is int for value in answers[0].figure.values())


def test_a_board_is_explained_whatever_else_is_asked(found: Found) -> None:
    company = found()
    who = product(("D1", "D2"), ("tea", "cup"), ("CNY", "USD"), (None, "M1"))
    for n, (dealer, item, currency, member) in enumerate(who):
        what = {"location": dealer, "item": item, "currency": currency, "member": member}
        when = {"sale": f"s{n}", "occurred_at": MIDNIGHT + timedelta(days=n % 3)}
        company.ask(about(SellOut, **what, **when, quantity=n + 1, amount=n))
    company.follow()
    ledger = company.ledger(rankings.view)
    assert len(ledger) == 16
    with company.read() as connection:
        for question in questions_of_boards(ledger):
            expected = [row for row in ledger if counts(row, **question)]
            sums = {n: sum(row[n] for row in expected) for n in rankings.MEASURES}
            asked = why.Question(**question)
            figure = why.answer(connection, rankings.view, asked, limit=1).figure
            assert figure == {**sums, "rows": len(expected)}, question


def questions_of_boards(ledger: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of a subject, of several, of nobody; in a currency, or of another dimension as well."""
    middle = ledger[len(ledger) // 2]
    day = Days(middle["day"], middle["day"])
    times = ((NOW, Days()), (NOW, day), (AsOf(middle["position"]), Days()))
    for dimension in rankings.BOARDS.values():
        others = "currency", "product" if dimension != "product" else "dealer"
        for names in ((dimension,), *((dimension, other) for other in others)):
            for values in sorted({tuple(row[name] for name in names) for row in ledger})[:3]:
                for also in ("nobody", ""):
                    filters = {
                        name: [value, also] for name, value in zip(names, values, strict=True)
                    }
                    for as_of, days in times:
                        shared = {"as_of": as_of, "days": days, "measure": None}
                        yield {"filters": filters, **shared}
                        yield {"filters": dict(zip(names, values, strict=True)), **shared}


def any_question(data: st.DataObject, view: View, ledger: list[dict[str, Any]]) -> dict[str, Any]:
    one = data.draw(st.sampled_from(ledger)) if ledger else {"position": 1, "occurred_at": 0}
    texts = [name for name in view.dimensions if isinstance(one.get(name), str)]
    names = data.draw(st.sets(st.sampled_from(texts), max_size=2)) if ledger else set()
    several = data.draw(st.booleans())
    day = one.get("day", 0)
    return {
        "filters": {name: [one[name], "nobody"] if several else one[name] for name in names},
        "days": data.draw(st.sampled_from([Days(), Days(day, day), Days(day), Days(None, day)])),
        "as_of": data.draw(
            st.sampled_from([NOW, AsOf(one["position"]), AsOf(None, one["occurred_at"])])
        ),
        "measure": data.draw(st.none() | st.sampled_from(view.measures)),
    }


def counts(
    row: dict[str, Any], filters: dict[str, Any], days: Days, as_of: AsOf, measure: str | None
) -> bool:
    wanted = all(row[n] == value or row[n] in list(value) for n, value in filters.items())
    late = days.first is not None and row["day"] < days.first
    early = days.last is not None and row["day"] > days.last
    known = as_of.position is None or row["position"] <= as_of.position
    happened = as_of.occurred_at is None or row["occurred_at"] <= as_of.occurred_at
    changed = measure is None or row[measure] != 0
    return wanted and not late and not early and known and happened and changed


def pages(connection: Any, view: View, asked: why.Question, limit: int) -> Iterator[why.Answer]:
    after: tuple[int, int] | None = None
    while True:
        answer = why.answer(connection, view, asked, after=after, limit=limit)
        assert len(answer.rows) == limit if answer.more else len(answer.rows) <= limit
        yield answer
        if not answer.more:
            return
        after = answer.rows[-1]["position"], answer.rows[-1]["line"]


@few
@given(history=histories, size=st.integers(1, 3))
def test_pages_by_key_are_the_whole(found: Found, history: list[Command], size: int) -> None:
    company = after(found, history)
    with company.read() as connection:
        deals = partial(funnel.read, connection, by=("rep",))
        stocks = partial(dealer_stock.read, connection, today=TODAY)
        by_stage = funnel.in_order(("pipeline", "stage", "currency", "rep"), funnel.built_in)
        pages_are_the_whole(deals, ("pipeline", "stage", "currency", "rep"), size, by_stage)
        pages_are_the_whole(stocks, dealer_stock.GROUP, size, tuple)


def pages_are_the_whole(
    read: Callable[..., list[dict[str, Any]]],
    key: tuple[str, ...],
    size: int,
    place: Callable[[Sequence[Any]], tuple[Any, ...]],
) -> None:
    whole = read(**ALL)
    rows: list[dict[str, Any]] = []
    last: tuple[Any, ...] = ()
    while page := read(after=last, limit=size):
        rows += page
        last = tuple(page[-1][name] for name in key)
    assert rows == whole
    order = [place([row[name] for name in key]) for row in whole]
    assert order == sorted(set(order))


@few
@given(history=histories, size=st.integers(1, 3))
def test_ranked_pages_are_the_whole_and_the_top_is_its_beginning(
    found: Found, history: list[Command], size: int
) -> None:
    """Equals included: nobody is shown twice, and nobody is left out."""
    company = after(found, history)
    with company.read() as connection:
        for board in rankings.BOARDS:
            for measure in ("quantity", "sell_out_quantity", "points", "redeemed"):
                whole = rankings.top(connection, board, measure, **ALL)
                order = [(-row[measure], row["subject"], row["currency"]) for row in whole]
                assert order == sorted(set(order))
                assert rankings.top(connection, board, measure) == whole[:10]
                assert ranked_pages(connection, board, measure, size) == whole


def ranked_pages(connection: Any, board: str, measure: str, size: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    last = None
    while page := rankings.top(connection, board, measure, after=last, limit=size):
        rows += page
        last = page[-1][measure], page[-1]["subject"], page[-1]["currency"]
    return rows


@few
@given(history=histories, first=st.integers(-2, 6), length=st.integers(0, 3))
def test_a_period_is_of_business_days_where_the_company_is(
    found: Found, history: list[Command], first: int, length: int
) -> None:
    company = after(found, history)
    start = MIDNIGHT.astimezone(SHANGHAI).date() + timedelta(days=first)
    last = start + timedelta(days=length)
    epoch = instant(0).date()
    days = Days((start - epoch).days, (last - epoch).days)
    sold = [
        ((row["product"], row["currency"]), tuple(row[name] for name in rankings.MEASURES))
        for row in company.ledger(rankings.view)
        if row["product"] and start <= local_day(row["occurred_at"]) <= last
    ]
    with company.read() as connection:
        for filters in ({}, {"region": ["", "east"]}):  # by the totals, and by the ledger
            rows = rankings.top(connection, "products", "amount", days=days, filters=filters, **ALL)
            seen = (
                ((r["subject"], r["currency"]), tuple(r[n] for n in rankings.MEASURES))
                for r in rows
            )
            assert added(seen) == added(sold)


def local_day(at: int) -> Any:
    return instant(at).astimezone(SHANGHAI).date()


@pytest.mark.parametrize(("microseconds", "day"), [(-1, 3), (0, 4), (1, 4)])
def test_a_business_day_begins_at_midnight_where_the_company_is(
    company: Company, microseconds: int, day: int
) -> None:
    at = MIDNIGHT + timedelta(microseconds=microseconds)
    sale = {"sale": "s1", "quantity": 1, "amount": 5, "currency": "CNY", "occurred_at": at}
    company.ask(about(SellOut, location="D1", item="I1", **sale))
    company.follow()
    wanted = (datetime(2026, 3, day).date() - instant(0).date()).days
    for other in (wanted - 1, wanted, wanted + 1):
        with company.read() as connection:
            rows = rankings.top(connection, "dealers", "amount", days=Days(other, other))
        assert bool(rows) == (other == wanted)
