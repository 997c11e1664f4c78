"""Orders that need signatures: what is asked about their approvals, and by whom."""

from collections.abc import Sequence
from random import Random
from typing import Any

from commands import Command
from commands.approvals.approval import (
    ApprovalCommand,
    CommentApproval,
    RefuseApproval,
    SignApproval,
    WithdrawApproval,
)
from commands.notices.subscription import Subscribe
from commands.orders.order import Line, RedraftOrder, SubmitOrder
from commands.organisation.account import GrantRole, OpenAccount
from commands.organisation.settings import ChangeSettings

MAKER = "client"
SIGNERS = "ann", "ben", "eve"
SENT_TO = {"ann": None, "ben": 8}
"""Who has a webhook, and at which hour what is for him is sent together."""
LARGE, LARGEST = 400, 900
"""From these amounts on an order needs one signature, and three."""
HOUR = 3_600
"""Seconds after which a step is reminded and escalated."""


def routes() -> list[dict[str, Any]]:
    """Ann or Ben is enough for a large order, and Eve where both let it wait; the largest ones are
    signed by both, and then by Eve.
    """
    ann, ben, eve = ({"account": name} for name in SIGNERS)
    either = {"signers": [ann, ben], "remind_hours": 1}
    both: list[Any] = [{**either, "needs": "all"}, {"signers": [eve], "remind_hours": 1}]
    one = [{**either, "escalate_hours": 1, "escalate_to": [eve]}]
    return [
        {"name": "largest", "document": "order", "where": f"amount.gte={LARGEST}", "steps": both},
        {"name": "large", "document": "order", "where": f"amount.gte={LARGE}", "steps": one},
    ]


def opening() -> list[Command]:
    """Who there is, what has to be signed by whom, and who is sent what he has to sign."""
    accounts = [OpenAccount(id=name) for name in (MAKER, *SIGNERS)]
    grants = [GrantRole(id=name, role="owner", everything=True) for name in SIGNERS]
    led = {"routes": routes()}
    settings = ChangeSettings(id="approvals.routes", values=led, reason="two pairs of eyes")
    return [*accounts, *grants, settings, *(_sent_to(*one) for one in SENT_TO.items())]


def _sent_to(name: str, hour: int | None) -> Command:
    return Subscribe(id=name, name="approval-to-sign", destination=f"to-{name}", digest_at=hour)


class Signatures:
    """Knows the large orders, and asks for what may become of their approvals."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.orders: list[tuple[str, str]] = []

    def drafted(self, order: str, lines: Sequence[Line]) -> list[Command]:
        """What follows once such an order is submitted: some of its signatures, or all."""
        if sum(line.quantity for line in lines) * 100 < LARGE:
            return []
        self.orders.append((order, lines[0].item))
        every = [self._sign(order, step) for step in (1, 1, 1, 2, 2, 2)]
        return every[: self.random.randrange(len(every) + 1)]

    def command(self) -> Command:
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
        return self._sign(order, random.choice((1, 2)))

    def _sign(self, order: str, step: int) -> Command:
        return SignApproval(id=f"order:{order}:{self.random.choice((1, 1, 1, 2))}", step=step)

    def asker(self, command: Command) -> str:
        """In whose name it is asked."""
        if isinstance(command, WithdrawApproval) or not isinstance(command, ApprovalCommand):
            return MAKER
        return self.random.choice((*SIGNERS * 4, MAKER))
