"""Which opportunities of a customer are open, so that a handover takes them along."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from aggregates import Aggregate, Event


class OpportunityListed(Event, anytime=True):
    opportunity: str


class OpportunityDelisted(Event, anytime=True):
    opportunity: str


PortfolioEvent = OpportunityListed | OpportunityDelisted


@dataclass(frozen=True)
class Portfolio(Aggregate):
    """Its id is the customer's."""

    kind: ClassVar[str] = "portfolio"
    id_names = ("customer",)

    open: tuple[str, ...] = ()

    def take_in(self, opportunity: str) -> Iterator[PortfolioEvent]:
        if opportunity not in self.open:
            yield OpportunityListed(opportunity)

    def let_go(self, opportunity: str) -> Iterator[PortfolioEvent]:
        if opportunity in self.open:
            yield OpportunityDelisted(opportunity)

    def evolve(self, event: PortfolioEvent) -> Self:
        match event:
            case OpportunityListed(opportunity):
                return replace(self, open=(*self.open, opportunity))
            case OpportunityDelisted(opportunity):
                return replace(self, open=tuple(o for o in self.open if o != opportunity))
