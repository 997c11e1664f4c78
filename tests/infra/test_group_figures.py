"""The queue tells who listens of each batch once, and counts whom it turned away."""

import asyncio
import threading
from typing import Any

import pytest
from accounts import Pay, ask
from pace import limit

from infra.executor import Executor
from infra.group import GroupCommit, Overloaded

LIMIT = 30


def test_who_was_turned_away_is_counted(executor: Executor) -> None:
    async def crowd() -> None:
        for _ in range(2):
            group.submit(ask(Pay("a")))
        for _ in range(3):
            with pytest.raises(Overloaded):
                group.submit(ask(Pay("a")))

    group = GroupCommit(executor, waiting=2)
    asyncio.run(crowd())
    assert group.turned_away == 3


def test_a_batch_is_observed_once(executor: Executor) -> None:
    seen: list[tuple[int, float, str]] = []

    async def crowd() -> None:
        asked = [group.submit(ask(Pay("a"))) for _ in range(5)]
        group.start()
        async with asyncio.timeout(limit(LIMIT)):
            await asyncio.gather(*asked)

    def heard(answers: Any, seconds: float) -> None:
        seen.append((len(answers), seconds, threading.current_thread().name))

    group = GroupCommit(executor, heard=heard)
    asyncio.run(crowd())
    group.stop()
    ((size, seconds, thread),) = seen
    assert (size, thread) == (5, "group-commit")
    assert 0 < seconds < LIMIT
