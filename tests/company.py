"""A small company whose commands are decided for real and whose views follow its log."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self

from pace import limits
from scenario import NOON
from sqlalchemy import Connection, select

from aggregates import Aggregate, Event, Refused
from commands import Command
from infra.clock import micros
from infra.codec import Codec
from infra.database import Database
from infra.events import Entry, Recorded
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import Outcome
from projections.engine import DecodedEvent, View, generations
from projections.engine.progress import LOG
from services.bootstrap import VIEWS, request
from services.workers.apply import Applier
from services.workers.batch import Delivery
from services.workers.follow import Follower

Totals = dict[tuple[Any, ...], tuple[int, ...]]
GENERATIONS = count(1_000)
STEPS = 5_000
CODEC = Codec(Event.known)


class Company:
    """Everything lies in one database, on which several companies may stand one after another."""

    def __init__(self, url: str, views: Sequence[View] = VIEWS) -> None:
        self.database = Database(url, durable=False, limits=limits())
        self.store = LogRecorder(self.database)
        self.store.create()
        self.log = Log(self.store, CODEC)
        self.executor = Executor(self.log, Refused)
        self.views = views
        with self.database.write() as connection:
            generations.create(connection, views)
        self.follower = self.new_follower()

    def new_follower(self, views: Sequence[View] | None = None) -> Follower:
        follower = Follower(Applier(self.store, views or self.views, CODEC))
        follower.start()
        return follower

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    @property
    def read(self) -> Any:
        return self.database.read

    def ask(self, *commands: Command) -> None:
        """Do what is asked; nothing may be refused."""
        for command, answer in zip(commands, self.try_all(commands), strict=True):
            assert isinstance(answer, Outcome), answer
            assert answer.refusal is None, (command, answer)

    def try_all(self, commands: Iterable[Command]) -> list[Any]:
        """Do what is allowed of what is asked."""
        return self.executor.commit([request(command, "tester") for command in commands])

    def follow(self, batch: int = 2_000) -> Self:
        """Let the views hear all there is, in batches of so many."""
        for _ in range(STEPS):
            if not self.follower.step(batch) and self.follower.position >= self.head():
                return self
        raise AssertionError(f"not at the end after {STEPS} steps")

    def append(self, *entries: Entry) -> None:
        """Write to the log what no command would."""
        with self.database.write() as connection:
            self.store.write(connection, self.store.lock(connection), entries)

    def events(self) -> list[Recorded]:
        with self.read() as connection:
            return self.store.read(connection, 0, 1_000_000)

    def head(self) -> int:
        with self.read() as connection:
            return self.store.head(connection).position

    def states(self, kind: type[Aggregate]) -> dict[str, Any]:
        streams = {event.stream for event in self.events() if event.kind == kind.kind}
        with self.read() as connection:
            return {name: self.log.load(connection, kind, name)[0] for name in sorted(streams)}

    @contextmanager
    def made_from(
        self, view: View, events: Sequence[Recorded], batch: int = 200
    ) -> Iterator[Connection]:
        """For as long as the block lasts, these events alone are what the view was made from."""
        number = next(GENERATIONS)
        applier = Applier(self.store, [view], CODEC, shadow=number)
        applier.stand([])
        with self.database.write() as connection:
            generations.make(connection, view, number)
            for start in range(0, len(events), batch):
                applier.feed(connection, view, deliveries(events[start : start + batch]))
            old = generations.switch(connection, view.name, number)
        try:
            with self.read() as connection:
                yield connection
        finally:
            with self.database.write() as connection:
                generations.switch(connection, view.name, old)
                generations.forget(connection, view, number)

    def totals(self, view: View) -> Totals:
        """The totals as they are stored, all-zero rows left out."""
        with self.read() as connection:
            table = view.tables(generations.generation(connection, view.name)).totals
            wide = len(view.key)
            rows = [tuple(row) for row in connection.execute(select(table))]
        return {row[:wide]: row[wide:] for row in rows if any(row[wide:])}

    def ledger(self, view: View) -> list[dict[str, Any]]:
        with self.read() as connection:
            table = view.tables(generations.generation(connection, view.name)).ledger
            query = select(table).order_by(table.c.log, table.c.position, table.c.line)
            return [dict(row) for row in connection.execute(query).mappings()]


def prepared(url: str) -> None:
    """Make an empty database one that a company can stand on."""
    Company(url).database.close()


Found = Callable[[], Company]
"""Founds a company in an empty database."""


def about(kind: type[Command], **fields: Any) -> Command:
    """A request whose id follows from its other fields."""
    return kind(**fields)


def deliveries(events: Sequence[Recorded], log: str = "main") -> list[Delivery]:
    before = [0, *(event.position for event in events)]
    pairs = zip(before, events, strict=False)
    return [Delivery(LOG, event.position, log, last, event) for last, event in pairs]


def recorded(stream: str, event: Event, position: int = 1, at: datetime = NOON) -> Recorded:
    """An event as the log would hold it."""
    who = "tester", "command", "correlation", None, "incarnation", b""
    name, now = type(event).__name__, micros(at)
    data = CODEC.encode(event)
    return Recorded(
        position, stream, position, f"id-{position}", name, event.schema, now, now, *who, data
    )


def changes(view: View, stream: str, *events: Event) -> list[Any]:
    """What the events change, row by row; nothing, in a view that does not listen to them."""
    pairs = [(recorded(stream, event), event) for event in events]
    return [row for at, event in pairs if at.kind in view.kinds for row in view.changes(at, event)]


def heard(event: Recorded, decoded: Any) -> DecodedEvent:
    return DecodedEvent("main", event, decoded)


def entry(stream: str, version: int, type_name: str, data: bytes = b"{}") -> Entry:
    now = micros(datetime(2026, 3, 2, tzinfo=UTC))
    return Entry(stream, version, type_name, 1, now, "tester", "c", "c", None, data)


def added(rows: Iterable[tuple[tuple[Any, ...], Sequence[int]]]) -> Totals:
    """Sums by key, all-zero ones left out: what any view must come to."""
    sums: dict[tuple[Any, ...], Counter[int]] = {}
    for key, values in rows:
        into = sums.setdefault(key, Counter())
        for place, value in enumerate(values):
            into[place] += value
    wide = max((len(values) for values in sums.values()), default=0)
    found = {key: tuple(into[n] for n in range(wide)) for key, into in sums.items()}
    return {key: values for key, values in found.items() if any(values)}
