"""Checks of what others have to agree to besides orders: adjustments, and who owes too much."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

from aggregates.orders.order import SalesOrder
from aggregates.receivables.account import CustomerAccount
from simulation.decode import Decoded
from simulation.in_force import InForce


def adjusted(events: Decoded) -> Iterator[str]:
    """(u) An adjustment is made once, by what was asked, and signed where a route leads it."""
    rules, asked = InForce(), dict[str, Any]()
    unsigned, moved = set[str](), Counter[tuple[str, int]]()
    for event, content in events:
        rules.hear(event, content)
        if event.type == "AdjustmentRequested":
            asked[event.key] = content
            unsigned |= {event.key} if rules.leads("adjustment", abs(content.quantity)) else set()
        elif event.type == "ApprovalCompleted" and content.document_kind == "adjustment":
            unsigned.discard(content.document)
        elif event.type == "AdjustmentMade":
            if event.key in unsigned:
                yield f"(u) {event.position} is adjusted before it is signed"
            moved[event.key, asked[event.key].quantity] -= 1
        elif event.type == "StockAdjusted" and content.reference in asked:
            moved[content.reference, content.quantity] += 1
    yield from (
        f"(u) {name} by {n} moved {times} too often" for (name, n), times in moved.items() if times
    )


def within_limits(events: Decoded) -> Iterator[str]:
    """(o) Nobody comes to owe more than his limit by an order that nobody has signed for it, and
    his account keeps what each of his orders takes.
    """
    accounts, orders = dict[str, CustomerAccount](), dict[str, SalesOrder]()
    signing = False
    for event, content in events:
        if event.kind == "order":
            order = orders[event.key] = orders.get(event.key, SalesOrder()).fold(content)
        elif event.kind == "customer_account":
            before = accounts.get(event.key, CustomerAccount())
            accounts[event.key] = before.fold(content)
        elif event.stream == "settings-receivables.credit":
            signing = content.values["over_limit"] == "signed"
        if event.type == "OrderApproved" and not (signing and order.needs):
            customer = order.known().customer
            if _taken(orders, customer) > _limit(accounts, customer):
                yield f"(o) {event.position} takes {customer} beyond the limit"
    for customer, account in accounts.items():
        if account.exposure("CNY") != (taken := _taken(orders, customer)):
            yield f"(o) {customer} owes {taken}, and the account has {account.exposure('CNY')}"


def _taken(orders: Mapping[str, SalesOrder], customer: str) -> int:
    every = (one for one in orders.values() if one.known().customer == customer)
    return sum(one.uninvoiced for one in every)


def _limit(accounts: Mapping[str, CustomerAccount], customer: str) -> float:
    """Of several, the one that was set last: each counts from its day on."""
    limits = accounts[customer].limits.get("CNY", ()) if customer in accounts else ()
    return limits[-1].limit if limits else inf
