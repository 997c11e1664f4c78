"""Time comes through one narrow door, so that a simulation can hold it in its hand."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Instants are whole microseconds since the epoch, UTC: exact, sortable, the same in SQL."""

    def now(self) -> int: ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1000

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def micros(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime, without rounding."""
    return (moment - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def iso(at: int) -> str:
    """RFC 3339 in UTC, always with six decimals, so that text order is time order."""
    return instant(at).isoformat(timespec="microseconds").replace("+00:00", "Z")
