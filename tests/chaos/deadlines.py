"""Whether what was due while everything was killed happened: in its time, once, and all of it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from end_to_end.oracle import Finding, doubled, lost, wrong

from chaos.world import World
from infra.clock import micros
from infra.events import Recorded
from services.bootstrap import SCHEDULING
from services.processes import deadlines, holds

ENDS = {"OrderShipped", "OrderCancelled"}


def release(world: World) -> Iterator[str]:
    """As an operator would: a process that was killed before its first look may be held, as a new
    one on an old log is. Answers which were.
    """
    platform = world.company.platform
    own = platform.store.log
    with platform.database.write() as connection:
        now = platform.database.now(connection)
        for name in SCHEDULING:
            hold = holds.of(connection, name, own)
            if hold is not None and hold.held:
                holds.release(connection, name, own, now)
                yield name


def outstanding(world: World) -> Iterator[Finding]:
    """What should have happened by now, and what is still to happen: while there is any, the log
    grows, and cannot be compared with what was made of it.
    """
    platform = world.company.platform
    with platform.database.read() as connection:
        now = platform.database.now(connection)
        for name in SCHEDULING:
            found = deadlines.counts(connection, name, platform.store.log, now)
            if found.failed:
                yield wrong(f"{name} could not ask {found.failed} deadlines")
            if found.due:
                yield lost(f"{name} has {found.due} deadlines that are due")
            if ahead := found.pending - found.due:
                yield wrong(f"{name} has {ahead} deadlines that are still to come")


def lapsed(
    log: Iterable[Recorded], content: Callable[[Recorded], Any], now: int
) -> Iterator[Finding]:
    """Goods that are held for an order are let go once: not before, and not much later."""
    held: dict[str, int] = {}
    for event in log:
        if event.type == "OrderApproved":
            until = content(event).hold_until
            if until is not None:
                held[event.stream] = micros(until)
        elif event.type in ENDS:
            held.pop(event.stream, None)
        elif event.type == "OrderReservationLapsed":
            due = held.pop(event.stream, None)
            if due is None:
                yield doubled(f"{event.stream} lapsed at {event.position}, and held nothing")
            elif event.recorded_at < due:
                yield wrong(f"{event.stream} lapsed at {event.position}, before it was due")
    for stream, due in held.items():
        if due <= now:
            yield lost(f"{stream} holds its goods for longer than it was to")
