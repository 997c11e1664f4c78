"""The sums of a view as PostgreSQL takes them: what `View.keys` says, a whole ledger at a time."""

from collections.abc import Iterator

from sqlalchemy import Table

from infra import bulk
from projections import View

# The database's own sum of bigint is a numeric, which costs twice the time. It ends with the
# connection, and fails where a sum does not fit.
MAKE_TOTAL = (
    "CREATE OR REPLACE AGGREGATE pg_temp.total (bigint) (SFUNC=int8pl, STYPE=bigint, INITCOND='0')"
)


def days(view: View, ledger: Table, into: Table, first: str, inside: str) -> Iterator[str]:
    """Statements that add up some rows of a ledger by key and day, in the order of the key."""
    for board, dimension in _boards(view):
        names = [*_names(view, dimension), *(() if "day" in view.key else ("day",))]
        keys = ",".join(names)
        yield (
            f"INSERT INTO {into.name} SELECT {first}, {board}{keys}, {_sums(view)}"  # noqa: S608
            f" FROM {ledger.name} WHERE {inside}{_on(dimension)} GROUP BY {keys} ORDER BY {keys}"
        )


def totals(view: View, ledger: Table, closings: Table, into: Table, rest: str) -> Iterator[str]:
    """Statements that add up the closings, and the rest of a ledger, by key."""
    measures = ",".join(view.measures)
    for board, dimension in _boards(view):
        keys, named = ",".join(_names(view, "subject")), ",".join(_names(view, dimension))
        mine = f" WHERE board={board[:-1]}" if board else ""
        yield (
            f"INSERT INTO {into.name} SELECT {board}{keys}, {_sums(view)}"  # noqa: S608
            f" FROM (SELECT {keys}, {measures} FROM {closings.name}{mine} UNION ALL"
            f" SELECT {named}, {measures} FROM {ledger.name} WHERE {rest}{_on(dimension)}) AS s"
            f" GROUP BY {keys} ORDER BY {keys}"
        )


def _boards(view: View) -> list[tuple[str, str]]:
    """Each board's name, as it stands before a key, and what it ranks."""
    return [(f"{bulk.quoted(name)},", ranked) for name, ranked in sorted(view.boards)] or [("", "")]


def _names(view: View, subject: str) -> tuple[str, ...]:
    return (subject, *view.ranked_by) if view.boards else view.dimensions


def _on(dimension: str) -> str:
    return f" AND {dimension}<>''" if dimension else ""


def _sums(view: View) -> str:
    return ",".join(f"pg_temp.total({name})" for name in view.measures)
