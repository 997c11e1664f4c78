"""Every bug is planted and caught, as `make mutants` tells in a table."""

import pytest

from mutants.bugs import BUGS
from mutants.hunt import hunt
from mutants.plant import Mutant


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.breaks)
def test_a_planted_bug_is_caught(bug: Mutant) -> None:
    assert hunt(bug).violation


def test_every_bug_can_still_be_planted() -> None:
    assert {bug.breaks: why for bug in BUGS if (why := bug.outgrown())} == {}
