"""A caseload is the list of the customers that a representative has, kept once he claims any."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Self

from aggregates import Aggregate, Event

MOST_CLAIMS = 10_000
"""As many as the settings can limit."""


class CaseloadCounted(Event, anytime=True):
    """The customers that he had before the first that he claimed."""

    cases: tuple[str, ...]


class CaseTaken(Event, anytime=True):
    """A customer became his; `claimed_at` is when, if he claimed it from a pool."""

    case: str
    claimed_at: datetime | None


class CaseGivenUp(Event, anytime=True):
    case: str


CaseloadEvent = CaseloadCounted | CaseTaken | CaseGivenUp


@dataclass(frozen=True)
class Caseload(Aggregate):
    """Its id is the representative's. What is on the list may be withdrawn all the same."""

    kind: ClassVar[str] = "caseload"

    counted: bool = False
    cases: frozenset[str] = frozenset()
    claims: tuple[datetime, ...] = ()

    def count(self, cases: tuple[str, ...]) -> Iterator[CaseloadEvent]:
        if not self.counted:
            yield CaseloadCounted(cases)

    def take(self, case: str, claimed_at: datetime | None) -> Iterator[CaseloadEvent]:
        if self.counted and case not in self.cases:
            yield CaseTaken(case, claimed_at)

    def give_up(self, case: str) -> Iterator[CaseloadEvent]:
        if case in self.cases:
            yield CaseGivenUp(case)

    def claims_since(self, at: datetime) -> int:
        return sum(one > at for one in self.claims)

    def evolve(self, event: CaseloadEvent) -> Self:
        match event:
            case CaseloadCounted(cases):
                return replace(self, counted=True, cases=frozenset(cases))
            case CaseTaken(case, claimed_at):
                claims = (*self.claims, claimed_at) if claimed_at else self.claims
                taken = self.cases | {case}
                return replace(self, cases=taken, claims=claims[-MOST_CLAIMS:])
            case CaseGivenUp(case):
                return replace(self, cases=self.cases - {case})
