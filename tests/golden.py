"""Golden events: one of every shape that was ever stored, kept for as long as the log is.

`python -m tests.golden` adds what is new; it never touches what is there. An event that got a
field with a default has a shape more, and its schema stays.
"""

import hashlib
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

import aggregates
from aggregates import Aggregate, Event
from infra.codec import Codec

PLACE = Path(__file__).parent / "golden" / "events.json"
WHEN = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)


class Golden(msgspec.Struct, frozen=True):
    """An event as it was stored, and the shape that its class had then."""

    type: str
    schema: int
    shape: str
    data: msgspec.Raw


def home(kind: type) -> str:
    """The aggregate's module, or its folder, that a class is in."""
    return ".".join(kind.__module__.split(".")[:3])


@cache
def events() -> dict[str, type[Event]]:
    """Every event class that an aggregate may yield, by name."""
    modules = [found.name for found in pkgutil.walk_packages(aggregates.__path__, "aggregates.")]
    for name in modules:
        importlib.import_module(name)
    inside = {"aggregates", *modules}
    return {n: kind for n, kind in sorted(Event.known.items()) if home(kind) in inside}


@cache
def kinds() -> dict[str, type[Aggregate]]:
    """The aggregate that yields an event, by the event's name; of those that any may yield, one."""
    homes = {home(kind): kind for kind in reversed(Aggregate.kinds.values())}
    any_of_them = next(iter(homes.values()))
    return {name: homes.get(home(kind), any_of_them) for name, kind in events().items()}


def shape(kind: type[Event]) -> str:
    """Names and types of the fields, in short: it changes when they do."""
    schema = msgspec.json.schema(kind)
    for definition in schema["$defs"].values():
        definition.pop("description", None)  # words may change, facts may not
    return hashlib.sha256(msgspec.json.encode(schema, order="deterministic")).hexdigest()[:16]


def example(kind: type[Event]) -> Event:
    """An event with every field filled."""
    event: Event = _value(kind, "")
    return event


def _value(hint: Any, name: str) -> Any:
    simple = {str: name, int: 7 + len(name), bool: True, datetime: WHEN, date: WHEN.date()}
    if hint in simple:
        return simple[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{field.name: _value(hints[field.name], field.name) for field in fields(hint)})
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if get_origin(hint) is Mapping:
        return {name: name if get_args(hint)[1] is str else 7}
    inner = [each for each in get_args(hint) if each not in (NoneType, Ellipsis)]
    if not inner:
        raise TypeError(f"{hint} is new to the golden events: give it a value in tests/golden.py")
    value = _value(inner[0], name)
    return (value,) if get_origin(hint) is tuple else value


def kept() -> list[Golden]:
    if not PLACE.exists():
        return []
    return msgspec.json.decode(PLACE.read_bytes(), type=list[Golden])


def add() -> int:
    """Write an example of every shape that has none yet; answers how many."""
    before = kept()
    known = {(golden.type, golden.schema, golden.shape) for golden in before}
    encode = Codec(events()).encode
    new = [
        Golden(name, kind.schema, shape(kind), msgspec.Raw(encode(example(kind))))
        for name, kind in events().items()
        if (name, kind.schema, shape(kind)) not in known
    ]
    PLACE.parent.mkdir(exist_ok=True)
    rows = sorted([*before, *new], key=lambda golden: (golden.type, golden.schema))
    lines = (msgspec.json.encode(golden).decode() for golden in rows)
    PLACE.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    return len(new)


if __name__ == "__main__":
    print(f"{add()} events were added to {PLACE}")
