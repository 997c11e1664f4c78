"""A record: the state of each thing of one kind, and every state before it, on both clocks.

Each event of a thing adds a version: the state that it led to. As of position `p` the state is
the version with `position <= p < ended`. As of an instant `t` as well, it is, of the versions up
to `p` that had happened by `t`, the one that happened last, and of these the one known last. An
event told late therefore adds a version of its own instant, and once more each state that had
happened after it, folded upon what is known now.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import (
    Any,
    ClassVar,
    Generic,
    NamedTuple,
    get_type_hints,
)

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    RowMapping,
    Select,
    Table,
    and_,
    delete,
    func,
    literal_column,
    select,
)

from aggregates import Aggregate, DateFlagged
from infra import bulk
from infra.events import Recorded
from projections.engine import (
    DecodedEvent,
    Failed,
    each,
    name_order,
    parking,
    search,
    searchable,
    words,
)
from projections.engine.record_fields import Field, R, declared
from projections.engine.search import AS_BYTES

FOREVER = 2**63 - 1
STILL: ColumnElement[int] = literal_column(str(FOREVER))
"""Of what is so now. A literal: SQLite does not see that a parameter fits a partial index."""
OWN = ("log", "stream", "id", "version", "position", "happened", "ended", "type", "recorded_at")
"""The columns that every record has besides the fields of its rows, and `FOUND_BY`."""
FOUND_BY = "found_by"
"""The column of the words that a version is searched by."""


class Slice(NamedTuple):
    """From an instant on a thing was as `row` says, up to the next slice."""

    since: int
    row: Any


@dataclass
class _Thing:
    """What a batch knows of one thing; `slices` are all of them only if `whole`."""

    slices: list[Slice]
    whole: bool
    current: int | None = None
    """The position of the version that the database has as the current one."""
    found_by: str = ""
    """What that version is found by."""
    texts: dict[Sequence[str | None], str] = field(default_factory=dict)
    """What some texts of the thing are found by."""

    def knows(self, made: Sequence[Slice]) -> bool:
        """Whether it was so already at each of the instants."""
        return all(
            next((one.row for one in reversed(self.slices) if one.since <= since), None) == row
            for since, row in made
        )

    def learn(self, made: Sequence[Slice]) -> None:
        if not self.slices or made[0].since > self.slices[-1].since:
            self.slices.extend(made)
            return
        known = {one.since: one for one in [*self.slices, *made]}
        self.slices = [known[since] for since in sorted(known)]


@dataclass(frozen=True)
class Record(Generic[R]):
    """`shape` is a NamedTuple: its fields are the columns, its defaults the blank record.

    `fold` is pure and answers the row after an event. It knows the events of one stream alone;
    what it raises parks the stream. In a `sparse` record an event that changes no field makes no
    version: of what moves all day, it keeps what stays.
    """

    name: str
    kind: type[Aggregate]
    shape: type[R]
    fold: Callable[[R, Recorded, Any], R]
    sparse: bool = False
    scope: Mapping[str, str] | None = None
    """The fields that have the dimensions by which a scope reaches it, or `id`."""
    about: str | None = None
    """The field that has the kind of the thing it tells of: who may not see that sees none of it.
    """
    hidden: frozenset[str] = frozenset()
    """Fields that its reader may not see: to him there are none of that name."""
    ordered: ClassVar[bool] = True

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset({self.kind.kind})

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        hints = get_type_hints(self.shape, include_extras=True)
        shown = {name: hint for name, hint in hints.items() if name not in self.hidden}
        found = {name: declared(name, hint) for name, hint in shown.items()}
        if taken := found.keys() & {*OWN, FOUND_BY, *map(name_order.column_of, found)}:
            raise TypeError(f"{self.name}: {taken} are columns of every record")
        return found

    @cached_property
    def searched(self) -> Sequence[int]:
        """Where a row has the texts that are looked through."""
        return [n for n, one in enumerate(self.fields.values()) if one.mark.searched]

    def texts(self, id: str, row: Any) -> Sequence[str | None]:
        return id, *(row[place] for place in self.searched)

    @cached_property
    def by_reading(self) -> Mapping[str, int]:
        """The fields that are sorted by how they are read, and where a row has them."""
        every = enumerate(self.fields.items())
        return {name: place for place, (name, one) in every if one.mark.by_reading}

    @cached_property
    def derived(self) -> tuple[str, ...]:
        """The columns that follow from the fields of a version."""
        return FOUND_BY, *map(name_order.column_of, self.by_reading)

    def readings(self, row: Any) -> list[str]:
        return [name_order.reading(row[place]) for place in self.by_reading.values()]

    def derive(self, id: str, row: Any) -> dict[str, str]:
        """The derived columns of a version."""
        found_by = words.found_by(self.texts(id, row))
        return dict(zip(self.derived, [found_by, *self.readings(row)], strict=True))

    @cached_property
    def title(self) -> str | None:
        """The field that people call the thing by."""
        return next((name for name in ("name", "title") if name in self.fields), None)

    @cached_property
    def columns(self) -> Mapping[str, type]:
        """What can be filtered and sorted by, with its type."""
        plain = {name: one.type for name, one in self.fields.items() if not one.nested}
        return {"id": str, **plain, "version": int}

    @lru_cache(maxsize=16)  # noqa: B019 - there is one record of each kind
    def hiding(self, names: frozenset[str]) -> "Record[R]":
        """The same for a reader who may not see some fields."""
        return replace(self, hidden=names) if names else self

    @property
    def searchable(self) -> bool:
        """Whether nothing is hidden that a search looks through."""
        hints = get_type_hints(self.shape, include_extras=True)
        return not any(declared(name, hints[name]).mark.searched for name in self.hidden)

    def __hash__(self) -> int:
        return hash(self.name)

    def versions(self, generation: int) -> Table:
        return _versions(self, generation)

    def every_table(self, generation: int) -> tuple[Table, Table]:
        """The versions, and the index of their search."""
        return self.versions(generation), search.grams(self.name, generation)

    def complete(self, connection: Connection, generation: int) -> None:
        searchable.complete(self, connection, generation)

    def upkeep(self, *_: object) -> bool:
        return False

    def replayed(self, *_: object) -> None:
        """A version is never summed up."""

    def forget(self, connection: Connection, generation: int, log: str, stream: str) -> None:
        table, grams = self.every_table(generation)
        mine = table.c.log == log, table.c.stream == stream
        now = connection.execute(select(table.c.found_by).where(*mine, table.c.ended == STILL))
        gone = [search.Changed(log, stream, text, "") for text in now.scalars()]
        search.update(connection, grams, gone)
        connection.execute(delete(table).where(*mine))

    def shown(self, generation: int) -> Select[Any]:
        """Without what follows from the rest, and from how names are read by this build."""
        table = self.versions(generation)
        told = [column for column in table.c if column.name not in self.derived]
        return select(*told).where(table.c.ended == STILL)

    def apply(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        return _Writing(self, connection, *self.every_table(generation)).apply(batch)

    def build(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        """As `apply`, of streams of which the generation has nothing yet, each with all it has."""
        return _Writing(self, connection, *self.every_table(generation)).build(batch)

    def after(self, slices: Sequence[Slice], recorded: Recorded, event: Any) -> list[Slice]:
        """The slices that an event makes or changes, the last one last."""
        at = recorded.occurred_at
        if not slices or at >= slices[-1].since:
            row = slices[-1].row if slices else self.shape()
            return [Slice(at, self.fold(row, recorded, event))]
        before = [one.row for one in slices if one.since <= at]
        made = [Slice(at, self.fold(before[-1] if before else self.shape(), recorded, event))]
        later = (one for one in slices if one.since > at)
        return made + [Slice(one.since, self.fold(one.row, recorded, event)) for one in later]


@dataclass
class _Writing:
    """One batch on its way into one generation."""

    record: Record[Any]
    connection: Connection
    table: Table
    grams: Table
    things: dict[tuple[str, str], _Thing] = field(default_factory=dict)
    rows: list[list[Any]] = field(default_factory=list)
    newest: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    """The row of this batch that is the current one of a thing."""
    ended: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """Where the versions end that were the current ones: by log, stream and position."""

    def apply(self, batch: Sequence[DecodedEvent]) -> list[Failed]:
        self._read({(heard.log, heard.recorded.stream) for heard in batch})
        return self._fold(batch)

    def build(self, batch: Sequence[DecodedEvent]) -> list[Failed]:
        for heard in batch:
            self.things.setdefault((heard.log, heard.recorded.stream), _Thing([], whole=True))
        return self._fold(batch)

    def _fold(self, batch: Sequence[DecodedEvent]) -> list[Failed]:
        failed: list[Failed] = []
        for heard, made in each(batch, self._take, failed):
            self._add(heard, made)
        self._write()
        return failed

    def _read(self, keys: set[tuple[str, str]]) -> None:
        """The current version of every thing that the batch is about, by few statements."""
        column = self.table.c
        self.things = {key: _Thing([], whole=True) for key in keys}
        for streams in parking.portions(sorted({stream for _, stream in keys})):
            mine = column.stream.in_(streams), column.ended == STILL
            for row in self.connection.execute(select(self.table).where(*mine)).mappings():
                if (key := (row["log"], row["stream"])) in keys:
                    now, text = Slice(row["happened"], self._row(row)), row[FOUND_BY]
                    known = {self.record.texts(row["id"], now.row): text}
                    current = row["position"]
                    self.things[key] = _Thing([now], False, current, text, known)

    def _row(self, row: RowMapping) -> Any:
        values = (
            tuple(msgspec.json.decode(row[name])) if known.nested else row[name]
            for name, known in self.record.fields.items()
        )
        return self.record.shape(*values)

    def _take(self, heard: DecodedEvent) -> list[Slice]:
        if type(heard.event) is DateFlagged:
            return []
        key = heard.log, heard.recorded.stream
        thing, at = self.things[key], heard.recorded.occurred_at
        if not thing.whole and at < thing.slices[0].since:
            known = {one.since: one for one in [*self._slices(*key), *thing.slices]}
            thing.slices, thing.whole = [known[since] for since in sorted(known)], True
        made = self.record.after(thing.slices, heard.recorded, heard.event)
        if self.record.sparse and thing.knows(made):
            return []
        thing.learn(made)
        return made

    def _slices(self, log: str, stream: str) -> Iterator[Slice]:
        """All slices of a thing as they are known in the database, in the order of time."""
        column = self.table.c
        latest = (
            select(column.happened, func.max(column.position).label("position"))
            .where(column.log == log, column.stream == stream)
            .group_by(column.happened)
            .subquery()
        )
        query = (
            select(self.table)
            .join(
                latest,
                and_(column.happened == latest.c.happened, column.position == latest.c.position),
            )
            .where(column.log == log, column.stream == stream)
            .order_by(column.happened)
        )
        for row in self.connection.execute(query).mappings():
            yield Slice(row["happened"], self._row(row))

    def _add(self, heard: DecodedEvent, made: Sequence[Slice]) -> None:
        if not made:
            return
        recorded = heard.recorded
        key, position = (heard.log, recorded.stream), recorded.position
        thing = self.things[key]
        if key in self.newest:
            self.newest[key][OWN.index("ended")] = position
        elif thing.current is not None:
            self.ended[*key, thing.current] = position
        for one in made:
            last = one is made[-1]
            values = [
                msgspec.json.encode(value).decode() if known.nested else value
                for known, value in zip(self.record.fields.values(), one.row, strict=True)
            ]
            own = [*key, recorded.key, recorded.version, position, one.since]
            ended = FOREVER if last else position
            found_by = self._found_by(thing, recorded.key, one.row)
            row = [*own, ended, recorded.type, recorded.recorded_at, found_by, *values]
            row += self.record.readings(one.row)
            self.rows.append(row)
            if last:
                self.newest[key] = row

    def _found_by(self, thing: _Thing, id: str, row: Any) -> str:
        texts = self.record.texts(id, row)
        found = thing.texts.get(texts)
        if found is None:
            found = thing.texts[texts] = words.found_by(texts)
        return found

    def _write(self) -> None:
        ends = sorted(self.ended.items())
        if ends and self.connection.dialect.name == "postgresql":
            rows = [(*was, until) for was, until in ends]
            bulk.change(self.connection, END_POSTGRES.format(self.table.name), rows)
        elif ends:
            last_first = [(until, *was) for was, until in ends]
            self.connection.exec_driver_sql(END_SQLITE.format(self.table.name), last_first)
        bulk.insert(self.connection, self.table, self.rows)
        place = len(OWN)
        changes = (
            search.Changed(*key, self.things[key].found_by, row[place])
            for key, row in self.newest.items()
        )
        search.update(self.connection, self.grams, changes)


END_SQLITE = (
    "UPDATE {} SET ended=? WHERE log=? AND stream=? AND position=? AND ended=9223372036854775807"
)
END_POSTGRES = (
    "UPDATE {} AS t SET ended=v.ended FROM (VALUES %s) AS v (log, stream, position, ended)"
    " WHERE t.log=v.log AND t.stream=v.stream AND t.position=v.position"
    " AND t.ended=9223372036854775807"
)


@lru_cache(maxsize=256)
def _versions(record: Record[Any], generation: int) -> Table:
    name, numbers = f"{record.name}_{generation}_versions", OWN[3:7]
    columns = [
        Column(own, BigInteger() if own in (*numbers, "recorded_at") else AS_BYTES, nullable=False)
        for own in (*OWN, FOUND_BY)
    ]
    for known in record.fields.values():
        kind = BigInteger() if known.type is int else AS_BYTES
        columns.append(Column(known.name, kind, nullable=known.optional))
    columns += [Column(name, AS_BYTES, nullable=False) for name in record.derived[1:]]
    key = PrimaryKeyConstraint("stream", "position", "happened", "log")
    table = Table(name, MetaData(), *columns, key)
    now = table.c.ended == STILL
    Index(f"{name}_now", table.c.stream, table.c.log, postgresql_where=now, sqlite_where=now)
    Index(f"{name}_position", table.c.position)
    Index(f"{name}_happened", *(table.c[one] for one in ("stream", "happened", "position", "log")))
    indexed = [known for known in record.fields.values() if known.mark.indexed]
    read = [name_order.column_of(known.name) for known in indexed if known.mark.by_reading]
    for one in (*(known.name for known in indexed), *read):
        by = table.c[one], table.c.stream, table.c.log
        Index(f"{name}_{one}", *by, postgresql_where=now, sqlite_where=now)
    return table
