"""Quotations as documents that are approved before they are sent."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from aggregates.pricing.quotation import Quotation
from aggregates.pricing.quotation.events import QuotedLine
from commands import Command, Decision, Load
from commands.approvals.documents import ApprovableDocument, DocumentContent
from commands.approvals.identities import departments_above

WHOLE = 10_000


class QuotationApprovals(ApprovableDocument, of=Quotation):
    """`discount_bp` is the deepest of its lines, against the price of the lists."""

    facts: ClassVar[Mapping[str, type[int] | type[str]]] = {
        "amount": int,
        "currency": str,
        "discount_bp": int,
        "below_floor": int,
        "customer": str,
        "customer_kind": str,
        "warehouse": str,
        "rep": str,
        "department": str,
        "department.under": str,
        "region": str,
    }

    def content(self, load: Load, id: str) -> DocumentContent:
        quotation: Quotation = load(Quotation, id)
        first, now = quotation.known(), quotation.current
        named = {name: getattr(first, name, None) for name in self.facts}
        told = {
            **named,
            "amount": now.amount,
            "discount_bp": max(map(_discount, now.lines)),
            "below_floor": int(any(one.pricing and one.pricing.below_floor for one in now.lines)),
            "department.under": departments_above(load, first.department),
        }
        whose = first.department, first.region, first.rep, first.customer
        return DocumentContent(now.content, told, now.amount, first.currency, *whose)

    def refused(self, load: Load, id: str, reason: str) -> Iterator[Decision]:
        for event in load(Quotation, id).send_back(reason):
            yield Quotation.stream(id), event

    def withdrawn(self, load: Load, id: str) -> Iterator[Decision]:
        return self.refused(load, id, "withdrawn")

    def next_command(self, id: str, content: str, approver: str | None) -> Command:
        asked = {"id": id, "content": content}
        return Command.known["send-quotation"].model_validate(asked)  # whose module needs this one

    def settled(self, state: Any) -> bool:
        return bool(state.status != "submitted")


def _discount(line: QuotedLine) -> int:
    each = line.pricing.list_price if line.pricing else line.unit_price
    full = each * line.quantity
    below = WHOLE - line.amount * WHOLE // full if full else 0
    return max(line.discount_bp, below)
