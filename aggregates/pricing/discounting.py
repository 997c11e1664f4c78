"""Which discount rules apply to a line, and what they take off: exact until one last rounding.

Shares and amounts are taken one after another off what is left, as fractions; the line's amount
is rounded half up once, at the end, to whole minor units.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from aggregates.line_pricing import ExactAmount, RuleConsidered, RuleOutcome
from aggregates.pricing.terms import DiscountRuleDetails
from aggregates.validity import not_valid


class OfferedRule(NamedTuple):
    """A discount rule as it is."""

    rule: str
    version: int
    details: DiscountRuleDetails
    closed: bool


class DiscountedLine(NamedTuple):
    """A line before its discounts. `categories` are the product's own and all above it; `document`
    is what all lines of the document come to at list prices.
    """

    product: str
    categories: Sequence[str]
    quantity: int
    unit_price: int
    currency: str
    document: int


class Discounted(NamedTuple):
    """What is left of a line's amount, and every rule that was looked at."""

    amount: ExactAmount
    considered: tuple[RuleConsidered, ...]

    @property
    def taken_off(self) -> int:
        return sum([one.taken_off for one in self.considered])


def discount(ranked: Iterable[OfferedRule], line: DiscountedLine, day: date) -> Discounted:
    """The line's amount after the rules, which are those for the customer, as he ranks them.

    The first that applies decides: an exclusive one is the only one, a stackable one is followed
    by all other stackable ones.
    """
    whole = line.unit_price * line.quantity
    left, first, considered = ExactAmount(whole), "", list[RuleConsidered]()
    for each in ranked:
        rule, version, details, _ = each
        outcome, before = _looked_at(each, line, day), whole
        if outcome == "applied" and first and "exclusive" in (first, details.stacking):
            outcome = "not_combined"
        if outcome == "applied":
            less = _reduced(left, details, line.quantity)
            if less.part < 0:
                outcome = "exceeds_price"
            else:
                left, whole = less, less.rounded
                first = first or details.stacking
        considered.append(RuleConsidered(rule, version, outcome, before - whole))
    return Discounted(left, tuple(considered))


def _reduced(amount: ExactAmount, details: DiscountRuleDetails, quantity: int) -> ExactAmount:
    if details.discount_bp is not None:
        return amount.less_share(details.discount_bp)
    return amount.less((details.amount_off or 0) * quantity)


def _looked_at(each: OfferedRule, line: DiscountedLine, day: date) -> RuleOutcome:
    details = each.details
    if each.closed:
        return "closed"
    if why := not_valid(details.valid_from, details.valid_until, day):
        return why
    if details.product not in (None, line.product):
        return "other_product"
    if details.category is not None and details.category not in line.categories:
        return "other_product"
    if details.currency not in (None, line.currency):
        return "other_currency"
    if line.quantity < (details.min_quantity or 0):
        return "quantity_too_small"
    if line.document < (details.min_amount or 0):
        return "amount_too_small"
    return "applied"
