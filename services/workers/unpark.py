"""What an operator asks of parked streams: to see them, try again, skip on record, or restore.

What is skipped stays out of the view, and of every view made anew, until it is restored: then it
comes in, in the order of its stream. So it is with processes, by the same words.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from aggregates.operations.exclusion import Exclusion, StreamRestored
from commands import Command
from commands.operations.exclusion import MOST, RestoreSkipped, SkipParked
from infra.clock import iso
from infra.log import Log
from infra.requests import KeyReused
from infra.store import Store
from projections.engine import Projection, generations
from projections.engine import parking as view_parking
from projections.engine.parking import ParkedStreamKey, WaitingEvent
from services.bootstrap import PROCESSES, READ, Platform, request
from services.processes import Process, parking
from services.workers.drive import ProcessRunner
from services.workers.exclusions import excluded, latest_exclusions
from services.workers.replayer import Replayer, ReplayResult

Reader = Projection | Process
"""Whoever reads the log and can park a stream of it."""


class NotParked(LookupError):
    """Nothing of that stream, or not that event, is parked there."""


class NotSkipped(LookupError):
    """Nothing of that stream, or not that event, was skipped there."""


class Skip(NamedTuple):
    """What to leave out, or take in again: one event, by its position, or else the first; or all
    of them.
    """

    stream: str
    reason: str
    position: int | None = None
    every: bool = False


def readers() -> dict[str, Reader]:
    """All that can park, by name; no process has the name of a view."""
    every: list[Reader] = [*READ, *PROCESSES]
    return {one.name: one for one in every}


def waiting(
    store: Store,
    connection: Connection,
    reader: Reader,
    stream: str,
    after: int = 0,
    limit: int | None = None,
) -> list[WaitingEvent]:
    """The events of a stream that wait for a process, or in the generation that answers."""
    if isinstance(reader, Process):
        return parking.waiting(connection, reader.name, store.log, stream, after, limit)
    number = generations.generation(connection, reader.name)
    bay = ParkedStreamKey(reader.name, number, store.log, stream)
    return view_parking.waiting(connection, bay, after, limit)


def look(
    platform: Platform,
    connection: Connection,
    reader: Reader,
    stream: str,
    after: int,
    limit: int,
) -> list[dict[str, Any]]:
    """The events that wait, with why, and with their data as stored."""
    found = waiting(platform.store, connection, reader, stream, after, limit)
    events = platform.store.at(connection, [one.position for one in found])
    data = {event.position: msgspec.Raw(event.data) for event in events}
    return [
        {
            "position": one.position,
            "type": one.type,
            "error": one.error,
            "parked_at": iso(one.parked_at),
            "data": data.get(one.position, msgspec.Raw(b"null")),
        }
        for one in found
    ]


def retry(platform: Platform, reader: Reader, stream: str) -> ReplayResult:
    """Let in what can be read by now; harmless when nothing is parked.

    For a view it is one transaction; for a process each event is reacted to, in order.
    """
    if isinstance(reader, Process):
        return _driver(platform).retry(reader, stream)
    settler = Replayer(platform.store, platform.codec, reader)
    with platform.database.write() as connection:
        number = generations.lock(connection, reader.name).generation
        done = settler.settle(connection, number, stream)
        if done.applied or done.skipped:
            generations.let_go(connection, reader.name)
        return done


def _driver(platform: Platform) -> ProcessRunner:
    return ProcessRunner(
        platform.store, platform.executor, platform.codec, PROCESSES, platform.tracing
    )


def skip(platform: Platform, reader: Reader, asked: Skip, actor: str) -> ReplayResult:
    """Record what is left out, then let the rest in; dying in between is healed by asking again.

    The record is an event: the view itself follows it, and so does every rebuild.
    """
    with platform.database.read() as connection:
        found = waiting(platform.store, connection, reader, asked.stream)
        parked = [one.position for one in found]
        known = excluded(connection, platform.store, platform.codec, reader.name)
    if asked.position is None or asked.position not in known:
        if not parked or (asked.position is not None and asked.position not in parked):
            raise NotParked(asked.stream)
        meant = parked if asked.every else [asked.position or parked[0]]
        fresh = [at for at in meant if at not in known]
        _record(platform, reader, asked, fresh, SkipParked, actor)
    return retry(platform, reader, asked.stream)


def restore(platform: Platform, reader: Reader, asked: Skip, actor: str) -> ReplayResult:
    """Record that what was skipped shall be taken after all, and let it in, in its order;
    dying in between is healed by asking again.
    """
    with platform.database.read() as connection:
        words = latest_exclusions(connection, platform.store, platform.codec, reader.name)
    known = {at: word.out for at, word in words.items() if word.event.stream == asked.stream}
    if not known or (asked.position is not None and asked.position not in known):
        raise NotSkipped(asked.stream)
    out = sorted(at for at, is_out in known.items() if is_out)
    meant = out if asked.every else [asked.position] if asked.position else out[:1]
    back = [at for at in meant if at in out]
    _record(platform, reader, asked, back, RestoreSkipped, actor)
    if isinstance(reader, Process):
        is_in = [at for at in known if at not in out and asked.position in {None, at}]
        _driver(platform).take_back(reader, back or is_in)
    return retry(platform, reader, asked.stream)


def _record(
    platform: Platform,
    reader: Reader,
    asked: Skip,
    positions: Sequence[int],
    kind: type[SkipParked | RestoreSkipped],
    actor: str,
) -> None:
    verb, _, named = kind.slug().partition("-")
    with platform.database.read() as connection:
        history = platform.store.history(connection, Exclusion.stream(reader.name))
    # What was restored may be skipped again, and that is another request.
    turns = sum(event.type == StreamRestored.__name__ for event in history)
    turn = f":{turns}" if turns else ""
    for first in range(0, len(positions), MOST):
        few = positions[first : first + MOST]
        key = f"{verb}:{reader.name}:{asked.stream}:{few[-1]}{turn}"
        told = {"id": reader.name, named: asked.stream, "positions": few, "reason": asked.reason}
        answer = platform.executor.execute(request(kind.model_validate(told), actor, key))
        if answer.refusal is not None:  # somebody has just said something else of it
            raise KeyReused(answer.message or answer.refusal)


def admit(log: Log, command: Command, key: str) -> None:
    """Raise `NotParked` where a command would skip what is neither parked nor skipped already.

    A key that was used is answered as it was.
    """
    if not isinstance(command, SkipParked):
        return
    store = log.recorder
    with store.database.read() as connection:
        if store.outcomes(connection, [key]):
            return
        reader = readers().get(command.id)
        if reader is None:
            raise NotParked(command.parked)
        known = excluded(connection, store, log.codec, command.id)
        mine = {at for at, stream in known.items() if stream == command.parked}
        found = waiting(store, connection, reader, command.parked)
        parked = {one.position for one in found}
    if not mine.union(parked).issuperset(command.positions):
        raise NotParked(command.parked)
