"""What became, up to now, of the deals that were opened in a period."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select, tuple_

from aggregates.marks import BasisPoints, Money
from projections.engine import periods, reading
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.figure import Day, Figure, share_bp
from projections.engine.periods import Every
from projections.engine.reading import ALL_DAYS, NOW, AsOf, Days, Filters
from projections.opportunities import funnel
from projections.opportunities.deals import CAME, COUNTS, WHO, opening, view
from projections.opportunities.series import Key, key

CORRECTED = ("pipeline", "currency")
"""What a correction changes, for the time before it too."""


def read(
    connection: Connection,
    *,
    every: Every = "period",
    by: Sequence[str] = (),
    filters: Filters | None = None,
    days: Days = ALL_DAYS,
    as_of: AsOf = NOW,
    after: Sequence[Any] = (),
    limit: int = 500,
    stages: funnel.Stages = funnel.built_in,
    attributes: Attributes = NO_ATTRIBUTES,
) -> list[dict[str, Any]]:
    """Per period of opening: how many were won, lost, are open, and ever stood in each stage.

    The dimensions are those that each deal was opened with; its pipeline and its currency are the
    right ones, where it was opened in others.
    """
    opened, corrected = _apart(filters or {})
    cohort = _Cohort(connection, by, _opened(opened, days, as_of), corrected, as_of, attributes)
    counted, stood = cohort.counted(), cohort.stood()
    wide = 3 + len(by)
    period = periods.cut((row[0] for row in counted), every, days)
    found: dict[Key, list[int]] = {}
    for row in counted:
        place = (*period[row[0]], *row[1:wide])
        sums = found.get(place, [0] * len(COUNTS))
        found[place] = [a + b for a, b in zip(sums, row[wide:], strict=True)]
    reached: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, *rest, stage, deals in stood:
        reached[(*period[day], *rest)][stage] += deals
    names = ("first", "last", "pipeline", "currency", *by)
    rows = []
    for place, sums in found.items():
        row = {**dict(zip(names, place, strict=True)), **_figures(sums)}
        row["reached"] = _in_order(row["pipeline"], reached[place], stages)
        rows.append(row)
    return periods.page(rows, key(by), after, limit)


def within(
    filters: Filters, days: Days, as_of: AsOf
) -> Callable[[FromClause], ColumnElement[bool]]:
    """The rows of a ledger that tell of the deals opened then; for *why*."""
    opened, corrected = _apart(filters)

    def condition(ledger: FromClause) -> ColumnElement[bool]:
        first, right = ledger.alias("opening"), ledger.alias("corrected")
        stream = tuple_(ledger.c.log, ledger.c.stream)
        mine = select(first.c.log, first.c.stream).where(*_opened(opened, days, as_of)(first))
        if not corrected:
            return stream.in_(mine)
        there = select(right.c.log, right.c.stream).where(*_right(ledger, right, as_of))
        return and_(
            stream.in_(mine), stream.in_(there.where(*reading.conditions(right, corrected)))
        )

    return condition


def _right(ledger: FromClause, right: FromClause, as_of: AsOf) -> list[ColumnElement[bool]]:
    """The row of a deal's opening as it was corrected last."""
    step = ledger.alias("step")
    mine = step.c.opened == 1, *reading.until(step, as_of)
    last = select(step.c.log, func.max(step.c.position)).where(*mine)
    place = tuple_(right.c.log, right.c.position)
    return [right.c.opened == 1, place.in_(last.group_by(step.c.log, step.c.stream))]


def _apart(filters: Filters) -> tuple[Filters, Filters]:
    """What is asked of the opening, and what of each step: that which may have been corrected."""
    corrected = {name: value for name, value in filters.items() if name in CORRECTED}
    return {n: value for n, value in filters.items() if n not in corrected}, corrected


def _opened(
    filters: Filters, days: Days, as_of: AsOf
) -> Callable[[FromClause], list[ColumnElement[bool]]]:
    def conditions(first: FromClause) -> list[ColumnElement[bool]]:
        asked = reading.conditions(first, filters, days)
        return [*opening(first), *asked, *reading.until(first, as_of)]

    return conditions


class _Cohort:
    """The deals opened then, and all their steps up to the moment that is asked for."""

    def __init__(
        self,
        connection: Connection,
        by: Sequence[str],
        opened: Callable[[FromClause], list[ColumnElement[bool]]],
        corrected: Filters,
        as_of: AsOf,
        attributes: Attributes,
    ) -> None:
        self.connection = connection
        self.step = reading.tables(connection, view).ledger
        self.first = attributes.widen(connection, self.step).alias("opening")
        self.right = self.step.alias("corrected")
        place = [self.right.c[name] for name in CORRECTED]
        self.group = [self.first.c.day, *place, *(self.first.c[name] for name in by)]
        asked = [*opened(self.first), *reading.conditions(self.right, corrected)]
        asked += _right(self.step, self.right, as_of)
        self.where = [*asked, *reading.until(self.step, as_of)]

    def counted(self) -> Sequence[Any]:
        sums = [func.sum(self.step.c[name]) for name in COUNTS]
        rows = self._rows(*sums, by=self.group)
        return [(*row[: -len(COUNTS)], *map(int, row[-len(COUNTS) :])) for row in rows]

    def stood(self) -> Sequence[Any]:
        """Of each stage, how many deals ever stood in it."""
        stage = self.step.c.stage
        entered = or_(self.step.c.opened != 0, self.step.c.moved != 0)
        deals = func.count(self.step.c.stream.distinct())
        here = self.step.c.pipeline == self.right.c.pipeline
        return self._rows(stage, deals, by=[*self.group, stage], where=[entered, here])

    def _rows(self, *columns: Any, by: Sequence[Any], where: Sequence[Any] = ()) -> Sequence[Any]:
        first, step, right = self.first.c, self.step.c, self.right.c
        same = and_(step.stream == first.stream, step.log == first.log)
        also = and_(right.stream == first.stream, right.log == first.log)
        joined = self.first.join(self.step, same).join(self.right, also)
        query = select(*self.group, *columns).select_from(joined)
        return self.connection.execute(query.where(*self.where, *where).group_by(*by)).all()


def _figures(sums: Sequence[int]) -> dict[str, Any]:
    found = dict(zip(COUNTS, sums, strict=True))
    return {
        **found,
        "open": found["opened"] - found["won"] - found["lost"],
        "conversion_bp": share_bp(found["won"], found["opened"]),
    }


def _in_order(
    pipeline: str, reached: dict[str, int], stages: funnel.Stages
) -> list[dict[str, Any]]:
    place = funnel.in_order(("pipeline", "stage"), stages)
    names = sorted(reached, key=lambda stage: place((pipeline, stage)))
    return [{"stage": stage, "deals": reached[stage]} for stage in names]


class StageReached(NamedTuple):
    stage: str
    deals: int


class CohortRow(NamedTuple):
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
    open: int
    conversion_bp: Annotated[BasisPoints | None, "Won of those opened, in basis points."]
    reached: list[StageReached]


class CohortParameters(NamedTuple):
    every: Annotated[Every, "By when they were opened, in one or by period."] = "period"


figure = Figure(
    "cohorts",
    "/funnel/cohorts",
    view,
    """What became, up to now or `as_of`, of the deals that were opened in a period.

    Filters and dimensions are those of the opening. `conversion_bp` is of all that were
    opened; `reached` tells, stage by stage, how many ever stood in it.
    """,
    key=key(()),
    row=CohortRow,
    read=lambda asked: read(
        asked.connection,
        by=asked.by,
        days=asked.days,
        stages=asked.stages,
        **asked.named,
        **asked.more,
    ),
    by=(*WHO, *CAME),
    filters=("pipeline", "stage", *WHO, "currency", *CAME),
    parameters=CohortParameters,
    days=True,
    behind=lambda asked: within(asked.filters, asked.days, asked.as_of),
    about_why="All steps of the deals that were opened in a period; their changes sum to its"
    " figures.",
    whole=True,
    attributes=True,
    joins=False,
)
