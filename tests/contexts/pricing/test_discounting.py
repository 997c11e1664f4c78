"""Discount rules: which apply, in which order, and what they take off to the last fen."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario import World

from aggregates.catalog.category import Category
from aggregates.line_pricing import ExactAmount
from aggregates.organisation.region import Region
from aggregates.plain import Unfit
from aggregates.pricing.discount_rule import DiscountRule
from aggregates.pricing.discounting import (
    DiscountedLine,
    OfferedRule,
    discount,
)
from aggregates.pricing.terms import Buyer, DiscountRuleDetails
from commands.plain import verbs

DAY = date(2026, 3, 2)
SHOP = Buyer("C-1", "retailer", "A", "east")
LINE = DiscountedLine("tea", ("green", "drinks"), 3, 999, "CNY", 2_997)
assert Category.kind, Region.kind


def rule(id: str, priority: int = 1, stacking: str = "stackable", **more: object) -> OfferedRule:
    details = DiscountRuleDetails(id, priority, stacking, **more)  # type: ignore[arg-type]
    return OfferedRule(id, 1, details, closed=False)


def outcomes(*rules: OfferedRule, line: DiscountedLine = LINE) -> dict[str, str]:
    return {one.id: one.outcome for one in discount(SHOP.ranked(rules), line, DAY).considered}


offered = st.builds(
    lambda name, priority, stacking, share, off, kind, closed: OfferedRule(
        name,
        1,
        DiscountRuleDetails(
            "a rule",
            priority,
            stacking,
            share,
            off if share is None else None,
            "CNY",
            customer_kind=kind,
        ),
        closed,
    ),
    st.text("abc", min_size=1, max_size=2),
    st.integers(0, 3),
    st.sampled_from(["exclusive", "stackable"]),
    st.none() | st.integers(1, 10_000),
    st.integers(1, 600),
    st.sampled_from([None, "retailer", "dealer"]),
    st.booleans(),
)
many = st.lists(offered, max_size=6, unique_by=lambda one: one.rule)


@given(many)
def test_the_amount_is_what_a_plain_reckoning_of_the_rules_says(rules: list[OfferedRule]) -> None:
    mine = [one for one in rules if not one.closed and one.details.customer_kind != "dealer"]
    mine.sort(key=lambda one: (-one.details.priority, one.rule))
    left, first = Fraction(LINE.unit_price * LINE.quantity), None
    for one in mine:
        if first is not None and "exclusive" in (first, one.details.stacking):
            continue
        share, off = one.details.discount_bp, one.details.amount_off
        taken = left * share / 10_000 if share else Fraction((off or 0) * LINE.quantity)
        after = left - taken
        if after >= 0:
            left, first = after, first or one.details.stacking
    assert Fraction(*discount(SHOP.ranked(rules), LINE, DAY).amount) == left


@given(many)
def test_what_each_rule_took_off_sums_to_what_is_missing_from_the_price(
    rules: list[OfferedRule],
) -> None:
    found = discount(SHOP.ranked(rules), LINE, DAY)
    assert LINE.unit_price * LINE.quantity - found.taken_off == found.amount.rounded
    assert found.amount.part >= 0
    assert all(one.taken_off == 0 for one in found.considered if one.outcome != "applied")


def test_an_exclusive_rule_stands_alone_and_never_joins_others() -> None:
    spring, bulk = rule("spring", 3, discount_bp=500), rule("bulk", 1, discount_bp=500)
    alone = rule("alone", 2, "exclusive", discount_bp=2_000)
    assert outcomes(spring, alone, bulk) == {
        "spring": "applied",
        "alone": "not_combined",
        "bulk": "applied",
    }
    first = rule("alone", 9, "exclusive", discount_bp=2_000)
    assert outcomes(spring, first, bulk) == {
        "alone": "applied",
        "spring": "not_combined",
        "bulk": "not_combined",
    }


def test_the_amount_is_rounded_once_and_half_up() -> None:
    line = LINE._replace(quantity=1, unit_price=101)
    halves = [rule("a", discount_bp=5_000), rule("b", discount_bp=5_000)]
    twice = discount(SHOP.ranked(halves), line, DAY)
    assert Fraction(*twice.amount) == Fraction(101, 4)
    assert twice.amount.rounded == 25
    assert ExactAmount(5, 2).rounded == 3


def test_an_expired_rule_is_not_applied() -> None:
    assert outcomes(rule("spring", discount_bp=500, valid_until="2026-03-01")) == {
        "spring": "expired"
    }
    assert outcomes(rule("summer", discount_bp=500, valid_from="2026-03-03")) == {
        "summer": "not_yet_valid"
    }


def test_rules_that_do_not_apply_say_why() -> None:
    assert outcomes(
        rule("coffee", discount_bp=1, product="coffee"),
        rule("food", discount_bp=1, category="food"),
        rule("drinks", discount_bp=1, category="drinks"),
        rule("dollars", amount_off=1, currency="USD"),
        rule("bulk", discount_bp=1, min_quantity=4),
        rule("large", discount_bp=1, currency="CNY", min_amount=2_998),
        rule("dear", amount_off=1_000, currency="CNY"),
    ) == {
        "bulk": "quantity_too_small",
        "coffee": "other_product",
        "dear": "exceeds_price",
        "dollars": "other_currency",
        "drinks": "applied",
        "food": "other_product",
        "large": "amount_too_small",
    }


@pytest.mark.parametrize(
    "asked",
    [{}, {"discount_bp": 500, "amount_off": 5, "currency": "CNY"}, {"amount_off": 5}],
    ids=["nothing", "both", "no currency"],
)
def test_a_rule_takes_off_a_share_or_an_amount_of_a_currency(asked: dict[str, object]) -> None:
    register = verbs(DiscountRule).register
    common = {"id": "spring", "name": "Spring", "priority": 1, "stacking": "exclusive"}
    World().refuses(register(**common, **asked), Unfit)
