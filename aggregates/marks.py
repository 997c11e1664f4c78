"""What is said of a field once, for all who read, ask for and look up the thing it belongs to."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

Unit = Literal["minor", "basis_points", "points", "seconds", "days"]


class Marker(NamedTuple):
    """What is said of a field besides its type."""

    searched: bool = False
    indexed: bool = False
    names: str | None = None
    instant: bool = False
    least: int = 0
    personal: bool = False
    hides: bool = False
    day: bool = False
    unit: Unit | None = None
    adds_up: bool = False
    by_reading: bool = False
    most: int | None = None
    signers: bool = False
    own: bool = False


SEARCHED = Marker(searched=True)
"""Looked through by `q`."""
INDEXED = Marker(indexed=True)
"""Often filtered or sorted by."""
BY_READING = Marker(by_reading=True)
"""Sorted as it is read: Chinese characters by their pinyin."""
INSTANT = Marker(instant=True)
"""Microseconds since the epoch, shown as an RFC 3339 instant."""
DAY = Marker(day=True)
"""A business day, as the text 2026-01-05."""
COUNT = Marker(least=1)
"""A whole number that is at least 1."""
OF_PERSON = Marker(personal=True)
"""Tells of a person, who may ask that it is removed."""
SIGNERS = Marker(signers=True)
"""Accounts, roles and heads of departments, as `account:li; role:finance;`."""
OWN = Marker(own=True)
"""A field of the company's own: it is there once the company has declared it."""
HIDES = Marker(hides=True)
"""What has it is in no list, unless the list is asked about this field."""
MONEY = Marker(unit="minor", adds_up=True)
"""Whole minor units (fen, cents) of the currency that stands beside it, or around it."""
ADDS_UP = Marker(adds_up=True)
"""A number that is worth adding up over several things, as quantities are."""
Money = Annotated[int, MONEY]
BasisPoints = Annotated[int, Marker(unit="basis_points")]
"""2500 is 25 %."""
MemberPoints = Annotated[int, Marker(unit="points", adds_up=True)]
Seconds = Annotated[int, Marker(unit="seconds")]
DayCount = Annotated[int, Marker(unit="days")]
Name = Annotated[str, SEARCHED, INDEXED, BY_READING]
"""What people call the thing."""


def between(least: int, most: int) -> Marker:
    """A whole number of settings that lies within these, both included."""
    return Marker(least=least, most=most)


def names(kind: str) -> Marker:
    """The id of another thing, of that kind."""
    return Marker(indexed=True, names=kind)


class Field(NamedTuple):
    """A field that is kept: a whole number, text, or a tuple that is kept as JSON."""

    name: str
    type: type
    optional: bool
    mark: Marker
    choices: tuple[str, ...] = ()

    @property
    def nested(self) -> bool:
        return self.type is tuple


def mark(hint: Any) -> Marker:
    """All that the marks of a hint say together."""
    marks = list(_marks(hint))
    return Marker(
        any(one.searched for one in marks),
        any(one.indexed for one in marks),
        next((one.names for one in marks if one.names), None),
        any(one.instant for one in marks),
        max((one.least for one in marks), default=0),
        any(one.personal for one in marks),
        any(one.hides for one in marks),
        any(one.day for one in marks),
        next((one.unit for one in marks if one.unit), None),
        any(one.adds_up for one in marks),
        any(one.by_reading for one in marks),
        next((one.most for one in marks if one.most is not None), None),
        any(one.signers for one in marks),
        any(one.own for one in marks),
    )


def _marks(hint: Any) -> Iterator[Marker]:
    """Those of the hint, and of what it may be besides None."""
    yield from (one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Marker))
    if get_origin(hint) is Annotated:
        yield from _marks(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        for one in get_args(hint):
            yield from _marks(one)


def declared(name: str, hint: Any) -> Field:
    """What a hint such as `Annotated[str | None, SEARCHED]` says; raises where it says too much."""
    said = mark(hint)
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    plain = [one for one in get_args(hint) if one is not type(None)]
    optional = type(None) in get_args(hint)
    kind = plain[0] if optional else hint
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) is Literal:
        return Field(name, str, optional, said, get_args(kind))
    kind = get_origin(kind) or kind
    if kind not in (str, int, tuple):
        raise TypeError(f"{name}: a field is a str, an int or a tuple, not {hint}")
    return Field(name, kind, optional, said)
