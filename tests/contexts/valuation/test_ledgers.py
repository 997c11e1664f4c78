"""What goods are worth adds up in any order of telling, with closes and reopenings between."""

from collections.abc import Sequence
from random import Random
from typing import Any

import hypothesis.strategies as st
from contexts.valuation.ledgers import Chain, chains, closings, told
from hypothesis import given, settings
from laws import quick
from worth_laws import adds_up, stays

from aggregates.calendar import DAY
from projections.valuation.figures import _by_month
from projections.valuation.worth import Close, StockTold, ValuedMove, in_force, valued


def seeds(test: Any) -> Any:
    return settings(quick, max_examples=60)(given(st.integers(0, 10**6).map(Random))(test))


def ends(moves: Sequence[ValuedMove]) -> dict[str, tuple[int, int]]:
    found = {one.told.location: (one.quantity, one.balance) for one in moves}
    return {place: one for place, one in found.items() if place in "VW"}


def never_short(*ledgers: Sequence[StockTold]) -> bool:
    return all(move.quantity >= 0 for rows in ledgers for move in valued(rows, []))


@seeds
def test_value_goes_with_the_goods_and_none_is_made_or_lost(random: Random) -> None:
    rows = told(random, chains(random))
    moves = valued(rows, in_force(closings(random, len(rows))))
    assert list(adds_up([*moves])) == []


@seeds
def test_the_order_of_telling_changes_nothing(random: Random) -> None:
    found = chains(random)

    def said(rows: Sequence[StockTold]) -> list[Any]:
        return [(one.at, one.value, one.balance, one.uncosted) for one in valued(rows, [])]

    first = said(told(random, found, mixed=False))
    assert said(told(random, found)) == said(told(random, found)) == first


@seeds
def test_what_is_closed_stays_until_it_is_opened_again(random: Random) -> None:
    rows = told(random, chains(random))
    acts = list(closings(random, len(rows)))
    assert list(stays(rows, acts)) == []
    closes = in_force(acts)
    nothing = [(True, close) for close in closes] + [(False, close) for close in closes]
    assert list(valued(rows, in_force(nothing))) == list(valued(rows, []))


@seeds
def test_a_cost_that_was_put_right_is_as_if_it_had_been_told_so(random: Random) -> None:
    found = chains(random)
    right = [(at, _told_right(steps)) for at, steps in found]
    wrong = told(random, found)
    if never_short(wrong):
        assert ends([*valued(wrong, [])]) == ends([*valued(told(random, right), [])])


def _told_right(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    more = [step for step in steps if step["type"] == "ReceiptCostCorrected"]
    if not more:
        return steps
    cost = steps[0].get("cost", 0) + sum(step["cost"] for step in more)
    rest = [step for step in steps[1:] if step not in more]
    return [{**steps[0], "currency": "CNY", "cost": cost}, *rest]


@seeds
def test_what_was_undone_leaves_no_trace(random: Random) -> None:
    found = chains(random)
    kept: list[Chain] = [
        one for one in found if one[1][-1]["type"] != "StockReversed" or _sale(one)
    ]
    rows, others = told(random, found), told(random, kept)
    if never_short(rows):
        assert ends([*valued(rows, [])]) == ends([*valued(others, [])])


def _sale(chain: Chain) -> bool:
    return chain[1][0]["type"] == "StockShipped"


@seeds
def test_each_month_closes_with_what_the_next_one_opens_with(random: Random) -> None:
    rows = told(random, chains(random))
    moves = valued(rows, in_force(closings(random, len(rows))))
    mine = [one for one in moves if one.told.location == "V"]
    value = quantity = 0
    for row in _by_month(mine, "2026-04"):
        assert (row["opening_quantity"], row["opening_value"]) == (quantity, value)
        changed = row["received_value"] - row["issued_value"] + row["adjustment_value"]
        quantity, value = row["closing_quantity"], row["closing_value"]
        assert row["opening_value"] + changed == value
    assert (quantity, value) == ends(mine)["V"]


def test_a_month_without_movements_names_the_currency_that_stands() -> None:
    """In April all went out, and what came next was paid for in euros."""
    january, february, april = 15 * DAY, 45 * DAY, 100 * DAY
    rows = [
        row(january, "StockReceived", 10, 100),
        row(february, "StockIssued", -4),
        row(april, "StockIssued", -6),
        row(april + 1, "StockReceived", 5, 50)._replace(currency="EUR"),
    ]
    months = {one["month"]: one["currency"] for one in _by_month([*valued(rows, [])], "1970-05")}
    assert months == {
        "1970-01": "CNY",
        "1970-02": "CNY",
        "1970-03": "CNY",
        "1970-04": "EUR",
        "1970-05": "EUR",
    }


def row(at: int, kind: str, quantity: int, cost: int | None = None, of: str = "") -> StockTold:
    """Of one place; a cost is all of what came in, and `of` is what is corrected or undone."""
    money = ("", 0) if cost is None else ("CNY", cost)
    what = "V", "I", "purchase_receipt", "", of or f"r{at}", ""
    return StockTold(kind, at, at, 0, *what, money[0], quantity, 0, 0, money[1])


def of_last(*rows: StockTold, closed: int | None = None) -> tuple[int, ...]:
    """What the last movement changed, what was on hand then, and what fell into a gap."""
    *_, last = valued(rows, [] if closed is None else [Close(closed, closed + 1, "")])
    return last.value, last.quantity, last.balance, last.gap_value, last.uncosted


def test_what_fills_a_gap_is_in_no_value_and_is_shown() -> None:
    """Three left before ten came for 100: seven are here, and what three cost is told apart."""
    left = row(1, "StockIssued", -3)
    assert of_last(left, row(2, "StockReceived", 10, 100)) == (70, 7, 70, 30, 0)


def test_what_was_undone_after_it_left_takes_no_more_than_there_is() -> None:
    """Of 30 that cost 1000 together half left; then the ten that cost all of it never came."""
    rows = [row(1, "StockReceived", 10, 1000), row(2, "StockReceived", 20, 0)]
    rows.append(row(3, "StockIssued", -15))
    gone = row(5, "StockReversed", -10, of="r1")._replace(occurred_at=1)
    assert of_last(*rows, gone, closed=4) == (-500, 5, 0, -500, 0)


def test_a_cost_that_is_put_right_late_changes_what_is_here_still() -> None:
    """Eight of ten left, and their month was closed."""
    rows = [row(1, "StockReceived", 10), row(2, "StockIssued", -8)]
    right = row(5, "ReceiptCostCorrected", 0, 500, of="r1")._replace(occurred_at=1)
    assert of_last(*rows, right, closed=4) == (100, 2, 100, 0, -10)
