"""What may be asked: each command is a request that may be wrong, checked before it decides."""

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Aggregate, DateFlagged, Event, InTheFuture, OutOfOrder, refuse_unequal
from aggregates.calendar import format_instant
from commands.fields import Amount as Amount
from commands.fields import Begun as Begun
from commands.fields import Currency as Currency
from commands.fields import Day as Day
from commands.fields import Id as Id
from commands.fields import Instant as Instant
from commands.fields import Quantity as Quantity
from commands.fields import Share as Share
from commands.fields import Text as Text
from commands.fields import Truth as Truth
from commands.fields import When as When
from commands.fields import Whole as Whole

T = TypeVar("T")
Decision = tuple[str, Event]
"""The stream's name and what happened in it."""
Alone = Literal["signature", "process", "operation"]
"""What a command is that one decides alone: the word of a person, or no business."""


class Load(Protocol):
    """What a command sees of the log."""

    def __call__(self, kind: type[Any], id: str) -> Any:
        """The state as it is now, with what this command has yielded so far."""

    def event(self, kind: type[Any], id: str, reference: str) -> Any:
        """The event recorded under that reference in a stream, however long ago, or None.

        Ask before deciding: a repeat is a repeat even where the stock has gone since.
        """

    @property
    def actor(self) -> str:
        """Who asks. What is made by `remember` is made for everybody, and does not know."""

    @property
    def now(self) -> datetime:
        """The clock of the log."""

    def remember(self, key: Hashable, make: Callable[["Load"], T]) -> T:
        """What is made of states alone: once for many commands, until one of the states changes."""

    def prefetch(self, kind: type[Any], ids: Iterable[str]) -> None:
        """Bring things to hand that are asked of one after another, all at once."""

    def naming(self, kind: type[Any], id: str) -> Iterable[str]:
        """The streams of other things whose events name that one, each once."""

    def version(self, kind: type[Any], id: str) -> int:
        """The version of a thing's stream; 0 where it has no event."""

    def latest(self, kind: type[Any], id: str) -> datetime:
        """The instant of the latest event of a thing's stream."""

    def perform(
        self, command: "Command", actor: str, causation: str, correlation: str | None
    ) -> Sequence[Event]:
        """Let another command decide in the same transaction; answers what it yielded.

        Its events are in the name of `actor`, were caused by what `causation` names, and belong to
        `correlation`, where that is another.
        """

    def rehearse(self, command: "Command", actor: str) -> "Rehearsal":
        """What would become of a command that is decided now; nothing of it lasts."""


class Rehearsal(Protocol):
    """What would become of a command."""

    @property
    def command(self) -> "Command":
        """As it was decided, under its number."""

    @property
    def events(self) -> Sequence[Event]: ...

    @property
    def taken(self) -> Sequence[tuple[str, int, Event, int]]:
        """The events with the stream of each, its version then, and when it happened."""

    @property
    def load(self) -> Load:
        """The states as they would be."""


def _always(_: Any) -> bool:
    return True


PLACES = "department", "region"
"""What a command may say of where that is to lie which it begins."""


class Command(BaseModel):
    """A request addressed to one aggregate: `class ReserveStock(Command, of=Stock)`.

    `when` says of a state whether the command could change anything in a thing that is in it.

    `decide` answers for that aggregate alone. A command that must hold a rule over several
    streams at one moment overrides `across`; all its events are appended together or not at all.
    """

    # Most processes ask few commands: the others are not made ready for it when they start.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    known: ClassVar[dict[str, type["Command"]]] = {}
    aggregate: ClassVar[type[Aggregate]]
    when: ClassVar[Callable[[Any], bool]] = _always
    begins: ClassVar[bool] = False
    """Whether it makes a new thing, rather than being asked of one that is there."""
    goes_on: ClassVar[bool] = False
    """Whether what begins a thing may be asked of one that is there as well."""
    makes: ClassVar[Collection[str]] = ()
    """Fields with the id of something else that it begins, if it is not there yet."""
    by_share: ClassVar[bool] = True
    """Whether it may be asked of a customer, and of what hangs on it, that is shared for working.
    """
    added: ClassVar[tuple[str, ...]] = ("dates",)
    """Fields that an older build did not have; at their default they are not told of in keys."""
    alone: ClassVar[Alone | None] = None
    """Why no company can have it confirmed by a second person, where that is so."""

    id: Id
    occurred_at: When | None = Field(
        None,
        description="When it happened in the world: an RFC 3339 instant with its offset, or a"
        " business day: its beginning, or as soon on it as what came before allows. Now, unless"
        " told otherwise.",
        examples=["2026-01-05T09:30:00+08:00", "2026-01-05"],
    )
    dates: Literal["refuse", "flag"] = Field(
        "refuse",
        description="What becomes of a date before that of what it rests on: it is refused, or"
        " taken and flagged by a DateFlagged event, which `GET /events?type=DateFlagged` lists.",
    )

    def __init_subclass__(
        cls,
        of: type[Aggregate] | None = None,
        when: Callable[[Any], bool] | None = None,
        **config: Any,
    ) -> None:
        super().__init_subclass__(**config)
        if when is not None:
            cls.when = when
        if of is not None:
            cls.aggregate = of
            Command.known[cls.slug()] = cls

    @classmethod
    @cache
    def slug(cls) -> str:
        """The command's name on the wire: `ReserveStock` is `reserve-stock`."""
        return re.sub(r"\B(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def applies(cls, state: Any) -> bool:
        """Whether it could change anything in a thing in this state; what else it may name is not
        looked at.
        """
        if cls.begins:
            return (cls.goes_on or not state.exists) and cls.when(state)
        return state.exists and cls.when(state)

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:  # noqa: ARG003 - of some
        """The same of a thing as it is in the log, asked at that time."""
        return cls.applies(load(cls.aggregate, id))

    @property
    def stream(self) -> str:
        return self.aggregate.stream(self.id)

    @property
    def numbering(self) -> Callable[[Load, datetime], tuple["Command", Decision]] | None:
        """What gives it the next number, where it begins a thing and names none."""
        return None

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        """Kind and id of what it will surely load, so that a batch can be loaded at once."""
        yield self.aggregate, self.id

    def begins_in(self) -> Mapping[str, str]:
        """Where what it begins is to lie, as far as it says so, by dimension of scopes: nobody
        begins what he does not reach.
        """
        told = {name: getattr(self, name, None) for name in PLACES} if self.begins else {}
        return {name: value for name, value in told.items() if value}

    def day_end(self) -> datetime | None:
        """The last instant at which it may have happened, where a day was told and no instant."""
        at = self.occurred_at
        return at.last if isinstance(at, Begun) else None

    def dated(self) -> dict[str, Any]:
        """What is said of its date, for a command that is decided within it."""
        return {"occurred_at": self.occurred_at, "dates": self.dates}

    def refuse_future(self, given: datetime, latest: datetime) -> None:
        """Raise the refusal of a date that lies too far ahead."""
        raise InTheFuture(
            f"{format_instant(given)} has not come: the latest date that can be told now is"
            f" {format_instant(latest)}. Give the date on which it happened.",
            f"{format_instant(given)} 尚未到来：目前可填写的最晚时间是 {format_instant(latest)}。"
            "请填写实际发生的时间。",
        )

    def refuse_date(self, before: datetime, asked: datetime) -> None:
        """Raise the refusal of what was recorded before, of another date."""
        refuse_unequal(("occurred_at", before, asked))

    def follows(self, load: Load) -> datetime | None:
        """The instant of what it rests on where its own stream does not keep it: as of a day it is
        not before that. None where there is nothing of the kind, or nothing to be found.
        """
        return None

    def in_order(self, event: Event, at: datetime, load: Load) -> Iterator[Decision]:
        """The event in its stream, refused or flagged where it is before what it rests on."""
        limit = self.follows(load)
        if limit is not None and at < limit:
            for flag in self.out_of_order(event, at, limit):
                yield self.stream, flag
        yield self.stream, event

    def out_of_order(self, event: Event, given: datetime, limit: datetime) -> Iterator[Event]:
        """Refuse an event dated before the latest one of its stream, or flag it where asked to."""
        if self.dates == "refuse":
            raise OutOfOrder(
                f"{format_instant(given)} is before {format_instant(limit)},"
                " the date of what it follows."
                ' Correct the date, or send "dates": "flag" to take it all the same.',
                f"{format_instant(given)} 早于它所依据的事项的时间 {format_instant(limit)}。"
                '请更正时间，或发送 "dates": "flag" 仍然接受。',
            )
        yield DateFlagged(type(event).__name__, "not before the latest", given, limit)

    def cleared(self) -> tuple[str, ...]:
        """Names of the fields whose null says something else than leaving them out."""
        return ()

    def decide(self, state: Any, at: datetime) -> Iterable[Event]:
        """Yield what happens at that time, or raise a refusal."""
        raise NotImplementedError

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        """Yield what happens, stream by stream. `load` sees what was yielded before."""
        for event in self.decide(load(self.aggregate, self.id), at):
            yield from self.in_order(event, at, load)
