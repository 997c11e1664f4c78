"""What can be wrong with Kafka and what it holds of the log; no topic is made, nothing is sent."""

import socket
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from infra import cloudevents
from infra.broker import Partition, PartitionReader
from projections.engine import progress
from projections.engine.progress import LOG
from services.bootstrap import Platform
from services.commandline.checks import CheckFinding, fail, ok, warn

CONNECT = 3.0
LOOK_BACK = 16
"""So many records before the end of a partition are looked at: the last may be another log's, or
an older one sent again after a hole."""
RESTART = "start the publisher anew: it compares, and sends again what is missing"
REMADE = "start the publisher anew: it makes them, and sends again what they held"
DELETE = (
    "stop the workers, delete those topics, set DISTRIBUTARY_PARTITIONS to what they had, start"
)


class Last(NamedTuple):
    """The furthest event of our log that the end of a partition holds."""

    position: int
    id: str


def broker(platform: Platform) -> CheckFinding:
    addresses = (platform.settings.kafka or "").split(",")
    faults = [fault for address in addresses if (fault := _fault(address))]
    if len(faults) == len(addresses):
        return fail("; ".join(faults), "start Kafka, or correct DISTRIBUTARY_KAFKA")
    if faults:
        return warn("; ".join(faults), "start that broker, or take it from DISTRIBUTARY_KAFKA")
    return ok(f"{platform.settings.kafka} answers")


def _fault(address: str) -> str | None:
    host, _, port = address.strip().rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), CONNECT):
            return None
    except ValueError:
        return f"{address} is no host:port"
    except OSError as error:
        return f"{address} does not answer ({error.strerror or error})"


def topics(platform: Platform) -> CheckFinding:
    """A stream's partition is found by their number: it must never change."""
    names = platform.topic_names()
    there = platform.broker("doctor").described(names)
    with platform.database.read() as connection:
        marked = progress.partitions(connection, platform.store.log)
    if gone := [name for name in names if name in marked and name not in there]:
        return fail(f"gone: {', '.join(gone)}", REMADE)
    changed = [name for name, count in marked.items() if there.get(name, count) != count]
    if changed:
        said = ", ".join(f"{name} has {there[name]}, not {marked[name]}" for name in changed)
        return fail(f"partitions: {said}", DELETE)
    if missing := [name for name in names if name not in there]:
        return warn(f"missing: {', '.join(missing)}", "start the publisher: it makes them")
    wanted = platform.settings.partitions
    if other := {name: count for name, count in there.items() if count != wanted}:
        said = ", ".join(f"{name} has {count}" for name, count in sorted(other.items()))
        return warn(f"partitions: {said}, not {wanted}", "set DISTRIBUTARY_PARTITIONS to that")
    return ok(f"{len(names)} topics of {wanted} partitions")


def records(platform: Platform) -> CheckFinding:
    """The marks are read first and the log last: a publisher at work makes no difference."""
    log = platform.store.log
    with platform.database.read() as connection:
        marks = {at: mark.position for at, mark in progress.published(connection, log).items()}
    marks.pop(LOG, None)
    last = _ends(platform, [at for at, position in marks.items() if position])
    lost = [at for at, position in marks.items() if position and _position(last, at) < position]
    if lost:
        said = ", ".join(f"{at.topic}/{at.number} ends at {_position(last, at)}" for at in lost)
        return fail(f"acknowledged once and gone: {said}", RESTART)
    return _compared(platform, last)


def _position(last: Mapping[Partition, Last], at: Partition) -> int:
    return last[at].position if at in last else 0


def _compared(platform: Platform, last: Mapping[Partition, Last]) -> CheckFinding:
    """The publisher would refuse to start upon another history."""
    ids = {one.position: one.id for one in last.values()}
    with platform.database.read() as connection:
        head = platform.store.head(connection).position
        events = platform.store.at(connection, list(ids))
    if max(ids, default=0) > head:
        return fail(
            f"Kafka has position {max(ids)}, the log ends at {head}",
            "restore the log to a later moment, before the API takes commands",
        )
    if forked := [event.position for event in events if event.id != ids[event.position]]:
        return fail(
            f"position {forked[0]} is another event in Kafka than in the log",
            "stop the API, and restore the log to the last moment before the fault",
        )
    return ok(f"{len(last)} partitions end as the publisher marked them, or later")


def _ends(platform: Platform, partitions: Sequence[Partition]) -> dict[Partition, Last]:
    tail = platform.broker("doctor").tail()
    try:
        ends = tail.ends(partitions)
        found = {at: _last(tail, at, ends[at], platform.store.log) for at in partitions}
    finally:
        tail.close()
    return {at: last for at, last in found.items() if last is not None}


def _last(tail: PartitionReader, at: Partition, ends: tuple[int, int], log: str) -> Last | None:
    first, end = ends
    start = max(first, end - LOOK_BACK)
    ours = cloudevents.of_log(tail.read(at, start, end) if start < end else (), log)
    return max((Last(one.event.position, one.event.id) for one in ours), default=None)
