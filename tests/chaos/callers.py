"""Callers of the API, and the book of what they asked and were told, kept outside of it."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any, NamedTuple, Protocol

from workers.company import Business

from commands import Command
from commands.catalog.product import AddProduct
from commands.fieldwork.task import CompleteTask, CreateTask, RescheduleTask
from commands.orders.order import ApproveOrder, DraftOrder, Line, SubmitOrder

PATIENCE = 6.0
PAUSE = 0.02
INTERNAL = 500
UNCLEAR = {INTERNAL, 503, 504}
"""What became of the command is not known: the same key finds out."""
LEAST, MOST = 1, 15
"""Seconds for which goods are held or waited for, or until a task is due."""
ITEMS = "abc"
HANDS = 4


class Answer(NamedTuple):
    """What was told; a refusal's events are not, but for the position of the last."""

    refusal: str | None
    position: int
    version: int
    places: tuple[tuple[int, str, int, str], ...] = ()


@dataclass
class Asked:
    """One command and every different answer it got, in their order.

    A refusal that is no event is decided anew when it is asked again; whatever is in the log stays.
    """

    key: str
    path: str
    body: str
    actor: str
    answers: list[Answer] = field(default_factory=list)
    strange: str | None = None
    internal: int = 0

    def hear(self, answer: Answer) -> None:
        if answer not in self.answers:
            self.answers.append(answer)

    @property
    def is_accepted(self) -> bool:
        return bool(self.answers) and self.answers[-1].refusal is None

    @property
    def is_contradicted(self) -> bool:
        """Whether what was accepted got another answer later."""
        return any(answer.refusal is None for answer in self.answers[:-1])


class Address(NamedTuple):
    port: int
    keys: Mapping[str, str]
    """By account."""


class Connection:
    """A connection that is made anew after every trouble."""

    def __init__(self, address: Address) -> None:
        self.inner = HTTPConnection("127.0.0.1", address.port, timeout=PATIENCE)
        self.keys = address.keys

    def ask(self, asked: Asked) -> bool:
        """Whether an answer came."""
        headers = {
            "Authorization": f"Bearer {self.keys[asked.actor]}",
            "Content-Type": "application/json",
            "Idempotency-Key": asked.key,
            "If-Match": "*",
        }
        try:
            self.inner.request("POST", asked.path, asked.body, headers)
            came = self.inner.getresponse()
            said = came.read()
        except (OSError, HTTPException):
            self.inner.close()
            return False
        answer = None if came.status in UNCLEAR else _understood(came.status, json.loads(said))
        asked.internal += came.status == INTERNAL
        if answer is not None:
            asked.hear(answer)
        elif came.status not in UNCLEAR:
            asked.strange = f"{came.status} {said.decode()[:500]}"
        return answer is not None

    def close(self) -> None:
        self.inner.close()


def _understood(status: int, content: dict[str, Any]) -> Answer | None:
    if status in {200, 201}:
        places = [(e["position"], e["stream"], e["version"], e["type"]) for e in content["events"]]
        return Answer(None, content["position"], content["version"], tuple(places))
    if "refusal" in content:
        return Answer(content["refusal"], content["position"], content["version"])
    return None


class Trade(Business):
    """Business with orders, some of which must wait for their goods, and with tasks."""

    def __init__(self, draw: Random, who: str, submitted: list[str]) -> None:
        """`submitted` gets the orders that are, of all callers."""
        super().__init__(draw, who)
        self.coming: list[Command] = []
        self.submitted = submitted

    def next(self) -> Command:
        if self.number == 2:
            what = {"category": "x", "unit": "box", "list_price": 990, "currency": "CNY"}
            self.coming += [AddProduct(id=item, name=item, **what) for item in ITEMS]
        elif self.number and self.draw.random() < 0.06:
            self.coming += self._order(f"order{self.who}-{self.number}")
        elif self.number and self.draw.random() < 0.06:
            self.coming += self._task(f"task{self.who}-{self.number}")
        if not self.coming:
            return super().next()
        self.number += 1
        command = self.coming.pop(0)
        if isinstance(command, SubmitOrder):
            self.submitted.append(command.id)
        return command

    def _order(self, id: str) -> list[Command]:
        lines = (Line(item=self.draw.choice(ITEMS), quantity=self.draw.randint(1, 150)),)
        where = {"customer": f"customer{self.who}", "warehouse": f"wh-{self.draw.randrange(8)}"}
        approve = ApproveOrder(id=id, hold_until=self._soon(), wait_until=self._soon())
        return [DraftOrder(id=id, lines=lines, **where), SubmitOrder(id=id), approve]

    def _task(self, id: str) -> Iterator[Command]:
        """One that is given a number and forgotten, or one that is put off or done."""
        told = {"title": "Call", "owner": f"rep{self.who}"}
        if self.draw.random() < 0.6:
            yield CreateTask(due=self._later(), **told)
            return
        yield CreateTask(id=id, due=self._later(), **told)
        later: list[Command] = [RescheduleTask(id=id, due=self._later()), CompleteTask(id=id)]
        yield self.draw.choice(later)

    def _soon(self) -> datetime | None:
        """An instant at which something is due by itself, or none."""
        later = self._later()
        return later if self.draw.random() < 0.5 else None

    def _later(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.draw.uniform(LEAST, MOST))


class Source(Protocol):
    """What a caller asks for, one after another."""

    number: int

    def next(self) -> Command: ...


class Caller(Thread):
    """Asks for ever; asks some things again, in doubt and without."""

    def __init__(
        self, who: str, actor: str, source: Source, draw: Random, address: Address, done: Event
    ) -> None:
        super().__init__(daemon=True, name=who)
        self.who, self.actor, self.source = who, actor, source
        self.draw, self.address, self.done = draw, address, done
        self.book: list[Asked] = []

    def run(self) -> None:
        line = Connection(self.address)
        while not self.done.wait(self.draw.uniform(0, 2 * PAUSE)):
            command = self.source.next()
            self.book.append(entry(command, f"{self.who}-{self.source.number}", self.actor))
            if not line.ask(self.book[-1]) and self.draw.random() < 0.5:
                self.done.wait(self.draw.uniform(0, 1))
                line.ask(self.book[-1])
            if self.draw.random() < 0.05:
                line.ask(self.draw.choice(self.book))
        line.close()


def entry(command: Command, key: str, actor: str) -> Asked:
    left_out = set() if command.id else {"id"}  # the next number of its series
    body = command.model_dump_json(exclude_none=True, exclude=left_out)
    return Asked(key, f"/commands/{command.slug()}", body, actor)


def ask_all(commands: Iterable[Command], actor: str, address: Address, limit: float) -> list[Asked]:
    """Ask one after another, each until it is answered."""
    book = [entry(command, f"{actor}-{n}", actor) for n, command in enumerate(commands)]
    _insist(book, address, time.monotonic() + limit)
    return book


def settle(book: Sequence[Asked], address: Address, draw: Random, limit: float) -> None:
    """Ask again for what has no answer or a refusal, and for some of the rest; in doubt twice."""
    deadline = time.monotonic() + limit
    unknown = [asked for asked in book if not asked.answers]
    some = draw.sample(book, min(len(book), 200))
    refused = [asked for asked in book if asked.answers and not asked.is_accepted]
    once = {asked.key: asked for asked in (*unknown, *refused, *some)}
    for again in ([*once.values()], unknown):
        with ThreadPoolExecutor(HANDS) as hands:
            for mine in (again[n::HANDS] for n in range(HANDS)):
                hands.submit(_insist, mine, address, deadline)


def _insist(book: Iterable[Asked], address: Address, deadline: float) -> None:
    line = Connection(address)
    for asked in book:
        while not line.ask(asked) and not asked.strange and time.monotonic() < deadline:
            time.sleep(0.1)
    line.close()


def keep(book: Iterable[Asked], file: Path) -> None:
    """What was asked and told, for whoever looks for the cause."""
    with file.open("w") as out:
        for asked in book:
            out.write(json.dumps([asked.key, asked.path, asked.body, asked.answers]) + "\n")
