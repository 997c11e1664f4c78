"""Where the deals stand: count and amount by stage, what became of them, and how long it took."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, NamedTuple

from sqlalchemy import Connection, select

from aggregates.marks import BasisPoints, Money, Seconds
from aggregates.opportunities.opportunity import (
    PIPELINES,
    OpportunityAdvanced,
    OpportunityCorrected,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityReopened,
    OpportunityRevalued,
    OpportunityWon,
)
from projections.engine import EventHeader, View, reading
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.figure import Figure, FigureQuery, FigureRows, share_bp
from projections.engine.reading import NOW, AsOf, Filters
from projections.engine.scopes import BY_REP

WON, LOST = "won", "lost"
Stages = Callable[[str], Sequence[str]]
"""The stages of a pipeline, in their order."""


def built_in(pipeline: str) -> Sequence[str]:
    return PIPELINES.get(pipeline, ())


class Change(NamedTuple):
    """`deals` and `amount` are what stands in the stage now; the others only ever grow."""

    pipeline: str
    stage: str
    rep: str
    department: str
    region: str
    currency: str
    deals: int = 0
    amount: Money = 0
    entered: int = 0
    advanced: int = 0
    went_back: int = 0
    lost: int = 0
    seconds: Seconds = 0


MEASURES = ("deals", "amount", "entered", "advanced", "went_back", "lost", "seconds")


def rows(_: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case OpportunityOpened():
            yield _at(event, event.stage, deals=1, amount=event.amount, entered=1)
        case OpportunityAdvanced():
            step = {"advanced": 1} if event.forward else {"went_back": 1}
            yield _left(event, **step)
            yield _at(event, event.stage, deals=1, amount=event.amount, entered=1)
        case OpportunityRevalued():
            yield _at(event, event.stage, amount=event.amount - event.from_amount)
        case OpportunityCorrected():
            wrong: dict[str, Any] = {
                "pipeline": event.from_pipeline,
                "currency": event.from_currency,
            }
            gone = _at(event, event.from_stage, deals=-1, amount=-event.amount)
            yield gone._replace(**wrong)
            yield _at(event, event.stage, deals=1, amount=event.amount)
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
        case OpportunityReopened(end=end):
            yield _at(event, end, deals=-1, amount=-event.amount, entered=-1)
            back = {"advanced" if end == WON else "lost": -1, "seconds": -event.seconds}
            yield _at(event, event.stage, deals=1, amount=event.amount, **back)


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
    scope=BY_REP,
)


def read(
    connection: Connection,
    *,
    by: Sequence[str] = (),
    filters: Filters | None = None,
    as_of: AsOf = NOW,
    after: Sequence[Any] = (),
    limit: int = 500,
    stages: Stages = built_in,
    attributes: Attributes = NO_ATTRIBUTES,
) -> list[dict[str, Any]]:
    """Figures per pipeline, stage and currency, and per each further dimension named in `by`.

    The stages of a pipeline come in their order, then what was won and what was lost.
    """
    group = ("pipeline", "stage", "currency", *by)
    table = attributes.shown(connection, view, as_of)
    where = reading.conditions(table, filters or {})
    rows = reading.sums(table, group, MEASURES, where).rows(connection)
    place = in_order(group, stages)
    found = sorted(rows, key=lambda row: place([row[name] for name in group]))
    if after:
        found = [row for row in found if place([row[name] for name in group]) > place(after)]
    return [_with_rates(row) for row in found[:limit]]


def in_order(group: Sequence[str], stages: Stages) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Where a row with these values of the group stands: stages by their order, not by letters."""
    orders: dict[str, dict[str, int]] = {}

    def place(values: Sequence[Any]) -> tuple[Any, ...]:
        pipeline, stage, *rest = values
        if pipeline not in orders:
            orders[pipeline] = {name: n for n, name in enumerate(stages(pipeline))}
        ends = {WON: 1_001, LOST: 1_002}
        return pipeline, ends.get(stage, orders[pipeline].get(stage, 1_000)), stage, *rest

    assert tuple(group[:2]) == ("pipeline", "stage")
    return place


def stages(connection: Connection) -> dict[str, list[str]]:
    """Every stage that a deal was ever in, by pipeline."""
    column, found = reading.tables(connection, view).totals.c, defaultdict[str, list[str]](list)
    query = select(column.pipeline, column.stage).distinct().order_by(column.pipeline, column.stage)
    for pipeline, stage in connection.execute(query):
        found[pipeline].append(stage)
    return found


def last_opened(connection: Connection, pipeline: str, log: str) -> int | None:
    """The position in that log at which the last deal of a pipeline was opened."""
    ledger = reading.tables(connection, view).ledger.c
    mine = ledger.type == OpportunityOpened.__name__, ledger.pipeline == pipeline, ledger.log == log
    query = select(ledger.position).where(*mine).order_by(ledger.position.desc()).limit(1)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def _with_rates(row: dict[str, Any]) -> dict[str, Any]:
    """Conversion is of those who left the stage for good or ill, not of those still in it."""
    left = row["advanced"] + row["went_back"] + row["lost"]
    decided = row["advanced"] + row["lost"]
    return {
        **row,
        "conversion_bp": share_bp(row["advanced"], decided),
        "average_seconds": row["seconds"] // left if left else None,
    }


class FunnelRow(NamedTuple):
    """Amounts are minor units of the currency (fen, cents)."""

    pipeline: str
    stage: str
    currency: str
    deals: int
    amount: Money
    entered: int
    advanced: int
    went_back: int
    lost: int
    seconds: Seconds
    conversion_bp: Annotated[BasisPoints | None, "Basis points: 2500 is 25 %."]
    average_seconds: Seconds | None


class StageOfPipeline(NamedTuple):
    pipeline: str
    stage: str


def _found(asked: FigureQuery) -> FigureRows:
    rows = read(asked.connection, by=asked.by, stages=asked.stages, **asked.named)
    pipelines = dict.fromkeys(row["pipeline"] for row in rows)
    every = [(name, stage) for name in pipelines for stage in (*asked.stages(name), WON, LOST)]
    return FigureRows(rows, {"stages": [StageOfPipeline(*one)._asdict() for one in every]})


figure = Figure(
    "funnel",
    "/funnel",
    view,
    """Deals per pipeline, stage and currency: how many, worth what, and what became of them.

    `conversion_bp` is of those that left the stage for good or ill, not of those still in it.
    `stages` are all of each pipeline in their order, those too that no deal was in yet.
    """,
    key=("pipeline", "stage", "currency"),
    row=FunnelRow,
    read=_found,
    also={"stages": StageOfPipeline},
    by=("rep", "department", "region"),
    attributes=True,
    whole=True,
)
