"""Attributes of what a figure is told apart by: fields of the records that its dimensions name."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, func, literal, select

from projections.engine import View, progress, reading, rollups, versions_as_of
from projections.engine.reading import ALL_DAYS, NOW, AsOf, Days
from projections.engine.record import Record
from projections.engine.record_fields import Field

STREAM = "stream"
"""What begins with it is of the thing that an event happened to."""


class Hop(NamedTuple):
    """From the id of a thing to a field of its record."""

    record: Record[Any]
    field: str


class Attribute(NamedTuple):
    """`customer.city` begins at a column of the view, and goes one of several ways.

    A place is a warehouse or a dealer: the first way that leads to something counts.
    """

    name: str
    begins: str
    ways: Sequence[Sequence[Hop]]

    @property
    def end(self) -> Field:
        """The field that it is; the ways lead to fields of one type."""
        last = self.ways[0][-1]
        return last.record.fields[last.field]

    @property
    def records(self) -> list[Record[Any]]:
        return [hop.record for way in self.ways for hop in way]


class Attributes(NamedTuple):
    """Those that a question names, as the things were then."""

    named: Sequence[Attribute] = ()
    as_of: AsOf = NOW

    def shown(
        self, connection: Connection, view: View, as_of: AsOf = NOW, days: Days = ALL_DAYS
    ) -> FromClause:
        """What a view's figures are shown from, with a column for each attribute.

        Totals do not tell one stream from another, the ledger does.
        """
        if not any(one.begins == STREAM for one in self.named):
            return self.widen(connection, rollups.shown(connection, view, as_of, days))
        ledger = reading.tables(connection, view).ledger
        where = [*reading.conditions(ledger, {}, days), *reading.until(ledger, as_of)]
        return self.widen(connection, select(ledger).where(*where).subquery())

    def widen(
        self, connection: Connection, table: FromClause, subject: str | None = None
    ) -> FromClause:
        """The rows with a column for each attribute. Where there is no such thing, a text is
        empty, and a number is none.

        `subject` is the dimension that the rows call so.
        """
        if not self.named:
            return table
        joined, added = table, list[ColumnElement[Any]]()
        for attribute in self.named:
            start = table.c["subject" if attribute.begins == subject else attribute.begins]
            ends = list[ColumnElement[Any]]()
            for way in attribute.ways:
                key: ColumnElement[Any] = start
                for hop in way:
                    states = self._states(connection, hop)
                    itself = key is start and attribute.begins == STREAM
                    stream = key if itself else literal(hop.record.kind.stream("")).concat(key)
                    joined = joined.outerjoin(states, states.c.stream == stream)
                    key = states.c.field
                ends.append(key)
            text = [""] if attribute.end.type is str else []
            found = func.coalesce(*ends, *text) if len(ends) + len(text) > 1 else ends[0]
            added.append(found.label(attribute.name))
        return select(table, *added).select_from(joined).subquery()

    def _states(self, connection: Connection, hop: Hop) -> FromClause:
        """One field of each thing as it was; one value, of however many logs."""
        then = versions_as_of.versions(connection, hop.record, self.as_of)
        stream, field = then.rows.c.stream, then.rows.c[hop.field]
        query = select(stream, field.label("field")).where(*then.there)
        if not _one_log(connection, hop.record):
            query = select(stream, func.max(field).label("field")).where(*then.there)
            query = query.group_by(stream)
        return query.subquery()


def _one_log(connection: Connection, record: Record[Any]) -> bool:
    column = progress.positions.c
    logs = select(column.log).where(column.view == record.name).distinct().limit(2)
    return len(connection.execute(logs).all()) < 2


NO_ATTRIBUTES = Attributes()
