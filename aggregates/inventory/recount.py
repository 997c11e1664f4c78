"""A recount: what was counted too far off the book is counted again, by another person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused
from aggregates.signatory import Signatory

RecountStatus = Literal["", "asked", "decided"]


class RecountAsked(Event):
    """The count is not booked: it is off the book by `difference`, by the settings of a version."""

    location: str
    item: str
    reference: str
    counted: int
    book: int
    difference: int
    counted_at: datetime
    counter: Signatory
    settings: str | None


class RecountDecided(Event):
    """That count is booked, under the same reference."""

    counted: int
    book: int
    difference: int
    counter: Signatory


RecountEvent = RecountAsked | RecountDecided


class CountedAlready(Refused):
    """Whoever was that far off does not count again."""


@dataclass(frozen=True)
class Recount(Aggregate):
    """Its id is the location, the item and the reference of the count."""

    kind: ClassVar[str] = "recount"
    id_names = "place", "product"

    asked: tuple[RecountAsked, ...] = ()  # since the last decision
    status: RecountStatus = ""

    @staticmethod
    def id_of(location: str, item: str, reference: str) -> str:
        return f"{location}:{item}:{reference}"

    def count(self, asked: RecountAsked, *, within: bool, counts: int) -> Iterator[RecountEvent]:
        """The count of somebody: while others are asked for, none is booked."""
        if not self.asked:
            if not within:
                yield asked
            return
        for before in self.asked:
            if before.counter.same(asked.counter):
                if before.counted == asked.counted:
                    return  # told once more
                raise CountedAlready(
                    f"{asked.reference} counted {before.counted} of {asked.item} at"
                    f" {asked.location}, which is too far off the book to be booked after one"
                    " count. Have another person count it under the same reference.",
                    f"{asked.reference} 在 {asked.location} 盘得 {asked.item}"
                    f" {before.counted}，与账面相差过大，一次盘点不能入账。"
                    "请由另一人以同一单号复盘。",
                )
        agrees = within or any(asked.counted == before.counted for before in self.asked)
        if agrees or len(self.asked) + 1 >= counts:
            yield RecountDecided(asked.counted, asked.book, asked.difference, asked.counter)
        else:
            yield asked

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": self.asked[0].location if self.asked else ""}

    def evolve(self, event: RecountEvent) -> Self:
        match event:
            case RecountAsked():
                return replace(self, asked=(*self.asked, event), status="asked")
            case RecountDecided():
                return replace(self, asked=(), status="decided")
