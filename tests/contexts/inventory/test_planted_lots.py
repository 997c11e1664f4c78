"""Bugs of lots that would harm people, planted on purpose: the tests of the rules catch them."""

from collections.abc import Callable

import pytest
from contexts.inventory import test_lots as lots
from contexts.orders import test_backlog as backlogs
from mutants.caught import assert_caught
from mutants.plant import Mutant, bug

TERMS = "aggregates.inventory.stock.lots:LotTerms.usable"
PLANTED: tuple[tuple[Mutant, Callable[[], None]], ...] = (
    (
        bug("What has expired is issued", TERMS, "on <= self.expires_on", "True"),
        lots.test_what_expired_or_is_in_quarantine_is_scrapped_but_not_issued,
    ),
    (
        bug("What is in quarantine is issued", TERMS, "not self.quarantined and", ""),
        lots.test_what_expired_or_is_in_quarantine_is_scrapped_but_not_issued,
    ),
    (
        bug(
            "A lot is set aside for two orders",
            "aggregates.inventory.stock.lotted:spare",
            " - stock.lots.of(lot).held",
            "",
        ),
        lots.test_two_orders_never_hold_the_same_goods,
    ),
    (
        bug(
            "What expires is not what goes first",
            "aggregates.inventory.stock.lots:LotChoice.first",
            "or date.max, lot)",
            "and date.max, lot)",
        ),
        lots.test_what_expires_first_is_set_aside_and_leaves_first,
    ),
    (
        bug(
            "Whoever waits is passed by when a lot is released",
            "commands.orders.backlog:ServeFromLot.across",
            "self.id, Stock)",
            "self.id, Backlog)",
        ),
        backlogs.test_a_lot_serves_who_waits_for_it_wherever_it_lies,
    ),
)


@pytest.mark.parametrize(("planted", "test"), PLANTED, ids=[one.breaks for one, _ in PLANTED])
def test_a_planted_bug_is_caught(planted: Mutant, test: Callable[[], None]) -> None:
    assert_caught(planted, test)
