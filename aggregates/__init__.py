"""What is true: immutable events, the states they fold into, and the rules that decide.

Standard library only. Nothing here reads a clock, makes an id or meets a database.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache, reduce
from typing import Annotated, Any, ClassVar, Self, TypeVar, dataclass_transform, get_type_hints

from aggregates.calendar import format_instant

T = TypeVar("T")
PERSONAL = "personal"
OWN_ID = "@id"
"""In the dimensions of a thing, its own id."""
NO_DIMENSIONS: Mapping[str, str] = dict.fromkeys(("department", "region", "owner", "dealer"), "")
"""Those of what is not there yet."""
MOST_SHOWN = 200
"""Characters of a value that a refusal shows."""
Personal = Annotated[T, PERSONAL]
"""Marks a field that tells of a person; the person is the stream the event belongs to."""


@dataclass_transform(frozen_default=True)
class Event:
    """A fact. Subclasses are frozen dataclasses; the class name is the stored name, for ever.

    A change of shape raises `schema` and adds an upcaster. `refusal` marks the record of a
    "no" that somebody will ask about: it is stored, changes no state, and is answered as 409.
    `class Moved(Event, anytime=True)` is an event that may be dated before the latest one of its
    stream, because its aggregate checks the date itself or because the order does not matter.
    """

    known: ClassVar[dict[str, type["Event"]]] = {}
    schema: ClassVar[int] = 1
    refusal: ClassVar[bool] = False
    anytime: ClassVar[bool] = False

    def __init_subclass__(cls, *, anytime: bool = False) -> None:
        # Made for each of some hundred classes, these three are a tenth of a process's start.
        dataclass(frozen=True, eq=False, repr=False)(cls)
        if anytime:
            cls.anytime = True
        if Event.known.setdefault(cls.__name__, cls) is not cls:
            raise TypeError(f"two events are named {cls.__name__}")

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), *self._values()))

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self._values())
        return f"{type(self).__qualname__}({told})"

    def _values(self) -> Iterable[tuple[str, Any]]:
        told = fields(self)  # type: ignore[arg-type]
        return ((field.name, getattr(self, field.name)) for field in told)

    def recorded_under(self) -> str | None:
        """Under what it is recorded in its stream, once for ever; `Load.event` finds it again."""
        return None

    def likeness_keys(self) -> tuple[str, ...]:
        """By what it is found that whoever it tells of may be the same as another."""
        return ()

    def happened(self) -> datetime | None:
        """Its own instant, where that is another than its command's."""
        return None

    def said(self) -> tuple[str, str]:
        """What a refusal tells whoever asked, in English and in Chinese, with its figures."""
        raise NotImplementedError

    @classmethod
    @cache
    def personal(cls) -> frozenset[str]:
        """Names of the fields that tell of a person."""
        hints = get_type_hints(cls, include_extras=True)
        return frozenset(name for name, hint in hints.items() if _is_personal(hint))


def _is_personal(hint: Any) -> bool:
    if PERSONAL in getattr(hint, "__metadata__", ()):
        return True
    return any(_is_personal(inner) for inner in getattr(hint, "__args__", ()))


class Refused(Exception):
    """A rule said no: the request was understood, and nothing happened.

    A sentence for the user, in English and in Chinese, says what to do. One that `hides` tells
    nothing of the thing that was asked of.
    """

    hides: ClassVar[bool] = False

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


class Unknown(Refused):
    """What was asked about does not exist."""


class ReferenceTaken(Refused):
    """A reference stands for one thing: with another content it is not taken again."""


class TakenBack(Refused):
    """What was taken back is told anew under another number: its own tells of what was."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} was recorded, and taken back since. Record it anew under another number.",
            f"{number} 曾被记录，之后已撤销。请换一个编号重新登记。",
        )


class OutOfOrder(Refused):
    """Nothing happens before what it rests on."""


class InTheFuture(Refused):
    """Nothing is recorded before it happens."""


class DateFlagged(Event):
    """The event after this one is dated before what it rests on, and was wanted all the same.

    `given` is its instant, `limit` the earliest that the rule allows. It changes no state and no
    figure.
    """

    anytime: ClassVar[bool] = True
    event: str
    rule: str
    given: datetime
    limit: datetime


def repeats(before: Event | None, asked: Event, *, but: Collection[str] = ()) -> bool:
    """Whether the event was recorded before, with the same content.

    Raises `ReferenceTaken` where something else was recorded under its reference, and names each
    field that differs; what tells of a person is named without its value. Fields in `but` do not
    count: what the request left open.
    """
    if before is None:
        return False
    differing = [
        (field.name, getattr(before, field.name, None), getattr(asked, field.name))
        for field in fields(asked)  # type: ignore[arg-type]
        if field.name not in but
    ]
    unequal = [each for each in differing if each[1] != each[2]]
    if type(before) is not type(asked):
        unequal.insert(0, ("type", type(before).__name__, type(asked).__name__))
    if unequal:
        raise taken(unequal, type(asked).personal())
    return True


def refuse_unequal(*compared: tuple[str, Any, Any]) -> None:
    """Raise `ReferenceTaken` where something is asked otherwise than it was recorded: each has its
    name, what was recorded and what is asked.
    """
    if unequal := [each for each in compared if each[1] != each[2]]:
        raise taken(unequal)


def again(registrations: int) -> int | None:
    """The number of a registration that follows so many, of which the last was withdrawn."""
    return registrations + 1 if registrations else None


def anew(word: str, revision: int | None) -> str:
    """Under what a registration is recorded: by the word alone the first time."""
    return f"{word}:{revision}" if revision else word


def taken(
    unequal: Iterable[tuple[str, Any, Any]], personal: Collection[str] = ()
) -> ReferenceTaken:
    """The refusal that names the fields that differ, with what was recorded and what is asked."""
    en, zh = [], []
    for name, before, asked in unequal:
        if name in personal:
            en.append(f"another {name}")
            zh.append(f"{name} 不同")
        else:
            en.append(f"{name} {_word(before, 'nothing')}, not {_word(asked, 'nothing')}")
            zh.append(f"{name} 为 {_word(before, '空')}，而不是 {_word(asked, '空')}")
    return ReferenceTaken(
        f"This was recorded before with {'; '.join(en)}."
        " Correct what was recorded, or take another id or reference.",
        f"此前已记录：{'；'.join(zh)}。请更正已记录的内容，或换一个编号。",
    )


def _word(value: Any, nothing: str) -> str:
    """A value as a sentence shows it; what is long is cut."""
    if value is None:
        return nothing
    if isinstance(value, tuple):
        value = ", ".join(_word(each, nothing) for each in value) or nothing
    text = format_instant(value) if isinstance(value, datetime) else str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


@dataclass(frozen=True)
class Aggregate:
    """State folded from events. Verbs yield events; they never change the state."""

    kinds: ClassVar[dict[str, type["Aggregate"]]] = {}
    kind: ClassVar[str]
    id_names: ClassVar[tuple[str, ...]] = ()
    """The kinds of the things that an id is made of, joined by colons."""
    of_another: ClassVar[bool] = False
    """Whether who may see another thing may see this one: `reached_by` says which."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "kind" in vars(cls):
            Aggregate.kinds[cls.kind] = cls

    @property
    def gone(self) -> bool:
        """Whether it was entered by mistake and has been withdrawn."""
        return False

    @property
    def exists(self) -> bool:
        """Whether it was begun, and is not withdrawn."""
        return not self.gone and vars(self) != self._unbegun()

    @classmethod
    @cache
    def _unbegun(cls) -> Mapping[str, Any]:
        """What it has before its first event."""
        return vars(cls())

    @classmethod
    def stream(cls, id: str) -> str:
        """The stream's name: the kind, a hyphen, the id. A kind holds no hyphen."""
        return f"{cls.kind}-{id}"

    @classmethod
    def reached_by(cls, id: str) -> tuple[str, str]:
        """Kind and id of the thing that has to be within somebody's scope: itself, or where it is
        `of_another`, that which its id begins with, unless it says otherwise.
        """
        return (cls.id_names[0], id.partition(":")[0]) if cls.of_another else (cls.kind, id)

    @property
    def dimensions(self) -> Mapping[str, str] | None:
        """By what of it the scope of a role reaches it: department, region, owner, dealer.

        `OWN_ID` is its id, or the first part of that. With none of them it is everybody's who may
        read its kind at all; None is only theirs who may see everything.
        """
        return None

    def having(self, **fields: Any) -> Self:
        """`replace` for what happens all day: it sets no field anew, and takes a fifth as long."""
        after = object.__new__(type(self))
        after.__dict__.update(self.__dict__, **fields)
        return after

    def evolve(self, event: Any) -> Self:
        """The state after an event of its own; `fold` is what others call."""
        raise NotImplementedError

    def fold(self, event: Event) -> Self:
        """The state after any event of its stream."""
        return self if type(event) is DateFlagged else self.evolve(event)

    @classmethod
    def after(cls, events: Iterable[Event]) -> Self:
        return reduce(cls.fold, events, cls())
