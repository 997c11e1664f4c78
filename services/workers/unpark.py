"""What an operator asks of parked streams: to see them, try again, skip on record, or restore.

What is skipped stays out of the view, and of every view made anew, until it is restored: then it
comes in, in the order of its stream.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from aggregates.exclusion import Exclusion, StreamRestored
from commands import Command
from commands.exclusion import MOST, RestoreSkipped, SkipParked
from infra.clock import iso
from infra.log import Log
from infra.requests import KeyReused
from projections import View, generations, parking
from projections.parking import Bay
from services.bootstrap import VIEWS, Platform, request
from services.workers.excluded import excluded, last_words
from services.workers.settler import Settler, Unparked


class NotParked(LookupError):
    """Nothing of that stream, or not that event, is parked in that view."""


class NotSkipped(LookupError):
    """Nothing of that stream, or not that event, was skipped in that view."""


class Skip(NamedTuple):
    """What to leave out, or take in again: one event, by its position, or else the first; or all
    of them.
    """

    stream: str
    reason: str
    position: int | None = None
    every: bool = False


def look(
    platform: Platform, connection: Connection, bay: Bay, after: int, limit: int
) -> list[dict[str, Any]]:
    """The events that wait, with why, and with their data as stored."""
    waiting = parking.waiting(connection, bay, after, limit)
    found = platform.store.at(connection, [one.position for one in waiting])
    data = {event.position: msgspec.Raw(event.data) for event in found}
    return [
        {
            "position": one.position,
            "type": one.type,
            "error": one.error,
            "parked_at": iso(one.parked_at),
            "data": data.get(one.position, msgspec.Raw(b"null")),
        }
        for one in waiting
    ]


def retry(platform: Platform, view: View, stream: str) -> Unparked:
    """Let in what can be read by now, in one transaction; harmless when nothing is parked."""
    settler = Settler(platform.store, platform.codec, view)
    with platform.database.write() as connection:
        number = generations.lock(connection, view.name).generation
        done = settler.settle(connection, number, stream)
        if done.applied or done.skipped:
            generations.let_go(connection, view.name)
        return done


def skip(platform: Platform, view: View, asked: Skip, actor: str) -> Unparked:
    """Record what is left out, then let the rest in; dying in between is healed by asking again.

    The record is an event: the view itself follows it, and so does every rebuild.
    """
    with platform.database.read() as connection:
        number = generations.generation(connection, view.name)
        bay = Bay(view.name, number, platform.store.log, asked.stream)
        parked = [one.position for one in parking.waiting(connection, bay)]
        known = excluded(connection, platform.store, platform.codec, view.name)
    if asked.position is None or asked.position not in known:
        if not parked or (asked.position is not None and asked.position not in parked):
            raise NotParked(asked.stream)
        meant = parked if asked.every else [asked.position or parked[0]]
        _record(platform, view, asked, [at for at in meant if at not in known], SkipParked, actor)
    return retry(platform, view, asked.stream)


def restore(platform: Platform, view: View, asked: Skip, actor: str) -> Unparked:
    """Record that what was skipped shall be in the view after all, and let it in, in its order;
    dying in between is healed by asking again.
    """
    with platform.database.read() as connection:
        words = last_words(connection, platform.store, platform.codec, view.name)
    known = {at: word.out for at, word in words.items() if word.event.stream == asked.stream}
    if not known or (asked.position is not None and asked.position not in known):
        raise NotSkipped(asked.stream)
    out = sorted(at for at, is_out in known.items() if is_out)
    meant = out if asked.every else [asked.position] if asked.position else out[:1]
    _record(platform, view, asked, [at for at in meant if at in out], RestoreSkipped, actor)
    return retry(platform, view, asked.stream)


def _record(
    platform: Platform,
    view: View,
    asked: Skip,
    positions: Sequence[int],
    kind: type[SkipParked | RestoreSkipped],
    actor: str,
) -> None:
    verb, _, named = kind.slug().partition("-")
    with platform.database.read() as connection:
        history = platform.store.history(connection, Exclusion.stream(view.name))
    # What was restored may be skipped again, and that is another request.
    turns = sum(event.type == StreamRestored.__name__ for event in history)
    turn = f":{turns}" if turns else ""
    for first in range(0, len(positions), MOST):
        few = positions[first : first + MOST]
        key = f"{verb}:{view.name}:{asked.stream}:{few[-1]}{turn}"
        told = {"id": view.name, named: asked.stream, "positions": few, "reason": asked.reason}
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
        if command.id not in {view.name for view in VIEWS}:
            raise NotParked(command.parked)
        number = generations.generation(connection, command.id)
        bay = Bay(command.id, number, store.log, command.parked)
        known = excluded(connection, store, log.codec, command.id)
        mine = {at for at, stream in known.items() if stream == command.parked}
        parked = {one.position for one in parking.waiting(connection, bay)}
    if not mine.union(parked).issuperset(command.positions):
        raise NotParked(command.parked)
