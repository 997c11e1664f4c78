"""Which agreements of a dealer are signed: on no day hold two of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, ClassVar, NamedTuple, Self

from aggregates import OWN_ID, Aggregate, Event, Refused
from aggregates.marks import names


class AgreementEntered(Event):
    """It was signed, or ended before: these are the days on which it holds."""

    agreement: Annotated[str, names("agreement")]
    first_day: date
    last_day: date


class AgreementsOverlap(Refused):
    """On any day one agreement says what is agreed."""


class Holding(NamedTuple):
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Partner(Aggregate):
    """Its id is the dealer's."""

    kind: ClassVar[str] = "partner"
    id_names: ClassVar[tuple[str, ...]] = ("customer",)

    agreements: Mapping[str, Holding] = field(default_factory=dict)

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": OWN_ID}

    def enter(self, asked: AgreementEntered) -> Iterator[AgreementEntered]:
        for name, one in self.agreements.items():
            apart = one.last_day < asked.first_day or asked.last_day < one.first_day
            if name != asked.agreement and not apart and asked.first_day <= asked.last_day:
                raise AgreementsOverlap(
                    f"{name} holds from {one.first_day} until {one.last_day}. End it before"
                    f" {asked.first_day}, or let this one begin later.",
                    f"协议 {name} 的有效期为 {one.first_day} 至 {one.last_day}。"
                    f"请在 {asked.first_day} 之前终止它，或推迟本协议的开始日期。",
                )
        yield asked

    def on(self, day: date) -> str | None:
        """The agreement that holds on a day."""
        found = self.agreements.items()
        return next((n for n, one in found if one.first_day <= day <= one.last_day), None)

    def evolve(self, event: AgreementEntered) -> Self:
        held = Holding(event.first_day, event.last_day)
        return replace(self, agreements={**self.agreements, event.agreement: held})
