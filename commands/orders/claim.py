"""What may be asked about claims: goods that were delivered are not as they should be."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field

from aggregates import Refused, refuse_unequal
from aggregates.inventory.stock import Condition, Stock
from aggregates.orders.claim import Claim, ClaimFiled, Fault, Remedy
from aggregates.orders.lines import NO_PACKS, PartsSaid
from aggregates.orders.numbers import ClaimNumbers
from aggregates.orders.order import OrderClaimSettled, OrderReturned, SalesOrder, refuse_others
from commands import Command, Decision, Id, Load, Quantity, Text, Whole, registers
from commands.inventory.returns import CONDITION
from commands.inventory.stock import ConditionOfNoReturn, asking, one_of
from commands.numbers import Numbered
from commands.orders.exchange import ExchangeOrder
from commands.orders.order import CreditLoss, DealersLoss, Line, ReturnOrder
from commands.orders.parts import LinePart
from commands.receivables.credit import order_entered
from commands.receivables.deliveries import sent_at


class CameBackSince(Refused):
    """Nothing is given for goods that came back, or were credited, since they were claimed."""


class FileClaim(Numbered, of=Claim):
    """Say what is wrong with goods of a shipment; photos may hang on it as files. No more of a line
    is claimed than was delivered and neither came back nor was claimed before.
    """

    numbers = ClaimNumbers

    order: Id
    shipment: Id
    line: Annotated[Whole, Field(ge=1, description="The line of the order.")]
    quantity: Quantity
    fault: Fault
    reason: Text

    def apart(self, load: Load, _: str) -> str:
        return load(SalesOrder, self.order).known().department  # type: ignore[no-any-return]

    def follows(self, load: Load) -> datetime | None:
        return sent_at(self.order, self.shipment, load)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: ClaimFiled | None = load.event(Claim, self.id, "filed")
        if before is not None:
            names = "order", "shipment", "line", "quantity", "fault", "reason"
            refuse_others(before, {name: getattr(self, name) for name in names})
            return
        registers.order(load, self.order)
        order: SalesOrder = load(SalesOrder, self.order)
        what = self.shipment, self.line, self.quantity
        for event in order.claim(self.id, *what):
            yield SalesOrder.stream(self.order), event
        told = order.known()
        item = order.lines[self.line - 1].item
        filed = ClaimFiled(
            self.order,
            told.customer,
            told.customer_kind,
            self.shipment,
            self.line,
            item,
            self.quantity,
            self.fault,
            self.reason,
            *(told.rep, told.department, told.region),
        )
        yield from self.in_order(filed, at, load)


class AcceptClaim(Command, of=Claim, when=lambda claim: claim.open):
    """Accept a claim: its goods are credited as lost (`credit`), taken back (`return`), or taken
    back and sent anew (`replacement`), on the order, under the id of the claim. Once that is taken
    back (undo-loss, undo-return), the claim waits anew.
    """

    remedy: Remedy
    condition: Condition | None = CONDITION

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        claim: Claim = load(Claim, self.id)
        filed = claim.known()
        if claim.accepted is not None:
            self._again(load, filed, claim.accepted.remedy, claim.given(self.id))
            return
        if self.remedy == "credit" and self.condition is not None:
            raise ConditionOfNoReturn
        if claim.open:
            _still_there(load, filed)
        given = claim.given(self.id)
        events = list(claim.accept(self.remedy, self._replacement(filed, given), given))
        for closed in load(SalesOrder, filed.order).settle_claim(self.id, given):
            yield SalesOrder.stream(filed.order), closed
        if self.remedy == "credit" and filed.customer_kind == "dealer":
            yield from self._written_off(filed, given, load, at)
        else:
            yield from self._effect(filed, given).across(load, at)
        for event in events:
            yield self.stream, event

    def _again(self, load: Load, filed: ClaimFiled, remedy: Remedy, given: str) -> None:
        refuse_unequal(("remedy", remedy, self.remedy))
        back: OrderReturned | None = load.event(SalesOrder, filed.order, f"return:{given}")
        if back is not None:
            refuse_unequal(("condition", back.condition, self.condition))

    def _replacement(self, filed: ClaimFiled, given: str) -> str | None:
        return f"{filed.order}-{given}" if self.remedy == "replacement" else None

    def _written_off(
        self, filed: ClaimFiled, given: str, load: Load, at: datetime
    ) -> Iterator[Decision]:
        """A dealer's goods are credited, and leave his stock, which has taken them in."""
        there = Stock.id_of(filed.customer, filed.item)
        stock: Stock = load(Stock, there)
        if stock.transit.get(filed.shipment):
            raise DealersLoss(
                f"Shipment {filed.shipment} is on its way to {filed.customer} still. Record what"
                " was lost of it with receive-transfer, and reject the claim.",
                f"发货单 {filed.shipment} 仍在发往 {filed.customer} 途中。"
                "请用 receive-transfer 记录损失，并拒绝此索赔。",
            )
        parts = PartsSaid({filed.line: filed.quantity}, NO_PACKS)
        order: SalesOrder = load(SalesOrder, filed.order)
        for event in order.credit(given, filed.shipment, parts):
            yield SalesOrder.stream(filed.order), event
        reference, entry = f"{filed.order}:{given}", asking(self, load, there, at)
        with one_of(there):
            for left in stock.issue(filed.quantity, "scrap", reference, entry):
                yield Stock.stream(there), left
        yield from order_entered(load, filed.order)

    def _effect(self, filed: ClaimFiled, given: str) -> Command:
        parts = (LinePart(line=filed.line, quantity=filed.quantity),)
        if self.remedy == "credit":
            credit = {"loss": given, "shipment": filed.shipment, "lines": parts}
            return CreditLoss(id=filed.order, **credit, **self.dated())
        back = {"lines": parts, "reason": filed.reason, "condition": self.condition}
        if self.remedy == "return":
            return ReturnOrder(id=filed.order, return_id=given, **back, **self.dated())
        goods = (Line(item=filed.item, quantity=filed.quantity),)
        anew = {"exchange": given, "replacement": goods}
        return ExchangeOrder(id=filed.order, **anew, **back, **self.dated())


def reopened(load: Load, order: str, given: str, reason: str) -> Iterator[Decision]:
    """Let the claim wait anew for which that was given, now that it is taken back."""
    settled = load.event(SalesOrder, order, OrderClaimSettled.under(given))
    if settled is None:
        return
    claim: Claim = load(Claim, settled.claim)
    filed = claim.known()
    for event in claim.reopen(given, reason):
        for open_again in load(SalesOrder, order).claim(
            settled.claim, filed.shipment, filed.line, filed.quantity
        ):
            yield SalesOrder.stream(order), open_again
        yield Claim.stream(settled.claim), event


class RejectClaim(Command, of=Claim, when=lambda claim: claim.open):
    """Reject a claim, and say why; its goods may be claimed again."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        claim: Claim = load(Claim, self.id)
        for event in claim.reject(self.reason):
            yield self.stream, event
            order = claim.known().order
            for closed in load(SalesOrder, order).settle_claim(self.id):
                yield SalesOrder.stream(order), closed


def _still_there(load: Load, filed: ClaimFiled) -> None:
    """Refuse to give for more than the customer has still of the line."""
    order: SalesOrder = load(SalesOrder, filed.order)
    left = order.shipped[filed.line - 1] - order.returned[filed.line - 1]
    if left < filed.quantity:
        raise CameBackSince(
            f"{filed.quantity} were claimed, and {left} of the line are with the customer: the rest"
            " came back or was credited since. Reject the claim, and file another for those.",
            f"索赔 {filed.quantity} 件，而该行仅剩 {left} 件在客户处：其余已退回或已赔付。"
            "请拒绝此索赔，并就剩余数量另行提出。",
        )
