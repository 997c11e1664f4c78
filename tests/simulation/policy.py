"""What a company decides anew meanwhile: who signs what, who is away, what may be owed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from commands import Command
from commands.approvals.absence import AnnounceAbsence, EndAbsence
from commands.customers.customer import ReassignCustomer
from commands.organisation.settings import ChangeSettings
from commands.receivables.account import SetCreditLimit

SIGNERS = "ann", "ben", "eve"
OWNERS = "li", "wu"
"""Who have the customers that order, by turns."""
LARGE = 400
"""From this amount on, or another by later settings, an order needs a signature."""
LARGEST = 500
"""So much more than that, and it needs three."""
ADJUSTED = 4
"""From so many units on an adjustment needs one."""


def led(large: int) -> ChangeSettings:
    values = {"routes": routes(large)}
    return ChangeSettings(id="approvals.routes", values=values, reason="two pairs of eyes")


def routes(large: int) -> list[dict[str, Any]]:
    """Ann or Ben is enough for a large order, and Eve where both let it wait; the largest ones are
    signed by both, and then by Eve. What goes beyond a customer's limit is signed as well.
    """
    ann, ben, eve = ({"account": name} for name in SIGNERS)
    either = {"signers": [ann, ben], "remind_hours": 1}
    both: list[Any] = [{**either, "needs": "all"}, {"signers": [eve], "remind_hours": 1}]
    one = [{**either, "escalate_hours": 1, "escalate_to": [eve]}]
    told = [
        ("largest", "order", f"amount.gte={large + LARGEST}", both),
        ("large", "order", f"amount.gte={large}", one),
        ("beyond", "order", "over_credit_limit.gte=1", one),
        ("adjusted", "adjustment", f"quantity.gte={ADJUSTED}", one),
    ]
    names = "name", "document", "where", "steps"
    return [dict(zip(names, each, strict=True)) for each in told]


def limited(limit: int) -> Command:
    """Of the two that order, one has a limit."""
    return SetCreditLimit(id="C", currency="CNY", limit=limit, reason="rated")


class Policy:
    def __init__(self, random: Random, now: Callable[[], datetime]) -> None:
        self.random, self.now = random, now
        self.away = dict[str, str]()
        """Whoever announced an absence last, with his stand-in: it may be over by now."""

    def command(self) -> Command:
        choice = self.random.random()
        if choice < 0.65:
            return self._absence()
        if choice < 0.82:
            return led(self.random.choice((200, LARGE, 900)))
        if choice < 0.91:
            decided = {"over_limit": self.random.choice(("refuse", "signed"))}
            return ChangeSettings(id="receivables.credit", values=decided, reason="agreed")
        return limited(self.random.choice((500, 900, 2_000)))

    def move(self) -> Command:
        moved = {"id": self.random.choice("CF"), "owner": self.random.choice(OWNERS)}
        return ReassignCustomer(**moved, reason="another territory")

    def _absence(self) -> Command:
        who = self.random.choice((*SIGNERS, *SIGNERS[:2]))
        if who in self.away and self.random.random() < 0.3:
            return EndAbsence(id=who)
        self.away[who] = self.random.choice([one for one in SIGNERS if one != who])
        since = self.now() + timedelta(seconds=self.random.choice((-1, -1, 1)))
        until = since + timedelta(seconds=self.random.choice((2, 5, 4_000)))
        return AnnounceAbsence(id=who, stand_in=self.away[who], since=since, until=until)

    def absent(self) -> str | None:
        return self.random.choice(sorted(self.away)) if self.away else None

    def stand_in(self, absent: str) -> str:
        """Whoever was named last, as a rule."""
        if self.random.random() < 0.85:
            return self.away.get(absent, absent)
        return self.random.choice(SIGNERS)

    def asker(self, command: Command) -> str | None:
        """Everybody announces his own absence."""
        return command.id if isinstance(command, AnnounceAbsence | EndAbsence) else None
