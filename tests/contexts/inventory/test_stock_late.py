"""However late something is told, it stands at its own instant, and a count stands as counted."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
from hypothesis import given as drawn
from laws import quick
from scenario import NOON, World

from aggregates import DateFlagged, Refused
from aggregates.calendar import format_instant
from aggregates.inventory.stock import (
    Stock,
    StockCounted,
    StockIssued,
    StockReceived,
    StockRecounted,
)
from aggregates.inventory.stock.refusals import (
    BeforeItWasSent,
    CountedOtherwise,
    CountedTooFew,
    CountTooOld,
    MovementTooOld,
    NotEnough,
    NotEnoughThen,
)
from aggregates.inventory.stock.timeline import KEPT, LOT
from commands import Command
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    SellOut,
    TransferStock,
)
from commands.inventory.stock_corrections import CancelTransfer, ReturnSellOut, ReverseMovement
from projections.inventory import dealer_stock

DAY = timedelta(days=1)
HERE = {"location": "W1", "item": "I1"}
STREAM = "stock-W1:I1"


def day(number: int) -> datetime:
    return NOON + number * DAY


def receive(quantity: int, on: int, reference: str = "R", **more: Any) -> ReceiveStock:
    what = {"quantity": quantity, "reference": reference, "occurred_at": day(on)}
    return ReceiveStock(**{**HERE, **what, **more})


def issue(quantity: int, on: int, reference: str = "I", **more: Any) -> IssueStock:
    what = {"quantity": quantity, "reason": "sale", "reference": reference}
    return IssueStock(**{**HERE, **what, "occurred_at": day(on), **more})


def count(counted: int, on: int, reference: str = "C") -> CountStock:
    return CountStock(**HERE, counted=counted, counted_at=day(on), reference=reference)


def tell(world: World, *commands: Command, now: int = 99) -> tuple[Any, ...]:
    events: tuple[Any, ...] = ()
    for command in commands:
        events = world.ask(command, at=command.occurred_at or day(now))
    return events


def no(world: World, command: Command, reason: type[Refused], now: int = 99) -> str:
    return world.refuses(command, reason, at=command.occurred_at or day(now))


def shown(world: World, at: datetime, stream: str = STREAM) -> int:
    """What the view shows on hand as of then: each event at its own instant."""
    told: Any = SimpleNamespace(stream=stream)
    return sum(
        change.on_hand
        for event in world.streams.get(stream, ())
        if event.happened() is not None and event.happened() <= at
        for change in dealer_stock.rows(told, event)
    )


def on_hand(world: World) -> int:
    stock: Stock = world.load(Stock, "W1:I1")
    return stock.on_hand


def test_a_count_stands_at_the_instant_at_which_it_was_taken() -> None:
    world = World()
    tell(world, receive(100, 1), count(90, 10))
    assert [shown(world, day(n)) for n in (0, 1, 9, 10, 11)] == [0, 100, 100, 90, 90]


def test_what_is_told_late_changes_the_book_of_the_count_after_it_and_of_no_other() -> None:
    world = World()
    tell(world, receive(100, 1), count(90, 10), count(80, 20, "C2"))
    assert tell(world, issue(7, 5)) == (
        StockIssued("warehouse", 7, "sale", "I", day(5)),
        StockRecounted("warehouse", "C", 7, "issued:I", day(10)),
    )
    assert [shown(world, day(n)) for n in (4, 5, 10, 19, 20)] == [100, 93, 90, 90, 80]
    assert on_hand(world) == 80


def test_a_count_that_is_told_late_changes_the_book_of_the_one_after_it() -> None:
    world = World()
    tell(world, receive(100, 1), count(90, 20))
    late = count(95, 10, "C0")
    assert tell(world, late) == (
        StockCounted("warehouse", 95, 100, -5, day(10), "C0", day(10)),
        StockRecounted("warehouse", "C", 5, "counted:C0", day(20)),
    )
    assert [shown(world, day(n)) for n in (9, 10, 19, 20)] == [100, 95, 95, 90]
    assert on_hand(world) == 90


def test_a_count_that_is_told_late_leaves_enough_for_what_left_after_it() -> None:
    world = World()
    tell(world, receive(100, 1), issue(60, 10), receive(50, 12, "R2"))
    sentence = no(world, count(45, 5), CountedTooFew)
    assert f"15 of those that left by {format_instant(day(10))} were not" in sentence
    tell(world, count(60, 5))
    assert [shown(world, day(n)) for n in (5, 10, 12)] == [60, 0, 50]
    flagged = CountStock(**HERE, counted=50, counted_at=day(6), reference="F", dates="flag")
    assert DateFlagged("StockCounted", "CountedTooFew", day(6), day(10)) in tell(world, flagged)


def test_what_moves_at_the_instant_of_a_count_is_before_it() -> None:
    world = World()
    tell(world, receive(100, 1), count(90, 10), issue(5, 10))
    assert (shown(world, day(10)), on_hand(world)) == (90, 90)


def test_what_is_entered_as_of_now_comes_after_the_count_entered_before_it() -> None:
    world = World()
    now = {"occurred_at": None}
    tell(world, receive(100, 1), CountStock(**HERE, counted=90, reference="C"), now=10)
    tell(world, issue(5, 10, **now), now=10)
    assert on_hand(world) == 85
    tell(world, CountStock(**HERE, counted=80, reference="C2"), issue(1, 10, "I2", **now), now=10)
    assert (on_hand(world), shown(world, day(11))) == (79, 79)


def test_one_instant_has_one_count() -> None:
    world = World()
    tell(world, receive(100, 1), count(90, 10))
    no(world, count(91, 10, "C2"), CountedOtherwise)
    tell(world, count(90, 10, "C3"))
    assert on_hand(world) == 90


def test_nothing_leaves_a_warehouse_before_it_came() -> None:
    world = World()
    tell(world, receive(10, 5))
    sentence = no(world, issue(3, 4), NotEnoughThen)
    assert format_instant(day(4)) in sentence
    assert format_instant(day(5)) in sentence
    tell(world, issue(3, 5), issue(7, 8, "I2"), receive(20, 9, "R2"))
    no(world, issue(1, 6, "I3"), NotEnoughThen)
    no(world, issue(21, 6, "I3"), NotEnough)
    tell(world, issue(1, 9, "I3"))
    assert all(shown(world, day(n)) >= 0 for n in range(12))


def test_what_left_before_a_count_need_not_be_there_now() -> None:
    world = World()
    tell(world, receive(10, 1), count(0, 10), issue(10, 5))
    assert (shown(world, day(5)), shown(world, day(10)), on_hand(world)) == (0, 0, 0)
    no(world, issue(1, 5, "I2"), NotEnoughThen)


def test_a_date_that_is_wanted_all_the_same_is_flagged() -> None:
    world = World()
    tell(world, receive(10, 5))
    assert tell(world, issue(3, 4, dates="flag")) == (
        DateFlagged("StockIssued", "NotEnoughThen", day(4), day(5)),
        StockIssued("warehouse", 3, "sale", "I", day(4)),
    )
    assert (shown(world, day(4)), on_hand(world)) == (-3, 7)


def test_what_a_dealer_sold_is_taken_whenever_it_was() -> None:
    world = World()
    what = {"quantity": 5, "amount": 1, "currency": "CNY", "occurred_at": day(1)}
    tell(world, receive(3, 5, location="D1", holder="dealer"))
    tell(world, SellOut(location="D1", item="I1", sale="S", **what))
    assert shown(world, day(1), "stock-D1:I1") == -5


def test_nothing_arrives_before_it_was_sent() -> None:
    world = World()
    sent = {"transfer": "T", "from_location": "W1", "to_location": "W2", "item": "I1"}
    tell(world, receive(10, 1), TransferStock(**sent, quantity=4, occurred_at=day(5)))
    there = {"location": "W2", "item": "I1", "transfer": "T"}
    come = ReceiveTransfer(**there, quantity=1, receipt="A", occurred_at=day(4))
    no(world, come, BeforeItWasSent)
    no(world, CancelTransfer(**there, reason="x", occurred_at=day(4)), BeforeItWasSent)
    assert isinstance(tell(world, come.model_copy(update={"dates": "flag"}))[0], DateFlagged)


def test_goods_of_a_sale_do_not_come_back_before_it() -> None:
    world = World()
    dealer = {"location": "D1", "item": "I1", "sale": "S"}
    sale = {"quantity": 2, "amount": 10, "currency": "CNY", "occurred_at": day(5)}
    tell(world, SellOut(**dealer, **sale))
    back = ReturnSellOut(**dealer, return_id="B", quantity=1, occurred_at=day(4))
    no(world, back, BeforeItWasSent)


def test_what_would_need_what_is_forgotten_is_refused() -> None:
    world = World()
    many = [receive(1, 10, f"R{n}") for n in range(KEPT + LOT + 1)]
    tell(world, *many)
    no(world, count(1, 9), CountTooOld)
    no(world, issue(1, 9), MovementTooOld)
    assert len(tell(world, receive(5, 1, "late"))) == 1
    tell(world, *(count(9, 20 + n, f"C{n}") for n in range(KEPT + 1)))
    no(world, receive(5, 1, "later"), MovementTooOld)
    no(world, receive(5, 20, "later"), MovementTooOld)
    tell(world, receive(5, 21, "later"))


Fact = tuple[str, int, int]
"""What, how many, on which day."""
facts = st.lists(
    st.tuples(
        st.sampled_from(["receive", "receive", "issue", "adjust", "count"]),
        st.integers(1, 9),
        st.integers(0, 12),
    ),
    min_size=2,
    max_size=9,
)


def command(fact: Fact, number: int) -> Command:
    what, quantity, on = fact
    match what:
        case "receive":
            return receive(quantity, on, f"{number}")
        case "issue":
            return issue(quantity, on, f"{number}")
        case "adjust":
            asked = {"quantity": 4 - quantity or 1, "reason": "x", "reference": f"{number}"}
            return AdjustStock(**HERE, **asked, occurred_at=day(on))
        case _:
            return count(quantity, on, f"{number}")


def by_hand(taken: list[Fact], on: int) -> int:
    """On hand on a day: the last count, and what moved on the days since."""
    counts = [(day, quantity) for what, quantity, day in taken if what == "count" and day <= on]
    since, start = max(counts, default=(-1, 0))
    sign = {"receive": lambda n: n, "issue": lambda n: -n, "adjust": lambda n: 4 - n or 1}
    return start + sum(
        sign[what](quantity)
        for what, quantity, day in taken
        if what != "count" and since < day <= on
    )


@quick
@drawn(facts, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_entry_does_not_matter(told: list[Fact], random: Any, undo: bool) -> None:
    """Whatever was told when: view and stock have, as of any day, what a person finds by hand."""
    random.shuffle(told)
    world, taken = World(), list[tuple[int, Fact]]()
    for number, fact in enumerate(told):
        try:
            tell(world, command(fact, number))
        except Refused:
            continue
        taken.append((number, fact))
    if undo and taken:
        number, fact = random.choice(taken)
        document: Any = {"receive": "received", "issue": "issued", "adjust": "adjusted"}
        what = {"document": document.get(fact[0], "counted"), "reference": f"{number}"}
        try:
            tell(world, ReverseMovement(**HERE, **what, reason="x"))
        except Refused:
            pass
        else:
            taken.remove((number, fact))
    known = [fact for _, fact in taken]
    assert [shown(world, day(n)) for n in range(14)] == [by_hand(known, n) for n in range(14)]
    stock: Stock = world.load(Stock, "W1:I1")
    assert stock.on_hand == by_hand(known, 13)
    books = [stock.past.book(stock.on_hand, day(n)) for n in range(14)]
    assert books == [by_hand(known, n) for n in range(14)]


@quick
@drawn(facts, st.randoms(use_true_random=False))
def test_a_warehouse_never_had_less_than_nothing(told: list[Fact], random: Any) -> None:
    random.shuffle(told)
    world = World()
    for number, fact in enumerate(told):
        try:
            tell(world, command(fact, number))
        except Refused:
            continue
    assert all(shown(world, day(n)) >= 0 for n in range(14))


def test_a_stock_of_an_older_build_is_read() -> None:
    received = StockReceived("warehouse", 5, "opening", "R", NOON)
    assert Stock.after([received]).past.latest == NOON
