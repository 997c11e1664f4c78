"""What takes too long ends, and nothing else is taken for that."""

import asyncio
from typing import Any

import pytest

from services.api.time_limit import TimeLimit


async def forever(limit: TimeLimit) -> None:
    with limit:
        await asyncio.Event().wait()


def test_what_takes_too_long_ends() -> None:
    with pytest.raises(TimeoutError):
        asyncio.run(forever(TimeLimit(0)))


def test_what_ends_in_time_leaves_no_timer_behind() -> None:
    async def quick() -> int:
        with TimeLimit(0):
            pass
        for _ in range(3):
            await asyncio.sleep(0)
        current: Any = asyncio.current_task()
        return int(current.cancelling())

    assert asyncio.run(quick()) == 0


@pytest.mark.parametrize("seconds", [None, 3_600])
def test_who_is_cancelled_by_others_has_not_run_out_of_time(seconds: float | None) -> None:
    async def cancelled() -> None:
        task = asyncio.create_task(forever(TimeLimit(seconds)))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def test_more_time_is_allowed_where_there_was_a_limit() -> None:
    async def extended() -> str:
        with TimeLimit(0) as limit:
            limit.extend(3_600)
            for _ in range(3):
                await asyncio.sleep(0)
        with TimeLimit(None) as limit:
            limit.extend(0)
            for _ in range(3):
                await asyncio.sleep(0)
        return "went on"

    assert asyncio.run(extended()) == "went on"
