"""Records read: one thing or a list, now or as of any moment, and what each event changed."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    Table,
    and_,
    func,
    literal,
    or_,
    select,
)

from infra.clock import iso
from projections.engine import generations, parking, search
from projections.engine.conditions import Tree, as_sql
from projections.engine.reach import EVERYTHING
from projections.engine.reading import NOW, AsOf
from projections.engine.record import STILL, Record

LEAST = -(2**63)
Row = dict[str, Any]


class Sort(NamedTuple):
    field: str
    descending: bool = False


def ordered(sort: Sequence[Sort]) -> list[Sort]:
    """The order with the id at its end, so that no two rows are alike."""
    rest = [] if any(one.field == "id" for one in sort) else [Sort("id")]
    return [*sort, *rest, Sort("log")]


class RecordQuery(NamedTuple):
    """Which things, in what order: those that come after `after` in it, at most `limit`.

    `scope` is what the reader may see of them: whatever the moment, as things are today.
    """

    scope: Tree
    conditions: Sequence[Tree] = ()
    words: Sequence[str] = ()
    sort: Sequence[Sort] = ordered(())
    after: Sequence[Any] = ()
    limit: int = 50


class Then(NamedTuple):
    """The versions that count as of a moment: of each thing one, if it was there at all."""

    rows: FromClause
    there: Sequence[ColumnElement[bool]]
    """Which of the rows they are."""
    grams: Table | None
    """The index of what they are found by, where they are those of now."""

    @property
    def now(self) -> bool:
        return self.grams is not None


def versions(connection: Connection, record: Record[Any], as_of: AsOf) -> Then:
    table, grams = record.every_table(generations.generation(connection, record.name))
    column, position = table.c, as_of.position
    if as_of.now:
        return Then(table, [column.ended == STILL], grams)
    known = [] if position is None else [column.position <= position]
    if as_of.occurred_at is None:
        return Then(table, [*known, column.ended > position], None)
    order = column.happened.desc(), column.position.desc()
    rank = func.row_number().over(partition_by=(column.log, column.stream), order_by=order)
    happened = column.happened <= as_of.occurred_at
    ranked = select(table, rank.label("rank")).where(*known, happened).subquery()
    return Then(ranked, [ranked.c.rank == 1], None)


def every(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf, size: int
) -> Iterator[list[Row]]:
    """All rows in their order, so many at a time: what is read is not kept."""
    then = versions(connection, record, as_of)
    query = _selected(record, then).where(*_where(connection, record, then, wanted))
    by = [
        key.desc() if one.descending else key.asc()
        for one in wanted.sort
        for key in [_key(record, then.rows, one.field)]
    ]
    streamed = {"yield_per": size}
    # Closed even where not all is read: SQLite would go on with its old sight of the database.
    with connection.execute(query.order_by(*by), execution_options=streamed) as result:
        for rows in result.partitions():
            yield [_shown(record, row) for row in rows]


def page(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf
) -> tuple[list[Row], Sequence[Any] | None]:
    """Rows in their order, and the place of the last one where more follow."""
    then = versions(connection, record, as_of)
    order = [(_key(record, then.rows, one.field), one.descending) for one in wanted.sort]
    query = _selected(record, then).where(*_where(connection, record, then, wanted))
    if wanted.after:
        query = query.where(_beyond(order, wanted.after))
    by = [key.desc() if descending else key.asc() for key, descending in order]
    keys = [key.label(f"key_{n}") for n, (key, _) in enumerate(order)]
    rows = connection.execute(query.add_columns(*keys).order_by(*by).limit(wanted.limit + 1))
    some = rows.all()
    shown = [_shown(record, row) for row in some[: wanted.limit]]
    if len(some) <= wanted.limit:
        return shown, None
    return shown, list(some[wanted.limit - 1][-len(keys) :])


def count(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf, most: int | None
) -> int:
    """How many there are, counted no further than `most`."""
    then = versions(connection, record, as_of)
    where = _where(connection, record, then, wanted)
    query = select(then.rows.c.stream).where(*then.there, *where).limit(most)
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def one(connection: Connection, record: Record[Any], id: str, as_of: AsOf) -> Row | None:
    then = versions(connection, record, as_of)
    mine = then.rows.c.stream == record.kind.stream(id)
    row = connection.execute(_selected(record, then).where(mine).order_by(then.rows.c.log)).first()
    return None if row is None else _shown(record, row)


def titles(
    connection: Connection, record: Record[Any], ids: Sequence[str], as_of: AsOf
) -> dict[str, str]:
    """What things are called, by their ids; those that were not there, or have no name, are not."""
    then, called = versions(connection, record, as_of), record.title
    assert called is not None, f"{record.name} have no name"
    column, names = then.rows.c, dict[str, str]()
    for few in parking.portions([record.kind.stream(each) for each in ids]):
        query = select(column.id, column[called]).where(column.stream.in_(few), *then.there)
        names |= {row[0]: row[1] for row in connection.execute(query) if row[1]}
    return names


def position_of(connection: Connection, record: Record[Any], id: str, version: int) -> int | None:
    """The position of the event that led to a version."""
    table = record.versions(generations.generation(connection, record.name))
    mine = table.c.stream == record.kind.stream(id), table.c.version == version
    found: int | None = connection.execute(select(table.c.position).where(*mine)).scalar()
    return found


def history(
    connection: Connection, record: Record[Any], id: str, as_of: AsOf, after: int, limit: int
) -> list[Row]:
    """What each event of a thing changed, in the order of the log: old and new of each field.

    An event told late is compared with what was true at its own instant, as known before it.
    """
    table = record.versions(generations.generation(connection, record.name))
    known = [] if as_of.position is None else [table.c.position <= as_of.position]
    query = select(table).where(table.c.stream == record.kind.stream(id), *known)
    rows = connection.execute(query.order_by(table.c.position, table.c.happened)).mappings().all()
    found, slices, seen = list[Row](), dict[int, Row](), -1
    for row in rows:
        now = {name: _value(record, name, row[name]) for name in record.fields}
        if row["position"] != seen:  # those that follow are later states, made anew
            seen = row["position"]
            since = max((one for one in slices if one <= row["happened"]), default=None)
            before = {} if since is None else slices[since]
            changes = {
                name: {"from": before.get(name), "to": value}
                for name, value in now.items()
                if before.get(name) != value
            }
            found.append({**_envelope(row), "type": row["type"], "changes": changes})
        slices[row["happened"]] = now
    return [row for row in found if row["position"] > after][:limit]


def reached(
    connection: Connection, record: Record[Any], ids: Sequence[str], scope: Tree
) -> set[str]:
    """Those of the things that are within a scope as they are today."""
    table, found = versions(connection, record, NOW).rows, set[str]()
    for few in parking.portions([record.kind.stream(each) for each in ids]):
        mine = table.c.stream.in_(few), table.c.ended == STILL
        found.update(
            connection.execute(select(table.c.id).where(*mine, as_sql(table, scope))).scalars()
        )
    return found


def _within(
    connection: Connection, record: Record[Any], then: Then, scope: Tree
) -> ColumnElement[bool]:
    if then.now or scope == EVERYTHING:
        return as_sql(then.rows, scope)
    today = versions(connection, record, NOW).rows
    mine = select(today.c.stream).where(today.c.ended == STILL, as_sql(today, scope))
    return then.rows.c.stream.in_(mine)


def _where(
    connection: Connection, record: Record[Any], then: Then, wanted: RecordQuery
) -> list[ColumnElement[bool]]:
    conditions = [as_sql(then.rows, one) for one in wanted.conditions]
    conditions.insert(0, _within(connection, record, then, wanted.scope))
    if not (asked := " ".join(wanted.words)):
        return conditions
    if then.grams is None:
        return [*conditions, *search.read(then.rows, asked)]
    return [*conditions, *search.found(connection, then.grams, then.rows, asked)]


def _selected(record: Record[Any], then: Then) -> Select[Any]:
    """The columns that a row is shown from, in the order of `_names`."""
    names = "id", *record.fields, "version", "position", "happened", "recorded_at"
    return select(*(then.rows.c[name] for name in names)).where(*then.there)


def _key(record: Record[Any], found: FromClause, name: str) -> ColumnElement[Any]:
    """What is sorted by: where there is nothing, it is less than anything.

    Streams of one kind are in the order of their ids, and are what indexes hold.
    """
    known = record.fields.get(name)
    column: ColumnElement[Any] = found.c["stream" if name == "id" else name]
    if known is None or not known.optional:
        return column
    return func.coalesce(column, literal("" if known.type is str else LEAST))


def _beyond(
    order: Iterable[tuple[ColumnElement[Any], bool]], after: Sequence[Any]
) -> ColumnElement[bool]:
    ways, same = list[ColumnElement[bool]](), list[ColumnElement[bool]]()
    for (key, descending), value in zip(order, after, strict=True):
        ways.append(and_(*same, key < value if descending else key > value))
        same.append(key == value)
    return or_(*ways)


@cache
def _names(record: Record[Any]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """As a row is shown: all of its names, those of instants, and those of lists."""
    fields, times = record.fields.items(), ("occurred_at", "recorded_at")
    names = "id", *record.fields, "version", "position", *times
    instants = *(name for name, known in fields if known.mark.instant), *times
    return names, instants, [name for name, known in fields if known.nested]


def _shown(record: Record[Any], row: Sequence[Any]) -> Row:
    names, instants, lists = _names(record)
    shown = dict(zip(names, row, strict=False))  # after them come the keys of the order
    for name in instants:
        if (at := shown[name]) is not None:
            shown[name] = iso(at)
    for name in lists:
        shown[name] = msgspec.json.decode(shown[name])
    return shown


def _value(record: Record[Any], name: str, value: Any) -> Any:
    known = record.fields[name]
    if known.nested:
        return msgspec.json.decode(value)
    return iso(value) if known.mark.instant and value is not None else value


def _envelope(row: RowMapping) -> Row:
    return {
        "version": row["version"],
        "position": row["position"],
        "occurred_at": iso(row["happened"]),
        "recorded_at": iso(row["recorded_at"]),
    }
