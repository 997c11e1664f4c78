"""Orders of twenty lines, from draft to approved; against who does it by hand, or only writes."""

from collections.abc import Mapping

from services.bootstrap import request
from tests.performance import order_trade
from tests.performance.append import Bare, by_clients
from tests.performance.orders_by_hand import EVENTS, OrdersByHand
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import Stage


def rows(stage: Stage) -> Mapping[str, Figure]:
    """Priced by a list with breaks and two rules, within a credit limit, its goods held."""
    platform = stage.platform()
    for one in order_trade.company():
        outcome = platform.executor.execute(request(one, "bench"))
        assert outcome.refusal is None, outcome.message
    seconds, rounds = stage.scale.seconds, stage.scale.rounds
    ours = by_clients(platform, seconds, order_trade.order, lambda one: len(one.events))
    ours()
    by_hand = OrdersByHand(stage.database(), platform)
    bare = Bare(stage.database(), platform, EVENTS)
    return {
        "order": in_turns(ours, by_hand.round, rounds, "events/s"),
        "order_limit": in_turns(ours, bare.round, rounds, "events/s"),
    }
