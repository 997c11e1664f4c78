"""A board as somebody sees it who sees some of its rows, from rollups wherever they can tell."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Connection, FromClause, select

from aggregates.conditions import TREE, AllOf, Condition, Tree, as_predicate, fields
from projections.engine import View, rollups
from projections.engine.reading import AsOf, Days, Filters


def shown(
    connection: Connection,
    view: View,
    filters: Filters,
    as_of: AsOf,
    days: Days,
    board: tuple[str, str],
) -> FromClause | None:
    """Rows that sum to a board and have what the filters name; None where only the ledger has it.

    A board that is filtered by what it ranks is read as for everybody. Rollups by scope leave out
    the rows that are of no department, region and rep: filters that such rows fit are not for them.
    """
    limits = _tree({name: one for name, one in filters.items() if name not in view.ranked_by})
    named, (_, subject) = fields(limits), board
    if named <= {subject}:
        rows = rollups.shown(connection, view, as_of, days, board)
        return _named(rows, subject) if named else rows
    scoped = view.by_scope
    if scoped is None or not named <= set(scoped.scoped_by):
        return None
    nobody = dict.fromkeys(scoped.scoped_by, "")
    if as_predicate(limits)(nobody):
        return None
    return rollups.summed(connection, scoped, as_of, board, days)


@lru_cache(maxsize=256)
def _named(rows: FromClause, subject: str) -> FromClause:
    """With what it ranks under the name of the dimension as well."""
    return select(rows, rows.c.subject.label(subject)).subquery()


def _tree(filters: Filters) -> Tree:
    return AllOf([_condition(name, wanted) for name, wanted in filters.items()])


def _condition(name: str, wanted: str | Sequence[str] | Tree) -> Tree:
    if isinstance(wanted, TREE):
        return wanted
    return Condition(name, "", [wanted] if isinstance(wanted, str) else wanted)
