"""Lots of one product at one place, told of late, held back and counted; and the checks of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from aggregates.calendar import business_day
from aggregates.inventory.lot import ProductLot
from aggregates.inventory.stock import (
    LotsMoved,
    StockBlocked,
    StockCounted,
    StockReversed,
    StockUnblocked,
)
from commands import Command
from commands.inventory.blocking import ScrapBlockedStock, UnblockStock
from commands.inventory.lot import QuarantineLot, ReleaseLot
from commands.inventory.stock import CountStock, IssueStock, ReceiveStock
from commands.orders.blocking import BlockStock

if TYPE_CHECKING:
    from simulation.decode import Decoded

PLACE = {"location": "L", "item": "y"}
STREAM = "stock-L:y"
BEGIN = datetime(2025, 2, 3, tzinfo=UTC)
LASTS = {"A": 1, "B": 9}
"""Days that each lot keeps."""
NAMES = tuple(f"k{number}" for number in range(9))


class LotShelf:
    """Few lots and names and many instants, so that what is told late meets what is held back."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def command(self) -> Command:
        random = self.random
        at = {"occurred_at": BEGIN + timedelta(hours=random.randrange(60))}
        lot = random.choice([*LASTS])
        choice, few = random.random(), random.randrange(1, 7)
        if choice < 0.08:
            kind = random.choice([QuarantineLot, ReleaseLot])
            return kind(item="y", lot=lot, reason="checked", **at)
        told: dict[str, Any] = {**PLACE, "reference": random.choice(NAMES)}
        if choice < 0.2:
            return BlockStock(**told, lot=lot, quantity=few, **at)
        if choice < 0.3:
            kind = random.choice([UnblockStock, ScrapBlockedStock])
            return kind(**told, document=random.choice(NAMES), **at)
        if choice < 0.4:
            counted = {"counted": random.randrange(12), "counted_at": at["occurred_at"]}
            return CountStock(**told, **counted, lot=lot)
        if choice < 0.7:
            expires = business_day(BEGIN) + timedelta(days=LASTS[lot])
            return ReceiveStock(**told, **at, quantity=few, lot=lot, expires_on=expires)
        named = lot if random.random() < 0.3 else None
        return IssueStock(**told, **at, quantity=few, lot=named, reason="sale")


def lotted(events: "Decoded") -> list[str]:
    """(y) What is used lasts and is not held back, what is blocked stays, what was counted was
    there.
    """
    own = [(event, content) for event, content in events if event.stream == STREAM]
    return [*_used(events, own), *_stays(own), *_counted(own)]


def _used(events: "Decoded", own: "Decoded") -> Iterator[str]:
    held: defaultdict[str, list[tuple[int, int, bool]]] = defaultdict(list)
    for event, _ in events:
        if event.type in ("LotQuarantined", "LotReleased"):
            _, lot = ProductLot.parts(event.stream)
            told = event.position, event.occurred_at, event.type == "LotQuarantined"
            held[lot].append(told)
    for event, content in own:
        if not isinstance(content, LotsMoved) or content.movement != "sales_issue":
            continue
        for part in content.lots:
            lot = part.lot.partition(":")[2]
            if _last(lot) < business_day(content.moved_at):
                yield f"(y) {event.position} uses what has expired"
            before = [
                (at, position, quarantined)
                for position, at, quarantined in held[lot]
                if position < event.position and at <= event.occurred_at
            ]
            if before and max(before)[2]:
                yield f"(y) {event.position} uses what is in quarantine"


def _last(lot: str) -> date:
    return business_day(BEGIN) + timedelta(days=LASTS[lot])


def _stays(own: "Decoded") -> Iterator[str]:
    """Of no lot more leaves than is there and not blocked, but for what a count misses."""
    there, blocked = Counter[str](), Counter[str]()
    for event, content in own:
        if isinstance(content, StockBlocked | StockUnblocked):
            blocked.update({part.lot: part.quantity for part in content.lots})
        if isinstance(content, LotsMoved):
            there.update({part.lot: part.quantity for part in content.lots})
            left = [part.lot for part in content.lots if part.quantity < 0]
            if content.movement != "count" and any(there[lot] < blocked[lot] for lot in left):
                yield f"(y) {event.position} takes what is blocked"


def _counted(own: "Decoded") -> Iterator[str]:
    undone = {content.reference for _, content in own if isinstance(content, StockReversed)}
    for event, content in own:
        if isinstance(content, StockCounted) and content.reference not in undone:
            there = sum(
                part.quantity
                for other, moved in own
                if isinstance(moved, LotsMoved) and other.occurred_at <= event.occurred_at
                for part in moved.lots
                if part.lot == content.lot
            )
            if there != content.counted:
                yield f"(y) {content.counted} were counted at {event.position}, {there} are told"
