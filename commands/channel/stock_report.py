"""What may be asked about dealers' reports of their stock."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Refused, refuse_unequal
from aggregates.channel.stock_report import (
    ReportedLine,
    StockReport,
    StockReportAccepted,
    StockReported,
    StockReportEvent,
    VarianceReason,
)
from aggregates.customers.customer import Customer
from aggregates.inventory.stock import Stock
from aggregates.packs import Packed
from commands import Decision, Id, Load, Text, registers
from commands.channel.of_dealer import DealerCommand
from commands.inventory.stock import Counted, asking, one_of
from commands.packs import UNIT, meant


class ReportedTwice(Refused):
    """Of a product there is one figure in a report."""


class StockLine(BaseModel):
    """So many of an item are there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Id
    quantity: Counted
    unit: Text | None = UNIT
    variance_reason: VarianceReason | None = Field(
        None, description="Why it is not what the book says, where the dealer knows."
    )


Lines = Annotated[tuple[StockLine, ...], Field(min_length=1, max_length=500)]


class StockReportCommand(DealerCommand):
    own: ClassVar[str] = "report"

    report: Id = Field(description="Its own id, one for each of the dealer's reports.")

    def follows(self, load: Load) -> datetime | None:
        """The instant that the report is of."""
        state: StockReport = load(StockReport, self.id)
        return None if self.begins or state.newest is None else state.newest.reported_at

    def looked_up(
        self, load: Load, lines: Lines, at: datetime, packs: Mapping[str, Packed | None]
    ) -> tuple[ReportedLine, ...]:
        """What is reported beside the book as of then, as it is known now."""
        items = [line.item for line in lines]
        if twice := {item for item in items if items.count(item) > 1}:
            raise ReportedTwice(
                f"Reported more than once: {', '.join(sorted(twice))}. Tell each product once, all"
                " of it.",
                f"重复上报：{'、'.join(sorted(twice))}。每个产品只填一行，合计全部数量。",
            )
        return tuple(self._line(load, line, at, packs) for line in lines)

    def _line(
        self, load: Load, line: StockLine, at: datetime, packs: Mapping[str, Packed | None]
    ) -> ReportedLine:
        registers.item(load, line.item)
        known = [packs.get(line.item)]
        reported, packed = meant(load, line.item, line.unit, line.quantity, known)
        told = line.variance_reason, packed
        told_line = ReportedLine(line.item, reported, None, None, *told)
        return against_book(load, self.dealer, told_line, at)


class ReportDealerStock(StockReportCommand, of=StockReport):
    """Report what lies at a dealer's, as of `occurred_at`. It stands beside the book, which stays
    as it is until the report is accepted; a late report changes no other one.
    """

    begins: ClassVar[bool] = True

    lines: Lines

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.dealer)
        first: StockReported | None = load.event(StockReport, self.id, StockReported.under(1))
        lines = self.looked_up(load, self.lines, at, _packs(first))
        whose = customer.owner, customer.department, customer.region
        asked = StockReported(self.dealer, *whose, 1, lines, at)
        dated = self.occurred_at is not None
        for event in load(StockReport, self.id).report(asked, first, dated):
            registers.dealer(load, self.dealer)
            yield self.stream, event


def _undecided(state: StockReport) -> bool:
    return state.open


class CorrectStockReport(StockReportCommand, of=StockReport, when=_undecided):
    """Say what a report should have been: all its lines, and why. What was told before stays."""

    lines: Lines
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: StockReport = load(StockReport, self.id)
        before = state.known()
        lines = self.looked_up(load, self.lines, before.reported_at, _packs(before))
        for event in state.correct(replace(before, lines=lines, reason=self.reason)):
            yield self.stream, event


class ExplainStockVariance(StockReportCommand, of=StockReport, when=_undecided):
    """Say why what was reported of a product is not what the book says."""

    item: Id
    variance_reason: VarianceReason
    note: Text | None = None

    def decide(self, state: StockReport, at: datetime) -> Iterator[StockReportEvent]:
        return state.explain(self.item, self.variance_reason, self.note)


class AcceptStockReport(StockReportCommand, of=StockReport, when=_undecided):
    """Make the book what was reported, as of when it was reported; what moved since stays moved.
    Whatever differs needs a reason.
    """

    variance_reason: VarianceReason | None = Field(
        None, description="Why everything differs that has no reason of its own."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: StockReport = load(StockReport, self.id)
        told = state.known()
        booked: StockReportAccepted | None = load.event(StockReport, self.id, "accepted")
        if booked is not None:
            self._again(told.lines, booked.lines)
            return
        lines = tuple(self._now(load, line, told.reported_at) for line in told.lines)
        for event in state.accept(lines):
            yield from self.in_order(event, at, load)
            if isinstance(event, StockReportAccepted):
                for line in lines:
                    yield from self._booked(load, line, told.reported_at)

    def _again(self, told: Iterable[ReportedLine], booked: Iterable[ReportedLine]) -> None:
        """Refuse another reason of what was given one here."""
        for before, line in zip(told, booked, strict=True):
            if before.variance_reason is None and line.variance_reason is not None:
                refuse_unequal(("variance_reason", line.variance_reason, self.variance_reason))

    def _now(self, load: Load, line: ReportedLine, at: datetime) -> ReportedLine:
        found = against_book(load, self.dealer, line, at)
        if not found.unexplained:
            return found
        return replace(found, variance_reason=self.variance_reason)

    def _booked(self, load: Load, line: ReportedLine, at: datetime) -> Iterator[Decision]:
        place = Stock.id_of(self.dealer, line.item)
        entry = asking(self, load, place, at)._replace(told=True, packed=line.packed)
        # No count has such a reference: it is no id.
        what = line.reported, f"report:{self.report}", "dealer", entry
        with one_of(place):
            for event in load(Stock, place).count(*what):
                yield Stock.stream(place), event


class RejectStockReport(StockReportCommand, of=StockReport, when=_undecided):
    """Leave the book as it is, and say why."""

    reason: Text

    def decide(self, state: StockReport, at: datetime) -> Iterator[StockReportEvent]:
        return state.reject(self.reason)


def against_book(load: Load, dealer: str, line: ReportedLine, at: datetime) -> ReportedLine:
    """The line beside the book of that instant, as it is known now."""
    stock: Stock = load(Stock, Stock.id_of(dealer, line.item))
    forgotten = stock.past.forgotten
    if forgotten is not None and at < forgotten:
        return replace(line, book=None, variance=None)
    book = stock.past.book(stock.on_hand, at)
    return replace(line, book=book, variance=line.reported - book)


def _packs(before: StockReported | None) -> dict[str, Packed | None]:
    return {line.item: line.packed for line in before.lines} if before else {}
