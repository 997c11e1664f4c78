"""A batch of events on its way into a record: what it knows of each thing, and what it writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import Connection, RowMapping, Table, and_, func, select

from aggregates import DateFlagged
from infra import bulk
from projections.engine import DecodedEvent, Failed, each, parking, search, words
from projections.engine.version_table import FOREVER, FOUND_BY, OWN, STILL

if TYPE_CHECKING:
    from projections.engine.record import Record


class Slice(NamedTuple):
    """From an instant on a thing was as `row` says, up to the next slice."""

    since: int
    row: Any


@dataclass
class Thing:
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


@dataclass
class Writing:
    """One batch on its way into one generation."""

    record: "Record[Any]"
    connection: Connection
    table: Table
    grams: Table
    things: dict[tuple[str, str], Thing] = field(default_factory=dict)
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
            self.things.setdefault((heard.log, heard.recorded.stream), Thing([], whole=True))
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
        self.things = {key: Thing([], whole=True) for key in keys}
        for streams in parking.portions(sorted({stream for _, stream in keys})):
            mine = column.stream.in_(streams), column.ended == STILL
            for row in self.connection.execute(select(self.table).where(*mine)).mappings():
                if (key := (row["log"], row["stream"])) in keys:
                    now, text = Slice(row["happened"], self._row(row)), row[FOUND_BY]
                    known = {self.record.texts(row["id"], now.row): text}
                    current = row["position"]
                    self.things[key] = Thing([now], False, current, text, known)

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

    def _found_by(self, thing: Thing, id: str, row: Any) -> str:
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
