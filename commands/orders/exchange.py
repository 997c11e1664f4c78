"""What may be asked about exchanges: goods come back, and others go out in their place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import Field

from aggregates import ReferenceTaken, Refused, refuse_unequal
from aggregates.inventory.stock import Condition
from aggregates.orders.lines import OrderLine, other_lines
from aggregates.orders.order import (
    NO_TERMS,
    OrderDrafted,
    OrderExchanged,
    OrderReturned,
    OrderReturnUndone,
    SalesOrder,
    parts_again,
    refuse_others,
)
from aggregates.receivables.account.credit import OverCreditLimit
from commands import Command, Decision, Id, Load, Text
from commands.business import paying
from commands.inventory.returns import CONDITION
from commands.order_steps import waits_for
from commands.orders.order import (
    DraftOrder,
    Line,
    Lines,
    ReturnOrder,
    ShipOrder,
    SubmitOrder,
)
from commands.orders.order_stock import LONGEST, approval, shortages, with_settings
from commands.orders.parts import Parts, parts_said
from commands.packs import factor
from commands.receivables.credit import over_limit
from commands.taken_back import refuse_taken_back


class NothingToExchange(Refused):
    """Goods are exchanged for goods that are there."""


class ExchangeOrder(Command, of=SalesOrder, when=lambda order: order.returnable):
    """Take back goods that were delivered, and send others in their place, in one act.

    What goes out is an order of its own, which is approved and shipped at once, unless it has to
    be signed. A replacement by the same product costs what it was sold for; the price difference is
    kept.
    """

    added = (*Command.added, "condition")

    exchange: Id
    lines: Parts = Field(description="What comes back, by the lines of the order.")
    replacement: Lines = Field(description="What goes out in its place.")
    reason: Text
    condition: Condition | None = CONDITION
    replacement_order: Id | None = Field(
        None, description="The id of the order that goes out: ID-EXCHANGE, unless told otherwise."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        before: OrderExchanged | None = load.event(
            SalesOrder, self.id, f"exchanged:{self.exchange}"
        )
        if before is not None:
            self._again(before, order, load)
            return
        if load.event(SalesOrder, self.id, f"return:{self.exchange}") is not None:
            raise ReferenceTaken(
                f"Goods came back as {self.exchange} before. Give the exchange another id.",
                f"{self.exchange} 已是一次退货的编号。请为换货另给编号。",
            )
        asked = tuple(self._priced(order, line, load) for line in self.replacement)
        back = ReturnOrder(
            **self.dated(),
            id=self.id,
            return_id=self.exchange,
            lines=self.lines,
            reason=self.reason,
            condition=self.condition,
        )
        yield from back.across(load, at)
        name = self._named(load)
        yield from self._drafted(name, order, asked, load, at)
        yield from SubmitOrder(id=name).across(load, at)
        yield from self._goes_out(name, load, at)
        sent: SalesOrder = load(SalesOrder, name)
        came: OrderReturned = load.event(SalesOrder, self.id, f"return:{self.exchange}")
        yield (
            self.stream,
            OrderExchanged(
                self.exchange,
                name,
                sum(line.amount for line in came.lines),
                sum(line.amount for line in sent.lines),
                order.known().currency,
                self.reason,
            ),
        )

    def _named(self, load: Load) -> str:
        name = self.replacement_order or f"{self.id}-{self.exchange}"
        if len(name) > LONGEST or load(SalesOrder, name).drafted is not None:
            raise NothingToExchange(
                f"What goes out cannot be order {name}: that id is too long or taken. Name another"
                " in replacement_order.",
                f"换出的货物不能成为订单 {name}：此编号过长或已被使用。"
                "请在 replacement_order 中另给编号。",
            )
        return name

    def _priced(self, order: SalesOrder, line: Line, load: Load) -> Line:
        """The line at what the same product was sold for, where it comes back and no other price
        is given.
        """
        came = {part.line for part in self.lines}
        sold = {one.item: one for one in order.lines if one.line in came}
        before = sold.get(line.item)
        if before is None or line.unit_price is not None:
            return line
        each = 1 if line.unit is None else factor(load, line.item, line.unit)
        return line.model_copy(update=_as_sold(before, each))

    def _drafted(
        self, name: str, order: SalesOrder, lines: tuple[Line, ...], load: Load, at: datetime
    ) -> Iterator[Decision]:
        told = order.known()
        customer = paying(load, told.customer)  # with who was merged away, none begins anew
        draft = DraftOrder(id=name, customer=customer, warehouse=told.warehouse, lines=lines)
        whose: dict[str, Any] = {"customer": told.customer, "customer_kind": told.customer_kind}
        for stream, event in draft.across(load, at):
            if isinstance(event, OrderDrafted):
                event = replace(event, **whose, exchange_of=self.id)
            yield stream, event

    def _goes_out(self, name: str, load: Load, at: datetime) -> Iterator[Decision]:
        """Approve and ship what goes out; what others have to sign waits for them."""
        replacement: SalesOrder = load(SalesOrder, name)
        if replacement.needs is not None:
            return
        for short in shortages(name, replacement, load, at):
            raise NothingToExchange(
                f"Only {short.available} of {short.item} are there, not {short.wanted}. Exchange"
                " for something else, or take the goods back with return-order.",
                f"{short.item} 仅有 {short.available}，不足 {short.wanted}。"
                "请换成其他商品，或用 return-order 办理退货。",
            )
        if (refused := over_limit(load, name)) is not None:
            raise OverCreditLimit(*refused.said())
        yield from approval(name, load, at, None, None, with_settings(NO_TERMS, load, at))
        if waits_for(load, name, "payment", None, at) is None:
            ship = ShipOrder(id=name, shipment=self.exchange, occurred_at=self.occurred_at)
            yield from ship.across(load, at)

    def _again(self, before: OrderExchanged, order: SalesOrder, load: Load) -> None:
        """Refuse another content under the exchange's id."""
        back: OrderReturned = load.event(SalesOrder, self.id, f"return:{self.exchange}")
        parts = parts_said(load, order, self.lines, back.lines)
        parts_again(back, parts, reason=self.reason, condition=self.condition)
        undoing = OrderReturnUndone.under(self.exchange)
        refuse_taken_back(load, SalesOrder, self.id, undoing, self.exchange)
        if self.replacement_order is not None:
            refuse_unequal(("replacement_order", before.replacement, self.replacement_order))
        drafted: OrderDrafted = load.event(SalesOrder, before.replacement, "drafted")
        asked = tuple(self._priced(order, line, load).said() for line in self.replacement)
        refuse_others(drafted, {}, other_lines(drafted.lines, asked))


def _as_sold(line: OrderLine, each: int) -> dict[str, int]:
    """The price of so many, after all that was taken off."""
    if line.amount * each % line.quantity == 0:
        return {"unit_price": line.amount * each // line.quantity, "discount_bp": 0}
    return {
        "unit_price": line.unit_price * each,
        "discount_bp": max(line.discount_against(line.unit_price), 0),
    }
