"""What is asked of a record's list, apart from the statement that answers it."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, Table, select

from aggregates.conditions import AllOf, Tree, fields
from projections.engine import finding, generations, prepared
from projections.engine.conditions import as_sql, without_values
from projections.engine.finding import Sought
from projections.engine.prepared import shape
from projections.engine.reach import EVERYTHING
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_conditions import by_streams, sql
from projections.engine.record_order import Sort, ordered
from projections.engine.version_table import STILL
from projections.engine.versions_as_of import MOMENT, Then, Way, much_changed, of_any_moment


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


class ShapedQuery(NamedTuple):
    """A question of one shape, for which there is one statement, and its values."""

    today: Table
    parts: Sequence[Then]
    """Where its rows are: each part has rows of its own."""
    sought: Sequence[Sought]
    """What is looked for in each part."""
    moment: Sequence[BindParameter[Any]]
    at: Sequence[Any]
    """The values of the moment."""
    given: Sequence[Any]
    """The values of the conditions."""
    like: Hashable
    """Alike where the statements are, but for what is looked for."""

    @property
    def values(self) -> list[Any]:
        """Of the moment, and for each part of the conditions and what is looked for."""
        found = list(self.at)
        for part in range(len(self.parts)):
            found += [*self.given, *(self.sought[part].values if self.sought else ())]
        return found

    @property
    def shape(self) -> Hashable:
        return self.like, tuple(one.shape for one in self.sought)

    def part(self, which: Literal[0, 1]) -> "ShapedQuery":
        """The same of one part alone."""
        parts, sought = self.parts[which : which + 1], self.sought[which : which + 1]
        return self._replace(parts=parts, sought=sought, like=(which, self.like))


def asked(
    connection: Connection,
    record: Record[Any],
    wanted: RecordQuery,
    as_of: AsOf,
    *,
    in_order: bool,
) -> ShapedQuery:
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
        sought = [finding.sought(connection, part.grams, words) for part in parts]
    at = [one for one in as_of if one is not None]
    scoped = wanted.scope != EVERYTHING
    how = record, number, kind, scoped, way, tuple(wanted.sort), bool(wanted.after)
    moment = [bind for bind, there in zip(MOMENT, kind, strict=True) if there]
    return ShapedQuery(table, parts, sought, moment, at, given, (how, alike))


def _apart(
    record: Record[Any], table: Table, trees: Sequence[Tree]
) -> tuple[Hashable, Sequence[Any]]:
    """What tells conditions from others but their values, and these."""
    some, values = [by_streams(record, one) for one in trees if one != EVERYTHING], list[Any]()
    if (alike := without_values(AllOf(some), values)) is not None:
        return alike, values
    conditions = shape(as_sql(table, one) for one in some)
    return conditions.key, prepared.values(conditions.binds)


def named_fields(wanted: RecordQuery) -> set[str]:
    return {name for tree in (wanted.scope, *wanted.conditions) for name in fields(tree)}


def in_order(record: Record[Any], wanted: RecordQuery) -> bool:
    """Whether things are best gone through by their ids: no index has those that are wanted, or
    has them in their order.
    """
    if wanted.words or wanted.sort[0].field != "id":
        return False
    named = named_fields(wanted)
    return not any(name in named for name, known in record.fields.items() if known.mark.indexed)


def where_of(
    record: Record[Any], asked: ShapedQuery, part: int, wanted: RecordQuery, *, joined: bool = False
) -> tuple[list[ColumnElement[bool]], list[BindParameter[Any]]]:
    """Which rows of a part are wanted, and what stands in that for the values."""
    counting = asked.parts[part]
    where = conditions_of(record, asked.today, counting, wanted)
    binds = prepared.own_binds(where, counting.rows)
    if asked.sought:
        looked_for = standing_for(f"sought_{part}", asked.sought[part].values)
        grams = counting.grams if asked.sought[part].spans else None
        found = asked.sought[part].conditions(grams, counting.rows, iter(looked_for), joined=joined)
        where += found
        binds += looked_for
    return where, binds


def standing_for(name: str, values: Iterable[Any]) -> list[BindParameter[Any]]:
    return [prepared.value(f"{name}_{number}", one) for number, one in enumerate(values)]


def conditions_of(
    record: Record[Any], today: Table, then: Then, wanted: RecordQuery
) -> list[ColumnElement[bool]]:
    scope = _within(record, today, then, wanted.scope)
    return [scope, *(sql(record, then.rows, one) for one in wanted.conditions)]


def _within(record: Record[Any], today: Table, then: Then, scope: Tree) -> ColumnElement[bool]:
    if then.now or scope == EVERYTHING:
        return sql(record, then.rows, scope)
    mine = select(today.c.stream).where(today.c.ended == STILL, sql(record, today, scope))
    return then.rows.c.stream.in_(mine)
