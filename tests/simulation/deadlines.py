"""The check of deadlines: never early, in effect once, none lost, none after it was forgotten."""

from collections.abc import Iterator
from itertools import starmap
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid5

import msgspec

from aggregates.orders.order import SalesOrder
from infra.clock import micros
from infra.events import Recorded
from infra.requests import Outcome
from services.bootstrap import PROCESSES
from services.processes import Cancel, Process, Schedule
from services.workers.react import KEYS
from services.workers.rearm import rearm
from simulation.decode import Decoded, decode
from simulation.ground import Ground
from simulation.words import skipped

if TYPE_CHECKING:
    from simulation.world import World

ROWS = "SELECT purpose, subject, due, position FROM process_deadlines WHERE process = ?"
OUTCOME = "SELECT outcome FROM log_keys WHERE key = ?"
TIMED = tuple(process for process in PROCESSES if process.purposes)
LONGEST = 60
"""Seconds that an order waits, or its goods are held, at most."""
Pending = dict[tuple[str, str], tuple[int, int]]
"""By purpose and subject, when it is due and the position of the event that scheduled it."""


class Armed(NamedTuple):
    """A deadline that was set, once."""

    process: str
    purpose: str
    subject: str
    due: int
    position: int


def expected(process: Process, events: Decoded, out: set[int]) -> tuple[Pending, list[Armed]]:
    """What is pending by the log alone if nothing was asked, and all that ever was set."""
    pending, every = Pending(), list[Armed]()
    for event, content in events:
        if event.type in process.hears and event.position not in out:
            for wanted in process.wants(event, content):
                if isinstance(wanted, Schedule):
                    name, due = (wanted.purpose, wanted.subject), micros(wanted.at)
                    pending[name] = due, event.position
                    every.append(Armed(process.name, *name, due, event.position))
                elif isinstance(wanted, Cancel):
                    pending.pop((wanted.purpose, wanted.subject), None)
    return pending, every


def chain(ground: Ground, one: Armed) -> Iterator[tuple[str, int | None]]:
    """The keys under which it may have been asked, each with where the log was when it took
    effect: the first, and those that follow what took effect before it was set.
    """
    key = str(uuid5(KEYS, f"{one.process}:{one.purpose}:{one.subject}:{one.due}"))
    before = -1
    while True:
        at = _answered(ground, key)
        yield key, at
        if at is None or not before < at < one.position:
            return
        key, before = str(uuid5(KEYS, f"{key}:{at}")), at


def keys(ground: Ground, events: Decoded) -> dict[str, int]:
    """All keys under which deadlines may have been asked, each with when it was due."""
    every = (one for process in TIMED for one in expected(process, events, set())[1])
    return {key: one.due for one in every for key, _ in chain(ground, one)}


def timely(world: "World", events: Decoded) -> Iterator[str]:
    """(d) Nothing is asked before its instant, by the clock of the log."""
    asked = keys(world.ground, events)
    for event, _ in events:
        if event.recorded_at < asked.get(event.command_id, 0):
            yield f"(d) {event.position} was asked before it was due"


def read(ground: Ground) -> Decoded:
    rows = ground.look("SELECT * FROM log_events ORDER BY position")
    return [(event, decode(event)) for event in starmap(Recorded, rows)]


def kept(world: "World", events: Decoded) -> Iterator[str]:
    """(d) Once everybody is up to date, what is not due waits, and nothing waits that the log does
    not know. Made anew from the log the rows are the same, but for what is due and would change
    nothing: it was never asked.
    """
    now = world.clock.highest  # what was due by a clock that has fallen back since was asked
    for process in TIMED if "orders" in world.features else ():
        rows = _rows(world.ground, process)
        out = skipped(world.ground, process.name)
        pending = expected(process, events, out)[0]
        ahead = {name: one for name, one in pending.items() if one[0] > now}
        lost, strange = ahead.items() - rows.items(), rows.items() - pending.items()
        if not out and (lost or strange):
            yield f"(d) {process.name} has lost {sorted(lost)}, and has {sorted(strange)}"
        rearm(world.recorder(), world.codec, process)
        made = _rows(world.ground, process)
        for name, (due, position) in made.items() - rows.items():
            *_, (_, at) = chain(world.ground, Armed(process.name, *name, due, position))
            if due > now or at is not None:
                yield f"(d) {name} of {process.name} is pending again, though it was asked"
        if rows.items() - made.items():
            yield f"(d) {process.name} made anew lacks {sorted(rows.items() - made.items())}"


def _rows(ground: Ground, process: Process) -> Pending:
    rows = ground.look(ROWS, process.name)
    return {(purpose, subject): (due, position) for purpose, subject, due, position in rows}


def _answered(ground: Ground, key: str) -> int | None:
    rows = ground.look(OUTCOME, key)
    return msgspec.json.decode(rows[0][0], type=Outcome).position if rows else None


def ended(world: "World", events: Decoded) -> Iterator[str]:
    """(d) After the longest time no order holds its goods, or waits, for longer than it was to."""
    over = {"OrderShipped", "OrderCancelled", "OrderReservationLapsed"}
    held: dict[str, int] = {}
    waits: dict[str, dict[str, int | None]] = {}
    for event, content in events:
        if event.type == "OrderApproved" and content.hold_until is not None:
            held[event.stream] = micros(content.hold_until)
        elif event.type in over:
            held.pop(event.stream, None)
        elif event.type == "BacklogJoined":
            until = content.until and micros(content.until)
            waits.setdefault(content.order, {})[event.stream] = until
        elif event.type == "BacklogLeft":
            waits.get(content.order, {}).pop(event.stream, None)
    for stream, due in held.items():
        if due < world.clock.at and not skipped(world.ground, "reservations"):
            yield f"(d) {stream} holds its goods for longer than it was to"
    if skipped(world.ground, "backorders"):
        return
    status = {order: _status(events, order) for order, places in waits.items() if places}
    for order, places in waits.items():
        past = [until is not None and until < world.clock.at for until in places.values()]
        if past and all(past) and status[order] == "submitted":
            yield f"(d) {order} waits for longer than it was to"


def _status(events: Decoded, order: str) -> str:
    own = (content for event, content in events if event.stream == f"order-{order}")
    return SalesOrder.after(own).status
