"""A clock that leaps ahead would ask too early what can never be taken back: so it is noticed."""

from collections.abc import Callable

from infra.clock import Clock

LEAP = 10 * 60 * 1_000_000
"""Microseconds that a clock may gain on the time that has passed, while a worker runs."""
STANDSTILL = 31 * 24 * 3_600 * 1_000_000
"""Microseconds that a worker may have stood still, or the clock have leapt while it did."""


class LeapGuard:
    """Compares the database's clock with the time that has passed since the first look.

    A clock that falls back and returns has not leapt: it is compared with the latest that was
    believed. Before the first look there is nothing but the last look of another worker, and the
    last event of the log, to compare with.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: int | None = None

    def leap(self, now: int, looked_at: int, recorded_at: Callable[[], int]) -> int:
        """By how much the clock has leapt; 0 where it is believed."""
        ahead = now - self._clock.elapsed()
        if self._ahead is None:
            gained, most = now - max(looked_at, recorded_at()), STANDSTILL
        else:
            gained, most = ahead - self._ahead, LEAP
        if gained > most:
            return gained
        self._ahead = ahead if self._ahead is None else max(ahead, self._ahead)
        return 0

    def believe(self, now: int) -> None:
        """Take the clock as it is now."""
        self._ahead = now - self._clock.elapsed()
