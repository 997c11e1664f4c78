"""Plain master data: what is known of a thing, and whether it is in use.

A kind declares its fields and its four events; what may be asked about it, its record, lists,
history, imports and exports follow from them. A field that names a thing of the same kind makes
a tree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, get_type_hints

from aggregates import Aggregate, Event, Refused, Unknown, again, anew, repeats
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


@dataclass(frozen=True)
class Registered:
    """Marks the event by which a thing begins; `revision` counts from the second time on."""

    revision: int | None = field(default=None, kw_only=True)

    def recorded_under(self) -> str:
        return anew(REGISTERED, self.revision)


@dataclass(frozen=True)
class Closed:
    """Says why; the reason is corrected after it was opened again."""

    reason: str


@dataclass(frozen=True)
class Withdrawn:
    """It was entered by mistake. Once more with another reason, it corrects the reason."""

    reason: str


D = TypeVar("D", bound=Details)


class Events(NamedTuple):
    """What may happen to a thing of a plain kind; the first two have all its fields."""

    registered: type[Any]
    changed: type[Any]
    closed: type[Any]
    reopened: type[Any]
    withdrawn: type[Any]


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
    withdrawn: str | None = None  # the reason, while it lasts
    registrations: int = 0

    @property
    def gone(self) -> bool:
        return self.withdrawn is not None

    @classmethod
    @cache
    def fields(cls) -> Mapping[str, Field]:
        """Its own fields, as they are declared."""
        hints = get_type_hints(cls.details, include_extras=True)
        return {name: declared(name, hint) for name, hint in hints.items()}

    def register(self, details: Any) -> Iterator[Event]:
        before = None if self.first is None else _event(self.events.registered, self.first)
        asked = _event(self.events.registered, details)
        if not repeats(before, asked, but=("revision",)):
            details.check()
            yield replace(asked, revision=again(self.registrations))

    def withdraw(self, reason: str) -> Iterator[Event]:
        """Nothing may be built on it: whoever asks has looked."""
        if not self.gone:
            self.current()
        if self.withdrawn != reason:
            yield self.events.withdrawn(reason)

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

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: Any) -> Self:
        kind = type(event)
        if kind is self.events.closed:
            return replace(self, closed=event.reason)
        if kind is self.events.reopened:
            return replace(self, closed=None)
        if kind is self.events.withdrawn:
            return type(self)(withdrawn=event.reason, registrations=self.registrations)
        now: Any = self.details(**{name: getattr(event, name) for name in self.fields()})
        if kind is not self.events.registered:
            return replace(self, now=now)
        return type(self)(now, now, registrations=max(1, event.revision or 0))


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
