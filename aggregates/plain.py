"""Plain master data: what is known of a thing, and whether it is in use.

A kind declares its fields and its four events; what may be asked about it, its record, lists,
history, imports and exports follow from them. A field that names a thing of the same kind makes
a tree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, get_type_hints

from aggregates import Aggregate, Event, Refused, Unknown, repeats
from aggregates.marks import Field, declared

REGISTERED = "registered"


class IsClosed(Refused):
    """What is closed takes on nothing new."""


class Circle(Refused):
    """In a tree nothing is above itself."""


class TooDeep(Refused):
    """A tree has no more levels than anybody can follow."""


class Unfit(Refused):
    """Fields that do not fit together are not taken."""


class Details:
    """The fields of a kind: a frozen dataclass that derives from this."""

    def check(self) -> None:
        """Raise a refusal where the fields do not fit together."""


class Registered:
    """Marks the event by which a thing begins: once for ever."""

    def recorded_under(self) -> str:
        return REGISTERED


@dataclass(frozen=True)
class Closed:
    """Says why; the reason is corrected after it was opened again."""

    reason: str


D = TypeVar("D", bound=Details)


class Events(NamedTuple):
    """What may happen to a thing of a plain kind; the first two have all its fields."""

    registered: type[Any]
    changed: type[Any]
    closed: type[Any]
    reopened: type[Any]


@dataclass(frozen=True)
class Plain(Aggregate, Generic[D]):
    """`plural` is where it is looked up, `noun` what people call it, in English and in Chinese.

    The docstring of a kind ends what is said of its registration.
    """

    plural: ClassVar[str]
    noun: ClassVar[tuple[str, str]]
    details: ClassVar[type[Details]]
    events: ClassVar[Events]

    first: D | None = None  # as it was at first, to know a repeat
    now: D | None = None
    closed: str | None = None  # the reason, while it lasts

    @classmethod
    @cache
    def fields(cls) -> Mapping[str, Field]:
        """Its own fields, as they are declared."""
        hints = get_type_hints(cls.details, include_extras=True)
        return {name: declared(name, hint) for name, hint in hints.items()}

    def register(self, details: Any) -> Iterator[Event]:
        before = None if self.first is None else _event(self.events.registered, self.first)
        if not repeats(before, asked := _event(self.events.registered, details)):
            details.check()
            yield asked

    def change(self, told: Mapping[str, Any]) -> Iterator[Event]:
        """Set what is told, and keep the rest."""
        now = self.current()
        after = replace(now, **told)
        if after != now:
            after.check()
            yield _event(self.events.changed, after)

    def close(self, reason: str) -> Iterator[Event]:
        self.current()
        before = None if self.closed is None else self.events.closed(self.closed)
        if not repeats(before, asked := self.events.closed(reason)):
            yield asked

    def reopen(self) -> Iterator[Event]:
        self.current()
        if self.closed is not None:
            yield self.events.reopened()

    def current(self) -> Any:
        """Its details as they are now; refused where it was never registered."""
        if self.now is None:
            en, zh = self.noun
            raise Unknown(
                f"There is no such {en}. Register the {en} first, or check its id.",
                f"没有这个{zh}。请先登记{zh}，或检查其编号。",
            )
        return self.now

    def used(self, id: str) -> None:
        """Refuse to take on anything new for what is closed."""
        if self.closed is not None:
            raise IsClosed(
                f"{id} is closed ({self.closed}). Reopen it, or choose another.",
                f"{id} 已关闭（{self.closed}）。请重新启用，或选择其他{self.noun[1]}。",
            )

    def evolve(self, event: Any) -> Self:
        kind = type(event)
        if kind is self.events.closed:
            return replace(self, closed=event.reason)
        if kind is self.events.reopened:
            return replace(self, closed=None)
        told = {field.name: getattr(event, field.name) for field in fields(event)}
        now: Any = self.details(**told)
        first = now if kind is self.events.registered else self.first
        return replace(self, first=first, now=now)


def _event(kind: type[Any], details: Any) -> Any:
    return kind(**vars(details))


def of(kind: str | None) -> type[Plain[Any]] | None:
    """The plain kind of that name."""
    found = Aggregate.kinds.get(kind or "")
    return found if found is not None and issubclass(found, Plain) else None


def circle(id: str) -> Circle:
    """The refusal to put a thing below itself."""
    return Circle(
        f"{id} cannot lie below itself. Name another one above it.",
        f"{id} 不能位于自身之下。请指定其他上级。",
    )


def too_deep(most: int) -> TooDeep:
    """The refusal to put a thing below more than so many others."""
    return TooDeep(
        f"There may be {most} levels at most. Name one that lies higher.",
        f"层级最多 {most} 层。请指定更高层的上级。",
    )
