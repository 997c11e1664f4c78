"""Time and ids come through narrow doors, so that a simulation can hold them in its hand."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from uuid_utils import uuid7

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""On Linux it goes on while the machine sleeps."""


class Clock(Protocol):
    """Instants are whole microseconds since the epoch, UTC: exact, sortable, the same in SQL."""

    def now(self) -> int: ...

    def elapsed(self) -> int:
        """Microseconds since some moment: it never steps, whatever the date is set to."""
        ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1000

    def elapsed(self) -> int:
        return time.clock_gettime_ns(STEADY) // 1000

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def micros(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime, without rounding."""
    return (moment - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def iso(at: int) -> str:
    """RFC 3339 in UTC, always with six decimals, so that text order is time order."""
    seconds, rest = divmod(at, 1_000_000)
    days, second = divmod(seconds, 86_400)
    minutes, second = divmod(second, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day(days)}T{hour:02}:{minute:02}:{second:02}.{rest:06}Z"


@lru_cache(maxsize=1024)
def _day(number: int) -> str:
    return (EPOCH + timedelta(days=number)).date().isoformat()


Ids = Callable[[], str]


def new_id() -> str:
    """A UUIDv7: unique, and in the order of time, which keeps indexes small and warm."""
    return str(uuid7())
