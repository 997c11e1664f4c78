"""What became of each deal, step by step: series, cohorts and open deals are read from it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, or_

from aggregates.marks import Money
from aggregates.opportunities.opportunity import (
    OpportunityAdvanced,
    OpportunityCorrected,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityReopened,
    OpportunityRevalued,
    OpportunityWon,
)
from projections.engine import EventHeader, Lasting, View
from projections.engine.scopes import BY_REP


class Change(NamedTuple):
    """A step of a deal, by where it led; what was won or lost, by the stage it was decided in.

    Where it came from stands on its opening and its end, the reason on a loss alone. A deal that
    was opened in the wrong pipeline or currency is opened anew in the right one, by a step that
    `moved` it as well, and never in the other.
    """

    pipeline: str
    stage: str
    rep: str
    department: str
    region: str
    currency: str
    customer_kind: str = ""
    source: str = ""
    reason: str = ""
    opened: int = 0
    opened_amount: Money = 0
    revalued: int = 0
    moved: int = 0
    won: int = 0
    won_amount: Money = 0
    lost: int = 0
    lost_amount: Money = 0


WHO = ("rep", "department", "region")
CAME = ("customer_kind", "source")
"""Whose a deal was, and where it came from."""
ENDS = ("won", "won_amount", "lost", "lost_amount")
COUNTS = ("opened", "opened_amount", *ENDS)
MEASURES = ("opened", "opened_amount", "revalued", "moved", *ENDS)


def rows(_: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case OpportunityOpened(amount=amount):
            yield _step(event, event.stage, _came(event), opened=1, opened_amount=amount)
        case OpportunityAdvanced() | OpportunityReassigned():
            yield _step(event, event.stage, ("", ""), moved=1)
        case OpportunityRevalued(amount=amount):
            yield _step(event, event.stage, ("", ""), revalued=amount - event.from_amount)
        case OpportunityCorrected():
            yield from _corrected(event)
        case OpportunityWon(amount=amount):
            yield _step(event, event.from_stage, _came(event), won=1, won_amount=amount)
        case OpportunityLost(amount=amount, reason=reason):
            end: dict[str, Any] = {"reason": reason, "lost": 1, "lost_amount": amount}
            yield _step(event, event.from_stage, _came(event), **end)
        case OpportunityReopened(end=ended, lost_reason=reason):
            back: dict[str, Any] = {ended: -1, f"{ended}_amount": -event.amount}
            yield _step(event, event.stage, _came(event), reason=reason or "", **back)


def _corrected(event: OpportunityCorrected) -> Iterator[Change]:
    first = event.opened_amount
    worth = {"opened": 1, "opened_amount": first, "revalued": event.amount - first}
    after = _step(event, event.stage, _came(event), **worth)
    wrong: dict[str, Any] = {"pipeline": event.from_pipeline, "stage": event.from_stage}
    wrong |= {name: -value for name, value in worth.items()}
    yield after._replace(currency=event.from_currency, **wrong)
    yield after._replace(moved=1)


def _came(event: Any) -> tuple[str, str]:
    """Nothing is known of those that were opened before it was asked."""
    return event.customer_kind or "", event.source or ""


def _step(event: Any, stage: str, came: tuple[str, str], **measures: Any) -> Change:
    who = event.rep, event.department, event.region
    return Change(event.pipeline, stage, *who, event.currency, *came, **measures)


def opening(steps: FromClause) -> tuple[ColumnElement[bool], ...]:
    """The step at which a deal was opened, whatever was corrected later."""
    return steps.c.opened == 1, steps.c.moved == 0


def is_opened(steps: FromClause) -> ColumnElement[bool]:
    return and_(*opening(steps))


def is_decided(steps: FromClause) -> ColumnElement[bool]:
    return or_(steps.c.won == 1, steps.c.lost == 1)


def is_reopened(steps: FromClause) -> ColumnElement[bool]:
    return or_(steps.c.won == -1, steps.c.lost == -1)


view = View(
    name="deals",
    kinds=frozenset({"opportunity"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("stream",),),
    scope=BY_REP,
    lasts=Lasting(is_opened, is_decided, is_reopened),
)
