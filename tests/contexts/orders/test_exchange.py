"""An exchange moves goods once, however often it is asked."""

import hypothesis.strategies as st
from hypothesis import given
from laws import quick
from orders import ONE_EACH, a_world, draft, give_back, held, ship, submit

from aggregates import ReferenceTaken
from aggregates.orders.order import OrderExchanged, SalesOrder
from commands.orders.exchange import ExchangeOrder
from commands.orders.order import ApproveOrder, Line, LinePart

few = st.integers(1, 3)


@quick
@given(back=few, out=few, times=few)
def test_an_exchange_never_doubles(back: int, out: int, times: int) -> None:
    world = a_world("retailer")
    world.ask(draft, submit, ApproveOrder(id="O1"), ship)
    exchange = ExchangeOrder(
        id="O1",
        exchange="X",
        lines=(LinePart(line=1, quantity=back),),
        replacement=(Line(item="I2", quantity=out),),
        reason="wrong size",
    )
    for _ in range(times):
        world.ask(exchange)
    order: SalesOrder = world.load(SalesOrder, "O1")
    replacement: SalesOrder = world.load(SalesOrder, "O1-X")
    assert (order.returned, replacement.shipped) == ((back, 0), (out,))
    assert held(world, "W1:I1") == (10 - 3 + back, 0)
    assert held(world, "W1:I2") == (10 - 2 - out, 0)
    told: OrderExchanged = world.load.event(SalesOrder, "O1", "exchanged:X")
    assert told.difference == out * 333 - back * 1000


def test_what_came_back_for_itself_is_no_exchange() -> None:
    world = a_world("retailer")
    world.ask(draft, submit, ApproveOrder(id="O1"), ship, give_back)
    told = {"exchange": "R1", "lines": ONE_EACH, "reason": "damaged"}
    again = ExchangeOrder(id="O1", **told, replacement=(Line(item="I2", quantity=1),))
    world.refuses(again, ReferenceTaken)
