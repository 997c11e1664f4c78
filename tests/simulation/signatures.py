"""The check of approvals: nothing goes on without its signatures, and with them it goes on once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aggregates.orders.order import SalesOrder
from simulation.decode import Decoded
from simulation.words import skipped
from simulation.world import World

OVER = {"ApprovalRefused", "ApprovalWithdrawn", "ApprovalVoided"}
APPROVED = {"OrderApproved", "OrderApprovalRefused"}
"""With its goods, or for want of goods not yet."""
WENT_ON = {*APPROVED, "OrderRejected", "OrderCancelled"}
REFUSED = "SELECT position FROM process_refusals WHERE process = 'signed'"


@dataclass
class Round:
    """An approval as its events alone tell it."""

    asked: Any
    status: str = "waiting"
    opened: list[int] = field(default_factory=list)
    signed: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    escalated: set[int] = field(default_factory=set)

    def lacks(self, step: int) -> bool:
        """Whether a step has fewer signatures than it needs."""
        wanted, names = self.asked.steps[step - 1], self.signed[step]
        if wanted.needs == "one":
            return not names
        alone = step in self.escalated and set(names) & _accounts(wanted.escalate_to)
        return not alone and len(names) < len(wanted.signers)

    def may_sign(self, step: int, name: str) -> bool:
        wanted = self.asked.steps[step - 1]
        every = {one for signer in wanted.signers for one in _accounts(signer.candidates)}
        if step in self.escalated:
            every |= _accounts(wanted.escalate_to)
        return name in every - {self.asked.maker, *self.signed[step]}

    @property
    def waits_at(self) -> list[int]:
        return [n for n in self.opened if self.status == "waiting" and self.lacks(n)]


def _accounts(candidates: Sequence[str]) -> set[str]:
    return {one.partition(":")[2] for one in candidates}


def approved(world: World, events: Decoded) -> list[str]:
    """(u) No order goes on before all have signed that had to, and what all have signed goes on.
    Whoever lets a step wait is reminded once, and it is escalated once.
    """
    rounds, needs = dict[str, Round](), dict[str, Any]()
    found, ends = list[str](), dict[str, int]()
    for event, content in events:
        if event.kind == "approval":
            found += _followed(rounds, event.position, event.stream, content)
        if event.type == "OrderSubmitted":
            needs[event.stream] = content
        if event.type in APPROVED and not _signed(rounds, needs[event.stream]):
            found.append(f"(u) {event.position} goes on before all have signed")
        if event.type in WENT_ON:
            ends[event.stream] = event.position
    return [*found, *_gone_on(world, events, rounds, ends), *_reminded(world, events, rounds)]


def _followed(rounds: dict[str, Round], at: int, stream: str, content: Any) -> Iterator[str]:
    kind, one = type(content).__name__, rounds.get(stream)
    if one is None:
        rounds[stream] = Round(content)
    elif kind == "ApprovalStepOpened":
        one.opened.append(content.step)
    elif kind == "ApprovalEscalated":
        one.escalated.add(content.step)
    elif kind == "ApprovalSigned":
        if not one.may_sign(content.step, content.signer):
            yield f"(u) {content.signer} signs at {at} what is not his to sign"
        one.signed[content.step].append(content.signer)
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
    for event, content in events:
        if event.type == "ApprovalCompleted" and rounds[event.stream].status == "completed":
            order = f"order-{content.document}"
            if ends.get(order, 0) < event.position and event.position not in out:
                yield f"(u) {order} has all its signatures, and does not go on"
    for stream, one in rounds.items():
        own = (c for event, c in events if event.stream == f"order-{one.asked.document}")
        order = SalesOrder.after(own)
        if one.waits_at and (order.status, f"approval-{order.needs}") != ("submitted", stream):
            yield f"(u) {stream} waits for signatures that nobody needs"


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
