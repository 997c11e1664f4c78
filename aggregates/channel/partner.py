"""Which agreements of a dealer are signed: on no day hold two of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, ClassVar, NamedTuple, Self

from aggregates import OWN_ID, Aggregate, Event, Refused
from aggregates.marks import Money, names


class AgreementEntered(Event):
    """It was signed, or ended before: these are the days on which it holds."""

    agreement: Annotated[str, names("agreement")]
    first_day: date
    last_day: date


class MonthOpened(Event):
    """The first line of a month was entered; `month` is that of a currency, as CNY-2026-03."""

    month: str


class MonthClosed(Event):
    """Its statement was sent: the next one begins with what was owed at its end."""

    month: str
    currency: str
    closing: Money


class AgreementsOverlap(Refused):
    """On any day one agreement says what is agreed."""


PartnerEvent = AgreementEntered | MonthOpened | MonthClosed


class Holding(NamedTuple):
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Partner(Aggregate):
    """Its id is the dealer's."""

    kind: ClassVar[str] = "partner"
    id_names: ClassVar[tuple[str, ...]] = ("customer",)

    agreements: Mapping[str, Holding] = field(default_factory=dict)
    open_months: tuple[str, ...] = ()
    closed: Mapping[str, str] = field(default_factory=dict)
    """By currency, the last month whose statement was sent."""
    closing: Mapping[str, Money] = field(default_factory=dict)
    """By currency, what was owed at its end."""

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

    def open_month(self, month: str) -> Iterator[MonthOpened]:
        if month not in self.open_months:
            yield MonthOpened(month)

    def evolve(self, event: PartnerEvent) -> Self:
        match event:
            case MonthOpened(month):
                return replace(self, open_months=(*self.open_months, month))
            case MonthClosed(month, currency, closing):
                left = tuple(one for one in self.open_months if one != month)
                closed = {**self.closed, currency: month}
                sums = {**self.closing, currency: closing}
                return replace(self, open_months=left, closed=closed, closing=sums)
            case AgreementEntered():
                return self._held(event)

    def _held(self, event: AgreementEntered) -> Self:
        held = Holding(event.first_day, event.last_day)
        return replace(self, agreements={**self.agreements, event.agreement: held})
