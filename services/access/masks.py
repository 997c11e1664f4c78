"""Fields that are hidden unless they are granted: what things cost, and what tells of persons."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from aggregates import Event
from infra.events import Recorded
from projections.engine import View
from projections.engine.record import Record
from services.access import request_notes
from services.access.actions import reading, reading_figure
from services.access.permissions import Granted

COST = frozenset({"cost", "from_cost"})
"""How fields are called that tell what goods cost, wherever they stand."""
MARGIN = frozenset({"margin", "uncosted"})
OF_CLASS: Mapping[str, frozenset[str]] = {"cost": COST, "margin": MARGIN}


def names(hidden: Collection[str]) -> frozenset[str]:
    """The names of fields of hidden classes, wherever they stand."""
    return frozenset(name for each in hidden for name in OF_CLASS.get(each, ()))


def of_figure(granted: Granted, view: View) -> frozenset[str]:
    """The names of fields that are hidden in the figures of a view."""
    return names(granted.hidden(reading_figure(view)))


def record(granted: Granted, of: Record[Any]) -> Record[Any]:
    """A record as its reader may see it."""
    hidden = granted.hidden(reading(of.kind.kind))
    return of.hiding(hidden_fields(of, hidden), names(hidden)) if hidden else of


def hidden_fields(of: Record[Any], classes: Collection[str]) -> frozenset[str]:
    """The fields of a record that are of hidden classes."""
    personal = "personal" in classes
    plain = {name for name, one in of.fields.items() if personal and one.mark.personal}
    return frozenset(plain | (names(classes) & of.fields.keys()))


def figures(granted: Granted, view: View, content: dict[str, Any]) -> dict[str, Any]:
    """An answer of figures without those that the reader may not see."""
    hidden = of_figure(granted, view)
    return _without(content, hidden) if hidden else content


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
    return (_without(found, hidden), gone) if gone else (msgspec.Raw(event.data), [])


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


def _without(value: Any, hidden: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {n: _without(v, hidden) for n, v in value.items() if n not in hidden}
    if isinstance(value, list):
        return [_without(inner, hidden) for inner in value]
    return value
