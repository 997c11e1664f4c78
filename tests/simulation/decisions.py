"""Checks of what was decided: each command again, on the states as the events alone make them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import msgspec

from aggregates import Aggregate, Refused
from aggregates.orders.backlog import Backlog
from aggregates.orders.order import PROMISED
from commands.inventory.stock import CountStock
from infra.clock import instant
from infra.requests import Outcome
from services.bootstrap import AGGREGATES
from simulation import trade
from simulation.client import Submitted
from simulation.decode import Decoded
from simulation.words import skipped
from simulation.world import World

KINDS: dict[str, type[Aggregate]] = {aggregate.kind: aggregate for aggregate in AGGREGATES}


def decided(world: World, events: Decoded) -> list[str]:
    """(m) Asked again one by one, in order, each command is decided in the same way.

    What is told with a date of its own is held to it by (w).
    """
    asked: dict[int, list[Submitted]] = defaultdict(list)
    wrote = {event.command_id for event, _ in events}
    for one in world.client.ledger:
        if one.request.command.occurred_at is not None or isinstance(
            one.request.command, CountStock
        ):
            continue
        if one.answer is not None and (one.request.key in wrote or not one.answer.events):
            asked[_before(one.answer)].append(one)
    states, under = dict[str, Any](), dict[tuple[str, str], Any]()
    found = []
    for position in range(len(events) + 1):
        at = events[min(position, len(events) - 1)][0].recorded_at
        for one in asked[position]:
            again = _decide(one, states, under, at)
            wanted = events[position : position + len(again)]
            same = again == [(event.stream, content) for event, content in wanted]
            if not same or len(again) != len(one.answer.events if one.answer else ()):
                found.append(f"(m) {one.request.key} was decided otherwise at {position}")
        if position < len(events):
            event, content = events[position]
            state = states.get(event.stream) or KINDS[event.kind]()
            states[event.stream] = state.fold(content)
            if reference := content.recorded_under():
                under[event.stream, reference] = content
    return found


def _before(answer: Outcome) -> int:
    return answer.position - len(answer.events)


class Seen:
    """What a command sees: states and events as they were, and what it has yielded itself."""

    def __init__(
        self,
        known: dict[str, Any],
        under: dict[tuple[str, str], Any],
        actor: str,
        now: datetime,
    ) -> None:
        self.known = known
        self.under = under
        self.actor = actor
        self.now = now
        self.states: dict[str, Any] = {}

    def __call__(self, kind: Any, id: str) -> Any:
        name = kind.stream(id)
        return self.states.get(name) or self.known.get(name) or kind()

    def event(self, kind: Any, id: str, reference: str) -> Any:
        return self.under.get((kind.stream(id), reference))

    def remember(self, _: Hashable, make: Callable[["Seen"], Any]) -> Any:
        return make(self)

    def latest(self, *_: object) -> datetime:
        return datetime.max.replace(tzinfo=UTC)

    def naming(self, *_: object) -> tuple[str, ...]:
        """Nothing names a customer yet when its first limit is set."""
        return ()

    def prefetch(self, kind: type[Any], ids: Iterable[str]) -> None:
        """Everything is at hand."""


def _decide(
    one: Submitted, known: dict[str, Any], under: dict[tuple[str, str], Any], at: int
) -> list[tuple[str, Any]]:
    load, decided = Seen(known, under, one.request.actor, instant(at)), []
    try:
        for name, event in one.request.command.across(load, load.now):
            kind = KINDS[name.partition("-")[0]]
            load.states[name] = load(kind, name.partition("-")[2]).fold(event)
            decided.append((name, event))
    except Refused:
        return []
    return decided


def snapshots(world: World, events: Decoded) -> list[str]:
    """(s) A snapshot is the state that its stream's events fold into, up to its version."""
    found = []
    for stream, version, _, data, _ in world.ground.look("SELECT * FROM log_snapshots"):
        kind = KINDS[stream.partition("-")[0]]
        own = [content for event, content in events if event.stream == stream][:version]
        if msgspec.json.decode(data, type=kind) != kind.after(own):
            found.append(f"(s) the snapshot of {stream} at {version} is another state")
    return found


def waiting(world: World, events: Decoded) -> list[str]:
    """(h) Nobody is promised what is not there, and no order waits for goods that are, unless
    the process was to leave out what would have served it.
    """
    unheard = skipped(world.ground, "backorders")
    states: dict[str, Any] = {}
    for event, content in events:
        state = states.get(event.stream) or KINDS[event.kind]()
        states[event.stream] = state.fold(content)
    found, approved = [], Counter(e.stream for e, _ in events if e.type == "OrderApproved")
    approved.subtract(e.stream for e, _ in events if e.type == "OrderReservationLapsed")
    for stream, state in states.items():
        kind, _, place = stream.partition("-")
        if kind == "order" and approved[stream] > 1:
            found.append(f"(h) {stream} was approved {approved[stream]} times")
        if kind == "order" and state.status in PROMISED and not _promised(states, place, state):
            found.append(f"(h) {stream} is approved and does not hold exactly what is open on it")
        if kind == "stock" and state.available < 0 and place[0] in trade.LOCATIONS:
            found.append(f"(h) more of {place} is promised than is there")
        if kind == "backlog" and not unheard:
            idle = [one for one in state.waiting if _ready(states, one)]
            found += [f"(h) {one} waits for goods that are there" for one in idle]
    return found


def lines(events: Decoded) -> list[str]:
    """(h) Who leaves one line leaves all of them, but where the order is another by now."""
    found, states = [], dict[str, Any]()
    own = (pair for pair in events if pair[0].kind == "backlog")
    for key, told in groupby(own, lambda pair: pair[0].command_id):
        left = set()
        for event, content in told:
            states[event.stream] = states.get(event.stream, Backlog()).fold(content)
            if event.type == "BacklogLeft" and content.reason != "gone":
                left.add(content.order)
        found += [
            f"(h) {order} left by {key} and still waits in {stream}"
            for stream, state in states.items()
            for order in left & state.waiting.keys()
        ]
    return found


def _ready(states: dict[str, Any], name: str) -> bool:
    order = states[f"order-{name}"]
    lines: Counter[str] = Counter()
    for line in order.lines:
        lines[line.item] += line.quantity
    there = [_reach(states, order, item, name) >= lines[item] for item in lines]
    return order.status == "submitted" and all(there)


def _reach(states: dict[str, Any], order: Any, item: str, name: str) -> int:
    stock = states.get(f"stock-{order.known().warehouse}:{item}")
    return stock.available + stock.orders.get(name, 0) if stock else 0


def _promised(states: dict[str, Any], name: str, order: Any) -> bool:
    where = order.known().warehouse
    held = {
        stream: state.orders.get(name, 0)
        for stream, state in states.items()
        if stream.startswith(f"stock-{where}:")
    }
    due = {f"stock-{where}:{line.item}": order.due(where, line.item) for line in order.lines}
    return {stream: n for stream, n in held.items() if n} == {s: n for s, n in due.items() if n}
