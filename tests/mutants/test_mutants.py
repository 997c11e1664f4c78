"""Every bug is planted and caught, first of all by the seed that caught it last."""

from dataclasses import replace

import pytest

from mutants.bugs import BUGS
from mutants.hunt import again, hints
from mutants.plant import Mutant


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.breaks)
def test_a_planted_bug_is_caught(bug: Mutant) -> None:
    assert again(bug).seed


def test_every_bug_can_still_be_planted() -> None:
    assert {bug.breaks: why for bug in BUGS if (why := bug.outgrown())} == {}


def test_a_line_that_cannot_run_is_no_bug() -> None:
    broken = replace(BUGS[0], new="if nobody:")
    assert broken.outgrown() == "plant it anew: Outgrown('infra.batch:Batch._held knows no nobody')"


def test_only_bugs_that_there_are_have_a_seed() -> None:
    assert hints().keys() <= {bug.breaks for bug in BUGS}
