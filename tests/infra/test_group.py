"""Whoever waits shares a commit: all are answered, in their own order, and nobody harms another."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from accounts import Blunder, Pay, Take, ask
from pace import limit

from infra.executor import Executor
from infra.group import GroupCommit, Overloaded, QueuedCommand
from infra.requests import Answer, KeyReused, Outcome, Request

LIMIT = 30


class Gate:
    """An executor that waits at a gate before each commit, and remembers how many came at once."""

    def __init__(self, executor: Executor) -> None:
        self.commit_really = executor.commit
        self.open = threading.Event()
        self.sizes: list[int] = []

    def commit(self, requests: list[Request]) -> list[Answer]:
        assert self.open.wait(LIMIT)
        self.sizes.append(len(requests))
        return self.commit_really(requests)


@pytest.fixture
def gate(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate(executor)
    monkeypatch.setattr(executor, "commit", gate.commit)
    return gate


@asynccontextmanager
async def running(executor: Executor, **options: int) -> AsyncIterator[GroupCommit]:
    group = GroupCommit(executor, **options)
    group.start()
    try:
        yield group
    finally:
        await asyncio.to_thread(group.stop)


def test_each_of_many_clients_keeps_its_order(executor: Executor) -> None:
    async def client(group: GroupCommit, number: int) -> list[int]:
        asked = [group.submit(ask(Pay(f"c{number}"))) for _ in range(3)]
        versions = [(await answer).version for answer in asked]
        return [*versions, (await group.submit(ask(Pay(f"c{number}")))).version]

    async def crowd() -> list[list[int]]:
        async with running(executor) as group, asyncio.timeout(limit(LIMIT)):
            return await asyncio.gather(*(client(group, number) for number in range(200)))

    assert asyncio.run(crowd()) == [[1, 2, 3, 4]] * 200


def test_what_gathers_during_a_commit_goes_into_the_next(executor: Executor, gate: Gate) -> None:
    async def crowd() -> None:
        async with running(executor, batch=32) as group, asyncio.timeout(limit(LIMIT)):
            asked = [group.submit(ask(Pay("a"))) for _ in range(100)]
            gate.open.set()
            await asyncio.gather(*asked)

    asyncio.run(crowd())
    assert max(gate.sizes) <= 32
    assert len(gate.sizes) <= 5
    assert sum(gate.sizes) == 100


def test_everybody_gets_an_answer_of_their_own(executor: Executor) -> None:
    async def crowd() -> list[Outcome | BaseException]:
        async with running(executor) as group, asyncio.timeout(limit(LIMIT)):
            asks = (Pay("a"), "k1"), (Pay("a", 2), "k1"), (Take("a", 9), "k2"), (Blunder("a"), "k3")
            asked = [group.submit(ask(command, key)) for command, key in asks]
            return await asyncio.gather(*asked, return_exceptions=True)

    paid, reused, refused, fault = asyncio.run(crowd())
    assert isinstance(paid, Outcome)
    assert isinstance(refused, Outcome)
    assert (paid.version, refused.refusal) == (1, "TooLittle")
    assert isinstance(reused, KeyReused)
    assert isinstance(fault, KeyError)


def test_a_full_queue_turns_away_at_once(executor: Executor, gate: Gate) -> None:
    async def crowd() -> int:
        async with running(executor, batch=1, waiting=3) as group, asyncio.timeout(limit(LIMIT)):
            asked = [group.submit(ask(Pay("a"), "first"))]
            while group.depth:  # until the thread has taken it
                await asyncio.sleep(0.001)
            asked += [group.submit(ask(Pay("a"))) for _ in range(3)]
            with pytest.raises(Overloaded, match="same key"):
                group.submit(ask(Pay("a")))
            gate.open.set()
            return len(await asyncio.gather(*asked))

    assert asyncio.run(crowd()) == 4


def test_stop_answers_all_that_wait_and_lets_nobody_in(executor: Executor, gate: Gate) -> None:
    async def crowd() -> list[int]:
        group = GroupCommit(executor, batch=4)
        group.start()
        asked = [group.submit(ask(Pay("a"))) for _ in range(30)]
        stopping = asyncio.create_task(asyncio.to_thread(group.stop, LIMIT))
        gate.open.set()
        await stopping
        with pytest.raises(Overloaded):
            group.submit(ask(Pay("a")))
        async with asyncio.timeout(limit(LIMIT)):
            return [answer.version for answer in await asyncio.gather(*asked)]

    assert asyncio.run(crowd()) == [*range(1, 31)]


class Tail(deque[QueuedCommand]):
    """A queue that somebody joins at the very moment it has been found empty."""

    def __init__(self, joins: Callable[[], None]) -> None:
        super().__init__()
        self.joins = [joins]

    def __bool__(self) -> bool:
        waiting = len(self) > 0
        if not waiting and self.joins:
            self.joins.pop()()
        return waiting


def test_who_came_just_before_the_end_is_answered(executor: Executor) -> None:
    async def crowd() -> Outcome:
        loop, group = asyncio.get_running_loop(), GroupCommit(executor)
        late = QueuedCommand(ask(Pay("a")), loop, loop.create_future())

        def join_and_stop() -> None:
            group._queue.append(late)
            group._gathered.set()
            group._stopping = True

        group._queue = Tail(join_and_stop)
        group.start()
        group._gathered.set()
        async with asyncio.timeout(limit(5)):
            return await late.answer

    assert asyncio.run(crowd()).version == 1


def test_an_asker_who_leaves_harms_nobody(executor: Executor, gate: Gate) -> None:
    async def crowd() -> tuple[Outcome, Outcome]:
        async with running(executor) as group, asyncio.timeout(limit(LIMIT)):
            leaving = group.submit(ask(Pay("a"), "left"))
            staying = group.submit(ask(Pay("a")))
            leaving.cancel()
            gate.open.set()
            return await staying, await group.submit(ask(Pay("a"), "left"))

    stayed, again = asyncio.run(crowd())
    assert (stayed.version, again.version, again.repeated) == (2, 1, True)


def test_a_loop_that_is_gone_harms_nobody(executor: Executor, gate: Gate) -> None:
    group = GroupCommit(executor)
    group.start()

    async def leave() -> None:
        group.submit(ask(Pay("a")))

    async def stay() -> Outcome:
        async with asyncio.timeout(limit(LIMIT)):
            return await group.submit(ask(Pay("a")))

    asyncio.run(leave())
    gate.open.set()
    assert asyncio.run(stay()).version == 2
    group.stop()


def test_what_breaks_the_whole_batch_is_told_to_all(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> list[Answer]:
        raise MemoryError("no room")

    monkeypatch.setattr(executor, "commit", broken)

    async def crowd() -> list[Outcome | BaseException]:
        async with running(executor) as group, asyncio.timeout(limit(LIMIT)):
            asked = [group.submit(ask(Pay("a"))) for _ in range(3)]
            return await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in asyncio.run(crowd())] == [MemoryError] * 3
