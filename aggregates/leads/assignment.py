"""To whom leads are given: by which rules, and of how many at most."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Literal

from aggregates import Refused
from aggregates.leads.sources import LeadSource
from aggregates.marks import between, names
from aggregates.settings import SettingsModel, named_twice


class BadRule(Refused):
    """A rule has a name of its own, and names whom leads are given to."""


@dataclass(frozen=True)
class AssignmentRule:
    """Leads of a region with all that lie below it, about any of these products, from that source,
    each where it is given, go to `reps`: one after another (`round_robin`), or to whoever has the
    fewest open ones (`least_load`).
    """

    name: str
    reps: Annotated[tuple[str, ...], names("rep")]
    region: Annotated[str | None, names("region")] = None
    products: Annotated[tuple[str, ...], names("product")] = ()
    source: LeadSource | None = None
    way: Literal["round_robin", "least_load"] = "round_robin"

    def takes(self, regions: Collection[str], products: Collection[str], source: str) -> bool:
        """Whether it is for a lead that lies in these, of which some are above others."""
        return (
            (self.region is None or self.region in regions)
            and (not self.products or not set(self.products).isdisjoint(products))
            and self.source in (None, source)
        )


class LeadAssignmentSettings(SettingsModel, id="leads.assignment"):
    """A lead that nobody is named for goes by the first of `rules` that is for it and has somebody
    with less than `cap` open leads. Where none has, it waits in `department`, or in that of whoever
    captured it. By whatever way, nobody gets more than `cap`.
    """

    rules: tuple[AssignmentRule, ...] = ()
    cap: Annotated[int | None, between(1, 100_000)] = None
    department: Annotated[str | None, names("department")] = None

    def check(self) -> None:
        every = [rule.name for rule in self.rules]
        if twice := named_twice(every):
            raise BadRule(
                f"{every.count(twice)} rules are called {twice}. Give each a name of its own.",
                f"有 {every.count(twice)} 条规则名为 {twice}。请为每条规则单独命名。",
            )
        if nobody := next((rule.name for rule in self.rules if not rule.reps), None):
            raise BadRule(
                f"Rule {nobody} names nobody. Name whom its leads are given to.",
                f"规则 {nobody} 没有人员。请指定线索分配给谁。",
            )
