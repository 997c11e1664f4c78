"""Fields that are hidden unless they are granted: what things cost, what tells of persons, and
what was counted before somebody else has counted.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from aggregates import Event
from infra.events import Recorded
from projections.engine import View
from projections.engine.hiding import without
from projections.engine.record import Record
from services.access import request_notes
from services.access.actions import reading, reading_figure
from services.access.permissions import Granted
from services.type_hints import hints, parts

COST = frozenset(
    {
        "cost",
        "from_cost",
        "unit_cost",
        "average_cost",
        "stock_value",
        "value_change",
        "lost_value",
        "delivered_value",
        "opening_value",
        "received_value",
        "issued_value",
        "adjustment_value",
        "closing_value",
        "goods_cost",
        "gap_value",
    }
)
"""How fields are called that tell what goods cost, wherever they stand."""
MARGIN = frozenset({"margin", "margin_bp", "uncosted"})
COUNT = frozenset({"counted", "book", "difference", "counts"})
OF_CLASS: Mapping[str, frozenset[str]] = {"cost": COST, "count": COUNT, "margin": MARGIN}


def names(hidden: Collection[str]) -> frozenset[str]:
    """The names of fields of hidden classes, wherever they stand."""
    return frozenset(name for each in hidden for name in OF_CLASS.get(each, ()))


def of_figure(granted: Granted, view: View) -> frozenset[str]:
    """The names of fields that are hidden in the figures of a view."""
    return names(granted.hidden(reading_figure(view)))


def record(granted: Granted, of: Record[Any]) -> Record[Any]:
    """A record as its reader may see it."""
    classes = granted.hidden(reading(of.kind.kind))
    return of.hiding(_hidden(granted, of, classes), hidden_within(of, classes))


def hidden(granted: Granted, of: Record[Any]) -> frozenset[str]:
    """The fields of a record that its reader may not see, or that the company has not."""
    return _hidden(granted, of, granted.hidden(reading(of.kind.kind)))


def _hidden(granted: Granted, of: Record[Any], classes: Collection[str]) -> frozenset[str]:
    own = {name for name, one in of.fields.items() if one.mark.own}
    return hidden_fields(of, classes) | (own - {one.field for one in granted.own_fields})


def hidden_fields(of: Record[Any], classes: Collection[str]) -> frozenset[str]:
    """The fields of a record that are of hidden classes."""
    personal = "personal" in classes
    plain = {name for name, one in of.fields.items() if personal and one.mark.personal}
    return frozenset(plain | (names(classes) & of.fields.keys()))


def hidden_within(of: Record[Any], classes: Collection[str]) -> frozenset[str]:
    """The same of what is within its lists."""
    shape: Any = of.shape
    return names(classes) & _inner_names(shape)


@cache
def _inner_names(shape: Any) -> frozenset[str]:
    """How the fields within the lists of a shape are called."""
    inner = {part for hint in hints(shape).values() for part in parts(hint)}
    own = frozenset(name for part in inner for name in hints(part))
    return own.union(*map(_inner_names, inner))


def figures(granted: Granted, view: View, content: dict[str, Any]) -> dict[str, Any]:
    """An answer of figures without those that the reader may not see."""
    hidden = of_figure(granted, view)
    return without(content, hidden) if hidden else content


def data(granted: Granted, event: Recorded) -> tuple[Any, list[str]]:
    """What an event says, without what the reader may not see, and what that is called."""
    personal, classes = _personal(event), _classes(granted, event.stream)
    if personal and "personal" not in classes:
        request_notes.persons([event.stream])
    if not classes:
        return msgspec.Raw(event.data), []
    hidden = names(classes) | (personal if "personal" in classes else frozenset())
    found = msgspec.json.decode(event.data)
    gone = sorted(set(_within(found, hidden)))
    return (without(found, hidden), gone) if gone else (msgspec.Raw(event.data), [])


def _classes(granted: Granted, stream: str) -> frozenset[str]:
    """The classes of fields that are hidden in the events of a stream."""
    return granted.hidden(reading(stream.partition("-")[0])) if granted.limited else frozenset()


def _personal(event: Recorded) -> frozenset[str]:
    kind = Event.known.get(event.type)
    return frozenset() if kind is None else kind.personal()


def _within(value: Any, hidden: frozenset[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in hidden:
                yield name
            else:
                yield from _within(inner, hidden)
    elif isinstance(value, list):
        for inner in value:
            yield from _within(inner, hidden)
