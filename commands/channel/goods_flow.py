"""What may be asked about where a dealer's goods went."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates.channel.goods_flow import FlowLine, GoodsFlow, GoodsFlowReported
from aggregates.channel.outlet import Outlet
from aggregates.customers.customer import Customer
from aggregates.organisation.region import Region
from commands import Amount, Currency, Decision, Id, Load, Quantity, Text, registers
from commands.channel.agreement import agreement_on
from commands.channel.of_dealer import DealerCommand
from commands.packs import UNIT, meant
from commands.plain import upwards


class FlowPart(BaseModel):
    """So much of an item went to an outlet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outlet: Id
    item: Id
    quantity: Quantity
    unit: Text | None = UNIT
    amount: Amount = 0


Most = Annotated[tuple[FlowPart, ...], Field(max_length=500)]
Parts = Annotated[Most, Field(min_length=1)]


class FlowCommand(DealerCommand):
    own: ClassVar[str] = "report"

    report: Id = Field(description="Its own id, one for each of the dealer's reports.")

    def looked_up(
        self, load: Load, parts: Most, at: datetime
    ) -> tuple[tuple[FlowLine, ...], str | None]:
        """The lines with what counts of their outlets, and the agreement that held."""
        found = agreement_on(load, self.dealer, at)
        territory = () if found is None else found[1].known().regions
        newest = load(GoodsFlow, self.id).newest
        before = () if newest is None else newest.lines
        same = newest is not None and newest.agreement == (found and found[0])
        lines = tuple(_line(load, part, territory, before, at, same=same) for part in parts)
        return lines, None if found is None else found[0]


class ReportGoodsFlow(FlowCommand, of=GoodsFlow):
    """Report which goods of a dealer went to which outlets, on the day of `occurred_at`.

    What went outside the territory of the agreement that held then is flagged, not refused.
    """

    begins: ClassVar[bool] = True

    lines: Parts
    currency: Currency = "CNY"

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.dealer)
        first = load.event(GoodsFlow, self.id, GoodsFlowReported.under(1))
        lines, agreement = self.looked_up(load, self.lines, at)
        asked = GoodsFlowReported(
            self.dealer,
            customer.owner,
            customer.department,
            customer.region,
            1,
            self.currency,
            lines,
            (),
            agreement,
            None,
            at,
        )
        dated = self.occurred_at is not None
        for event in load(GoodsFlow, self.id).report(asked, first, dated):
            registers.dealer(load, self.dealer)
            yield self.stream, event


class CorrectGoodsFlow(FlowCommand, of=GoodsFlow):
    """Say what a report should have been: all its lines, and why. What was told before stays."""

    lines: Most = Field(description="None, where nothing went to anybody.")
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: GoodsFlow = load(GoodsFlow, self.id)
        before = state.known()
        lines, agreement = self.looked_up(load, self.lines, before.flowed_at)
        asked = replace(before, lines=lines, agreement=agreement, reason=self.reason)
        for event in state.correct(asked):
            yield self.stream, event


def _line(
    load: Load,
    part: FlowPart,
    territory: tuple[str, ...],
    before: tuple[FlowLine, ...],
    at: datetime,
    *,
    same: bool,
) -> FlowLine:
    """With what was recorded of the outlet; `same` is whether the agreement is still that one."""
    registers.item(load, part.item)
    there = next((one for one in before if one.outlet == part.outlet), None)
    region = _region(load, part.outlet, at) if there is None else there.region
    if there is not None and same:
        outside = there.outside
    else:
        above = set(upwards(load, Region, "parent", region)) | {region}
        outside = bool(territory) and region is not None and not above & {*territory}
    known = (one.packed for one in before if one.item == part.item)
    quantity, packed = meant(load, part.item, part.unit, part.quantity, known)
    return FlowLine(part.outlet, region, part.item, quantity, part.amount, outside, packed)


def _region(load: Load, outlet: str, at: datetime) -> str | None:
    """The region of an outlet that was open then: it may have been closed since."""
    state: Outlet = load(Outlet, outlet)
    if state.closed is None or at >= load.latest(Outlet, outlet):
        registers.there(load, Outlet.kind, outlet)
    region: str | None = state.current().region
    return region
