"""Lists of a record's things: a page, all of them, or how many there are, as of any moment."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, func, select, union_all

from projections.engine import finding, generations, near, prepared
from projections.engine.prepared import Statements
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_asked import RecordQuery as RecordQuery
from projections.engine.record_asked import (
    ShapedQuery,
    asked,
    conditions_of,
    in_order,
    named_fields,
    standing_for,
    where_of,
)
from projections.engine.record_order import Sort, beyond, has_index, key_of
from projections.engine.record_rows import Row, selected, shown
from projections.engine.versions_as_of import Then, gone_through, much_changed, then

PAGES, COUNTS = Statements(), Statements()
ALL = 2**63 - 1
BROAD = 1_001
"""Of so many that fit, some are among the first in any order, mostly."""


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
    by_id = in_order(record, wanted)
    question = asked(connection, record, wanted, as_of, in_order=by_id)
    first = None if by_id else _near(connection, record, wanted, as_of, question)
    if first is None:
        some = _rows(connection, record, question, wanted)
    elif len(question.parts) > 1:
        changed = _rows(connection, record, question.part(1), wanted)
        some = _in_order([*first, *changed], wanted.sort)
    else:
        some = first
    rows = shown(record, some[: wanted.limit])
    if len(some) <= wanted.limit:
        return rows, None
    return rows, list(some[wanted.limit - 1][-len(wanted.sort) :])


def _rows(
    connection: Connection, record: Record[Any], asked: ShapedQuery, wanted: RecordQuery
) -> Sequence[prepared.Row]:
    page = PAGES.get(connection, asked.shape, lambda: _statement(record, asked, wanted))
    return page.rows(connection, [*asked.values, *wanted.after, wanted.limit + 1])


def _in_order(rows: list[prepared.Row], sort: Sequence[Sort]) -> list[prepared.Row]:
    """By the keys at their ends, as databases have them in the order of bytes."""
    for number, one in reversed(list(enumerate(sort, -len(sort)))):
        rows.sort(key=itemgetter(number), reverse=one.descending)
    return rows


def _near(
    connection: Connection,
    record: Record[Any],
    wanted: RecordQuery,
    as_of: AsOf,
    asked: ShapedQuery,
) -> Sequence[prepared.Row] | None:
    """The page of what is so now, where much of that fits."""
    if not asked.parts[0].now or not has_index(record, wanted.sort[0].field):
        return None
    if not _is_broad(connection, record, wanted, as_of, asked):
        return None
    return near.rows(connection, record, wanted, asked)


def _is_broad(
    connection: Connection,
    record: Record[Any],
    wanted: RecordQuery,
    as_of: AsOf,
    asked: ShapedQuery,
) -> bool:
    """Of conditions PostgreSQL knows by itself how many things fit them, mostly."""
    grams = asked.parts[0].grams
    if asked.sought and grams is not None:
        return finding.is_common(connection, grams, asked.sought[0])
    if connection.dialect.name != "sqlite" or wanted.sort[0].field == "id":
        return False
    named = named_fields(wanted) - {wanted.sort[0].field}
    indexed = any(one.mark.indexed for name, one in record.fields.items() if name in named)
    return indexed and count(connection, record, wanted, as_of, BROAD) == BROAD


def _statement(
    record: Record[Any], asked: ShapedQuery, wanted: RecordQuery
) -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    after = standing_for("after", wanted.after)
    limit = prepared.value("most", wanted.limit)
    queries, binds = list[Select[Any]](), list(asked.moment)
    for part, counting in enumerate(asked.parts):
        where, mine = where_of(record, asked, part, wanted)
        binds += mine
        order = [(key_of(record, counting.rows, one.field), one.descending) for one in wanted.sort]
        if after:
            where.append(beyond(order, after))
        keys = [key.label(f"key_{number}") for number, (key, _) in enumerate(order)]
        query = selected(record, counting).where(*where).add_columns(*keys)
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


def count(
    connection: Connection, record: Record[Any], wanted: RecordQuery, as_of: AsOf, most: int | None
) -> int:
    """How many there are, counted no further than `most`."""
    question = asked(connection, record, wanted, as_of, in_order=False)
    # What SQLite is given in brackets it reads whole, however few of it are counted.
    joined = connection.dialect.name == "sqlite" and any(one.spans for one in question.sought)
    count = COUNTS.get(connection, question.shape, lambda: _count(record, question, wanted, joined))
    return int(count.rows(connection, [*question.values, ALL if most is None else most])[0][0])


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


def counted_up_to(
    connection: Connection,
    record: Record[Any],
    wanted: RecordQuery,
    as_of: AsOf,
    most: int,
    page: tuple[Sequence[Row], object],
) -> tuple[int, bool]:
    """How many there are, up to `most`, and whether there may be more. Of a search that finds many
    things the first are counted, so that it takes no longer the more there are.
    """
    rows, more = page
    if more is None and not wanted.after:
        return len(rows), False
    question = asked(connection, record, wanted, as_of, in_order=False)
    grams = question.parts[0].grams
    if question.sought and grams is not None:
        common = finding.is_common(connection, grams, question.sought[0])
        found = near.fitting(connection, record, wanted, question, most) if common else None
        if found is not None and not (found[1] and len(question.parts) > 1):
            return found[0], not found[1]
    number = count(connection, record, wanted, as_of, most + 1)
    return min(number, most), number > most


def _count(
    record: Record[Any], asked: ShapedQuery, wanted: RecordQuery, joined: bool
) -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    most, binds, every = prepared.value("most", ALL), list(asked.moment), list[Select[Any]]()
    for part, counting in enumerate(asked.parts):
        where, mine = where_of(record, asked, part, wanted, joined=joined)
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


def _where(
    connection: Connection, record: Record[Any], then: Then, wanted: RecordQuery
) -> list[ColumnElement[bool]]:
    today = record.versions(generations.generation(connection, record.name))
    conditions = conditions_of(record, today, then, wanted)
    if not (asked := " ".join(wanted.words)):
        return conditions
    found = finding.sought(connection, then.grams, asked)
    return [*conditions, *found.conditions(then.grams, then.rows, iter(found.values))]
