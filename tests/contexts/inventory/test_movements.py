"""Whatever moves a stock is of one kind, and the sums of all kinds are what is on hand."""

from types import SimpleNamespace
from typing import Any, cast

import hypothesis.strategies as st
from contexts.inventory.test_stock_laws import facts, moves
from hypothesis import given
from laws import asked, names, quick, try_out
from scenario import NOON, World

from aggregates.inventory.stock import Stock
from commands import Command
from commands.inventory.movement import CancelMovement, MovementLine, PostMovement
from commands.inventory.stock_corrections import ReverseMovement
from projections.inventory.stock_movements import rows

documents = asked(
    PostMovement,
    id=names,
    movement=st.sampled_from(["purchase_receipt", "promotion", "production_issue", "adjustment"]),
    location=st.sampled_from(["W1", "W2"]),
    lines=st.lists(st.integers(1, 9), min_size=1, max_size=2).map(
        lambda many: tuple(MovementLine(item="I1", quantity=one) for one in many)
    ),
)
undone = asked(CancelMovement, id=names, reason=st.just("x")) | asked(
    ReverseMovement,
    location=st.sampled_from(["W1", "W2"]),
    item=st.just("I1"),
    document=st.sampled_from(["received", "issued", "adjusted", "counted"]),
    reference=names,
    reason=st.just("x"),
)


@quick
@given(st.lists(moves | facts | documents | undone, min_size=10, max_size=50))
def test_the_kinds_sum_to_what_is_on_hand(asks: list[Command]) -> None:
    world = World()
    for command in asks:
        try_out(world, command, NOON)
    for stream, events in world.streams.items():
        state = world.states.get(stream)
        if isinstance(state, Stock):
            header = cast("Any", SimpleNamespace(stream=stream))
            found = [change for event in events for change in rows(header, event)]
            assert sum(one.quantity for one in found) == state.on_hand
            assert sum(one.came_in - one.went_out for one in found) == state.on_hand
