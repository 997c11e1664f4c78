"""A busy process looks for cyclic garbage seldom: nearly all it makes is gone by itself."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

REQUESTS = 20_000
"""So many new containers pass between two looks; Python's own 700 are less than one batch."""
BATCHES = 100_000
"""The same in a worker: more than a batch of 5,000 events holds at once, so it hardly looks."""


@contextmanager
def loading() -> Iterator[None]:
    """While modules are imported nothing is looked at: what they make stays, and is much."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def settle(containers: int = REQUESTS) -> None:
    """Call when all is imported and work begins: what is there by now is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(containers, 20, 50)
