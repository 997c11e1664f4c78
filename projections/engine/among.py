"""Fields whose values are looked up in another record, as its things are today."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from aggregates.conditions import AMONG, AnyOf, Condition, Tree, mapped
from projections.engine import generations
from projections.engine.conditions import as_sql
from projections.engine.record import Record
from projections.engine.version_table import STILL

FEW = 200
"""Values that are looked up before they are asked for; more are a part of the question."""


class Among(NamedTuple):
    """The values that a field has in those rows of a record that fit."""

    record: Record[Any]
    field: str
    tree: Tree


def among(field: str, *wanted: Among) -> Condition:
    """That a field has one of the values; `bound` makes it one that a database can be asked."""
    return Condition(field, AMONG, wanted)


def bound(connection: Connection, tree: Tree) -> Tree:
    """The same, with the tables of the generations that answer.

    In place of few values stand these, so that an index finds them, and nothing in place of none.
    """

    def change(one: Condition) -> Tree:
        if one.operator != AMONG:
            return one
        queries = [_values(connection, each) for each in one.values]
        found = set[str]()
        for query in queries:
            found.update(connection.execute(query.limit(FEW + 1)).scalars())
        if len(found) > FEW:
            return Condition(one.field, AMONG, queries)
        return Condition(one.field, "", sorted(found)) if found else AnyOf(())

    return mapped(tree, change)


def _values(connection: Connection, wanted: Among) -> Select[Any]:
    number = generations.generation(connection, wanted.record.name)
    # Under a name of its own: the rows that are asked about may be of the same table.
    rows = wanted.record.versions(number).alias(f"among_{wanted.record.name}")
    return select(rows.c[wanted.field]).where(rows.c.ended == STILL, as_sql(rows, wanted.tree))
