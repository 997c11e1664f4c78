"""Orders as documents that are approved: what routes may ask of them, and what follows."""

from collections.abc import Iterator
from typing import Any, ClassVar

from aggregates.approvals.approval import Approval
from aggregates.catalog.product import Product
from aggregates.orders.lines import OrderLine, content_of
from aggregates.orders.order import OrderRedrafted, SalesOrder
from aggregates.organisation.account import Account
from commands import Command, Decision, Load, registers
from commands.approvals.asking import voided
from commands.approvals.documents import SALES_FACTS, ApprovableDocument, DocumentContent, Facts
from commands.approvals.identities import departments_above
from commands.authorisation import may_act
from commands.orders.order_stock import lets_go
from commands.receivables.credit import beyond_limit


class OrderApprovals(ApprovableDocument, of=SalesOrder):
    """`discount_bp` is the deepest of its lines, against the list price; what is sold below it
    without a discount counts.
    """

    facts: ClassVar[Facts] = {**SALES_FACTS, "over_credit_limit": int}

    def content(self, load: Load, id: str) -> DocumentContent:
        order: SalesOrder = load(SalesOrder, id)
        drafted = order.known()
        amount = sum(line.amount for line in order.lines)
        refused = beyond_limit(load, id)
        named = {name: getattr(drafted, name, None) for name in self.facts}
        told = {
            **named,
            "amount": amount,
            "discount_bp": max(_discount(load, line) for line in order.lines),
            "over_credit_limit": refused.excess if refused else 0,
            "below_floor": int(any(line.below_floor for line in order.lines)),
            "department.under": departments_above(load, drafted.department),
        }
        whose = drafted.department, drafted.region, drafted.rep, drafted.customer
        return DocumentContent(content_of(order.lines), told, amount, drafted.currency, *whose)

    def refused(self, load: Load, id: str, reason: str) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, id)
        for event in order.reject(reason):
            yield SalesOrder.stream(id), event
            yield from lets_go(id, order, load)

    def withdrawn(self, load: Load, id: str) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, id)
        yield SalesOrder.stream(id), OrderRedrafted(order.lines)
        yield from lets_go(id, order, load)

    def next_command(self, id: str, content: str, approver: str | None) -> Command:
        asked = {"id": id, "content": content, "approver": approver}
        return Command.known["approve-order"].model_validate(asked)  # whose module needs this one

    def settled(self, state: Any) -> bool:
        return bool(state.status != "submitted")


def may_approve(load: Load, order: SalesOrder, approver: str) -> None:
    """Refuse an approver who is neither a person who works here nor an open account; who has signed
    the order may have left since.
    """
    signed = load(Approval, order.needs).signatures if order.needs else ()
    if any(one.signer == approver for one in signed) or not registers.checked():
        return
    if load(Account, approver).exists and may_act(load, approver):
        return
    registers.person(load, approver)


def no_longer_approved(before: SalesOrder, load: Load, reason: str) -> Iterator[Decision]:
    """Void what was signed of an order that was submitted, and is not what it was."""
    if before.status == "submitted":
        yield from voided(load, before.needs, reason)


def _discount(load: Load, line: OrderLine) -> int:
    product: Product = load(Product, line.item)
    return line.discount_against((line.pricing or product).list_price)
