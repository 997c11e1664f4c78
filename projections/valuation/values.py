"""What goods are worth, read from what was told of them: item by item, in the order of time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any, NamedTuple

from sqlalchemy import Connection, select, true

from projections.engine import day_of, periods, reading
from projections.engine.figure import FigureQuery
from projections.engine.parking import portions
from projections.valuation.stock_value import CLOSE, view
from projections.valuation.worth import Close, StockTold, ValuedMove, in_force, valued

SOME = 64


class MonthParameters(NamedTuple):
    month: Annotated[str, "That month alone, such as 2026-11."] = ""


@dataclass(frozen=True)
class Values:
    """What is asked, with the closes that are in force."""

    asked: FigureQuery
    closes: Sequence[Close]

    @classmethod
    def of(cls, asked: FigureQuery) -> "Values":
        return cls(asked, list(closes(asked.connection, asked.as_of)))

    def items(self) -> Iterator[tuple[str, list[ValuedMove]]]:
        """The movements that are asked for, item by item: those of other places count in what
        they are worth, and are not shown.
        """
        for shown in _shown(self.asked):
            for item, moves in self.of_items(shown):
                yield item, [one for one in moves if one.told.location in shown[item]]

    def of_items(self, items: Iterable[str]) -> Iterator[tuple[str, Iterator[ValuedMove]]]:
        """All movements of these, item by item."""
        for many in portions(sorted(items)):
            for item, rows in groupby(self._told(many), key=lambda one: one.item):
                yield item, valued(rows, self.closes, self.asked.as_of.occurred_at)

    def month_is_closed(self, month: str) -> bool:
        return any(month == one.month for one in self.closes) or (
            bool(self.closes) and month < self.closes[0].month
        )

    def _told(self, items: Sequence[str]) -> Iterator[StockTold]:
        ledger = reading.tables(self.asked.connection, view).ledger
        columns = [ledger.c[name] for name in StockTold._fields]
        known = reading.until(ledger, self.asked.as_of)
        where = ledger.c.item.in_(items), ledger.c.location != "", *known
        query = select(*columns).where(*where).order_by(ledger.c.item)
        yield from (StockTold(*row) for row in self.asked.connection.execute(query))


def _shown(asked: FigureQuery) -> Iterator[Mapping[str, set[str]]]:
    """The places of each item that are asked for, some items at a time: a page needs few."""
    ledger = asked.attributes.widen(asked.connection, reading.tables(asked.connection, view).ledger)
    item, location = ledger.c.item, ledger.c.location
    where = [*reading.conditions(ledger, asked.filters), *reading.until(ledger, asked.as_of)]
    where.append(location != "")
    items = select(item).where(*where).distinct().order_by(item).limit(SOME)
    after = item >= asked.after[0] if asked.after else true()
    while some := list(asked.connection.execute(items.where(after)).scalars()):
        found: dict[str, set[str]] = {one: set() for one in some}
        places = select(item, location).where(*where, item.in_(some)).distinct()
        for one, place in asked.connection.execute(places):
            found[one].add(place)
        yield found
        after = item > some[-1]


def closes(connection: Connection, as_of: reading.AsOf) -> Iterable[Close]:
    """Those in force: what was known then, whatever the instant that is asked for."""
    ledger = reading.tables(connection, view).ledger
    known = reading.until(ledger, as_of._replace(occurred_at=None))
    query = select(ledger.c.type, ledger.c.position, ledger.c.until, ledger.c.document)
    query = query.where(ledger.c.movement == CLOSE, *known).order_by(ledger.c.position)
    return in_force(
        (what == "StockPeriodClosed", Close(*close)) for what, *close in connection.execute(query)
    )


def month_of(at: int) -> str:
    return periods.iso_day(day_of(at))[:7]


def average(value: int, quantity: int) -> str | None:
    """To four digits of the minor unit."""
    if quantity <= 0:
        return None
    whole, rest = divmod(value * 10_000 // quantity, 10_000)
    return f"{whole}.{rest:04}"


def paged(
    rows: Iterable[dict[str, Any]], key: Sequence[str], after: Sequence[Any], limit: int
) -> list[dict[str, Any]]:
    """The first of rows that come item by item, in the order of the rest of their key; of the item
    that a page ended in, those after its place.
    """
    found, place = list[dict[str, Any]](), tuple(after)
    for row in rows:
        here = tuple(row[name] for name in key)
        if place and here[0] == place[0] and here <= place:
            continue
        found.append(row)
        if len(found) == limit:
            break
    return found
