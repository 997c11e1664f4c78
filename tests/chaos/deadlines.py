"""Whether what was due while everything was killed happened: in its time, once, and all of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from end_to_end.oracle import Finding, doubled, lost, wrong

from chaos.world import World
from infra.clock import micros
from infra.events import Recorded
from services.bootstrap import SCHEDULING
from services.processes import deadlines, holds


class Timed(NamedTuple):
    """What happens by itself, at the instant that a field of what began it says."""

    happens: str
    begins: Mapping[str, str]
    """The field, by the event."""
    ends: Set[str]


LAPSES = Timed(
    "OrderReservationLapsed", {"OrderApproved": "hold_until"}, {"OrderShipped", "OrderCancelled"}
)
OVERDUE = Timed(
    "TaskOverdue",
    {"TaskCreated": "due", "TaskRescheduled": "due"},
    {"TaskCompleted", "TaskCancelled"},
)


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


def happened(
    kind: Timed, log: Iterable[Recorded], content: Callable[[Recorded], Any], now: int
) -> Iterator[Finding]:
    """What is due happens once: not before, not where it was ended, and not much later."""
    waits: dict[str, int] = {}
    for event in log:
        if event.type in kind.begins:
            until = getattr(content(event), kind.begins[event.type])
            if until is not None:
                waits[event.stream] = micros(until)
        elif event.type in kind.ends:
            waits.pop(event.stream, None)
        elif event.type == kind.happens:
            due = waits.pop(event.stream, None)
            what = f"{kind.happens} of {event.stream} at {event.position}"
            if due is None:
                yield doubled(f"{what}, and nothing was due")
            elif event.recorded_at < due:
                yield wrong(f"{what}, before it was due")
    for stream, due in waits.items():
        if due <= now:
            yield lost(f"{kind.happens} of {stream} was due, and did not come")
