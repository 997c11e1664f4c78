"""A shelf that is counted and told of late, under names that come again; and the checks of it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from aggregates.inventory.stock import StockCounted, StockReversed
from commands import Command
from commands.inventory.stock import CountStock, IssueStock, ReceiveStock
from projections.inventory import dealer_stock

if TYPE_CHECKING:
    from simulation.client import Submitted
    from simulation.decode import Decoded

PLACE = {"location": "L", "item": "x"}
STREAM = "stock-L:x"
BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
NAMES = tuple(f"d{number}" for number in range(7))


class Shelf:
    """Few names and many instants, so that documents meet again, and few things come in order."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.counts = random.random() < 0.5

    def command(self) -> Command:
        random = self.random
        at = BEGIN + timedelta(hours=random.randrange(60))
        told: dict[str, Any] = {**PLACE, "reference": random.choice(NAMES)}
        choice = random.random()
        if self.counts and choice < 0.25:
            return CountStock(**told, counted=random.randrange(20), counted_at=at)
        told |= {"occurred_at": at, "quantity": random.randrange(1, 7)}
        told["dates"] = "flag" if random.random() < 0.05 else "refuse"
        if choice < 0.65:
            return ReceiveStock(**told)
        return IssueStock(**told, reason="sample")


def shelved(ledger: "list[Submitted]", events: "Decoded") -> list[str]:
    """(x) What was counted was there, nothing leaves that was not, and a name is one thing."""
    own = [(event, content) for event, content in events if event.stream == STREAM]
    return [*_once(own), *_counted(own), *_never_below(own), *_same(ledger, events)]


def _once(own: "Decoded") -> Iterator[str]:
    seen = set()
    for event, content in own:
        name = content.recorded_under()
        if name is not None and name in seen:
            yield f"(x) {event.position} records {name} again"
        seen.add(name)


def _counted(own: "Decoded") -> Iterator[str]:
    undone = {c.reference for _, c in own if isinstance(c, StockReversed)}
    for event, content in own:
        if isinstance(content, StockCounted) and content.reference not in undone:
            there = sum(change for at, change in _changes(own) if at <= event.occurred_at)
            if there != content.counted:
                yield f"(x) {content.counted} were counted at {event.position}, {there} are told"


def _never_below(own: "Decoded") -> Iterator[str]:
    if any(event.type in ("DateFlagged", "StockCounted") for event, _ in own):
        return  # somebody wanted it so, or found fewer than had left since
    by_instant: defaultdict[int, int] = defaultdict(int)
    for at, change in _changes(own):
        by_instant[at] += change
    there = 0
    for at in sorted(by_instant):
        there += by_instant[at]
        if there < 0:
            yield f"(x) {there} lay on the shelf at {at}"


def _changes(own: "Decoded") -> Iterator[tuple[int, int]]:
    for event, content in own:
        if event.type != "DateFlagged":
            for row in dealer_stock.rows(event, content):
                yield event.occurred_at, row.on_hand


def _same(ledger: "list[Submitted]", events: "Decoded") -> Iterator[str]:
    """What is answered as a repeat is what was recorded."""
    for one in ledger:
        command, answer = one.request.command, one.answer
        if answer is None or not answer.repeated or not answer.events:
            continue
        _, content = events[answer.events[0].position - 1]
        moves = isinstance(command, ReceiveStock | IssueStock) and command.location == "L"
        if moves and hasattr(content, "reference") and content.quantity != command.quantity:
            yield f"(x) {one.request.key} is no repeat of {answer.events[-1].position}"
