"""The deadlines of a process, made anew from the log: nothing is asked meanwhile."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from sqlalchemy import Connection

from infra.codec import Codec
from infra.events import Recorded
from infra.recorder import LogRecorder
from infra.requests import Outcome
from projections.engine.parking import portions
from services.processes import Cancel, Process, Schedule, deadlines, parking, positions, refusals
from services.processes.deadlines import Deadline, DeadlineChange, DeadlineChanges
from services.workers.exclusions import excluded
from services.workers.firing import first_key, next_key

READ = 1_000


def rearm(store: LogRecorder, codec: Codec, process: Process) -> int:
    """Put in place of the rows what the log says up to the process's position.

    Left out is what was asked and answered, which is due no more. Answers how many there are.
    """
    changes, reached = DeadlineChanges(process.name, store.log), 0
    with store.database.read() as connection:
        until = positions.of(connection, process.name, store.log)
        reached = _replay(store, codec, process, connection, changes, reached, until)
    with store.database.write() as connection:
        positions.hold(connection, process.name, store.log)
        until = positions.of(connection, process.name, store.log)
        _replay(store, codec, process, connection, changes, reached, until)
        rows = [row for row in changes.last.values() if row is not None]
        # A clock that has fallen back since does not undo what was asked before.
        now = max(store.database.now(connection), store.head(connection).recorded_at)
        answered = set(_answered(store, connection, [row for row in rows if row.due <= now]))
        rows = [row for row in rows if row not in answered]
        deadlines.replace(connection, process.name, store.log, rows)
    return len(rows)


def _replay(
    store: LogRecorder,
    codec: Codec,
    process: Process,
    connection: Connection,
    changes: DeadlineChanges,
    after: int,
    until: int,
) -> int:
    """Add what the events of a stretch make of deadlines; answers how far that is."""
    left_out = _left_out(store, codec, process, connection)
    while after < until and (events := store.read(connection, after, READ)):
        after = events[-1].position
        heard = (one for one in events if one.position <= until and one.position not in left_out)
        changes.add(_changes(codec, process, heard))
        changes.compact()
    return min(after, until)


def _left_out(
    store: LogRecorder, codec: Codec, process: Process, connection: Connection
) -> set[int]:
    """Events that were skipped, or that wait until they can be reacted to."""
    found = set(excluded(connection, store, codec, process.name))
    for stream in parking.streams(connection, process.name, store.log):
        waits = parking.waiting(connection, process.name, store.log, stream)
        found |= {one.position for one in waits}
    return found


def _changes(
    codec: Codec, process: Process, events: Iterable[Recorded]
) -> Iterator[DeadlineChange]:
    for event in events:
        if event.type in process.hears:
            content = codec.decode(event.type, event.schema, event.data)
            for number, one in enumerate(process.wants(event, content)):
                if isinstance(one, Schedule | Cancel):
                    yield DeadlineChange(event, number, one)


def _answered(
    store: LogRecorder, connection: Connection, rows: Sequence[Deadline]
) -> Iterator[Deadline]:
    """Those whose command took effect, or was refused and is kept as such."""
    for few in portions(rows):
        outcomes = store.outcomes(connection, [first_key(row) for row in few])
        refused = refusals.of(connection, few)
        for row in few:
            if (row.position, row.number) in refused or _took_effect(
                store, connection, row, outcomes.get(first_key(row))
            ):
                yield row


def _took_effect(
    store: LogRecorder, connection: Connection, row: Deadline, found: tuple[bytes, bytes] | None
) -> bool:
    """Whether that deadline did, and not an earlier one of the same instant alone."""
    key, seen = first_key(row), -1
    while found is not None:
        position = msgspec.json.decode(found[1], type=Outcome).position
        if not seen < position < row.position:
            return True
        seen, key = position, next_key(key, position)
        found = store.outcomes(connection, [key]).get(key)
    return False
