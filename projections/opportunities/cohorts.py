"""What became, up to now, of the deals that were opened in a period."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select, tuple_

from projections.engine import periods, reading
from projections.engine.periods import Every
from projections.engine.reading import ALL_DAYS, NOW, AsOf, Days, Filters
from projections.opportunities import funnel
from projections.opportunities.deals import COUNTS, view
from projections.opportunities.series import Key, key


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
) -> list[dict[str, Any]]:
    """Per period of opening: how many were won, lost, are open, and ever stood in each stage.

    The dimensions are those that each deal was opened with.
    """
    cohort = _Cohort(connection, by, _opened(filters or {}, days, as_of), as_of)
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

    def condition(ledger: FromClause) -> ColumnElement[bool]:
        first = ledger.alias("opening")
        mine = select(first.c.log, first.c.stream).where(*_opened(filters, days, as_of)(first))
        return tuple_(ledger.c.log, ledger.c.stream).in_(mine)

    return condition


def _opened(
    filters: Filters, days: Days, as_of: AsOf
) -> Callable[[FromClause], list[ColumnElement[bool]]]:
    def conditions(first: FromClause) -> list[ColumnElement[bool]]:
        asked = reading.conditions(first, filters, days)
        return [first.c.opened == 1, *asked, *reading.until(first, as_of)]

    return conditions


class _Cohort:
    """The deals opened then, and all their steps up to the moment that is asked for."""

    def __init__(
        self,
        connection: Connection,
        by: Sequence[str],
        opened: Callable[[FromClause], list[ColumnElement[bool]]],
        as_of: AsOf,
    ) -> None:
        self.connection = connection
        self.step = reading.tables(connection, view).ledger
        self.first = self.step.alias("opening")
        self.group = [self.first.c[n] for n in ("day", "pipeline", "currency", *by)]
        self.where = [*opened(self.first), *reading.until(self.step, as_of)]

    def counted(self) -> Sequence[Any]:
        sums = [func.sum(self.step.c[name]) for name in COUNTS]
        rows = self._rows(*sums, by=self.group)
        return [(*row[: -len(COUNTS)], *map(int, row[-len(COUNTS) :])) for row in rows]

    def stood(self) -> Sequence[Any]:
        """Of each stage, how many deals ever stood in it."""
        stage = self.step.c.stage
        entered = or_(self.step.c.opened != 0, self.step.c.moved != 0)
        deals = func.count(self.step.c.stream.distinct())
        return self._rows(stage, deals, by=[*self.group, stage], where=[entered])

    def _rows(self, *columns: Any, by: Sequence[Any], where: Sequence[Any] = ()) -> Sequence[Any]:
        first, step = self.first.c, self.step.c
        same = and_(step.stream == first.stream, step.log == first.log)
        query = select(*self.group, *columns).select_from(self.first.join(self.step, same))
        return self.connection.execute(query.where(*self.where, *where).group_by(*by)).all()


def _figures(sums: Sequence[int]) -> dict[str, Any]:
    found = dict(zip(COUNTS, sums, strict=True))
    return {
        **found,
        "open": found["opened"] - found["won"] - found["lost"],
        "conversion_bp": found["won"] * 10_000 // found["opened"] if found["opened"] else None,
    }


def _in_order(
    pipeline: str, reached: dict[str, int], stages: funnel.Stages
) -> list[dict[str, Any]]:
    place = funnel.in_order(("pipeline", "stage"), stages)
    names = sorted(reached, key=lambda stage: place((pipeline, stage)))
    return [{"stage": stage, "deals": reached[stage]} for stage in names]
