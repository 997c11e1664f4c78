"""How many deals were opened, won and lost, day by day or month by month, and how long it took."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Annotated, Any, NamedTuple

from sqlalchemy import Connection, FromClause, and_, select

from aggregates.marks import BasisPoints, Money, Seconds
from projections.engine import periods, reading
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.figure import Day, Figure, share_bp
from projections.engine.periods import Every
from projections.engine.reading import ALL_DAYS, NOW, AsOf, Days, Filters
from projections.opportunities.deals import CAME, COUNTS, WHO, opening, view

Key = tuple[Any, ...]


def key(by: Sequence[str]) -> tuple[str, ...]:
    """What tells one row from another."""
    return ("first", "pipeline", "currency", *by)


def read(
    connection: Connection,
    *,
    every: Every = "month",
    by: Sequence[str] = (),
    filters: Filters | None = None,
    days: Days = ALL_DAYS,
    as_of: AsOf = NOW,
    after: Sequence[Any] = (),
    limit: int = 500,
    attributes: Attributes = NO_ATTRIBUTES,
) -> list[dict[str, Any]]:
    """Per period, pipeline and currency, and per each further dimension; all by the events' days.

    The time to win is of the deals won in the period, from when each was opened.
    """
    ledger = attributes.widen(connection, reading.tables(connection, view).ledger)
    group = ("day", "pipeline", "currency", *by)
    where = [*reading.conditions(ledger, filters or {}, days), *reading.until(ledger, as_of)]
    counted = reading.sums(ledger, group, COUNTS, where).tuples(connection)
    wide = len(group)
    period = periods.cut((row[0] for row in counted), every, days)
    found: dict[Key, list[int]] = {}
    for row in counted:
        place = (*period[row[0]], *row[1:wide])
        sums = found.get(place, [0] * len(COUNTS))
        found[place] = [a + b for a, b in zip(sums, row[wide:], strict=True)]
    took: dict[Key, list[int]] = defaultdict(list)
    for day, *rest, time in _times(connection, ledger, group, where, as_of):
        took[(*period[day], *rest)].append(time)
    names = ("first", "last", "pipeline", "currency", *by)
    rows = [
        {**dict(zip(names, place, strict=True)), **_figures(sums, took[place])}
        for place, sums in found.items()
    ]
    return periods.page(rows, key(by), after, limit)


def _times(
    connection: Connection,
    won: FromClause,
    group: Sequence[str],
    where: Sequence[Any],
    as_of: AsOf,
) -> Sequence[Any]:
    """How long each deal took that was won, in microseconds, after what it is grouped by."""
    first = reading.tables(connection, view).ledger.alias("opening")
    same = and_(first.c.stream == won.c.stream, first.c.log == won.c.log, *opening(first))
    took = won.c.occurred_at - first.c.occurred_at
    query = select(*(won.c[name] for name in group), took).join(first, same)
    back = reading.tables(connection, view).ledger.alias("back")
    undone = select(back.c.stream).where(
        back.c.stream == won.c.stream, back.c.log == won.c.log, back.c.won == -1
    )
    later = undone.where(back.c.position > won.c.position, *reading.until(back, as_of))
    query = query.where(won.c.won == 1, ~later.exists(), *where, *reading.until(first, as_of))
    return connection.execute(query).all()


def _figures(sums: Sequence[int], took: Sequence[int]) -> dict[str, Any]:
    found = dict(zip(COUNTS, sums, strict=True))
    decided = found["won"] + found["lost"]
    return {
        **found,
        "win_rate_bp": share_bp(found["won"], decided),
        "average_seconds_to_win": sum(took) // len(took) // 1_000_000 if took else None,
        "median_seconds_to_win": int(median(took)) // 1_000_000 if took else None,
    }


class SeriesRow(NamedTuple):
    """Amounts are minor units of the currency (fen, cents)."""

    first: Annotated[Day, "First business day of the period."]
    last: Annotated[Day, "Last business day of the period, included."]
    pipeline: str
    currency: str
    opened: int
    opened_amount: Money
    won: int
    won_amount: Money
    lost: int
    lost_amount: Money
    win_rate_bp: Annotated[BasisPoints | None, "Basis points: 2500 is 25 %."]
    average_seconds_to_win: Seconds | None
    median_seconds_to_win: Seconds | None


class SeriesParameters(NamedTuple):
    every: Annotated[Every, "`period`: all days that are asked for in one."] = "month"


figure = Figure(
    "series",
    "/funnel/series",
    view,
    """Deals opened, won and lost per day, week, month, quarter or year, by business days.

    `win_rate_bp` is of those decided in the period. The time to win is from the opening, of
    those won in the period. What was won or lost counts by its stage of decision.
    """,
    key=key(()),
    row=SeriesRow,
    read=lambda asked: read(
        asked.connection, by=asked.by, days=asked.days, **asked.named, **asked.more
    ),
    by=(*WHO, *CAME, "stage", "reason"),
    attributes=True,
    parameters=SeriesParameters,
    days=True,
    whole=True,
)
