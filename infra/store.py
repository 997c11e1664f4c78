"""The log's storage: dense positions, chained digests, and nothing seen before it is durable."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    delete,
    select,
    tuple_,
)
from sqlalchemy.exc import DataError, NoResultFound

from infra import bulk, pg_text, tables
from infra.clock import Ids, new_id
from infra.database import DIVISION_BY_ZERO, Database, sqlstate
from infra.events import (
    EARLIEST,
    GENESIS,
    LARGEST,
    LATEST,
    Entry,
    Head,
    Recorded,
    Unpublishable,
    chain,
)

COLUMNS = tuple(tables.events.columns)
ORDER: Any = tables.events.c.position
STREAM, VERSION = tables.events.c.stream, tables.events.c.version
# Built once: making a statement anew costs more than sending it.
HISTORY = (
    select(*COLUMNS)
    .where(bindparam("stream") == STREAM, bindparam("after") < VERSION)
    .order_by(VERSION)
)
HISTORIES = (
    select(*COLUMNS)
    .where(STREAM.in_(bindparam("streams", expanding=True)))
    .order_by(STREAM, VERSION)
)
SNAPSHOTS = (
    select(*tables.snapshots.columns)
    .where(tables.snapshots.c.stream.in_(bindparam("streams", expanding=True)))
    .order_by(tables.snapshots.c.version)
)
REFERENCED = select(*tables.references.columns).where(
    tuple_(tables.references.c.stream, tables.references.c.reference).in_(
        bindparam("references", expanding=True)
    )
)
INDEXED = select(tables.references.c.position).where(
    tables.references.c.stream == "", tables.references.c.reference == bindparam("rules")
)
FORGET_SNAPSHOTS = delete(tables.snapshots).where(
    tables.snapshots.c.stream.in_(bindparam("streams", expanding=True))
)
# Every batch of commands needs these: as plain text they cost a quarter of what Core's do.
HEAD = "SELECT position, digest, recorded_at, incarnation, {now} AS now FROM log_head WHERE log={}"
MOVE_HEAD = "UPDATE log_head SET position={}, digest={}, recorded_at={} WHERE log={}"
OUTCOMES = "SELECT key, content, outcome FROM log_keys WHERE key IN ({})"
BEGINNING = (
    "SELECT position, digest, h.recorded_at, incarnation, {now} AS now, key, content, outcome"
    " FROM log_head h LEFT JOIN log_keys k ON k.key IN ({}) WHERE log={}"
)
PAGE = (
    f"SELECT {','.join(column.name for column in COLUMNS)} FROM log_events"  # noqa: S608
    " WHERE position > {} AND position <= {} ORDER BY position LIMIT {}"
)
READ = 5_000
"""Events that are read at once where all are."""
LAST = 2**63 - 1
"""No position is beyond it."""
DATABASE_CLOCK = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
UPON = "WITH moved AS ({} AND digest='\\x{}' RETURNING 1) SELECT 1/count(*) FROM moved"
"""Moves the head, or fails where it is another: whatever follows in the trip is not done then."""
Row = tuple[Any, ...]
Key = tuple[str, bytes, bytes, int]
"""A key, the hash of its content, its outcome and the instant."""
Snapshot = tuple[str, int, str, bytes, int]
"""A stream, its version, the shape of its state, the state and the latest instant in it."""
Reference = tuple[str, str]
"""A stream, and what one of its events is recorded under."""


class HeadConflict(Exception):
    """Somebody else has written to the log."""


class PreparedAppend(NamedTuple):
    """What a transaction writes upon a head, and the head that it leaves."""

    head: Head
    rows: Sequence[Row]
    keys: Sequence[Key]
    snapshots: Sequence[Snapshot]
    references: Sequence[tuple[str, str, int]]
    next: Head


class Store:
    """Every writer takes the head row first, so commit order is position order, a rollback
    burns no position, and `position > last ORDER BY position` is a safe read for everybody.
    """

    def __init__(self, database: Database, log: str = "main", ids: Ids = new_id) -> None:
        self.database = database
        self.ids = ids
        self.log = log
        self._partition = -1
        self._mark, self._now = ("?", "NULL") if database.sqlite else ("%s", DATABASE_CLOCK)
        self._head = HEAD.format(self._mark, now=self._now)
        self._lock = self._head if database.sqlite else f"{self._head} FOR UPDATE"
        self._move_head = MOVE_HEAD.format(*[self._mark] * 4)
        self._page = PAGE.format(*[self._mark] * 3)

    def create(self) -> None:
        """Make the tables and the head row where they are missing."""
        with self.database.write() as connection:
            tables.metadata.create_all(connection)
            self.found(connection)

    def found(self, connection: Connection) -> None:
        """Give the log its head and first partitions, once."""
        statement = bulk.dialect_insert(connection, tables.head).values(
            log=self.log,
            position=0,
            digest=GENESIS,
            recorded_at=0,
            incarnation=self.ids(),
        )
        connection.execute(statement.on_conflict_do_nothing())
        tables.partition(connection, 0)

    def lock(self, connection: Connection) -> Head:
        """The head, held until the transaction ends: nobody else appends meanwhile."""
        return self._to_head(connection.exec_driver_sql(self._lock, (self.log,)).one())

    def begin(
        self, connection: Connection, keys: Sequence[str]
    ) -> tuple[Head, Mapping[str, tuple[bytes, bytes]]]:
        """What `lock` and `outcomes` answer, in one trip; `commit` ends what it begins."""
        marks, values = ",".join([self._mark] * len(keys)) or "NULL", (*keys, self.log)
        query = BEGINNING.format(marks, self._mark, now=self._now)
        if not self.database.sqlite:
            # Two statements, since the second must see what was committed before the lock.
            query, values = f"BEGIN;{self._lock};{query}", (self.log, *values)
        rows = connection.exec_driver_sql(query, values).all()
        known = {r.key: (bytes(r.content), bytes(r.outcome)) for r in rows if r.key is not None}
        return self._to_head(rows[0]), known

    def head(self, connection: Connection) -> Head:
        rows = bulk.driven(connection, self._head, (self.log,))
        if not rows:
            raise NoResultFound(self.log)
        return self._to_head(rows[0])

    def _to_head(self, row: Sequence[Any]) -> Head:
        position, digest, known, incarnation, now = row[:5]
        now = self.database.clock.now() if now is None else now
        return Head(position, bytes(digest), known, incarnation, max(now, known))

    def write(self, connection: Connection, head: Head, entries: Sequence[Entry]) -> list[Recorded]:
        """Append under the lock that gave `head`; the caller has checked the versions."""
        sealed = self.seal(head, entries)
        self._insert(connection, sealed)
        return [Recorded(*row) for row in sealed.rows]

    def seal(
        self,
        head: Head,
        entries: Sequence[Entry],
        keys: Sequence[Key] = (),
        snapshots: Sequence[Snapshot] = (),
    ) -> PreparedAppend:
        """Give the events their places, ids and digests upon a head."""
        rows = self._chained(head, entries)
        left = head
        if rows:
            left = Head(rows[-1][0], rows[-1][-2], head.now, head.incarnation, head.now)
        references = [
            (entry.stream, entry.reference, position)
            for position, entry in enumerate(entries, head.position + 1)
            if entry.reference is not None
        ]
        return PreparedAppend(head, rows, keys, snapshots, references, left)

    def commit(self, connection: Connection, sealed: PreparedAppend) -> None:
        """Write what is new and commit what `begin` began; the lock is held."""
        self._commit(connection, sealed, [])

    def commit_upon(self, connection: Connection, sealed: PreparedAppend) -> None:
        """The same without a lock taken before, in one trip.

        Raises `HeadConflict` where the log ends elsewhere than it was sealed upon, and
        `IntegrityError` where a key or a reference has been used.
        """
        if self.database.sqlite:
            if self.lock(connection).digest != sealed.head.digest:
                raise HeadConflict
            self.commit(connection, sealed)
            return
        guard = UPON.format(self._moving(sealed.next), sealed.head.digest.hex())
        try:
            self._commit(connection, sealed, ["BEGIN", guard])
        except DataError as error:
            if sqlstate(error) == DIVISION_BY_ZERO:
                raise HeadConflict from error
            raise

    def _commit(self, connection: Connection, sealed: PreparedAppend, first: Sequence[str]) -> None:
        if self.database.sqlite:  # its transaction is the connection's, and so is the commit
            self._insert(connection, sealed)
            return
        if len(sealed.rows) + len(sealed.keys) <= bulk.FEW:  # a reference comes with its event
            if sealed.rows:
                self._partitioned(connection, sealed.rows[-1][0])
            moving = [] if first or not sealed.rows else [self._moving(sealed.next)]
            bulk.run(connection, [*first, *self._literals(sealed), *moving, "COMMIT"])
            return
        if first:
            bulk.run(connection, first)
        self._insert(connection, sealed)
        bulk.run(connection, ["COMMIT"])

    def _moving(self, head: Head) -> str:
        digest, log = f"'\\x{head.digest.hex()}'", pg_text.quoted(self.log)
        return MOVE_HEAD.format(head.position, digest, head.recorded_at, log)

    def _literals(self, sealed: PreparedAppend) -> Iterator[str]:
        if sealed.snapshots:
            streams = ",".join(pg_text.quoted(row[0]) for row in sealed.snapshots)
            yield f"DELETE FROM log_snapshots WHERE stream IN ({streams})"  # noqa: S608
            yield pg_text.literal(tables.snapshots, sealed.snapshots)
        if sealed.keys:
            yield pg_text.literal(tables.keys, sealed.keys)
        if sealed.references:
            yield pg_text.literal(tables.references, sealed.references)
        if sealed.rows:
            yield pg_text.literal(tables.events, sealed.rows)

    def _insert(self, connection: Connection, sealed: PreparedAppend) -> None:
        if sealed.snapshots:
            streams = [row[0] for row in sealed.snapshots]
            connection.execute(FORGET_SNAPSHOTS, {"streams": streams})
            bulk.insert(connection, tables.snapshots, sealed.snapshots)
        bulk.insert(connection, tables.keys, sealed.keys)
        bulk.insert(connection, tables.references, sealed.references)
        if sealed.rows:
            self._partitioned(connection, sealed.rows[-1][0])
            bulk.insert(connection, tables.events, sealed.rows)
            moved = sealed.next.position, sealed.next.digest, sealed.next.recorded_at, self.log
            connection.exec_driver_sql(self._move_head, moved)

    def _partitioned(self, connection: Connection, position: int) -> None:
        if position // tables.PARTITION != self._partition:
            tables.partition(connection, position)
            self._partition = position // tables.PARTITION

    def _chained(self, head: Head, entries: Sequence[Entry]) -> list[Row]:
        digest, rows = head.digest, []
        for position, entry in enumerate(entries, head.position + 1):
            if len(entry.data) > LARGEST or not EARLIEST <= entry.occurred_at <= LATEST:
                raise Unpublishable(entry)
            envelope = (
                position,
                entry.stream,
                entry.version,
                self.ids(),
                entry.type,
                entry.schema,
                entry.occurred_at,
                head.now,
                entry.actor,
                entry.command_id,
                entry.correlation_id,
                entry.causation_id,
                head.incarnation,
            )
            digest = chain(digest, self.log, envelope, entry.data)
            rows.append((*envelope, digest, entry.data))
        return rows

    def read(
        self, connection: Connection, after: int, limit: int, until: int | None = None
    ) -> list[Recorded]:
        """Events with `after < position <= until`, in order, at most `limit`."""
        last = LAST if until is None else until
        # The driver's own rows: the publisher reads all there is, and Core's cost it a third.
        rows = bulk.fetch(connection, self._page, (after, last, limit))
        return [Recorded(*(*row, bytes(digest), bytes(data))) for *row, digest, data in rows]

    def at(self, connection: Connection, positions: Sequence[int]) -> list[Recorded]:
        query = select(*COLUMNS).where(ORDER.in_(positions)).order_by(ORDER)
        return self._events(connection, query)

    def history(
        self, connection: Connection, stream: str, after: int = 0, limit: int | None = None
    ) -> list[Recorded]:
        """A stream's events with `version > after`, in order."""
        return self._events(connection, HISTORY.limit(limit), {"stream": stream, "after": after})

    def histories(self, connection: Connection, streams: Sequence[str]) -> list[Recorded]:
        """All events of several streams, each stream's in order."""
        return self._events(connection, HISTORIES, {"streams": streams})

    def _events(
        self, connection: Connection, query: Select[Any], values: Mapping[str, Any] | None = None
    ) -> list[Recorded]:
        rows: Sequence[Any] = connection.execute(query, values or {}).all()
        return [Recorded(*row) for row in rows]

    def known_at(self, connection: Connection, recorded_at: int) -> int:
        """The last position recorded at or before that instant; 0 when there is none.

        `recorded_at` rises with the position, so the answer is a binary search, not a scan.
        """
        low, high = 0, self.head(connection).position
        while low < high:
            middle = (low + high + 1) // 2
            query = select(tables.events.c.recorded_at).where(middle == ORDER)
            if connection.execute(query).scalar_one() <= recorded_at:
                low = middle
            else:
                high = middle - 1
        return low

    def outcomes(
        self, connection: Connection, keys: Sequence[str]
    ) -> Mapping[str, tuple[bytes, bytes]]:
        """Content hash and outcome of each key that has taken effect."""
        if not keys:
            return {}
        query = OUTCOMES.format(",".join([self._mark] * len(keys)))
        found = connection.exec_driver_sql(query, tuple(keys))
        return {row[0]: (bytes(row[1]), bytes(row[2])) for row in found}

    def snapshots(self, connection: Connection, streams: Sequence[str]) -> list[Snapshot]:
        """The snapshots of those streams, oldest first."""
        rows = connection.execute(SNAPSHOTS, {"streams": streams})
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]

    def referenced(
        self, connection: Connection, references: Sequence[Reference]
    ) -> Mapping[Reference, Recorded]:
        """The events of those references that were recorded, however long ago."""
        positions: dict[int, Reference] = {}
        for start in range(0, len(references), bulk.FEW):
            few = {"references": references[start : start + bulk.FEW]}
            for stream, reference, position in connection.execute(REFERENCED, few):
                positions[position] = stream, reference
        if not positions:
            return {}
        return {positions[event.position]: event for event in self.at(connection, [*positions])}

    def index(
        self, connection: Connection, under: Callable[[Recorded], str | None], rules: str
    ) -> int:
        """Find the references of the events there are, once for these `rules`; answers how many.

        Where an older build took a reference twice, the first event keeps it.
        """
        if connection.execute(INDEXED, {"rules": rules}).first() is not None:
            return 0
        head, found = self.lock(connection), 0
        for after in range(0, head.position, READ):
            events = self.read(connection, after, READ, min(after + READ, head.position))
            named = [(event.stream, under(event), event.position) for event in events]
            rows = [row for row in named if row[1] is not None]
            if rows:
                statement = bulk.dialect_insert(connection, tables.references)
                names = tables.references.columns.keys()
                values = [dict(zip(names, row, strict=True)) for row in rows]
                connection.execute(statement.on_conflict_do_nothing(), values)
            found += len(rows)
        bulk.insert(connection, tables.references, [("", rules, head.position)])
        return found
