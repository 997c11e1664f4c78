"""Adjustments as documents that are approved: what routes may ask of them, and what follows."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from aggregates import Refused
from aggregates.catalog.product import Product
from aggregates.inventory.adjustment import (
    AdjustmentRefused,
    AdjustmentRequested,
    AdjustmentWithdrawn,
    StockAdjustment,
)
from commands import Command, Decision, Load
from commands.approvals.asking import route_of
from commands.approvals.documents import ApprovableDocument, DocumentContent


class NeedsSignatures(Refused):
    """What others have to sign is not done by one."""


class AdjustmentApprovals(ApprovableDocument, of=StockAdjustment):
    """`quantity` counts without its sign; `value` is what it costs by the product's cost now."""

    facts: ClassVar[Mapping[str, type[int] | type[str]]] = {
        "location": str,
        "item": str,
        "quantity": int,
        "value": int,
        "currency": str,
    }

    def content(self, load: Load, id: str) -> DocumentContent:
        asked = load(StockAdjustment, id).known()
        return DocumentContent(asked.digest(), facts_of(load, asked))

    def refused(self, load: Load, id: str, reason: str) -> Iterator[Decision]:
        if load(StockAdjustment, id).status == "requested":
            yield StockAdjustment.stream(id), AdjustmentRefused(reason)

    def withdrawn(self, load: Load, id: str) -> Iterator[Decision]:
        if load(StockAdjustment, id).status == "requested":
            yield StockAdjustment.stream(id), AdjustmentWithdrawn()

    def next_command(self, id: str, content: str, approver: str | None) -> Command:
        return Command.known["make-adjustment"].model_validate({"id": id})

    def settled(self, state: Any) -> bool:
        return bool(state.status != "requested")


def facts_of(load: Load, asked: AdjustmentRequested) -> dict[str, Any]:
    product: Product = load(Product, asked.item)
    quantity = abs(asked.quantity)
    return {
        "location": asked.location,
        "item": asked.item,
        "quantity": quantity,
        "value": quantity * (product.cost or 0),
        "currency": product.currency,
    }


def refuse_unsigned(load: Load, asked: AdjustmentRequested, at: datetime) -> None:
    """Refuse to adjust at once what a route leads through."""
    if (led := route_of(load, StockAdjustment.kind, facts_of(load, asked), at)) is not None:
        raise NeedsSignatures(
            f"An adjustment by {asked.quantity} of {asked.item} at {asked.location} is signed"
            f" before it is made, by the route {led.route.name}. Use request-adjustment.",
            f"在 {asked.location} 将 {asked.item} 调整 {asked.quantity} 须先经审批路线"
            f" {led.route.name} 签批。请使用 request-adjustment。",
        )
