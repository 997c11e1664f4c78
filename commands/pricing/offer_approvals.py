"""What is offered to a customer as a document that is approved before it counts."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Protocol

from aggregates.line_pricing import PricedLine
from commands import Decision, Load
from commands.approvals.documents import SALES_FACTS, ApprovableDocument, DocumentContent, Facts
from commands.approvals.identities import departments_above


class Offered(Protocol):
    """What it says now: a revision of a quotation, or what a contract agrees."""

    @property
    def lines(self) -> tuple[PricedLine, ...]: ...
    @property
    def amount(self) -> int: ...
    @property
    def content(self) -> str: ...


class OfferApprovals(ApprovableDocument):
    """`discount_bp` is the deepest of its lines, against the price of the lists. Refused or
    withdrawn, it is a draft again.
    """

    facts: ClassVar[Facts] = SALES_FACTS

    @abstractmethod
    def offered(self, state: Any) -> Offered: ...

    def content(self, load: Load, id: str) -> DocumentContent:
        state = load(self.aggregate, id)
        first = state.known()
        now = self.offered(state)
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
        for event in load(self.aggregate, id).send_back(reason):
            yield self.aggregate.stream(id), event

    def withdrawn(self, load: Load, id: str) -> Iterator[Decision]:
        return self.refused(load, id, "withdrawn")

    def settled(self, state: Any) -> bool:
        return bool(state.status != "submitted")
