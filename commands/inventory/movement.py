"""What may be asked about movement documents: several goods in one act."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates import ReferenceTaken, Refused
from aggregates.bounds import within
from aggregates.customers.customer import Customer
from aggregates.inventory.movement import (
    MovedLine,
    Movement,
    MovementPosted,
    StockMovement,
    papers,
)
from aggregates.inventory.numbers import MovementNumbers
from aggregates.inventory.stock import Stock, StockDiverted
from aggregates.inventory.stock.kinds import ISSUED, RECEIVED
from commands import Amount, Command, Day, Decision, Id, Load, Text, registers
from commands.business import served
from commands.fields import MOST_AT_ONCE
from commands.inventory.stock import (
    UNIT_COST,
    AdjustStock,
    Change,
    IssueStock,
    ReceiveStock,
    TransferStock,
    one_of,
)
from commands.inventory.stock_corrections import CancelTransfer, ReverseMovement
from commands.numbers import Numbered
from commands.packs import UNIT, meant

RECEIPTS = {kind: reason for reason, kind in RECEIVED.items() if reason != "found"}
ISSUES = {kind: reason for reason, kind in ISSUED.items()}
GIVEN = "sales_issue", "promotion", "sample"
"""What goes to a customer, and is business with it."""


class NotSuchMovement(Refused):
    """A movement has the quantities and the places of its kind."""


class MovementLine(BaseModel):
    """So many of an item; of an adjustment with its sign."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Id
    quantity: Change
    unit: Text | None = UNIT
    lot: Id | None = None
    expires_on: Day | None = Field(None, description="Of a lot that comes in.")
    unit_cost: Amount | None = UNIT_COST


class PostMovement(Numbered, of=StockMovement):
    """Move several goods in one act, all or none: received or issued for one reason, sent to
    another location, or adjusted.
    """

    numbers = MovementNumbers

    movement: Movement
    location: Id
    lines: Annotated[tuple[MovementLine, ...], Field(min_length=1, max_length=500)]
    to_location: Id | None = Field(None, description="Of a transfer: where the goods go.")
    customer: Id | None = Field(None, description="The customer, or the supplier, that it is with.")
    note: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        posted = load(StockMovement, self.id).posted
        lines = tuple(self._summed(load, posted.lines if posted else ()))
        where = self.location, lines, self.to_location, self.customer, self.note
        for event in load(StockMovement, self.id).post(MovementPosted(self.movement, *where)):
            self._check()
            self._check_partner(load)
            yield self.stream, event
            for moved, paper in papers(self.id, lines):
                yield from self._moved(moved, paper, load, at)

    def _moved(self, line: MovedLine, paper: str, load: Load, at: datetime) -> Iterator[Decision]:
        known = True
        with one_of(Stock.id_of(self.location, line.item)):
            for decision in self._moves(line, paper).across(load, at):
                known = False
                yield decision
        if known:  # the same is recorded under that name, and is another thing
            raise ReferenceTaken(
                f"{line.quantity} of {line.item} at {self.location} were recorded under {paper}"
                " before. Post the movement under another id.",
                f"{self.location} 已有单据 {paper} 记录了 {line.quantity} 件 {line.item}。"
                "请以其他编号录入。",
            )

    def _check_partner(self, load: Load) -> None:
        registers.customer(load, self.customer)
        if self.customer is None:
            return
        partner: Customer = load(Customer, self.customer)
        partner.not_merged()
        if partner.exists and self.movement in GIVEN:
            served(load, self.customer)

    def _summed(self, load: Load, before: Iterable[MovedLine]) -> Iterator[MovedLine]:
        """One line for all that is said alike."""
        sums = Counter[tuple[str, str | None, str | None, date | None, int | None]]()
        for line in self.lines:
            what = line.item, line.unit, line.lot, line.expires_on, line.unit_cost
            sums[what] += line.quantity
        for (item, unit, lot, expires_on, unit_cost), said in sums.items():
            packs = (line.packed for line in before if line.item == item)
            so_many = within(said, f"The quantity of {item}", f"{item} 的数量", MOST_AT_ONCE)
            quantity, packed = meant(load, item, unit, so_many, packs)
            yield MovedLine(item, quantity, lot, expires_on, packed, unit_cost)

    def _check(self) -> None:
        if self.movement != "adjustment" and any(line.quantity <= 0 for line in self.lines):
            raise NotSuchMovement(
                "Only an adjustment may have a quantity below 1. Give what is moved.",
                "只有调整单的数量可以小于 1。请填写移动的数量。",
            )
        if (self.movement == "transfer") != (self.to_location is not None):
            raise NotSuchMovement(
                "A transfer, and nothing else, has to_location. Give it, or leave it out.",
                "只有调拨需要且必须填写 to_location。请填写或去掉。",
            )
        if self.movement not in RECEIPTS and any(line.expires_on for line in self.lines):
            raise NotSuchMovement(
                "A day of expiry is told of what comes in. Leave expires_on out.",
                "有效期在入库时填写。请去掉 expires_on。",
            )

        if self.movement not in RECEIPTS and any(line.unit_cost is not None for line in self.lines):
            raise NotSuchMovement(
                "A cost is told of what comes in. Leave unit_cost out.",
                "成本在入库时填写。请去掉 unit_cost。",
            )

    def _moves(self, line: MovedLine, paper: str) -> Command:
        """The command to the stock of one item."""
        said: dict[str, Any] = {"quantity": line.quantity}
        if (packed := line.packed) is not None:
            said = {"quantity": packed.quantity, "unit": packed.unit}
        what = {"item": line.item, **said, "lot": line.lot, **self.dated()}
        here = what | {"location": self.location, "reference": paper}
        if self.movement in RECEIPTS:
            reason = RECEIPTS[self.movement]
            what = {"expires_on": line.expires_on, "unit_cost": line.unit_cost}
            return ReceiveStock(**here, reason=reason, **what)
        if self.movement in ISSUES:
            return IssueStock(**here, reason=ISSUES[self.movement])
        if self.movement == "adjustment":
            return AdjustStock(**here, reason=self.note or self.movement)
        ways = {"from_location": self.location, "to_location": self.to_location}
        return TransferStock(**what, **ways, transfer=paper)


class Arrived(Refused):
    """What has arrived is sent back, not undone."""

    def __init__(self, transfer: str, item: str, location: str, here: int) -> None:
        super().__init__(
            f"{here} of {item} of {transfer} are on their way to {location} no more. Send back what"
            " has arrived by a transfer of its own; what has not comes back by cancel-transfer.",
            f"{transfer} 的 {here} 件 {item} 已不在发往 {location} 的途中。"
            "已到货的请另行调拨退回；未到货的用 cancel-transfer 召回。",
        )


class CancelMovement(Command, of=StockMovement, when=lambda one: one.cancelled is None):
    """Undo a whole movement document that was entered wrong; its stocks are as before it."""

    by_share: ClassVar[bool] = False

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: StockMovement = load(StockMovement, self.id)
        for event in state.cancel(self.reason):
            yield self.stream, event
            for line, paper in papers(self.id, state.known().lines):
                with one_of(Stock.id_of(state.known().location, line.item)):
                    for undoes in self._undoes(state.known(), line, paper, load):
                        yield from undoes.across(load, at)

    def _undoes(
        self, posted: MovementPosted, line: MovedLine, paper: str, load: Load
    ) -> Iterator[Command]:
        what: dict[str, Any] = {"item": line.item, "reason": self.reason}
        if posted.to_location is not None:
            if not _came_back(posted, line, paper, load):
                yield CancelTransfer(**what, location=posted.to_location, transfer=paper)
            return
        document = "received" if posted.movement in RECEIPTS else "issued"
        document = "adjusted" if posted.movement == "adjustment" else document
        yield ReverseMovement(**what, location=posted.location, document=document, reference=paper)


def _came_back(posted: MovementPosted, line: MovedLine, paper: str, load: Load) -> bool:
    """Whether a line of a transfer was sent back by itself; what has arrived is refused."""
    to = posted.to_location or ""
    there = Stock.id_of(to, line.item)
    left = load(Stock, there).transit.get(paper, 0)
    back: StockDiverted | None = load.event(Stock, there, f"diverted:{paper}")
    returned = back.quantity if back and back.to_location == posted.location else 0
    if left + returned != line.quantity:
        raise Arrived(paper, line.item, to, line.quantity - left - returned)
    return returned > 0
