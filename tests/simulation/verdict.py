"""The checks after the storm, against a ledger kept outside and figures counted by hand."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, func, select

from aggregates.stock import Stock
from infra import cloudevents
from infra.broker import Partition, partition_of
from infra.events import GENESIS, Recorded, verify
from infra.requests import Outcome
from projections import dealer_stock, progress
from services.workers.publish import Publisher
from simulation.world import TOPICS, VIEWS, World

SIGNS = {
    "StockReceived": 1,
    "StockIssued": -1,
    "StockDispatched": -1,
    "StockReserved": 0,
    "StockExpected": 0,
}


def judge(world: World) -> None:
    publisher = world.publishers[0]
    assert publisher is not None
    with publisher.store.database.read() as connection:
        events = publisher.store.read(connection, 0, 1_000_000)
        found = [
            *accepted(world, events),
            *ordered(events),
            *published(world, events),
            *projected(connection, events),
            *complete(connection, publisher),
        ]
    world.violations += found


def accepted(world: World, events: list[Recorded]) -> list[str]:
    """(a) What was accepted is in the store, once; nothing else is."""
    found = []
    stored: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for event in events:
        stored[event.command_id].append((event.position, event.type))
    for one in world.ledger:
        answer = one.answer
        if not isinstance(answer, Outcome):
            found.append(f"(a) {one.request.key} has no outcome: {answer!r}")
            continue
        told = [(written.position, written.type) for written in answer.events]
        if told != stored.pop(one.request.key, []):
            found.append(f"(a) {one.request.key}: the answer and the store differ")
    return found + [f"(a) nobody asked for {key}" for key in stored]


def ordered(events: list[Recorded]) -> list[str]:
    """(b) Positions and versions without a gap, digests chained."""
    found, digest = [], GENESIS
    versions: Counter[str] = Counter()
    for number, event in enumerate(events, 1):
        versions[event.stream] += 1
        if event.position != number:
            found.append(f"(b) position {event.position} stands at {number}")
        if event.version != versions[event.stream]:
            found.append(f"(b) {event.stream} has version {event.version} out of turn")
        if not verify(digest, "main", event):
            found.append(f"(b) the digest of {event.position} does not follow")
        digest = event.digest
    return found


def published(world: World, events: list[Recorded]) -> list[str]:
    """(c) and (d) A reader of each partition gets its events, each once, in order."""
    found = []
    for topic in TOPICS:
        for number in range(world.broker.counts[topic]):
            place = Partition(topic, number)
            wanted = [event for event in events if _place(world, event) == place]
            if _readable(world, place) != wanted:
                found.append(f"(c) {place} does not give its events")
    return found


def _place(world: World, event: Recorded) -> Partition:
    topic = f"t.{event.kind}"
    return Partition(topic, partition_of(event.stream, world.broker.counts[topic]))


def _readable(world: World, place: Partition) -> list[Recorded]:
    read: list[Recorded] = []
    for record in world.broker.kept[place]:
        got = cloudevents.received(record.key, record.value, record.headers)
        if got.previous <= (read[-1].position if read else 0) < got.event.position:
            read.append(got.event)
    return read


def projected(connection: Connection, events: list[Recorded]) -> list[str]:
    """(e) and (f) Every event is in the ledger once, and the totals are what was moved."""
    ledger, totals, _ = dealer_stock.view.tables(1)
    entered = connection.execute(select(ledger.c.position).order_by(ledger.c.position)).scalars()
    found = []
    if list(entered) != [event.position for event in events]:
        found.append("(e) the ledger does not have each event once")
    on_hand: Counter[tuple[str, str]] = Counter()
    for event in events:
        on_hand[Stock.parts(event.stream)] += _moved(event)
    query = select(totals.c.location, totals.c.item, func.sum(totals.c.on_hand))
    shown = {(r[0], r[1]): r[2] for r in connection.execute(query.group_by("location", "item"))}
    if any(shown.get(key, 0) != on_hand[key] for key in {*shown, *on_hand}):
        found.append("(f) stock on hand is not what was moved")
    return found


def _moved(event: Recorded) -> int:
    import json

    data: dict[str, Any] = json.loads(event.data)
    return SIGNS[event.type] * int(data["quantity"])


def complete(connection: Connection, publisher: Publisher) -> list[str]:
    """(g) Everything has arrived, and the views know it."""
    head = publisher.store.head(connection).position
    return [
        f"(g) {view.name} is complete to {at} of {head}"
        for view in VIEWS
        if (at := progress.complete(connection, view, 1, "main")) != head
    ]
