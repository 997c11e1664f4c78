"""Whether a thing fitted a condition when an event happened with it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from aggregates import Aggregate, Refused, where
from aggregates.conditions import Predicate, as_predicate
from aggregates.unclear import Unclear
from infra.codec import Codec
from infra.events import Recorded
from infra.recorder import LogRecorder
from projections.engine.record import Record
from services.bootstrap import RECORDS
from services.lists.terms import Asker, Terms

KEPT = 5_000
"""Things whose rows are kept at hand, so that only what is new of them is read."""
BY_KIND = {record.kind.kind: record for record in RECORDS}


class BadCondition(Refused):
    """A condition must fit the things that the events are of."""


def predicate(record: Record[Any], condition: str, asker: Asker) -> Predicate:
    """Raises `Unclear` where it makes no sense of things of that kind."""
    return as_predicate(where.parse(condition, Terms(record, asker, {}).tree))


def check(events: Sequence[str], condition: str) -> None:
    """Refuse a condition that cannot be asked of the things of each of these events."""
    for kind in sorted({_kind_of(name) for name in events}):
        if kind not in BY_KIND:
            raise BadCondition(
                f"Nothing is looked up of things of the kind {kind}, so no condition can be asked"
                " of them. Leave where out, or those events.",
                f"{kind} 没有可查询的字段，不能附加条件。请不填 where，或去掉这些事件。",
            )
        try:
            predicate(BY_KIND[kind], condition, Asker("", date.today()))  # noqa: DTZ011 - any day
        except Unclear as error:
            raise BadCondition(
                f"The condition in where cannot be asked of things of the kind {kind}: {error}"
                " Correct it.",
                f"where 中的条件不适用于 {kind}：{error.zh}请更正。",
            ) from error


def _kind_of(event: str) -> str:
    from services.catalogue.kinds import events_of  # here: who tells never checks

    every = Aggregate.kinds.values()
    return next(k.kind for k in every if event in {one.__name__ for one in events_of(k)})


class _Known(NamedTuple):
    version: int
    row: Any


class Things:
    """The rows of things as they were at the position of an event, folded from their streams."""

    def __init__(self, store: LogRecorder, codec: Codec) -> None:
        self.store, self.codec = store, codec
        self._known: dict[str, _Known] = {}

    def row(self, connection: Connection, record: Record[Any], event: Recorded) -> dict[str, Any]:
        """As the event left it; events are asked about in the order of their positions."""
        known = self._known.get(event.stream)
        if known is None or known.version > event.version:
            known = _Known(0, record.shape())
        row = known.row
        for one in self.store.history(connection, event.stream, known.version):
            if one.position <= event.position and one.type != "DateFlagged":
                row = record.fold(row, one, self.codec.decode(one.type, one.schema, one.data))
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[event.stream] = _Known(event.version, row)
        return {"id": event.key, **row._asdict(), "version": event.version}
