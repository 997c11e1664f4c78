"""Lists of a record's things: a page, all of them, or how many there are, as of any moment."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    func,
    select,
    union_all,
)

from aggregates.conditions import AllOf, Tree, fields
from projections.engine import finding, generations, prepared
from projections.engine.conditions import as_sql, without_values
from projections.engine.finding import Sought
from projections.engine.prepared import Statements, shape
from projections.engine.reach import EVERYTHING
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_conditions import by_streams, sql
from projections.engine.record_order import Sort, beyond, has_index, key_of, ordered
from projections.engine.record_rows import Row, selected, shown
from projections.engine.version_table import STILL
from projections.engine.versions_as_of import (
    MOMENT,
    Then,
    Way,
    gone_through,
    much_changed,
    of_any_moment,
    then,
)

PAGES, NEAR, COUNTS = Statements(), Statements(), Statements()
ALL = 2**63 - 1
BROAD = 1_001
"""Of so many that fit, some are among the first in any order, mostly."""
FIRST = 3_000
"""So many are looked at for them."""


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
    query = selected(record, then).where(*_where(connection, record, then, wanted))
    by = [
        key.desc() if one.descending else key.asc()
        for one in wanted.sort
        for key in [key_of(record, then.rows, one.field)]
    ]
    streamed = {"yield_per": size}
    # Closed even where not all is read: SQLite would go on with its old sight of the database.
    with connection.execute(query.order_by(*by), execution_options=streamed) as result:
        for rows in result.partitions():
            yield shown(record, rows)


def page(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf
) -> tuple[list[Row], Sequence[Any] | None]:
    """Rows in their order, and the place of the last one where more follow."""
    some = _near(connection, record, wanted, as_of)
    if some is None:
        asked = _asked(connection, record, wanted, as_of, in_order=_in_order(record, wanted))
        page = PAGES.get(connection, asked.shape, lambda: _statement(record, asked, wanted))
        some = page.rows(connection, [*asked.values, *wanted.after, wanted.limit + 1])
    rows = shown(record, some[: wanted.limit])
    if len(some) <= wanted.limit:
        return rows, None
    return rows, list(some[wanted.limit - 1][-len(wanted.sort) :])


def _near(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf
) -> Sequence[prepared.Row] | None:
    """The page, where SQLite finds it among the first things in its order.

    It knows of no condition how many things fit, so it goes by that one's index and sorts all
    that this has. PostgreSQL knows.
    """
    if connection.dialect.name != "sqlite" or not (as_of.now and _would_sort(record, wanted)):
        return None
    if not _is_broad(connection, record, wanted, as_of):
        return None
    asked = _asked(connection, record, wanted, as_of, in_order=False, by_grams=False)
    page = NEAR.get(connection, asked.shape, lambda: _near_statement(record, asked, wanted))
    some = page.rows(connection, [*asked.values, *wanted.after, wanted.limit + 1])
    return some if len(some) > wanted.limit else None


def _is_broad(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf
) -> bool:
    if not wanted.words:
        return count(connection, record, wanted, as_of, BROAD) == BROAD
    _, grams = record.every_table(generations.generation(connection, record.name))
    found = finding.sought(connection, grams, " ".join(wanted.words))
    return finding.is_common(connection, grams, found)


def _would_sort(record: Record[Any], wanted: RecordQuery) -> bool:
    """Whether an index has the order, and another one what is wanted."""
    by = wanted.sort[0].field
    if not has_index(record, by):
        return False
    named = {name for tree in (wanted.scope, *wanted.conditions) for name in fields(tree)} - {by}
    indexed = any(known.mark.indexed for name, known in record.fields.items() if name in named)
    return bool(wanted.words) or (by != "id" and indexed)


def _near_statement(
    record: Record[Any], asked: "_Asked", wanted: RecordQuery
) -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    """A limit within keeps the conditions out, and SQLite hands the rows on as they come."""
    (counting,) = asked.parts
    after, limit = _standing_for("after", wanted.after), prepared.value("most", wanted.limit)
    order = [(key_of(record, counting.rows, one.field), one.descending) for one in wanted.sort]
    first = select(counting.rows).where(*counting.there, *([beyond(order, after)] if after else []))
    by = [one.desc() if descending else one.asc() for one, descending in order]
    some = Then(first.order_by(*by).limit(FIRST).subquery(), [], counting.grams)
    where, binds = _where_of(record, asked._replace(parts=[some]), 0, wanted)
    keys = [key_of(record, some.rows, one.field) for one in wanted.sort]
    named = [one.label(f"key_{number}") for number, one in enumerate(keys)]
    query = selected(record, some).where(*where).add_columns(*named).limit(limit)
    return query, [*binds, *after, limit]


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


def _asked(
    connection: Connection,
    record: Record[Any],
    wanted: RecordQuery,
    as_of: AsOf,
    *,
    in_order: bool,
    by_grams: bool = True,
) -> _Asked:
    number, dialect = generations.generation(connection, record.name), connection.dialect.name
    kind = as_of.position is not None, as_of.occurred_at is not None
    table = record.versions(number)
    way: Way = "apart"
    if in_order:
        way = "looked up"
    elif much_changed(connection, table, as_of):
        way = "gone through"
    parts = of_any_moment(record, number, dialect, *kind, way)
    alike, given = _apart(record, table, [wanted.scope, *wanted.conditions])
    sought, words = list[Sought](), " ".join(wanted.words)
    if words:
        sought = [
            finding.sought(connection, part.grams if by_grams else None, words) for part in parts
        ]
    values = [one for one in as_of if one is not None]
    for part in range(len(parts)):
        values += [*given, *(sought[part].values if words else ())]
    scoped = wanted.scope != EVERYTHING
    how = record, number, kind, scoped, way, tuple(wanted.sort), bool(wanted.after)
    asks = *how, alike, tuple(one.shape for one in sought)
    moment = [bind for bind, there in zip(MOMENT, kind, strict=True) if there]
    return _Asked(table, parts, sought, moment, values, asks)


def _apart(
    record: Record[Any], table: Table, trees: Sequence[Tree]
) -> tuple[Hashable, Sequence[Any]]:
    """What tells conditions from others but their values, and these."""
    some, values = [by_streams(record, one) for one in trees if one != EVERYTHING], list[Any]()
    if (alike := without_values(AllOf(some), values)) is not None:
        return alike, values
    conditions = shape(as_sql(table, one) for one in some)
    return conditions.key, prepared.values(conditions.binds)


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
        where, mine = _where_of(record, asked, part, wanted)
        binds += mine
        order = [(key_of(record, counting.rows, one.field), one.descending) for one in wanted.sort]
        if after:
            where.append(beyond(order, after))
        keys = [key.label(f"key_{number}") for number, (key, _) in enumerate(order)]
        query = selected(record, counting).where(*where).add_columns(*keys)
        by = [key.desc() if descending else key.asc() for key, descending in order]
        queries.append(query.order_by(*by).limit(limit))
    return _merged(queries, wanted.sort).limit(limit), [*binds, *after, limit]


def _where_of(
    record: Record[Any], asked: _Asked, part: int, wanted: RecordQuery, *, joined: bool = False
) -> tuple[list[ColumnElement[bool]], list[BindParameter[Any]]]:
    """Which rows of a part are wanted, and what stands in that for the values."""
    counting = asked.parts[part]
    where = _conditions(record, asked.today, counting, wanted)
    binds = prepared.own_binds(where, counting.rows)
    if asked.sought:
        looked_for = _standing_for(f"sought_{part}", asked.sought[part].values)
        grams = counting.grams if asked.sought[part].spans else None
        found = asked.sought[part].conditions(grams, counting.rows, iter(looked_for), joined=joined)
        where += found
        binds += looked_for
    return where, binds


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
    asked = _asked(connection, record, wanted, as_of, in_order=False)
    # What SQLite is given in brackets it reads whole, however few of it are counted.
    joined = connection.dialect.name == "sqlite" and any(one.spans for one in asked.sought)
    count = COUNTS.get(connection, asked.shape, lambda: _count(record, asked, wanted, joined))
    return int(count.rows(connection, [*asked.values, ALL if most is None else most])[0][0])


def counted(
    connection: Connection,
    record: Record[Any],
    wanted: RecordQuery,
    as_of: AsOf,
    most: int | None,
    page: tuple[Sequence[Row], object],
) -> int:
    """The same, where a page was read already: it may have all."""
    rows, more = page
    if more is None and not wanted.after:
        return len(rows)
    return count(connection, record, wanted, as_of, most)


def _count(
    record: Record[Any], asked: _Asked, wanted: RecordQuery, joined: bool
) -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    most, binds, every = prepared.value("most", ALL), list(asked.moment), list[Select[Any]]()
    for part, counting in enumerate(asked.parts):
        where, mine = _where_of(record, asked, part, wanted, joined=joined)
        binds += mine
        each = select(counting.rows.c.stream, counting.rows.c.log)
        every.append((each.distinct() if joined else each).where(*counting.there, *where))
    found = union_all(*every).limit(most).subquery()
    return select(func.count()).select_from(found), [*binds, most]


def matching(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf, *names: str
) -> Select[Any]:
    """Some columns of all rows that fit, in no order."""
    then = _of_all(connection, record, as_of)
    where = _where(connection, record, then, wanted)
    return select(*(then.rows.c[name] for name in names)).where(*then.there, *where)


def _within(record: Record[Any], today: Table, then: Then, scope: Tree) -> ColumnElement[bool]:
    if then.now or scope == EVERYTHING:
        return sql(record, then.rows, scope)
    mine = select(today.c.stream).where(today.c.ended == STILL, sql(record, today, scope))
    return then.rows.c.stream.in_(mine)


def _conditions(
    record: Record[Any], today: Table, then: Then, wanted: RecordQuery
) -> list[ColumnElement[bool]]:
    scope = _within(record, today, then, wanted.scope)
    return [scope, *(sql(record, then.rows, one) for one in wanted.conditions)]


def _where(
    connection: Connection, record: Record[Any], then: Then, wanted: RecordQuery
) -> list[ColumnElement[bool]]:
    today = record.versions(generations.generation(connection, record.name))
    conditions = _conditions(record, today, then, wanted)
    if not (asked := " ".join(wanted.words)):
        return conditions
    found = finding.sought(connection, then.grams, asked)
    return [*conditions, *found.conditions(then.grams, then.rows, iter(found.values))]
