"""Records read: one thing or a list, now or as of any moment, and what each event changed."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BindParameter,
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
    union_all,
)

from infra.clock import iso
from projections.engine import finding, generations, name_order, parking, prepared
from projections.engine.conditions import AMONG, Condition, Tree, as_sql, fields, mapped
from projections.engine.finding import Sought
from projections.engine.prepared import Statements, shape
from projections.engine.reach import EVERYTHING
from projections.engine.reading import NOW, AsOf
from projections.engine.record import STILL, Record
from projections.engine.versions_as_of import (
    HAPPENED,
    POSITION,
    Then,
    Way,
    gone_through,
    much_changed,
    of_any_moment,
    then,
)

decode = msgspec.json.Decoder().decode
PAGES, SINGLE, MOMENT = Statements(), Statements(), (POSITION, HAPPENED)
STREAM = prepared.value("stream", "")
LEAST = -(2**63)
OF_STREAM = ("", "gt", "gte", "lt", "lte", AMONG)
"""What asks the same of an id and of its stream."""
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


def versions(connection: Connection, record: Record[Any], as_of: AsOf) -> Then:
    number = generations.generation(connection, record.name)
    return then(record, number, as_of, connection.dialect.name)


def _of_all(connection: Connection, record: Record[Any], as_of: AsOf) -> Then:
    """The same where all things are gone through."""
    number = generations.generation(connection, record.name)
    if much_changed(connection, record.versions(number), as_of):
        return gone_through(record, number, as_of)
    return then(record, number, as_of, connection.dialect.name)


def every(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf, size: int
) -> Iterator[list[Row]]:
    """All rows in their order, so many at a time: what is read is not kept."""
    then = _of_all(connection, record, as_of)
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
            yield _shown(record, rows)


def page(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf
) -> tuple[list[Row], Sequence[Any] | None]:
    """Rows in their order, and the place of the last one where more follow."""
    asked = _asked(connection, record, wanted, as_of)
    page = PAGES.get(connection, asked.shape, lambda: _statement(record, asked, wanted))
    some = page.rows(connection, [*asked.values, *wanted.after, wanted.limit + 1])
    shown = _shown(record, some[: wanted.limit])
    if len(some) <= wanted.limit:
        return shown, None
    return shown, list(some[wanted.limit - 1][-len(wanted.sort) :])


class _Asked(NamedTuple):
    """A page apart from the statement that answers it; of one shape there is one statement."""

    today: Table
    parts: Sequence[Then]
    """Where its rows are: each part has rows of its own."""
    sought: Sequence[Sought]
    """What is looked for in each part."""
    moment: Sequence[BindParameter[Any]]
    values: Sequence[Any]
    """Of the moment, and for each part of the conditions and what is looked for."""
    shape: Hashable


def _asked(connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf) -> _Asked:
    number, dialect = generations.generation(connection, record.name), connection.dialect.name
    kind = as_of.position is not None, as_of.occurred_at is not None
    table = record.versions(number)
    way: Way = "apart"
    if _in_order(record, wanted):
        way = "looked up"
    elif much_changed(connection, table, as_of):
        way = "gone through"
    parts = of_any_moment(record, number, dialect, *kind, way)
    every = (wanted.scope, *wanted.conditions)
    conditions = shape(_sql(record, table, one) for one in every if one != EVERYTHING)
    sought, words = list[Sought](), " ".join(wanted.words)
    if words:
        sought = [finding.sought(connection, part.grams, words) for part in parts]
    given = prepared.values(conditions.binds)
    values = [one for one in as_of if one is not None]
    for part in range(len(parts)):
        values += [*given, *(sought[part].values if words else ())]
    scoped = wanted.scope != EVERYTHING
    how = record, number, kind, scoped, way, tuple(wanted.sort), bool(wanted.after)
    asks = *how, conditions.key, tuple(one.shape for one in sought)
    moment = [bind for bind, there in zip(MOMENT, kind, strict=True) if there]
    return _Asked(table, parts, sought, moment, values, asks)


def _in_order(record: Record[Any], wanted: RecordQuery) -> bool:
    """Whether things are best gone through by their ids: no index has those that are wanted, or
    has them in their order.
    """
    if wanted.words or wanted.sort[0].field != "id":
        return False
    named = {name for tree in (wanted.scope, *wanted.conditions) for name in fields(tree)}
    return not any(name in named for name, known in record.fields.items() if known.mark.indexed)


def _statement(
    record: Record[Any], asked: _Asked, wanted: RecordQuery
) -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    after = _standing_for("after", wanted.after)
    limit = prepared.value("most", wanted.limit)
    queries, binds = list[Select[Any]](), list(asked.moment)
    for part, counting in enumerate(asked.parts):
        where = _conditions(record, asked.today, counting, wanted)
        binds += prepared.own_binds(where, counting.rows)
        if asked.sought:
            looked_for = _standing_for(f"sought_{part}", asked.sought[part].values)
            where += asked.sought[part].conditions(counting.grams, counting.rows, iter(looked_for))
            binds += looked_for
        order = [(_key(record, counting.rows, one.field), one.descending) for one in wanted.sort]
        if after:
            where.append(_beyond(order, after))
        keys = [key.label(f"key_{number}") for number, (key, _) in enumerate(order)]
        query = _selected(record, counting).where(*where).add_columns(*keys)
        by = [key.desc() if descending else key.asc() for key, descending in order]
        queries.append(query.order_by(*by).limit(limit))
    return _merged(queries, wanted.sort).limit(limit), [*binds, *after, limit]


def _merged(queries: Sequence[Select[Any]], sort: Sequence[Sort]) -> Select[Any]:
    """The first rows of all parts: a database sorts what each part has sorted already."""
    if len(queries) == 1:
        return queries[0]
    every = union_all(*(select(one.subquery()) for one in queries)).subquery()
    keys = [every.c[f"key_{number}"] for number in range(len(sort))]
    by = [key.desc() if one.descending else key.asc() for key, one in zip(keys, sort, strict=True)]
    return select(every).order_by(*by)


def _standing_for(name: str, values: Iterable[Any]) -> list[BindParameter[Any]]:
    return [prepared.value(f"{name}_{number}", one) for number, one in enumerate(values)]


def count(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf, most: int | None
) -> int:
    """How many there are, counted no further than `most`."""
    then = _of_all(connection, record, as_of)
    where = _where(connection, record, then, wanted)
    query = select(then.rows.c.stream).where(*then.there, *where).limit(most)
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def matching(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf, *names: str
) -> Select[Any]:
    """Some columns of all rows that fit, in no order."""
    then = _of_all(connection, record, as_of)
    where = _where(connection, record, then, wanted)
    return select(*(then.rows.c[name] for name in names)).where(*then.there, *where)


def one(connection: Connection, record: Record[Any], id: str, as_of: AsOf) -> Row | None:
    """A thing, or None where it was not there."""
    number, dialect = generations.generation(connection, record.name), connection.dialect.name
    kind = as_of.position is not None, as_of.occurred_at is not None

    def statement() -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
        (then,) = of_any_moment(record, number, dialect, *kind, "looked up")
        query = _selected(record, then).where(then.rows.c.stream == STREAM)
        moment = [bind for bind, there in zip(MOMENT, kind, strict=True) if there]
        return query.order_by(then.rows.c.log).limit(1), [*moment, STREAM]

    single = SINGLE.get(connection, (record, number, kind), statement)
    given = [one for one in as_of if one is not None]
    rows = single.rows(connection, [*given, record.kind.stream(id)])
    return _shown(record, rows)[0] if rows else None


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
            connection.execute(
                select(table.c.id).where(*mine, _sql(record, table, scope))
            ).scalars()
        )
    return found


def _sql(record: Record[Any], rows: FromClause, tree: Tree) -> ColumnElement[bool]:
    """Whether a row fits; an id is looked up by its stream, which indexes hold."""

    def by_stream(one: Condition) -> Tree:
        if one.field != "id" or one.operator not in OF_STREAM:
            return one
        return Condition("stream", one.operator, [_stream(record, each) for each in one.values])

    return as_sql(rows, mapped(tree, by_stream))


def _stream(record: Record[Any], id: Any) -> Any:
    """Of an id, or of a query for several."""
    if not isinstance(id, Select):
        return record.kind.stream(id)
    (column,) = id.selected_columns
    return id.with_only_columns(literal(record.kind.stream("")).concat(column))


def _within(record: Record[Any], today: Table, then: Then, scope: Tree) -> ColumnElement[bool]:
    if then.now or scope == EVERYTHING:
        return _sql(record, then.rows, scope)
    mine = select(today.c.stream).where(today.c.ended == STILL, _sql(record, today, scope))
    return then.rows.c.stream.in_(mine)


def _conditions(
    record: Record[Any], today: Table, then: Then, wanted: RecordQuery
) -> list[ColumnElement[bool]]:
    scope = _within(record, today, then, wanted.scope)
    return [scope, *(_sql(record, then.rows, one) for one in wanted.conditions)]


def _where(
    connection: Connection, record: Record[Any], then: Then, wanted: RecordQuery
) -> list[ColumnElement[bool]]:
    today = record.versions(generations.generation(connection, record.name))
    conditions = _conditions(record, today, then, wanted)
    if not (asked := " ".join(wanted.words)):
        return conditions
    found = finding.sought(connection, then.grams, asked)
    return [*conditions, *found.conditions(then.grams, then.rows, iter(found.values))]


def _selected(record: Record[Any], then: Then) -> Select[Any]:
    """The columns that a row is shown from, in the order of `_names`."""
    names = "id", *record.fields, "version", "position", "happened", "recorded_at"
    return select(*(then.rows.c[name] for name in names)).where(*then.there)


def _key(record: Record[Any], found: FromClause, name: str) -> ColumnElement[Any]:
    """What is sorted by: where there is nothing, it is less than anything.

    Streams of one kind are in the order of their ids, and are what indexes hold.
    """
    known = record.fields.get(name)
    if known is not None and known.mark.by_reading:
        return found.c[name_order.column_of(name)]
    column: ColumnElement[Any] = found.c["stream" if name == "id" else name]
    if known is None or not known.optional:
        return column
    return func.coalesce(column, literal("" if known.type is str else LEAST))


def _beyond(
    order: Sequence[tuple[ColumnElement[Any], bool]], after: Sequence[Any]
) -> ColumnElement[bool]:
    """That the first key is not before `after` follows; an index begins there."""
    ways, same = list[ColumnElement[bool]](), list[ColumnElement[bool]]()
    for (key, descending), value in zip(order, after, strict=True):
        ways.append(and_(*same, key < value if descending else key > value))
        same.append(key == value)
    (first, descending), value = order[0], after[0]
    return and_(first <= value if descending else first >= value, or_(*ways))


@cache
def _names(record: Record[Any]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """As a row is shown: all of its names, those of instants, and those of lists."""
    fields, times = record.fields.items(), ("occurred_at", "recorded_at")
    names = "id", *record.fields, "version", "position", *times
    instants = *(name for name, known in fields if known.mark.instant), *times
    return names, instants, [name for name, known in fields if known.nested]


def _shown(record: Record[Any], rows: Iterable[Sequence[Any]]) -> list[Row]:
    names, instants, lists = _names(record)
    # After the names come the keys of the order.
    shown: list[Row] = [dict(zip(names, row, strict=False)) for row in rows]
    for row in shown:
        for name in instants:
            if (at := row[name]) is not None:
                row[name] = iso(at)
        for name in lists:
            row[name] = decode(row[name])
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
