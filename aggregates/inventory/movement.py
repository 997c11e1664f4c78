"""A movement document moves several goods in one act, for one reason, and is cancelled whole."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal, repeats
from aggregates.marks import Money
from aggregates.packs import Packed

Movement = Literal[
    "purchase_receipt",
    "purchase_return",
    "sales_issue",
    "sales_return",
    "production_issue",
    "production_receipt",
    "transfer",
    "adjustment",
    "promotion",
    "sample",
    "scrap",
    "opening",
]


@dataclass(frozen=True)
class MovedLine:
    """So many of an item, or of one of its lots; of an adjustment with its sign. `packed` is what
    was said, where that was in packs, and `unit_cost` what one cost, by the unit that was said.
    """

    item: str
    quantity: int
    lot: str | None = None
    expires_on: date | None = None
    packed: Packed | None = None
    unit_cost: Money | None = None


class MovementPosted(Event):
    """The stocks' own events have the document's id as their reference, or as their transfer's."""

    movement: Movement
    location: str
    lines: tuple[MovedLine, ...]
    to_location: str | None = None
    customer: str | None = None
    note: str | None = None

    def recorded_under(self) -> str:
        return "posted"


def papers(id: str, lines: Sequence[MovedLine]) -> Iterator[tuple[MovedLine, str]]:
    """Each line with what its stock knows it by: the document, numbered where an item has several
    lots, or packs, on it.
    """
    seen: Counter[str] = Counter()
    for line in lines:
        seen[line.item] += 1
        yield line, id if seen[line.item] == 1 else f"{id}.{seen[line.item]}"


def of_paper(paper: str) -> set[str]:
    """The ids of the documents whose paper it may be."""
    return {paper, paper.rpartition(".")[0] or paper}


class MovementCancelled(Event):
    reason: str


MovementEvent = MovementPosted | MovementCancelled


class MovementOver(Refused):
    """A document that was cancelled is not posted again."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The movement was cancelled ({reason}). Post it under another id.",
            f"该出入库单已作废（{reason}）。请以其他编号重新录入。",
        )


@dataclass(frozen=True)
class StockMovement(Aggregate):
    kind: ClassVar[str] = "movement"

    posted: MovementPosted | None = None
    cancelled: str | None = None  # the reason

    def post(self, document: MovementPosted) -> Iterator[MovementEvent]:
        if not repeats(self.posted, document):
            yield document
        elif self.cancelled is not None:
            raise MovementOver(self.cancelled)

    def cancel(self, reason: str) -> Iterator[MovementEvent]:
        self.known()
        if self.cancelled is None:
            yield MovementCancelled(reason)
        else:
            refuse_unequal(("reason", self.cancelled, reason))

    def known(self) -> MovementPosted:
        if self.posted is None:
            raise Unknown(
                "There is no such movement. Check its number, or post it first: post-movement.",
                "没有这张出入库单。请检查其编号，或先录入：post-movement。",
            )
        return self.posted

    def moves(self, location: str, item: str) -> bool:
        """Whether it moved, or sent, so many of an item there, and is not cancelled."""
        if self.posted is None or self.cancelled is not None:
            return False
        return location == self.posted.location and any(
            line.item == item for line in self.posted.lines
        )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": self.posted.location if self.posted else ""}

    def evolve(self, event: MovementEvent) -> Self:
        match event:
            case MovementPosted():
                return replace(self, posted=event)
            case MovementCancelled(reason):
                return replace(self, cancelled=reason)
