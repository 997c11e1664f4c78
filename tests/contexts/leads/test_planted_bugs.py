"""Bugs of leads, planted one at a time: the test of the rule that each breaks catches it."""

from collections.abc import Callable

import pytest
from contexts.leads import test_leads as leads
from mutants.bugs import bug
from mutants.caught import assert_caught
from mutants.plant import Mutant

PLANTED: tuple[tuple[Mutant, Callable[[], None]], ...] = (
    (
        bug(
            "A lead that was converted is converted again",
            "aggregates.leads.lead:Lead.evolve",
            'status="converted", converted=event',
            'status="qualified"',
        ),
        leads.test_a_lead_is_converted_once_and_only_when_it_is_qualified,
    ),
    (
        bug(
            "A lead is given to somebody who has as many as is allowed",
            "aggregates.leads.lead:Lead.assign",
            "if cap is not None and assigned.load > cap:",
            "if False:",
        ),
        leads.test_whose_turn_it_is_passes_over_whoever_has_enough,
    ),
    (
        bug(
            "The desk does not count down what is given up",
            "aggregates.leads.desk:LeadDesk.follow",
            "if before:",
            "if False:",
        ),
        leads.test_whose_turn_it_is_passes_over_whoever_has_enough,
    ),
    (
        bug(
            "A collision does not hold a conversion",
            "commands.leads.conversion:ConvertLead.across",
            "if one.ruled is None",
            "if False",
        ),
        leads.test_no_two_owners_get_the_same_company_without_a_ruling,
    ),
)


@pytest.mark.parametrize(("planted", "test"), PLANTED, ids=[one.breaks for one, _ in PLANTED])
def test_a_planted_bug_is_caught(planted: Mutant, test: Callable[[], None]) -> None:
    assert_caught(planted, test)
