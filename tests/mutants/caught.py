"""Whether the test of a rule notices what breaks the rule."""

from collections.abc import Callable

import pytest

from mutants.plant import Mutant

NOTICED = AssertionError, pytest.fail.Exception


def assert_caught(bug: Mutant, test: Callable[[], None], *also: type[Exception]) -> None:
    """The test holds, and with the bug it does not: it fails, or meets one of `also`."""
    test()
    with bug.planted(), pytest.raises((*NOTICED, *also)):
        test()
