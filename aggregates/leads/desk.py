"""The lead desk: how many open leads each person has, and whose turn it is by each rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal, Self

from aggregates import Aggregate, Event
from aggregates.marks import names

DESK = "all"
"""There is one, so that no two leads are given by the same count."""


class LeadTakenOn(Event, anytime=True):
    """One more is his; by a rule, it was his turn."""

    lead: str
    rep: str
    rule: str | None


class LeadLetGo(Event, anytime=True):
    """One less is his: it was given away, put off, given up or converted."""

    lead: str
    rep: Annotated[str, names("rep")]


DeskEvent = LeadTakenOn | LeadLetGo


@dataclass(frozen=True)
class LeadDesk(Aggregate):
    kind: ClassVar[str] = "lead_desk"

    open: Mapping[str, int] = field(default_factory=dict)
    turns: Mapping[str, str] = field(default_factory=dict)  # by rule, who had the last

    def next(
        self,
        rule: str,
        reps: Sequence[str],
        way: Literal["round_robin", "least_load"],
        cap: int | None,
    ) -> str | None:
        """Who of these gets the next lead by a rule; None where all have as many as is allowed."""
        last = self.turns.get(rule)
        after = reps.index(last) + 1 if last in reps else 0
        turns = (*reps[after:], *reps[:after])
        free = [rep for rep in turns if cap is None or self.load(rep) < cap]
        if way == "least_load":
            return min(free, key=self.load, default=None)
        return next(iter(free), None)

    def load(self, rep: str) -> int:
        return self.open.get(rep, 0)

    def follow(
        self, lead: str, before: str, after: str, rule: str | None = None
    ) -> Iterator[DeskEvent]:
        """It was that person's load `before`, and is that of another; nobody is an empty name."""
        if before != after:
            if before:
                yield LeadLetGo(lead, before)
            if after:
                yield LeadTakenOn(lead, after, rule)

    def evolve(self, event: DeskEvent) -> Self:
        match event:
            case LeadTakenOn(_, rep, rule):
                turns = self.turns if rule is None else {**self.turns, rule: rep}
                return replace(self, open={**self.open, rep: self.load(rep) + 1}, turns=turns)
            case LeadLetGo(_, rep):
                return replace(self, open={**self.open, rep: self.load(rep) - 1})
