"""A busy process looks for cyclic garbage seldom: nearly all it makes is gone by itself."""

import gc

OBJECTS = 20_000
"""So many new containers pass between two looks; Python's own 700 are less than one batch."""


def settle() -> None:
    """Call when all is imported and work begins: what is there by now is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 50)
