"""Time and ids come through narrow doors, so that a simulation can hold them in its hand."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from uuid_utils import uuid7

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


Ids = Callable[[], str]


def new_id() -> str:
    """A UUIDv7: unique, and in the order of time, which keeps indexes small and warm."""
    return str(uuid7())
