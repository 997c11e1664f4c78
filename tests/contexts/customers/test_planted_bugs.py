"""Bugs of pools, planted one at a time: the test of the rule that each breaks catches it."""

from collections.abc import Callable
from functools import partial

import pytest
from contexts.customers import test_interaction as interaction
from contexts.customers import test_public_pool as public_pool
from mutants.bugs import bug
from mutants.caught import assert_caught
from mutants.plant import Mutant

PLANTED: tuple[tuple[Mutant, Callable[[], None]], ...] = (
    (
        bug(
            "The cap is not checked at a claim",
            "commands.customers.pool:over_cap",
            "if settings.cap is None or held < settings.cap:",
            "if True:",
        ),
        partial(
            public_pool.test_nobody_gets_more_customers_from_the_pool_than_he_can_serve,
            assigned=False,
        ),
    ),
    (
        bug(
            "A customer that is given up stays on the list of who had it",
            "commands.customers.caseload:moved",
            "if before and before != after:",
            "if False:",
        ),
        public_pool.test_the_caseload_follows_every_change_of_owner,
    ),
    (
        bug(
            "A follow-up does not move the deadline",
            "commands.customers.interaction:RecordInteraction.across",
            'yield from kept(load, self.customer, "follow_up", at, at)',
            "pass",
        ),
        interaction.test_a_follow_up_moves_the_deadline_of_the_pool,
    ),
)


@pytest.mark.parametrize(("planted", "test"), PLANTED, ids=[one.breaks for one, _ in PLANTED])
def test_a_planted_bug_is_caught(planted: Mutant, test: Callable[[], None]) -> None:
    assert_caught(planted, test)
