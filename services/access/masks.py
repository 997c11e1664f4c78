"""Fields that are hidden unless they are granted: what things cost, and what tells of persons."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from aggregates import Event
from infra.events import Recorded
from projections.engine.record import Record
from services.access import request_notes
from services.access.permissions import Granted

COST = frozenset({"cost", "from_cost"})
"""How fields are called that tell what goods cost, wherever they stand."""
MARGIN = frozenset({"margin", "uncosted"})
OF_CLASS: Mapping[str, frozenset[str]] = {"cost": COST, "margin": MARGIN}


def names(granted: Granted) -> frozenset[str]:
    """The names of fields that are hidden wherever they stand."""
    return frozenset(name for each in granted.hidden for name in OF_CLASS.get(each, ()))


def record(granted: Granted, of: Record[Any]) -> Record[Any]:
    """A record as its reader may see it."""
    if not granted.hidden:
        return of
    personal = "personal" in granted.hidden
    plain = {name for name, one in of.fields.items() if personal and one.mark.personal}
    return of.hiding(frozenset(plain | (names(granted) & of.fields.keys())))


def figures(granted: Granted, content: dict[str, Any]) -> dict[str, Any]:
    """An answer of figures without those that the reader may not see."""
    return _without(content, names(granted)) if granted.hidden else content


def data(granted: Granted, event: Recorded) -> tuple[Any, list[str]]:
    """What an event says, without what the reader may not see, and what that is called."""
    personal = _personal(event)
    if personal and "personal" not in granted.hidden:
        request_notes.persons([event.stream])
    if not granted.hidden:
        return msgspec.Raw(event.data), []
    hidden = names(granted) | (personal if "personal" in granted.hidden else frozenset())
    found = msgspec.json.decode(event.data)
    gone = sorted(set(_within(found, hidden)))
    return (_without(found, hidden), gone) if gone else (msgspec.Raw(event.data), [])


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
