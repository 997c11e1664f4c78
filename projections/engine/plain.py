"""The record of a plain kind follows from its fields."""

from collections import namedtuple
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from aggregates.marks import HIDES, INSTANT, Field
from aggregates.plain import Plain
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import plain, taking


def record(kind: type[Plain[Any]]) -> Record[Any]:
    """Its fields, the reason where it is closed or withdrawn, and when it was registered."""
    known = kind.fields()
    events = kind.events
    shape = _shape(known)

    def fold(row: Any, recorded: Recorded, event: Any) -> Any:
        if isinstance(event, events.closed):
            return row._replace(closed=plain(event.reason))
        if isinstance(event, events.reopened):
            return row._replace(closed=None)
        if isinstance(event, events.withdrawn):
            return row._replace(withdrawn=plain(event.reason))
        if isinstance(event, events.registered):
            return taking(shape(), event)._replace(registered_at=recorded.occurred_at)
        return taking(row, event)

    return Record(kind.plural, kind, shape, fold, scope={})


def _shape(known: Mapping[str, Field]) -> type[Any]:
    blanks = [None if one.optional else one.type() for one in known.values()]
    names = [*known, "closed", "registered_at", "withdrawn"]
    shape: Any = namedtuple("Row", names, defaults=[*blanks, None, 0, None])  # type: ignore[misc]
    hints = {n: Annotated[_hint(one), one.mark] for n, one in known.items()}
    shape.__annotations__ = {
        **hints,
        "closed": str | None,
        "registered_at": Annotated[int, INSTANT],
        "withdrawn": Annotated[str | None, HIDES],
    }
    made: type[Any] = shape
    return made


def _hint(field: Field) -> Any:
    kind: Any = Literal[field.choices] if field.choices else field.type
    return kind | None if field.optional else kind
