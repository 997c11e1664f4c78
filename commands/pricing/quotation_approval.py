"""Quotations as documents that are approved before they are sent."""

from collections.abc import Iterator
from typing import Any, ClassVar

from aggregates.pricing.quotation import Quotation
from commands import Command, Decision, Load
from commands.approvals.documents import SALES_FACTS, ApprovableDocument, DocumentContent, Facts
from commands.approvals.identities import departments_above


class QuotationApprovals(ApprovableDocument, of=Quotation):
    """`discount_bp` is the deepest of its lines, against the price of the lists."""

    facts: ClassVar[Facts] = SALES_FACTS

    def content(self, load: Load, id: str) -> DocumentContent:
        quotation: Quotation = load(Quotation, id)
        first, now = quotation.known(), quotation.current
        named = {name: getattr(first, name, None) for name in self.facts}
        told = {
            **named,
            "amount": now.amount,
            "discount_bp": max(one.discount_against_list for one in now.lines),
            "below_floor": int(any(one.below_floor for one in now.lines)),
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
