"""What is true: immutable events, the states they fold into, and the rules that decide.

Standard library only. Nothing here reads a clock, makes an id or meets a database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Self, TypeVar, dataclass_transform, get_type_hints

T = TypeVar("T")
PERSONAL = "personal"
Personal = Annotated[T, PERSONAL]
"""Marks a field that tells of a person; the person is the stream the event belongs to."""


@dataclass_transform(frozen_default=True)
class Event:
    """A fact. Subclasses are frozen dataclasses; the class name is the stored name, for ever.

    A change of shape raises `schema` and adds an upcaster. `refusal` marks the record of a
    "no" that somebody will ask about: it is stored, changes no state, and is answered as 409.
    """

    known: ClassVar[dict[str, type["Event"]]] = {}
    schema: ClassVar[int] = 1
    refusal: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True)(cls)
        if Event.known.setdefault(cls.__name__, cls) is not cls:
            raise TypeError(f"two events are named {cls.__name__}")

    @classmethod
    def personal(cls) -> frozenset[str]:
        """Names of the fields that tell of a person."""
        hints = get_type_hints(cls, include_extras=True)
        return frozenset(name for name, hint in hints.items() if _is_personal(hint))


def _is_personal(hint: Any) -> bool:
    if PERSONAL in getattr(hint, "__metadata__", ()):
        return True
    return any(_is_personal(inner) for inner in getattr(hint, "__args__", ()))


def imprint(event: Event) -> str:
    """Enough to tell a repeat from another request, too little to find a person by.

    States keep this in place of personal data: a snapshot must not outlive the person's key.
    """
    return sha256(repr(event).encode()).hexdigest()[:4]


class Refused(Exception):
    """A rule said no: the request was understood, and nothing happened.

    A sentence for the user, in English and in Chinese, says what to do.
    """

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


class Unknown(Refused):
    """What was asked about does not exist."""


@dataclass(frozen=True)
class Aggregate:
    """State folded from events. Verbs yield events; they never change the state."""

    kind: ClassVar[str]

    @classmethod
    def stream(cls, id: str) -> str:
        """The stream's name: the kind, a hyphen, the id. A kind holds no hyphen."""
        return f"{cls.kind}-{id}"

    def evolve(self, event: Any) -> Self:
        raise NotImplementedError

    @classmethod
    def after(cls, events: Iterable[Event]) -> Self:
        return reduce(cls.evolve, events, cls())
