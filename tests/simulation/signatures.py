"""The check of approvals: nothing goes on without its signatures, and with them it goes on once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aggregates.inventory.adjustment import StockAdjustment
from aggregates.orders.order import SalesOrder
from infra.events import Recorded
from simulation.decode import Decoded
from simulation.in_force import InForce
from simulation.words import skipped
from simulation.world import World

OVER = {"ApprovalRefused", "ApprovalWithdrawn", "ApprovalVoided"}
APPROVED = {"OrderApproved", "OrderApprovalRefused"}
"""With its goods, or for want of goods not yet."""
WENT_ON = {
    *APPROVED, "OrderRejected", "OrderCancelled",
    "AdjustmentMade", "AdjustmentRefused", "AdjustmentWithdrawn",
}  # fmt: skip
REFUSED = "SELECT position FROM process_refusals WHERE process = 'signed'"


@dataclass
class Round:
    """An approval as its events alone tell it."""

    asked: Any
    status: str = "waiting"
    opened: list[int] = field(default_factory=list)
    signed: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By step, in whose name: of who was away and had a stand-in, the former's."""
    hands: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By step, who has signed."""
    escalated: set[int] = field(default_factory=set)

    @property
    def document(self) -> str:
        return f"{self.asked.document_kind}-{self.asked.document}"

    def lacks(self, step: int) -> bool:
        """Whether a step has fewer signatures than it needs."""
        wanted, names = self.asked.steps[step - 1], self.signed[step]
        if wanted.needs == "one":
            return not names
        alone = step in self.escalated and set(names) & _accounts(wanted.escalate_to)
        return not alone and len(names) < len(wanted.signers)

    def may_sign(self, step: int, by: str, name: str) -> bool:
        """Whether somebody may sign it in that name, his own or another's."""
        wanted = self.asked.steps[step - 1]
        every = {one for signer in wanted.signers for one in _accounts(signer.candidates)}
        if step in self.escalated:
            every |= _accounts(wanted.escalate_to)
        fresh = by not in self.hands[step] and name not in self.signed[step]
        return fresh and name in every and self.asked.maker not in (by, name)

    @property
    def waits_at(self) -> list[int]:
        return [n for n in self.opened if self.status == "waiting" and self.lacks(n)]


def _accounts(candidates: Sequence[str]) -> set[str]:
    return {one.partition(":")[2] for one in candidates}


def approved(world: World, events: Decoded) -> list[str]:
    """(u) Nothing goes on before all have signed that had to, and what all have signed goes on.
    Whoever lets a step wait is reminded once, and it is escalated once.
    """
    rounds, needs, rules = dict[str, Round](), dict[str, Any](), InForce()
    found, ends = list[str](), dict[str, int]()
    for event, content in events:
        rules.hear(event, content)
        if event.kind == "approval":
            found += _followed(rounds, rules, event, content)
        if event.type == "OrderSubmitted":
            needs[event.stream] = content
            if not (content.approval or content.whole) and rules.leads("order", content.amount):
                found.append(f"(u) {event.position} is submitted to nobody")
        if event.type in APPROVED and not _signed(rounds, needs[event.stream]):
            found.append(f"(u) {event.position} goes on before all have signed")
        if event.type in WENT_ON:
            ends[event.stream] = event.position
    return [*found, *_gone_on(world, events, rounds, ends), *_reminded(world, events, rounds)]


def _followed(
    rounds: dict[str, Round], rules: InForce, event: Recorded, content: Any
) -> Iterator[str]:
    at, stream = event.position, event.stream
    kind, one = event.type, rounds.get(stream)
    if one is None:
        rounds[stream] = Round(content)
    elif kind == "ApprovalStepOpened":
        one.opened.append(content.step)
    elif kind == "ApprovalEscalated":
        one.escalated.add(content.step)
    elif kind == "ApprovalSigned":
        by, name = content.signer, content.in_place_of or content.signer
        if not one.may_sign(content.step, by, name) or not rules.stands_in(by, name, event):
            yield f"(u) {by} signs at {at} for {name} what is not his to sign"
        one.signed[content.step].append(name)
        one.hands[content.step].append(by)
    elif kind == "ApprovalCompleted":
        if lacking := [n for n in range(1, len(one.asked.steps) + 1) if one.lacks(n)]:
            yield f"(u) {stream} is complete at {at} without {lacking}"
        one.status = "completed"
    elif kind in OVER:
        one.status = kind


def _signed(rounds: Mapping[str, Round], submitted: Any) -> bool:
    """Whether what was submitted needs no signature, or has all of them for that content."""
    if submitted.approval is None:
        return True
    one = rounds[f"approval-{submitted.approval}"]
    return one.status == "completed" and one.asked.content == (submitted.whole or submitted.content)


def _gone_on(
    world: World, events: Decoded, rounds: Mapping[str, Round], ends: Mapping[str, int]
) -> Iterator[str]:
    refused = {row[0] for row in world.ground.look(REFUSED)}
    out = skipped(world.ground, "signed") | refused
    for event, _ in events:
        if event.type == "ApprovalCompleted" and rounds[event.stream].status == "completed":
            document = rounds[event.stream].document
            if ends.get(document, 0) < event.position and event.position not in out:
                yield f"(u) {document} has all its signatures, and does not go on"
    for stream, one in rounds.items():
        own = [content for event, content in events if event.stream == one.document]
        if one.waits_at and _wanted(one, own) != stream:
            yield f"(u) {stream} waits for signatures that nobody needs"


def _wanted(one: Round, own: Sequence[Any]) -> str | None:
    """The approval that a document waits for."""
    if one.asked.document_kind == "adjustment":
        state = StockAdjustment.after(own)
        return f"approval-adjustment:{one.asked.document}:1" if state.status == "requested" else ""
    order = SalesOrder.after(own)
    return f"approval-{order.needs}" if order.status == "submitted" else None


def _reminded(world: World, events: Decoded, rounds: Mapping[str, Round]) -> Iterator[str]:
    told = Counter[tuple[str, str, int]]()
    for event, content in events:
        if event.type in ("ApprovalReminded", "ApprovalEscalated"):
            told[event.type, event.stream, content.step] += 1
    yield from (f"(u) {name} twice" for name, times in told.items() if times > 1)
    if skipped(world.ground, "approval_deadlines"):
        return
    for stream, one in rounds.items():
        for step in one.waits_at:
            due = ["ApprovalReminded"]
            due += ["ApprovalEscalated"] if one.asked.steps[step - 1].escalate_to else []
            yield from (
                f"(u) {stream} waits at {step} for long, and nobody knows"
                for kind in due
                if not told[kind, stream, step]
            )
