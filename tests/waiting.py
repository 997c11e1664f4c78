"""Waiting for what others bring about, until it is there or nothing moves any more."""

import time
from collections.abc import Callable

from pace import limit


def until(
    done: Callable[[], object],
    seconds: float = 60.0,
    pause: float = 0.02,
    *,
    progress: Callable[[], object] = lambda: None,
    alive: Callable[[], bool] = lambda: True,
    tell: Callable[[], str] = str,
) -> None:
    """Return when it is done; fail when `progress` stands still for so many seconds.

    Seconds are those of the machine of reference. Whoever should bring it about and is no longer
    `alive` fails at once, and `tell` adds what is known of it.
    """
    last, since = progress(), time.monotonic()
    while not done():
        if (now := progress()) != last:
            last, since = now, time.monotonic()
        assert alive(), f"whoever should bring it about has ended, at {last!r}\n{tell()}"
        stood = time.monotonic() - since
        assert stood < limit(seconds), f"nothing moved for {stood:.0f} s, at {last!r}\n{tell()}"
        time.sleep(pause)
