"""A discount rule takes a share or an amount off the list price, on conditions."""

from dataclasses import dataclass
from typing import ClassVar

from aggregates import Event
from aggregates.plain import Closed, Events, Plain, Registered, Withdrawn
from aggregates.pricing.terms import DiscountRuleDetails


class DiscountRuleRegistered(DiscountRuleDetails, Registered, Event):
    pass


class DiscountRuleChanged(DiscountRuleDetails, Event):
    pass


class DiscountRuleClosed(Closed, Event):
    pass


class DiscountRuleReopened(Event):
    pass


class DiscountRuleWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class DiscountRule(Plain[DiscountRuleDetails]):
    """Of the rules that apply, the one with the highest priority goes first: an exclusive one
    stands alone, a stackable one is joined by the other stackable ones.
    """

    kind: ClassVar[str] = "discount_rule"
    plural = "discount_rules"
    noun = ("discount rule", "折扣规则")
    details = DiscountRuleDetails
    events = Events(
        *(DiscountRuleRegistered, DiscountRuleChanged, DiscountRuleClosed),
        *(DiscountRuleReopened, DiscountRuleWithdrawn),
    )
