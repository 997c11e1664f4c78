"""A few of the bugs, caught at once; `make mutants` plants them all."""

import pytest

from mutants.bugs import BUGS
from mutants.hunt import hunt
from mutants.plant import Mutant

ENOUGH = 12
AT_ONCE = (
    "A batch decided ahead is written upon any head",
    "The publisher takes what it has sent for acknowledged",
    "A view takes what it has already",
    "A zombie is not fenced off",
    "The last row of a longer batch is not entered",
    "A view claims what only others of its partitions have",
)


QUICK = [bug for bug in BUGS if bug.breaks in AT_ONCE]


@pytest.mark.parametrize("bug", QUICK, ids=lambda bug: bug.breaks)
def test_a_planted_bug_is_caught(bug: Mutant) -> None:
    assert hunt(bug, ENOUGH).violation


def test_every_bug_can_still_be_planted() -> None:
    assert {bug.breaks: why for bug in BUGS if (why := bug.outgrown())} == {}
    assert len(QUICK) == len(AT_ONCE)
