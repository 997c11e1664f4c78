"""What is said of a record's fields: their types, and what they are looked up by."""

from dataclasses import fields
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin

import msgspec

R = TypeVar("R", bound=tuple[Any, ...])


class Marker(NamedTuple):
    """What is said of a field besides its type."""

    searched: bool = False
    indexed: bool = False
    names: str | None = None
    instant: bool = False


SEARCHED = Marker(searched=True)
"""Looked through by `q`."""
INDEXED = Marker(indexed=True)
"""Often filtered or sorted by."""
INSTANT = Marker(instant=True)
"""Microseconds since the epoch, shown as an RFC 3339 instant."""


def names(kind: str) -> Marker:
    """The id of another thing, of that kind."""
    return Marker(indexed=True, names=kind)


class Field(NamedTuple):
    """A column of a record: whole numbers, text, or a tuple that is kept as JSON."""

    name: str
    type: type
    optional: bool
    mark: Marker

    @property
    def nested(self) -> bool:
        return self.type is tuple


def taking(row: R, event: Any, *but: str) -> R:
    """The row with what the event says of the fields that both name alike."""
    names = {known.name for known in fields(event)} & set(row._fields) - set(but)  # type: ignore[attr-defined]
    found: R = row._replace(**{name: plain(getattr(event, name)) for name in names})  # type: ignore[attr-defined]
    return found


def plain(value: Any) -> Any:
    """A value as JSON has it: days as text, lines as objects."""
    made = msgspec.to_builtins(value)
    return tuple(made) if isinstance(made, list) else made


def declared(name: str, hint: Any) -> Field:
    mark = Marker()
    if get_origin(hint) is Annotated:
        hint, *marks = get_args(hint)
        mark = Marker(
            any(one.searched for one in marks),
            any(one.indexed for one in marks),
            next((one.names for one in marks if one.names), None),
            any(one.instant for one in marks),
        )
    plain = [one for one in get_args(hint) if one is not type(None)]
    optional = type(None) in get_args(hint)
    kind = plain[0] if optional else get_origin(hint) or hint
    if kind not in (str, int, tuple):
        raise TypeError(f"{name}: a field of a record is a str, an int or a tuple, not {hint}")
    return Field(name, kind, optional, mark)
