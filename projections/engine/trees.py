"""Trees: a thing whose record names another of its own kind lies below that one."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from aggregates.conditions import UNDER, Condition, Tree, mapped
from projections.engine import parking, versions_as_of
from projections.engine.reading import AsOf
from projections.engine.record import Record

MOST = 10_000
"""So many things are looked for by their ids; more are found by what they have in common."""


class TooMany(Exception):
    """More things lie below than can be looked for."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@cache
def parent(record: Record[Any]) -> str | None:
    """The field that names the thing above, where the things of a record are a tree."""
    every = record.fields.items()
    return next((name for name, one in every if one.mark.names == record.kind.kind), None)


def below(
    connection: Connection, tree: Record[Any], ids: Sequence[str], as_of: AsOf
) -> Sequence[str]:
    """The things and all that lay below them, as of a moment; no more than one beyond `MOST`."""
    above = parent(tree)
    assert above is not None, f"{tree.name} are no tree"
    then = versions_as_of.versions(connection, tree, as_of)
    found, level = dict.fromkeys(ids), list(ids)
    while level and len(found) <= MOST:
        next_level = list[str]()
        for few in parking.portions(level):
            query = select(then.rows.c.id).where(then.rows.c[above].in_(few), *then.there)
            next_level += connection.execute(query).scalars()
        level = [one for one in dict.fromkeys(next_level) if one not in found]
        found |= dict.fromkeys(level)
    return list(found)


def spread(
    connection: Connection, tree: Tree, trees: Mapping[str, Record[Any]], as_of: AsOf
) -> Tree:
    """The same conditions, with the values below in place of those that they are `under`.

    `trees` are the records that the values of fields are in.
    """

    def change(one: Condition) -> Tree:
        if one.operator != UNDER:
            return one
        found = below(connection, trees[one.field], one.values, as_of)
        if len(found) > MOST:
            raise TooMany(one.field)
        return Condition(one.field, "", found)

    return mapped(tree, change)
