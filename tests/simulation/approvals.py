"""Orders and adjustments that need signatures: what is asked about their approvals, by whom."""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from commands import Command
from commands.approvals.approval import (
    ApprovalCommand,
    CommentApproval,
    RefuseApproval,
    SignApproval,
    WithdrawApproval,
)
from commands.inventory.adjustment import MakeAdjustment, RequestAdjustment
from commands.notices.subscription import Subscribe
from commands.orders.order import Line, RedraftOrder, SubmitOrder
from commands.organisation.account import GrantRole, OpenAccount
from commands.organisation.rep import HireRep
from simulation.policy import LARGE, OWNERS, SIGNERS, Policy, led, limited

MAKER = "client"
SENT_TO = {"ann": None, "ben": 8}
"""Who has a webhook, and at which hour what is for him is sent together."""
HOUR = 3_600
"""Seconds after which a step is reminded and escalated."""


def opening() -> list[Command]:
    """Who there is, what has to be signed by whom, and who is sent what he has to sign."""
    accounts = [OpenAccount(id=name) for name in (MAKER, *SIGNERS)]
    grants = [GrantRole(id=name, role="owner", everything=True) for name in SIGNERS]
    sent = [_sent_to(*one) for one in SENT_TO.items()]
    other = HireRep(id=OWNERS[1], name="Wu", department="west", region="shanghai")
    return [*accounts, *grants, other, led(LARGE), limited(800), *sent]


def _sent_to(name: str, hour: int | None) -> Command:
    return Subscribe(id=name, name="approval-to-sign", destination=f"to-{name}", digest_at=hour)


class Signatures:
    """Knows what needs signatures, and asks for what may become of its approval."""

    def __init__(self, random: Random, now: Callable[[], datetime]) -> None:
        self.random = random
        self.policy = Policy(random, now)
        self.orders: list[tuple[str, str]] = []
        self.adjustments: list[str] = []

    def drafted(self, order: str, lines: Sequence[Line]) -> list[Command]:
        """What follows once such an order is submitted: some of its signatures, or all."""
        if sum(line.quantity for line in lines) * 100 < LARGE:
            return []
        self.orders.append((order, lines[0].item))
        every = [self._sign(f"order:{order}", step) for step in (1, 1, 1, 2, 2, 2)]
        return every[: self.random.randrange(len(every) + 1)]

    def command(self) -> Command:
        random = self.random
        choice = random.random()
        if choice < 0.3:
            return self.policy.command()
        if choice < 0.5:
            return self._adjustment()
        if choice > 0.9:
            return self.policy.move()
        if choice < 0.58 and self.adjustments:
            return self._sign(f"adjustment:{random.choice(self.adjustments[-3:])}", 1)
        return self._of_an_order()

    def _adjustment(self) -> Command:
        if self.adjustments and self.random.random() < 0.5:
            return MakeAdjustment(id=self.random.choice(self.adjustments[-3:]))
        name = f"adj{len(self.adjustments)}"
        self.adjustments.append(name)
        place = {"location": self.random.choice("AB"), "item": self.random.choice("xyz")}
        few = self.random.choice((-5, -1, 2, 6))
        return RequestAdjustment(id=name, **place, quantity=few, reason="counted")

    def _of_an_order(self) -> Command:
        random = self.random
        order, item = random.choice(self.orders[-5:]) if self.orders else ("none", "x")
        named = {"id": f"order:{order}:{random.choice((1, 1, 2))}"}
        choice = random.random()
        if choice < 0.1:
            return RefuseApproval(**named, step=random.choice((1, 2)), reason="too dear")
        if choice < 0.18:
            return WithdrawApproval(**named, reason="not yet")
        if choice < 0.22:
            return CommentApproval(**named, comment=random.choice(("why", "fair")))
        if choice < 0.3:
            return RedraftOrder(id=order, lines=(Line(item=item, quantity=random.randrange(4, 9)),))
        if choice < 0.45:
            return SubmitOrder(id=order)
        return self._sign(f"order:{order}", random.choice((1, 2)))

    def _sign(self, document: str, step: int) -> Command:
        """Now and then in place of somebody who is away, or no longer is."""
        named = {"id": f"{document}:{self.random.choice((1, 1, 1, 2))}"}
        absent = self.policy.absent() if self.random.random() < 0.4 else None
        return SignApproval(**named, step=step, in_place_of=absent)

    def asker(self, command: Command) -> str:
        """In whose name it is asked."""
        if isinstance(command, SignApproval) and command.in_place_of is not None:
            return self.policy.stand_in(command.in_place_of)
        if isinstance(command, WithdrawApproval) or not isinstance(command, ApprovalCommand):
            return self.policy.asker(command) or MAKER
        return self.random.choice((*SIGNERS * 4, MAKER))
