"""An interaction is one contact with a customer: how, with whom, what was said, what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown, repeats
from aggregates.calendar import format_instant

Way = Literal["call", "visit", "message", "mail", "meeting", "other"]
InteractionStatus = Literal["open", "settled"]


class InteractionRecorded(Event):
    """`owner` is who had it; `next_contact` is when the customer is to be contacted again, by the
    settings of its class where it names their version.
    """

    customer: str
    contact: str | None
    way: Way
    text: str
    owner: str
    happened_at: datetime
    next_contact: datetime | None
    status: InteractionStatus
    solution: str | None
    settings: str | None = None

    def recorded_under(self) -> str:
        return RECORDED


class InteractionChanged(Event):
    """All that was told of it, as it is from now on."""

    contact: str | None
    way: Way
    text: str
    status: InteractionStatus
    solution: str | None


InteractionEvent = InteractionRecorded | InteractionChanged
RECORDED = "recorded"


class NextContactPassed(Refused):
    """Who is to be contacted again is contacted later than this time."""


class InteractionDetails(NamedTuple):
    """What may be corrected."""

    contact: str | None = None
    way: Way = "other"
    text: str = ""
    status: InteractionStatus = "open"
    solution: str | None = None


@dataclass(frozen=True)
class Interaction(Aggregate):
    """Its id is the customer's, and one of its own. Who may see the customer may see it."""

    kind: ClassVar[str] = "interaction"
    id_names = ("customer",)
    of_another: ClassVar[bool] = True

    recorded: InteractionRecorded | None = None  # as it was at first, to know a repeat
    details: InteractionDetails = field(default_factory=InteractionDetails)

    @staticmethod
    def id_of(customer: str, interaction: str) -> str:
        return f"{customer}:{interaction}"

    def record(self, asked: InteractionRecorded) -> Iterator[InteractionEvent]:
        if repeats(self.recorded, asked):
            return
        after = asked.next_contact
        if after is not None and after <= asked.happened_at:
            then, now = format_instant(after), format_instant(asked.happened_at)
            raise NextContactPassed(
                f"The next contact on {then} is not after this one on {now}. Give a later time.",
                f"下次联系时间 {then} 不晚于本次联系时间 {now}。请填写更晚的时间。",
            )
        yield asked

    def change(self, **told: Any) -> Iterator[InteractionEvent]:
        """Change what is told of it, and keep the rest."""
        self.known()
        after = self.details._replace(**told)
        if after != self.details:
            yield InteractionChanged(*after)

    def known(self) -> InteractionRecorded:
        if self.recorded is None:
            raise Unknown(
                "There is no such interaction. Record it first.",
                "没有这条联系记录。请先登记。",
            )
        return self.recorded

    def evolve(self, event: InteractionEvent) -> Self:
        told = (getattr(event, name) for name in InteractionDetails._fields)
        after = replace(self, details=InteractionDetails(*told))
        return replace(after, recorded=event) if isinstance(event, InteractionRecorded) else after
