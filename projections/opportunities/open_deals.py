"""Which deals are open, and for how long."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Annotated, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, select, tuple_

from aggregates.marks import DayCount, Money
from infra.clock import iso
from projections.engine import day_of, reading, spans
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.figure import Figure, FigureQuery, FigureRows, Instant
from projections.engine.reading import NOW, AsOf, Filters
from projections.opportunities import funnel
from projections.opportunities.deals import CAME, view

DIMENSIONS = ("pipeline", "stage", "currency", "rep", "department", "region")


class Open(NamedTuple):
    """A page of the open deals, the oldest first, and all of them by pipeline, stage, currency."""

    deals: list[dict[str, Any]]
    stages: list[dict[str, Any]]


def read(
    connection: Connection,
    *,
    today: int,
    filters: Filters | None = None,
    as_of: AsOf = NOW,
    after: Sequence[Any] = (),
    limit: int = 500,
    stages: funnel.Stages = funnel.built_in,
    attributes: Attributes = NO_ATTRIBUTES,
) -> Open:
    """Each deal is where its last step led, with what it is worth by now."""
    deals = sorted(
        (_deal(row, today) for row in _rows(connection, filters or {}, as_of, attributes)),
        key=lambda deal: (deal["opened_at"], deal["stream"]),
    )
    later = [d for d in deals if not after or (d["opened_at"], d["stream"]) > tuple(after)]
    return Open(later[:limit], _by_stage(deals, stages))


def within(
    connection: Connection, filters: Filters, as_of: AsOf
) -> Callable[[FromClause], ColumnElement[bool]]:
    """The rows of a ledger that tell of the open deals: all of their steps; for *why*."""

    def condition(ledger: FromClause) -> ColumnElement[bool]:
        found, query = _open(connection, ledger, filters, as_of)
        still = query.with_only_columns(found.c.log, found.c.stream)
        return tuple_(ledger.c.log, ledger.c.stream).in_(still)

    return condition


def _rows(
    connection: Connection, filters: Filters, as_of: AsOf, attributes: Attributes
) -> Iterable[Any]:
    ledger = attributes.widen(connection, reading.tables(connection, view).ledger)
    query = _open(connection, ledger, filters, as_of)[1]
    return connection.execute(query).mappings()


def _open(
    connection: Connection, ledger: FromClause, filters: Filters, as_of: AsOf
) -> tuple[FromClause, Select[Any]]:
    """What all steps of each open deal come to, and where the last one led."""
    steps = reading.tables(connection, view).ledger.alias("step")
    step, lasting = steps.c, spans.lasting(connection, view, as_of).subquery()
    mine = and_(step.stream == lasting.c.stream, step.log == lasting.c.log)
    own = {name: wanted for name, wanted in filters.items() if name in CAME}
    origin = [func.max(step[name]).label(name) for name in ("customer_kind", "source")]
    worth = func.sum(step.opened_amount) + func.sum(step.revalued)
    found = (
        select(
            step.log,
            step.stream,
            func.max(step.position).label("last"),
            func.min(step.occurred_at).label("opened_at"),
            worth.label("amount"),
            *origin,
        )
        .select_from(lasting.join(steps, mine))
        .where(*reading.until(steps, as_of))
        .group_by(step.log, step.stream)
        .having(func.sum(step.opened) == 1, func.sum(step.won) + func.sum(step.lost) == 0)
        .subquery()
    )
    now = {name: wanted for name, wanted in filters.items() if name not in CAME}
    last = ledger.alias("last")
    here = and_(last.c.position == found.c.last, last.c.log == found.c.log, last.c.opened >= 0)
    query = select(found, *(last.c[name] for name in DIMENSIONS)).join(last, here)
    where = [*reading.conditions(last, now), *reading.conditions(found, own)]
    return found, query.where(*where)


def _deal(row: Any, today: int) -> dict[str, Any]:
    return {
        "stream": row["stream"],
        **{name: row[name] for name in (*DIMENSIONS, "customer_kind", "source")},
        "amount": int(row["amount"]),
        "opened_at": iso(row["opened_at"]),
        "age_days": today - day_of(row["opened_at"]),
    }


def _by_stage(deals: Iterable[dict[str, Any]], stages: funnel.Stages) -> list[dict[str, Any]]:
    key = ("pipeline", "stage", "currency")
    place = funnel.in_order(key, stages)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for deal in deals:
        groups[tuple(deal[name] for name in key)].append(deal)
    return [
        {**dict(zip(key, group, strict=True)), **_ages(groups[group])}
        for group in sorted(groups, key=place)
    ]


def _ages(deals: Sequence[dict[str, Any]]) -> dict[str, int]:
    ages = [deal["age_days"] for deal in deals]
    return {
        "deals": len(deals),
        "amount": sum(deal["amount"] for deal in deals),
        "average_age_days": sum(ages) // len(ages),
        "median_age_days": int(median(ages)),
        "oldest_age_days": max(ages),
    }


class OpenDeal(NamedTuple):
    stream: Annotated[str, "GET /streams/{stream} tells its steps."]
    pipeline: str
    stage: str
    currency: str
    rep: str
    department: str
    region: str
    customer_kind: str
    source: str
    amount: Money
    opened_at: Instant
    age_days: DayCount


class OpenStage(NamedTuple):
    pipeline: str
    stage: str
    currency: str
    deals: int
    amount: Money
    average_age_days: DayCount
    median_age_days: DayCount
    oldest_age_days: DayCount


def _found(asked: FigureQuery) -> FigureRows:
    found = read(asked.connection, today=asked.today, stages=asked.stages, **asked.named)
    return FigureRows(found.deals, {"stages": found.stages})


figure = Figure(
    "open",
    "/funnel/open",
    view,
    """The deals that are open, the oldest first, and how old they are by stage.

    Each is where its last step led; its stream tells the steps. `stages` is of all of them,
    whatever the page.
    """,
    key=("opened_at", "stream"),
    row=OpenDeal,
    read=_found,
    filters=(*DIMENSIONS, *CAME),
    also={"stages": OpenStage},
    behind=lambda asked: within(asked.connection, asked.filters, asked.as_of),
    about_why="All steps of the open deals; `opened_amount` and `revalued` sum to their amount.",
    whole=True,
    attributes=True,
    joins=False,
)
