"""Bugs that would cost money, planted on purpose: the tests of the rules catch them."""

from collections.abc import Callable

import pytest
from contexts.receivables import test_credit as credit
from contexts.receivables import test_credit_of_merged as merged
from contexts.receivables import test_invoice as invoice
from contexts.receivables import test_receipt as receipt
from mutants.caught import assert_caught
from mutants.plant import Mutant, bug

PLANTED: tuple[tuple[Mutant, Callable[[], None]], ...] = (
    (
        bug(
            "What a merged customer owes takes of no credit limit",
            "commands.customers.merge:MergeCustomer.across",
            "yield from moved(load, self.id)",
            "pass",
        ),
        merged.test_what_both_owe_is_one_figure_under_one_limit_until_they_are_taken_apart,
    ),
    (
        bug(
            "An order of a merged customer is checked against no limit",
            "commands.receivables.credit:beyond_limit",
            "paying(load, drafted.customer)",
            "drafted.customer",
        ),
        merged.test_what_both_owe_is_one_figure_under_one_limit_until_they_are_taken_apart,
    ),
    (
        bug(
            "What is cancelled still takes of the credit limit",
            "commands.orders.order:CancelOrder.across",
            "yield from order_entered(load, self.id)",
            "pass",
        ),
        credit.test_what_is_cancelled_is_released,
    ),
    (
        bug(
            "An allocation goes beyond the receipt",
            "aggregates.receivables.receipt:Receipt.usable",
            "if not 0 < amount <= self.left:",
            "if not 0 < amount:",
        ),
        receipt.test_no_more_is_allocated_than_was_received_or_is_open,
    ),
    (
        bug(
            "A delivery is invoiced once more under another number",
            "commands.receivables.invoice:IssueInvoice.across",
            "order.invoices.get(self.shipment)",
            "None",
        ),
        invoice.test_what_was_delivered_is_invoiced_at_most_once,
    ),
    (
        bug(
            "What comes back is credited and still settled by what was paid",
            "commands.receivables.allocation:undone",
            "yield Invoice.stream(part.invoice), undo",
            "pass",
        ),
        receipt.test_what_comes_back_after_it_was_paid_for_is_an_advance_again,
    ),
)


@pytest.mark.parametrize(("planted", "test"), PLANTED, ids=[one.breaks for one, _ in PLANTED])
def test_a_planted_bug_is_caught(planted: Mutant, test: Callable[[], None]) -> None:
    assert_caught(planted, test)
