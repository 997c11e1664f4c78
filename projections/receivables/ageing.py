"""How long what customers owe has been overdue, as of any moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

from aggregates.calendar import EPOCH
from aggregates.marks import Money
from projections.engine import periods, reading
from projections.engine.figure import Figure, FigureQuery
from projections.receivables.ledger import view

KEY = ("customer", "currency")
FURTHER = ("customer_kind", "rep", "department", "region")
BUCKETS: Mapping[str, int | None] = {
    "not_due": 0,
    "days_1_30": 30,
    "days_31_60": 60,
    "days_61_90": 90,
    "over_90_days": None,
}
"""The most days that what is in a bucket is overdue."""


class AgeingRow(NamedTuple):
    customer: str
    currency: str
    open: Annotated[Money, "The sum of the buckets."]
    not_due: Annotated[Money, "Due on that day or later."]
    days_1_30: Money
    days_31_60: Money
    days_61_90: Money
    over_90_days: Money
    advance: Annotated[Money, "What was paid and settles no invoice."]


def read(asked: FigureQuery) -> list[dict[str, Any]]:
    """What is open by the days that it is overdue; an advance is never due."""
    group = (*KEY, *asked.by)
    table = asked.attributes.shown(asked.connection, view, asked.as_of)
    where = reading.conditions(table, asked.filters)
    sums = reading.sums(table, (*group, "due"), ("open", "advance"), where)
    rows = _aged(sums.rows(asked.connection), group, EPOCH + timedelta(days=asked.today))
    return periods.page(rows, group, asked.after, asked.limit)


def _aged(found: Iterable[Any], group: Sequence[str], today: date) -> Iterator[dict[str, Any]]:
    rows: dict[tuple[Any, ...], dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("open", *BUCKETS, "advance"), 0)
    )
    for one in found:
        row = rows[tuple(one[name] for name in group)]
        row["advance"] += one["advance"]
        if one["open"]:
            row["open"] += one["open"]
            row[bucket((today - date.fromisoformat(one["due"])).days)] += one["open"]
    aged = ({**dict(zip(group, key, strict=True)), **row} for key, row in rows.items())
    return (row for row in aged if row["open"] or row["advance"])


def bucket(days: int) -> str:
    """Where an amount belongs that has been overdue for so many days."""
    return next(name for name, most in BUCKETS.items() if most is None or days <= most)


figure = Figure(
    "receivables_ageing",
    "/receivables/ageing",
    view,
    """What customers owe by the days that it is overdue, as of any moment.

    It is what the ledger says was open then, though it may be paid by now.
    """,
    key=KEY,
    row=AgeingRow,
    read=read,
    by=FURTHER,
    about_why="The events behind what is open; `open` sums to it.",
    whole=True,
    attributes=True,
)
