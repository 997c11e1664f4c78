"""What may be asked: each command is a request that may be wrong, checked before it decides."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from aggregates import Aggregate, Event, currency

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""An id that is safe in a URL, in a stream's name and in a file."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


def _currency(code: str) -> str:
    if code not in currency.EXPONENTS:
        facts = {"code": code, "nearest": currency.nearest(code)}
        said = "{code} is no currency of ISO 4217. Give its code, such as {nearest}."
        raise PydanticCustomError("unknown_currency", said, facts)
    return code


Currency = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{3}$"),
    AfterValidator(_currency),
    Field(json_schema_extra={"enum": [*sorted(currency.EXPONENTS)]}),
]
"""A code of ISO 4217."""
Quantity = Annotated[int, Field(gt=0, le=1_000_000_000)]
Amount = Annotated[int, Field(ge=0, le=10**15)]
"""Money in minor units of its currency (fen, cents)."""

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
    occurred_at: AwareDatetime | None = Field(
        None, description="When it happened in the world; now, unless told otherwise."
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
