"""The checks after the storm, against a ledger kept outside and figures made by other means."""

from collections import Counter, defaultdict
from typing import Any

from commands import Command
from infra import cloudevents
from infra.broker import Partition, partition_of
from infra.events import GENESIS, Recorded, verify
from services.bootstrap import PROCESSES
from services.workers.react import Reaction, _request
from simulation import deadlines
from simulation.agreed import adjusted, within_limits
from simulation.costs import worth
from simulation.deals import dated
from simulation.decisions import decided, lines, snapshots, waiting
from simulation.decode import Decoded, decode
from simulation.features import skips
from simulation.figures import closed, dealt, moved, projected, under_way
from simulation.lots import lotted
from simulation.members import earned
from simulation.mentioned import mentioned
from simulation.notices import noticed
from simulation.recorded import recorded
from simulation.shelf import shelved
from simulation.sight import FOLDS, PLAIN
from simulation.signatures import approved
from simulation.world import World


def judge(world: World) -> None:
    rows = world.ground.look("SELECT * FROM log_events ORDER BY position")
    events = [Recorded(*row) for row in rows]
    decoded = [(event, decode(event)) for event in events]
    world.violations += [
        *accepted(world, decoded),
        *ordered(events),
        *published(world, events),
        *[each for view in PLAIN for each in projected(world, view, decoded)],
        *[each for record in FOLDS for each in recorded(world, record, decoded)],
        *mentioned(world, decoded),
        *moved(world, decoded),
        *under_way(world, decoded),
        *dealt(world, decoded),
        *claimed(world, len(events)),
        *reacted(world, len(events)),
        *deadlines.timely(world, decoded),
        *deadlines.kept(world, decoded),
        *deadlines.ended(world, decoded),
        *world.watch.hearing.everything(),
        *decided(world, decoded),
        *snapshots(world, decoded),
        *waiting(world, decoded),
        *approved(world, decoded),
        *adjusted(decoded),
        *within_limits(decoded),
        *noticed(world, decoded),
        *lines(decoded),
        *closed(world, len(events)),
        *earned(decoded),
        *dated(events),
        *shelved(world.client.ledger, decoded),
        *lotted(decoded),
        *worth(decoded),
    ]


def accepted(world: World, events: Decoded) -> list[str]:
    """(a) What was accepted is in the store, once; nothing else is."""
    found = []
    stored: dict[str, list[tuple[int, str]]] = defaultdict(list)
    reactions = {"heritage"}
    for event, content in events:
        stored[event.command_id].append((event.position, event.type))
        reactions |= asked_for(event, content)
    reactions |= deadlines.keys(world.ground, events).keys()
    for one in world.client.ledger:
        if one.answer is None:
            found.append(f"(a) {one.request.key} has no outcome")
            continue
        told = [(written.position, written.type) for written in one.answer.events]
        own = stored.pop(one.request.key, [])
        if one.answer.repeated and not own:  # recorded before, by what the answer names
            own = [(at, name) for at, name in told if events[at - 1][0].type == name]
        if told != own:
            found.append(f"(a) {one.request.key}: the answer and the store differ")
    if skips(world.features):
        reactions |= {key for key in stored if key.startswith(("skip:", "restore:"))}
    return found + [f"(a) nobody asked for {key}" for key in stored.keys() - reactions]


def asked_for(event: Recorded, content: Any) -> set[str]:
    """The keys of what processes ask because of an event, at once."""
    return {
        _request(process, Reaction(event, number, wanted)).key
        for process in PROCESSES
        if event.type in process.hears
        for number, wanted in enumerate(process.wants(event, content))
        if isinstance(wanted, Command)
    }


def ordered(events: list[Recorded]) -> list[str]:
    """(b) Positions and versions without a gap, digests chained, the clock never back."""
    found, digest, clock = [], GENESIS, 0
    versions: Counter[str] = Counter()
    for number, event in enumerate(events, 1):
        versions[event.stream] += 1
        if event.position != number:
            found.append(f"(b) position {event.position} stands at {number}")
        if event.version != versions[event.stream]:
            found.append(f"(b) {event.stream} has version {event.version} out of turn")
        if event.recorded_at < clock:
            found.append(f"(b) {event.position} was recorded before what precedes it")
        if not verify(digest, "main", event):
            found.append(f"(b) the digest of {event.position} does not follow")
        digest, clock = event.digest, event.recorded_at
    return found


def published(world: World, events: list[Recorded]) -> list[str]:
    """(c) and (d) A reader of each partition gets its events, each once, in order."""
    wanted: dict[Partition, list[Recorded]] = defaultdict(list)
    for event in events:
        topic = f"t.{event.kind}"
        number = partition_of(event.stream, world.broker.counts[topic])
        wanted[Partition(topic, number)].append(event)
    return [
        f"(c) {place} does not give its events"
        for place in wanted.keys() | world.broker.kept.keys()
        if _readable(world, place) != wanted[place]
    ]


def _readable(world: World, place: Partition) -> list[Recorded]:
    read: list[Recorded] = []
    for record in world.broker.kept[place]:
        got = cloudevents.received(record)
        if got.previous <= (read[-1].position if read else 0) < got.event.position:
            read.append(got.event)
    return read


def reacted(world: World, head: int) -> list[str]:
    """(p) Once the build is mended nothing waits for a process, and it has heard everything."""
    waiting = world.ground.look("SELECT process, stream, position, error FROM process_parked")
    reached = world.watch.hearing.reached if "orders" in world.features else {}
    behind = [f"(p) {name} stands at {at} of {head}" for name, at in reached.items() if at != head]
    return [f"(p) still parked: {row}" for row in waiting] + behind


def claimed(world: World, head: int) -> list[str]:
    """(g) Everything has arrived, and the views know it."""
    claims = world.claims().items()
    return [f"(g) {name} is complete to {at} of {head}" for name, at in claims if at != head]
