"""A bug of prices is caught: whatever forgets a rule of prices or quotations fails a story."""

from collections.abc import Callable

import pytest
from contexts.pricing import test_contract as contract
from contexts.pricing import test_discounting as discounting
from contexts.pricing import test_list_price as list_price
from contexts.pricing import test_order_prices as order_prices
from contexts.pricing import test_quotation as quotation
from mutants.caught import assert_caught
from mutants.plant import Mutant

from aggregates import Refused

CONTRACT = "aggregates.pricing.contract:Contract"
QUOTATION = "aggregates.pricing.quotation:Quotation"
VALIDITY = "if why := not_valid(details.valid_from, details.valid_until, day):"
Story = Callable[[], None]
BUGS: list[tuple[Mutant, Story]] = [
    (
        Mutant(
            "A superseded quotation is ordered",
            f"{QUOTATION}.newest",
            "if revision != self.revision:",
            "if False:",
        ),
        quotation.test_a_superseded_quotation_cannot_become_an_order,
    ),
    (
        Mutant(
            "A quotation is accepted after its last day",
            f"{QUOTATION}._in_time",
            "if self.current.expires_at <= at:",
            "if False:",
        ),
        quotation.test_after_its_last_day_nothing_is_accepted_even_before_it_was_marked_expired,
    ),
    (
        Mutant(
            "A revision that was sent is written over",
            f"{QUOTATION}.revise",
            "self.revision if draft else self.revision + 1",
            "self.revision",
        ),
        quotation.test_each_revision_that_was_sent_stays_readable,
    ),
    (
        Mutant(
            "A contract is overdrawn",
            f"{CONTRACT}.draw",
            "if one.quantity > (left := every[one.line]):",
            "if one.quantity > (left := now.lines[one.line - 1].quantity):",
        ),
        contract.test_no_more_is_ordered_than_a_contract_says,
    ),
    (
        Mutant(
            "What was cancelled stays taken of a contract",
            f"{CONTRACT}.keep",
            "if now != before:",
            "if False:",
        ),
        contract.test_what_is_cancelled_of_an_order_can_be_ordered_again,
    ),
    (
        Mutant(
            "An opportunity is lost over an order",
            "commands.opportunities.opportunity:_goes_on",
            'not in ("rejected", "cancelled")',
            'in ("cancelled",)',
        ),
        quotation.test_an_opportunity_is_never_lost_while_a_quotation_or_an_order_goes_on,
    ),
    (
        Mutant(
            "A price is taken from a list that is no longer valid",
            "aggregates.pricing.price_choice:_looked_at",
            VALIDITY,
            "if why := None:",
        ),
        order_prices.test_a_list_that_is_no_longer_valid_gives_no_price,
    ),
    (
        Mutant(
            "The newest version counts before its day",
            "aggregates.pricing.list_price:ListPrice.on",
            "if one.valid_from <= day",
            "if True",
        ),
        list_price.test_a_new_version_counts_from_its_day_and_leaves_the_days_before,
    ),
    (
        Mutant(
            "A rule that is no longer valid is applied",
            "aggregates.pricing.discounting:_looked_at",
            VALIDITY,
            "if why := None:",
        ),
        discounting.test_an_expired_rule_is_not_applied,
    ),
]


@pytest.mark.parametrize(("bug", "story"), BUGS, ids=[bug.breaks for bug, _ in BUGS])
def test_a_bug_of_prices_is_caught(bug: Mutant, story: Story) -> None:
    assert_caught(bug, story, Refused)
