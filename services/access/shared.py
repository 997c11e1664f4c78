"""What is shared with an account, as conditions that records and figures are read by."""

from collections.abc import Mapping
from typing import NamedTuple

from aggregates.conditions import AllOf, AnyOf, Condition, Tree
from aggregates.organisation.rights import Rights
from aggregates.organisation.sharing import SharingRuleDetails
from commands import Load
from commands.sharing import Grantee, grantee, rules_for
from infra.clock import micros
from projections.customers import customer, share
from projections.engine.among import Among
from projections.engine.reach import below

OF_CUSTOMER = {"in_department": "department", "in_region": "region", "in_pool": "pool"}
"""What a rule names otherwise than the record of customers does."""
Parents = Mapping[str, Mapping[str, str | None]]
"""By dimension, what lies above each value."""


class Shares(NamedTuple):
    """With whom, the rules that are for them, and the instant at which a share must last."""

    who: Grantee
    rules: tuple[SharingRuleDetails, ...]
    at: int

    def among(self, parents: Parents) -> tuple[Among, ...]:
        """The customers that are shared: by hand, and by rules, where there are any."""
        by_hand = Among(share.record, "customer", self._by_hand())
        by_rule = AnyOf([_fitting(rule, parents) for rule in self.rules])
        return (by_hand, Among(customer.record, "id", by_rule)) if self.rules else (by_hand,)

    def _by_hand(self) -> Tree:
        person = Condition("with_person", "", [self.who.person])
        department = Condition("with_department", "", sorted(self.who.departments))
        open_end = Condition("until", "empty", ["true"])
        lasting = AnyOf([open_end, Condition("until", "gte", [self.at])])
        return AllOf(
            [AnyOf([person, department]), Condition("end_reason", "empty", ["true"]), lasting]
        )


def shares_with(load: Load, rights: Rights | None) -> Shares | None:
    """What is shared with whoever has the rights; None with whom nothing can be."""
    who = None if rights is None else grantee(load, rights)
    if who is None:
        return None
    return Shares(who, tuple(rule for _, rule in rules_for(load, who)), micros(load.now))


def _fitting(rule: SharingRuleDetails, parents: Parents) -> Tree:
    """The customers that a rule shares."""
    wanted = {OF_CUSTOMER.get(name, name): value for name, value in rule.wanted.items()}
    return AllOf(
        [
            Condition(name, "", sorted(below(frozenset([value]), parents.get(name, {}))))
            for name, value in wanted.items()
        ]
    )
