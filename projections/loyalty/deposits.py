"""What each member has paid in ahead, and what is left of it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.loyalty.member import DepositReversed, DepositSpent, DepositToppedUp
from aggregates.marks import Money
from projections.engine import EventHeader, View
from projections.engine.figure import Figure


class Change(NamedTuple):
    member: str
    dealer: str
    currency: str
    balance: Money = 0
    topped_up: Money = 0
    spent: Money = 0


MEASURES = ("balance", "topped_up", "spent")


def rows(recorded: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case DepositToppedUp(amount=amount) | DepositReversed("top_up", amount=amount):
            sign = 1 if isinstance(event, DepositToppedUp) else -1
            measures = {"balance": sign * amount, "topped_up": sign * amount}
        case DepositSpent(amount=amount) | DepositReversed("spend", amount=amount):
            sign = 1 if isinstance(event, DepositSpent) else -1
            measures = {"balance": -sign * amount, "spent": sign * amount}
        case _:
            return
    yield Change(recorded.key, event.dealer or "", event.currency, **measures)


view = View(
    name="deposits",
    kinds=frozenset({"member"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("member",), ("dealer",)),
    scope={"dealer": "dealer"},
)
figure = Figure(
    "deposits",
    "/deposits",
    view,
    "What each member has paid in ahead, and what is left of it.",
    key=("member", "currency"),
    days=True,
)
