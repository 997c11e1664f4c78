"""What of a customer a handover goes along with: its open opportunities, and its shares."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from aggregates import Aggregate, Event


class OpportunityListed(Event, anytime=True):
    opportunity: str


class OpportunityDelisted(Event, anytime=True):
    opportunity: str


class ShareListed(Event, anytime=True):
    share: str


class ShareDelisted(Event, anytime=True):
    share: str


PortfolioEvent = OpportunityListed | OpportunityDelisted | ShareListed | ShareDelisted


@dataclass(frozen=True)
class Portfolio(Aggregate):
    """Its id is the customer's."""

    kind: ClassVar[str] = "portfolio"
    id_names = ("customer",)

    open: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()

    def take_in(self, opportunity: str) -> Iterator[PortfolioEvent]:
        if opportunity not in self.open:
            yield OpportunityListed(opportunity)

    def let_go(self, opportunity: str) -> Iterator[PortfolioEvent]:
        if opportunity in self.open:
            yield OpportunityDelisted(opportunity)

    def list_share(self, share: str) -> Iterator[PortfolioEvent]:
        if share not in self.shares:
            yield ShareListed(share)

    def delist_share(self, share: str) -> Iterator[PortfolioEvent]:
        if share in self.shares:
            yield ShareDelisted(share)

    def evolve(self, event: PortfolioEvent) -> Self:
        match event:
            case OpportunityListed(opportunity):
                return replace(self, open=(*self.open, opportunity))
            case OpportunityDelisted(opportunity):
                return replace(self, open=tuple(o for o in self.open if o != opportunity))
            case ShareListed(share):
                return replace(self, shares=(*self.shares, share))
            case ShareDelisted(share):
                return replace(self, shares=tuple(one for one in self.shares if one != share))
