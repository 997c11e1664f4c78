"""Where the deals stand: count and amount by stage, what became of them, and how long it took."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from aggregates.opportunity import (
    OpportunityAdvanced,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityRevalued,
    OpportunityWon,
)
from projections import Told, View, closings, reading
from projections.reading import NOW, AsOf, Filters

WON, LOST = "won", "lost"


class Change(NamedTuple):
    """`deals` and `amount` are what stands in the stage now; the others only ever grow."""

    pipeline: str
    stage: str
    rep: str
    department: str
    region: str
    currency: str
    deals: int = 0
    amount: int = 0
    entered: int = 0
    advanced: int = 0
    went_back: int = 0
    lost: int = 0
    seconds: int = 0


MEASURES = ("deals", "amount", "entered", "advanced", "went_back", "lost", "seconds")


def rows(_: Told, event: Any) -> Iterator[Change]:
    match event:
        case OpportunityOpened():
            yield _at(event, event.stage, deals=1, amount=event.amount, entered=1)
        case OpportunityAdvanced():
            step = {"advanced": 1} if event.forward else {"went_back": 1}
            yield _left(event, **step)
            yield _at(event, event.stage, deals=1, amount=event.amount, entered=1)
        case OpportunityRevalued():
            yield _at(event, event.stage, amount=event.amount - event.from_amount)
        case OpportunityReassigned():
            before = (event.from_rep, event.from_department, event.from_region)
            place = event.pipeline, event.stage
            yield Change(*place, *before, event.currency, deals=-1, amount=-event.amount)
            yield _at(event, event.stage, deals=1, amount=event.amount)
        case OpportunityWon():
            yield _left(event, advanced=1)
            yield _at(event, WON, deals=1, amount=event.amount, entered=1)
        case OpportunityLost():
            yield _left(event, lost=1)
            yield _at(event, LOST, deals=1, amount=event.amount, entered=1)


def _at(event: Any, stage: str, **measures: Any) -> Change:
    who = event.rep, event.department, event.region
    return Change(event.pipeline, stage, *who, event.currency, **measures)


def _left(event: Any, **measures: Any) -> Change:
    gone: dict[str, Any] = {"deals": -1, "amount": -event.amount, "seconds": event.seconds}
    return _at(event, event.from_stage, **gone, **measures)


view = View(
    name="funnel",
    kinds=frozenset({"opportunity"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("pipeline", "stage"), ("rep",), ("department",)),
)


def read(
    connection: Connection,
    *,
    by: Sequence[str] = (),
    filters: Filters | None = None,
    as_of: AsOf = NOW,
    after: Sequence[Any] = (),
    limit: int = 500,
) -> list[dict[str, Any]]:
    """Figures per pipeline, stage and currency, and per each further dimension named in `by`."""
    group = ("pipeline", "stage", "currency", *by)
    table = closings.shown(connection, view, as_of)
    where = reading.conditions(table, filters or {})
    query = reading.sums(table, group, MEASURES, where)
    return [_with_rates(row) for row in reading.page(connection, query, group, after, limit)]


def _with_rates(row: dict[str, Any]) -> dict[str, Any]:
    """Conversion is of those who left the stage for good or ill, not of those still in it."""
    left = row["advanced"] + row["went_back"] + row["lost"]
    decided = row["advanced"] + row["lost"]
    return {
        **row,
        "conversion_bp": row["advanced"] * 10_000 // decided if decided else None,
        "average_seconds": row["seconds"] // left if left else None,
    }
