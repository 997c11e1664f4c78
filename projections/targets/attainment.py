"""How far targets are reached: what was reached in their days, by whom they are limited to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, false, or_, select

from aggregates.marks import BasisPoints, Money
from aggregates.targets.target import Level, Metric
from projections.engine import periods, reading, rollups, trees, versions_as_of
from projections.engine.figure import Day, Figure, FigureQuery, share_bp
from projections.engine.reading import SCOPE, Days, Filters
from projections.targets.results import REACHED, view

TERMS = (
    *("metric", "value", "currency", "period", "first", "last", "level"),
    *("rep", "department", "region", "product", "part_of"),
)
PEERS = ("metric", "first", "last", "level", "product", "currency")
"""What targets have in common that are ranked against each other."""
FROM_DEALS: tuple[Metric, ...] = ("amount", "contract_amount")
"""What open deals can still bring."""
Limits = Mapping[str, frozenset[str]]


class AttainmentRow(NamedTuple):
    """Amounts are minor units of the currency (fen, cents); numbers have no currency."""

    target: str
    metric: Metric
    period: str
    first: Annotated[Day, "First business day, included."]
    last: Annotated[Day, "Last business day, included."]
    level: Level
    rep: str | None
    department: str | None
    region: str | None
    product: str | None
    part_of: str | None
    currency: str | None
    planned: Money
    actual: Money
    rate_bp: Annotated[BasisPoints | None, "Of what is planned: 10000 is all of it."]
    rank: int
    of: Annotated[int, "How many these are."]
    expected: Annotated[Money, "What is planned for the days that have passed."]
    pace_bp: Annotated[BasisPoints | None, "Of what is expected by now: below 10000 is behind."]
    gap: Annotated[Money, "What is left to reach; below 0 where it was surpassed."]
    open_deals: Annotated[Money | None, "What the open deals are worth, of amounts of sales."]
    uncovered: Annotated[Money | None, "What of the gap not even all open deals would fill."]


def read(asked: FigureQuery) -> list[dict[str, Any]]:
    """Ranked among all that one may see, whatever is asked for of them."""
    wanted = {one["target"] for one in _targets(asked, _told(asked))}
    rows = _measured(asked, _peers(_targets(asked, {}), wanted))
    found = (row for row in _ranked(rows) if row["target"] in wanted)
    return periods.page(found, ("target",), asked.after, asked.limit)


def _told(asked: FigureQuery) -> Filters:
    """Which targets are asked for."""
    return {name: wanted for name, wanted in asked.filters.items() if name != SCOPE}


def _targets(asked: FigureQuery, filters: Filters) -> list[dict[str, Any]]:
    """The terms of those that one may see, as of the moment."""
    record = asked.records["targets"]
    then = versions_as_of.versions(asked.connection, record, asked.states)
    columns = [then.rows.c.id.label("target"), *(then.rows.c[name] for name in TERMS)]
    query = select(*columns).where(*then.there, then.rows.c.withdrawn.is_(None))
    table = query.subquery()
    query = select(table).where(*reading.conditions(table, {**filters, **asked.scope}))
    return [dict(row) for row in asked.connection.execute(query).mappings()]


def _peers(every: Sequence[dict[str, Any]], wanted: set[str]) -> list[dict[str, Any]]:
    """Those that are wanted, and those that they are ranked against."""
    kinds = {_kind(one) for one in every if one["target"] in wanted}
    return [one for one in every if _kind(one) in kinds]


def _kind(target: Mapping[str, Any]) -> tuple[Any, ...]:
    """People are compared with all people, a place with the others of the same whole."""
    whole = None if target["level"] == "rep" else target["part_of"]
    return *(target[name] for name in PEERS), whole


def _measured(asked: FigureQuery, targets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    limits = _Limits(asked)
    by_days: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for one in targets:
        by_days[one["first"], one["last"]].append(one)
    deals = _Sums(asked, ("open_deals",), targets) if targets else None
    rows = []
    for days, some in by_days.items():
        sums = _Sums(asked, REACHED, some, periods.between(*days))
        for one in some:
            within = limits.of(one)
            row = _row(one, sums.of(one["metric"], within), asked.today)
            if deals is not None and one["metric"] in FROM_DEALS and one["product"] is None:
                row["open_deals"] = deals.of("open_deals", within)
                row["uncovered"] = max(0, row["gap"] - row["open_deals"])
            rows.append(row)
    return rows


class _Limits:
    """What a target is limited to, with what lay below it then."""

    def __init__(self, asked: FigureQuery) -> None:
        self.asked = asked
        self.known: dict[tuple[str, str], frozenset[str]] = {}

    def of(self, target: Mapping[str, Any]) -> Limits:
        found: dict[str, frozenset[str]] = {}
        if target["currency"] is not None:
            found["currency"] = frozenset([target["currency"]])
        if target["product"] is not None:
            found["product"] = frozenset([target["product"]])
        if target["rep"] is not None:
            return {**found, "rep": frozenset([target["rep"]])}
        for name in ("department", "region"):
            if target[name] is not None:
                found[name] = self._below(name, target[name])
        return found

    def _below(self, name: str, value: str) -> frozenset[str]:
        if (name, value) not in self.known:
            record, asked = self.asked.records[f"{name}s"], self.asked
            below = trees.below(asked.connection, record, [value], asked.states)
            self.known[name, value] = frozenset(below)
        return self.known[name, value]


class _Sums:
    """What was reached on some days, by as few dimensions as the targets ask for."""

    def __init__(
        self,
        asked: FigureQuery,
        measures: Sequence[str],
        targets: Iterable[Mapping[str, Any]],
        days: Days = reading.ALL_DAYS,
    ) -> None:
        wanted = list(targets)
        names = ("rep", "department", "region", "product", "currency")
        self.by = [name for name in names if any(one[name] is not None for one in wanted)]
        table = rollups.shown(asked.connection, view, asked.as_of, days)
        where = reading.conditions(table, asked.scope)
        self.rows = reading.sums(table, self.by, measures, where).rows(asked.connection)

    def of(self, measure: str, limits: Limits) -> int:
        every = limits.items()
        return sum(
            row[measure] for row in self.rows if all(row[name] in some for name, some in every)
        )


def _row(target: Mapping[str, Any], actual: int, today: int) -> dict[str, Any]:
    first, last = (periods.day_number(target[name]) for name in ("first", "last"))
    whole, planned = last - first + 1, target["value"]
    gone = min(max(today - first + 1, 0), whole)
    expected = planned * gone // whole
    told = {name: target[name] for name in ("target", *TERMS) if name != "value"}
    return {
        **told,
        "planned": planned,
        "actual": actual,
        "rate_bp": share_bp(actual, planned),
        "expected": expected,
        "pace_bp": share_bp(actual, expected),
        "gap": planned - actual,
        "open_deals": None,
        "uncovered": None,
    }


def _ranked(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each with its place among its peers; those that are equal share theirs."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[_kind(row)].append(row)
    for peers in groups.values():
        rates = [_place(row) for row in peers]
        for row in peers:
            before = sum(one > _place(row) for one in rates)
            yield {**row, "rank": before + 1, "of": len(peers)}


def _place(row: Mapping[str, Any]) -> int:
    return -1 if row["rate_bp"] is None else int(row["rate_bp"])


def within(asked: FigureQuery) -> Callable[[FromClause], ColumnElement[bool]]:
    """The rows of a ledger that tell what was reached of the targets; for *why*."""
    limits = _Limits(asked)
    targets = [(one, limits.of(one)) for one in _targets(asked, _told(asked))]

    def condition(ledger: FromClause) -> ColumnElement[bool]:
        each = [
            and_(*reading.conditions(ledger, {n: sorted(some) for n, some in only.items()}, days))
            for target, only in targets
            for days in [periods.between(target["first"], target["last"])]
        ]
        return and_(or_(false(), *each), *reading.conditions(ledger, asked.scope))

    return condition


figure = Figure(
    "attainment",
    "/attainment",
    view,
    """How far targets are reached: what is planned and was reached, the rate, the pace and what is
    left, live or as of any day. The rank is by the rate, among targets of the same kind and days
    that one may see.

    What was reached counts for where it happened then. *Why* has all that happened in the days of
    a target within its limits; name what it is measured in as `measure`.
    """,
    key=("target",),
    row=AttainmentRow,
    read=read,
    filters=("target", *(name for name in TERMS if name not in ("value", "first", "last"))),
    behind=within,
    about_why="The events within the days and limits of a target; the measure that it is set in"
    " sums to what was reached.",
    whole=True,
    joins=False,
    beside=("targets", "departments", "regions"),
)
