"""What may be asked: each command is a request that may be wrong, checked before it decides."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Aggregate, Event
from commands.fields import Amount as Amount
from commands.fields import Currency as Currency
from commands.fields import Day as Day
from commands.fields import Id as Id
from commands.fields import Instant as Instant
from commands.fields import Quantity as Quantity
from commands.fields import Text as Text
from commands.fields import When as When
from commands.fields import Whole as Whole

Load = Callable[[type[Any], str], Any]
"""`load(Stock, id)` answers the state as it is now, with what this command has yielded so far."""
Decision = tuple[str, Event]
"""The stream's name and what happened in it."""


class Command(BaseModel):
    """A request addressed to one aggregate: `class ReserveStock(Command, of=Stock)`.

    `decide` answers for that aggregate alone. A command that must hold a rule over several
    streams at one moment overrides `across`; all its events are appended together or not at all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    known: ClassVar[dict[str, type["Command"]]] = {}
    aggregate: ClassVar[type[Aggregate]]

    id: Id
    occurred_at: When | None = Field(
        None,
        description="When it happened in the world: an RFC 3339 instant with its offset, or a"
        " business day, which stands for its beginning. Now, unless told otherwise.",
        examples=["2026-01-05T09:30:00+08:00", "2026-01-05"],
    )

    def __init_subclass__(cls, of: type[Aggregate] | None = None, **config: Any) -> None:
        super().__init_subclass__(**config)
        if of is not None:
            cls.aggregate = of
            Command.known[cls.slug()] = cls

    @classmethod
    @cache
    def slug(cls) -> str:
        """The command's name on the wire: `ReserveStock` is `reserve-stock`."""
        return re.sub(r"\B(?=[A-Z])", "-", cls.__name__).lower()

    @property
    def stream(self) -> str:
        return self.aggregate.stream(self.id)

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        """Kind and id of what it will surely load, so that a batch can be loaded at once."""
        yield self.aggregate, self.id

    def decide(self, state: Any, at: datetime) -> Iterable[Event]:
        """Yield what happens at that time, or raise a refusal."""
        raise NotImplementedError

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        """Yield what happens, stream by stream. `load` sees what was yielded before."""
        kind, own = self.aggregate, self.id
        stream = kind.stream(own)
        for event in self.decide(load(kind, own), at):
            yield stream, event
