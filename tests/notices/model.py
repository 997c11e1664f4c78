"""A company whose notifier and sender are killed at random, and what its people must come to know.

The model is told what happened; what was told to people and sent is compared with it at the end.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from shop import HeldClock
from sqlalchemy import select

from commands import Command
from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.notices.subscription import Subscribe, Unsubscribe
from commands.orders.order import DraftOrder, Line, RejectOrder, SubmitOrder
from commands.organisation.account import GrantRole, OpenAccount
from commands.organisation.rep import HireRep
from infra.requests import Outcome
from infra.settings import Settings
from services import bootstrap
from services.bootstrap import request
from services.notices import deliveries, destinations, inbox, webhooks
from services.notices.destinations import Destination
from services.notices.messages import NoticeMessage
from services.notices.notifier import Notifier
from services.notices.sender import Sender

PEOPLE = "li", "wu"
KILLED_AT = (
    (bootstrap.positions, "move"),
    (inbox, "add"),
    (deliveries, "add"),
    (deliveries, "gather"),
    (deliveries, "settle"),
    (webhooks, "post"),
)
"""Where a worker may end: just before, or just after."""


class Killed(BaseException):
    """The worker ends here and now."""


class Newsroom:
    """Two representatives with a webhook each, whose orders are rejected."""

    def __init__(self, folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.random = Random(seed)
        self.platform = bootstrap.platform(Settings(data=folder, database_url=None))
        self.clock = HeldClock()
        self.platform.database.clock = self.clock
        self.platform.prepare()
        self.wanted = defaultdict[str, set[int]](set)
        """By account, the positions of what it must have been told."""
        self.sent = defaultdict[str, list[tuple[str, int]]](list)
        """By account, each notice that its webhook was sent: the message and the position."""
        self.following = set(PEOPLE)
        self.dangerous = False
        self.orders = 0
        monkeypatch.setattr(webhooks, "post", self._take)
        for module, name in KILLED_AT:
            monkeypatch.setattr(module, name, self._deadly(getattr(module, name)))
        self._found()
        self._restart()

    def close(self) -> None:
        self.platform.close()

    def _found(self) -> None:
        self.ask(OpenAccount(id="boss"))
        of = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
        self.ask(AddProduct(id="tea", name="Tea", **of))
        for name in PEOPLE:
            self.ask(HireRep(id=name, name=name, department="east", region="east"))
            shop = {"customer_kind": "dealer", "owner": name}
            self.ask(RegisterCustomer(id=f"D-{name}", name=name, **shop))
            self.ask(OpenAccount(id=name, person=name))
            self.ask(GrantRole(id=name, role="representative", own="owner"))
            with self.platform.database.write() as connection:
                what = "webhook", "https://hooks.example", destinations.new_secret()
                made = destinations.make(connection, name, *what, self.clock.now())
            digest = 8 if name == "wu" else None
            self.ask(self._subscribe(name, made.id, digest))
        self.subscribing = {
            name: self._subscribe(name, one.id, 8 if name == "wu" else None)
            for name in PEOPLE
            for one in self._destinations(name)
        }

    def _subscribe(self, name: str, destination: str, digest: int | None) -> Subscribe:
        return Subscribe(id=name, name="order-refused", destination=destination, digest_at=digest)

    def _destinations(self, name: str) -> list[Destination]:
        with self.platform.database.read() as connection:
            return list(destinations.those_of(connection, name))

    def ask(self, command: Command) -> int:
        outcome: Outcome = self.platform.executor.execute(request(command, "boss"))
        assert outcome.refusal is None, outcome
        return outcome.position

    def play(self, steps: int) -> None:
        """So many random things, and then all that is left without any harm."""
        self.step()  # it begins at the head of the log
        self.dangerous = True
        turns: list[Callable[[], None]] = [self.reject] * 3 + [self.follow] + [self.step] * 4
        turns += [self.send] * 4 + [self.pass_time]
        for _ in range(steps):
            self.random.choice(turns)()
        self.dangerous = False
        for _ in range(4):
            self._restart()
            self.step()
            self.clock.sleep(86_400)
            self.send()

    def reject(self) -> None:
        self.orders += 1
        name, order = self.random.choice(PEOPLE), f"O{self.orders}"
        lines = (Line(item="tea", quantity=1),)
        self.ask(DraftOrder(id=order, customer=f"D-{name}", warehouse="W1", lines=lines))
        self.ask(SubmitOrder(id=order))
        position = self.ask(RejectOrder(id=order, reason="no"))
        if name in self.following:
            self.wanted[name].add(position)

    def follow(self) -> None:
        """Somebody subscribes or ends it; all that was before is told first."""
        dangerous, self.dangerous = self.dangerous, False
        self.step()
        self.dangerous = dangerous
        name = self.random.choice(PEOPLE)
        if name in self.following:
            self.ask(Unsubscribe(id=name, name="order-refused"))
        else:
            self.ask(self.subscribing[name])
        self.following ^= {name}

    def pass_time(self) -> None:
        self.clock.sleep(self.random.choice((60, 3_600, 43_200)))

    def step(self) -> None:
        self._survive(self.notifier.step)

    def send(self) -> None:
        with self.platform.database.read() as connection:
            found = deliveries.busy(connection, self.clock.now())
        for one in found:
            self._survive(lambda: self.sender.send(one))  # noqa: B023 - called at once

    def _survive(self, do: Callable[[], Any]) -> None:
        try:
            do()
        except Killed:
            self._restart()

    def _restart(self) -> None:
        self.notifier, self.sender = Notifier(self.platform), Sender(self.platform)

    def _take(self, _: Any, to: Destination, message: NoticeMessage, __: int) -> None:
        self.sent[to.account] += [(message.id, one["position"]) for one in message.items]

    def _deadly(self, do: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **more: Any) -> Any:
            if self.dangerous and self.random.random() < 0.05:
                raise Killed
            found = do(*args, **more)
            if self.dangerous and self.random.random() < 0.05:
                raise Killed
            return found

        return done

    def check(self) -> None:
        """Nothing is told twice or lost, and what was sent twice had the same id."""
        told = Counter[tuple[str, int]]()
        with self.platform.database.read() as connection:
            for row in connection.execute(select(*inbox.COLUMNS)):
                told[row.account, row.position] += 1
        wanted = {(name, one) for name, those in self.wanted.items() for one in those}
        assert set(told) == wanted, "somebody was not told, or was told too much"
        assert set(told.values()) <= {1}, "somebody was told twice"
        for name in PEOPLE:
            positions = {position for _, position in self.sent[name]}
            assert positions == self.wanted[name], "something was not sent, or too much"
            ids = Counter(position for _, position in set(self.sent[name]))
            assert set(ids.values()) <= {1}, "the same was sent under two ids"
