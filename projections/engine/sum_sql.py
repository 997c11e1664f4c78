"""The sums of a view as PostgreSQL takes them: what `View.keys` says, a whole ledger at a time."""

from sqlalchemy import Table

from infra.pg_text import quoted
from projections.engine import View

# The database's own sum of bigint is a numeric, which costs twice the time. It ends with the
# connection, and fails where a sum does not fit.
MAKE_TOTAL = (
    "CREATE OR REPLACE AGGREGATE pg_temp.total (bigint) (SFUNC=int8pl, STYPE=bigint, INITCOND='0')"
)


def days(view: View, ledger: Table, into: Table, first: str, inside: str) -> str:
    """Adds up some rows of a ledger by key and day, in the order of the key."""
    columns = ",".join((*view.change._fields, "day"))
    # What all boards are added up from is fetched once.
    part = f"WITH part AS (SELECT {columns} FROM {ledger.name} WHERE {inside})"  # noqa: S608
    sums = []
    for board, dimension in _boards(view):
        keys = ",".join((*_names(view, dimension), "day"))
        sums.append(
            f"(SELECT {first}, {board}{keys}, {_sums(view)} FROM part"  # noqa: S608
            f" WHERE {_on(dimension)} GROUP BY {keys} ORDER BY {keys})"
        )
    return f"{part} INSERT INTO {into.name} {' UNION ALL '.join(sums)}"


def totals(view: View, ledger: Table, rollups: Table, into: Table, rest: str) -> str:
    """Adds up the rollups, and the rest of a ledger, by key."""
    measures, keys = ",".join(view.measures), ",".join(view.key)
    parts = [f"SELECT {keys}, {measures} FROM {rollups.name}"]  # noqa: S608
    for board, dimension in _boards(view):
        named, limit = ",".join(_names(view, dimension)), f"{rest} AND {_on(dimension)}"
        parts.append(f"SELECT {board}{named}, {measures} FROM {ledger.name} WHERE {limit}")  # noqa: S608
    return (
        f"INSERT INTO {into.name} SELECT {keys}, {_sums(view)}"  # noqa: S608
        f" FROM ({' UNION ALL '.join(parts)}) AS s GROUP BY {keys} ORDER BY {keys}"
    )


def _boards(view: View) -> list[tuple[str, str]]:
    """Each board's name, as it stands before a key, and what it ranks."""
    return [(f"{quoted(name)},", ranked) for name, ranked in sorted(view.boards)] or [("", "")]


def _names(view: View, subject: str) -> tuple[str, ...]:
    return (subject, *view.ranked_by) if view.boards else view.dimensions


def _on(dimension: str) -> str:
    return f"{dimension}<>''" if dimension else "true"


def _sums(view: View) -> str:
    return ",".join(f"pg_temp.total({name})" for name in view.measures)
