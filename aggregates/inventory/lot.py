"""A lot of a product: the last day on which it is sold, and whether it is held back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, ClassVar, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal
from aggregates.marks import names


class LotRegistered(Event):
    item: Annotated[str, names("product")]
    lot: str
    expires_on: date | None = None

    def recorded_under(self) -> str:
        return "registered"


class LotExpiryCorrected(Event):
    from_day: date | None
    expires_on: date | None
    reason: str


class LotQuarantined(Event):
    """Wherever it lies, nothing of it is issued from then on."""

    since: datetime
    reason: str

    def happened(self) -> datetime:
        return self.since


class LotReleased(Event):
    """It may be issued again, unless it has expired."""

    since: datetime
    reason: str

    def happened(self) -> datetime:
        return self.since


LotEvent = LotRegistered | LotExpiryCorrected | LotQuarantined | LotReleased


class OtherExpiry(Refused):
    """A lot has one expiry day."""

    def __init__(self, lot: str, known: date | None, told: date) -> None:
        super().__init__(
            f"Lot {lot} expires on {known or '-'}, not on {told}. Check the label, or correct the"
            " lot with correct-lot-expiry.",
            f"批次 {lot} 的有效期至 {known or '-'}，而不是 {told}。请核对标签，"
            "或用 correct-lot-expiry 更正该批次。",
        )


class NotQuarantined(Refused):
    """What is released was held back."""


class Quarantine(NamedTuple):
    since: datetime
    reason: str
    until: datetime | None = None
    released_for: str | None = None


@dataclass(frozen=True)
class ProductLot(Aggregate):
    """Its id is that of the product, a colon, and its own number."""

    kind: ClassVar[str] = "lot"
    id_names = ("product",)

    registered: bool = False
    expires_on: date | None = None
    corrected_for: str | None = None
    quarantines: tuple[Quarantine, ...] = ()

    @staticmethod
    def id_of(item: str, lot: str) -> str:
        return f"{item}:{lot}"

    @classmethod
    def parts(cls, stream: str) -> tuple[str, str]:
        """The product and the number of a lot's stream."""
        item, _, lot = stream.removeprefix(f"{cls.kind}-").partition(":")
        return item, lot

    @property
    def quarantined(self) -> bool:
        return bool(self.quarantines) and self.quarantines[-1].until is None

    def quarantined_at(self, at: datetime) -> bool:
        return any(q.since <= at and (q.until is None or at < q.until) for q in self.quarantines)

    def register(self, item: str, lot: str, expires_on: date | None) -> Iterator[LotEvent]:
        """Once; whoever names no day later means the one that is known."""
        if not self.registered:
            yield LotRegistered(item, lot, expires_on)
        elif expires_on not in (None, self.expires_on):
            raise OtherExpiry(lot, self.expires_on, expires_on)

    def correct(self, expires_on: date | None, reason: str) -> Iterator[LotEvent]:
        self.known()
        if expires_on != self.expires_on:
            yield LotExpiryCorrected(self.expires_on, expires_on, reason)
        else:
            refuse_unequal(("reason", self.corrected_for, reason))

    def quarantine(self, reason: str, at: datetime) -> Iterator[LotEvent]:
        self.known()
        if self.quarantined:
            refuse_unequal(("reason", self.quarantines[-1].reason, reason))
        else:
            yield LotQuarantined(at, reason)

    def release(self, reason: str, at: datetime) -> Iterator[LotEvent]:
        self.known()
        if self.quarantined:
            yield LotReleased(at, reason)
        elif self.quarantines:
            refuse_unequal(("reason", self.quarantines[-1].released_for, reason))
        else:
            raise NotQuarantined(
                "The lot is not in quarantine. Nothing needs to be released.",
                "该批次未被隔离，无需放行。",
            )

    def known(self) -> None:
        if not self.registered:
            raise Unknown(
                "There is no such lot. Check its number, or receive it first: receive-stock.",
                "没有这个批次。请检查批号，或先收货：receive-stock。",
            )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: LotEvent) -> Self:
        match event:
            case LotRegistered():
                return replace(self, registered=True, expires_on=event.expires_on)
            case LotExpiryCorrected():
                return replace(self, expires_on=event.expires_on, corrected_for=event.reason)
            case LotQuarantined(since, reason):
                return replace(self, quarantines=(*self.quarantines, Quarantine(since, reason)))
            case LotReleased(since, reason):
                *before, last = self.quarantines
                ended = last._replace(until=since, released_for=reason)
                return replace(self, quarantines=(*before, ended))
