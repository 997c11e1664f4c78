"""A sharing rule shares all customers that have something in common, as long as they have it."""

from dataclasses import dataclass
from typing import ClassVar

from aggregates import Event
from aggregates.organisation.sharing import SharingRuleDetails
from aggregates.plain import Closed, Events, Plain, Registered, Withdrawn


class SharingRuleRegistered(SharingRuleDetails, Registered, Event):
    pass


class SharingRuleChanged(SharingRuleDetails, Event):
    pass


class SharingRuleClosed(Closed, Event):
    pass


class SharingRuleReopened(Event):
    pass


class SharingRuleWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class SharingRule(Plain[SharingRuleDetails]):
    """It holds for whatever customers have what it names, and ends when it is closed."""

    kind: ClassVar[str] = "sharing_rule"
    plural = "sharing_rules"
    noun = ("sharing rule", "共享规则")
    details = SharingRuleDetails
    events = Events(
        *(SharingRuleRegistered, SharingRuleChanged, SharingRuleClosed),
        *(SharingRuleReopened, SharingRuleWithdrawn),
    )

    @property
    def in_force(self) -> SharingRuleDetails | None:
        """Its details, unless it is closed, or not there."""
        return self.now if self.closed is None else None
