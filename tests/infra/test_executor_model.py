"""Whatever is asked, in whatever batches and with whatever restarts: a page of model agrees."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from accounts import Ask, Bill, Blunder, Decline, Look, Move, Pay, Refused, Take, ask, codec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.database import Database
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import KeyReused, Request, VersionMismatch

Start = Callable[[], Executor]
IDS = st.sampled_from(["a", "b", "c"])
AMOUNTS = st.integers(1, 6)
ASKS = st.one_of(
    *(st.builds(kind, IDS, AMOUNTS) for kind in (Pay, Pay, Take, Decline, Look, Blunder)),
    st.builds(Move, IDS, AMOUNTS, to=IDS),
    st.builds(Bill, IDS, AMOUNTS, bill=IDS),
)
STEPS = st.lists(
    st.tuples(
        ASKS,
        st.integers(0, 12),  # the key: few, so that they repeat
        st.none() | st.integers(0, 4),  # the version seen
        st.sampled_from(["", "", "", "commit", "restart"]),  # what happens next
    ),
    max_size=40,
)
NUMBERS = count()
Answer = tuple[Any, ...]


@dataclass
class Model:
    """Accounts, keys and the number of events, as anybody would keep them."""

    position: int
    balances: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    keys: dict[str, tuple[bytes, Answer]] = field(default_factory=dict)
    bills: dict[Any, tuple[int, Any]] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        if request.key in self.keys:
            content, first = self.keys[request.key]
            again = first if first[0] == "repeated" else ("repeated", *first)
            return again if content == request.content else (KeyReused,)
        command: Any = request.command
        if request.expected is not None and request.expected != self.versions[command.id]:
            return (VersionMismatch,)
        if isinstance(command, Blunder):
            return (KeyError,)
        answer = self.decide(command)
        if answer[0] in (None, "repeated") or answer[3]:  # any other no is decided anew
            self.keys[request.key] = request.content, answer
        return answer

    def decide(self, command: Ask) -> Answer:
        refusal, events = None, []
        there = self.balances[command.id]
        bill = (command.id, command.bill) if isinstance(command, Bill) else None
        if bill in self.bills:
            amount, event = self.bills[bill]
            version = self.versions[command.id]
            if amount != command.amount:
                return "BillTaken", version, self.position, []
            return "repeated", None, version, event[0], [event]
        if isinstance(command, Look):
            return "repeated", None, self.versions[command.id], self.position, []
        if isinstance(command, Move) and command.to == command.id:
            there += command.amount
        if isinstance(command, Take | Move) and there < command.amount:
            refusal = "TooLittle"
        else:
            events = [self.apply(*change) for change in changes(command)]
            refusal = "Declined" if isinstance(command, Decline) else None
            if bill:
                self.bills[bill] = command.amount, events[0]
        return refusal, self.versions[command.id], self.position, events

    def apply(self, id: str, kind: str, amount: int) -> tuple[int, str, int]:
        self.position += 1
        self.balances[id] += amount
        self.versions[id] += 1
        return self.position, kind, self.versions[id]


def changes(command: Ask) -> Iterator[tuple[str, str, int]]:
    match command:
        case Bill():
            yield command.id, "Billed", command.amount
        case Move():
            yield command.to, "Paid", command.amount
            yield command.id, "Taken", -command.amount
        case Pay():
            yield command.id, "Paid", command.amount
        case Take():
            yield command.id, "Taken", -command.amount
        case Decline():
            yield command.id, "Declined", 0


def answered(answer: Any) -> Answer:
    if isinstance(answer, Exception):
        return (type(answer),)
    events = [(event.position, event.type, event.version) for event in answer.events]
    plain = (answer.refusal, answer.version, answer.position, events)
    return ("repeated", *plain) if answer.repeated else plain


def agree(recorder: LogRecorder, start: Start, steps: list[Any]) -> None:
    run = f"r{next(NUMBERS)}"  # the log goes on from run to run, as in life
    with recorder.database.read() as connection:
        model = Model(recorder.head(connection).position)
    executor, waiting = start(), list[Request]()
    for command, key, expected, then in [*steps, (Look("a"), -1, None, "commit")]:
        named = rename(command, run)
        waiting.append(ask(named, f"{run}-{key}", expected))
        if then:
            found = [answered(answer) for answer in executor.commit(waiting)]
            assert found == [model.answer(request) for request in waiting]
            waiting = []
        if then == "restart":
            executor = start()
    fold(recorder, model)


def rename(command: Ask, run: str) -> Ask:
    if isinstance(command, Move):
        return Move(f"{run}{command.id}", command.amount, to=f"{run}{command.to}")
    if isinstance(command, Bill):
        return Bill(f"{run}{command.id}", command.amount, bill=command.bill)
    return type(command)(f"{run}{command.id}", command.amount)


def fold(recorder: LogRecorder, model: Model) -> None:
    """The events by themselves come to what the model holds."""
    for name, total in model.balances.items():
        with recorder.database.read() as connection:
            history = recorder.history(connection, f"account-{name}")
        assert [event.version for event in history] == [*range(1, model.versions[name] + 1)]
        assert sum(signed(event.type, event.data) for event in history) == total


def signed(kind: str, data: bytes) -> int:
    event = codec().decode(kind, 1, data)
    return {"Paid": 1, "Billed": 1, "Taken": -1}.get(kind, 0) * int(event.amount)


calm = settings(
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(calm, max_examples=60)
@given(steps=STEPS)
def test_the_executor_is_the_model(recorder: LogRecorder, start: Start, steps: list[Any]) -> None:
    agree(recorder, start, steps)


@settings(calm, max_examples=300)
@given(steps=STEPS)
def test_the_executor_is_the_model_many_times(sqlite_url: str, steps: list[Any]) -> None:
    database = Database(sqlite_url, durable=False)
    recorder = LogRecorder(database)
    recorder.create()
    agree(recorder, lambda: Executor(Log(recorder, codec()), Refused), steps)
    database.close()
