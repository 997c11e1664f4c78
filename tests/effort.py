"""How much is tried: in the suite what finds a fault that is there, in a campaign far more."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

CAMPAIGN = bool(os.environ.get("DISTRIBUTARY_CAMPAIGN"))
"""Whether `make campaign` runs the tests."""


def effort(suite: int, campaign: int) -> int:
    """How many rounds, examples, kills."""
    return campaign if CAMPAIGN else suite


def share(every: Sequence[T], part: int, parts: int) -> Sequence[T]:
    """What one of several runs takes of it: together they take all, and in a campaign each does."""
    return every if CAMPAIGN else every[part % parts :: parts]
