"""A target: how much of what is to be reached in a period, and by whom; and its parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal, repeats
from aggregates.assignee import Assignee
from aggregates.marks import Money, names

Metric = Literal["amount", "quantity", "new_customers", "contract_amount", "cash_collected"]
"""What was shipped less what came back; customers registered; deals won; payments received."""
IN_MONEY: tuple[Metric, ...] = ("amount", "contract_amount", "cash_collected")
Level = Literal["company", "department", "region", "rep"]
Axis = Literal["quarter", "month", "week", "department", "region", "rep", "product"]


class TargetSet(Event):
    """`department` and `region` are what it is limited to; of a representative, where that person
    worked then. `part_of` is the target that it is a part of, by `axis`. `value` is in minor units
    of the currency, where there is one.
    """

    metric: Metric
    period: str
    first: date
    last: date
    value: Money
    currency: str | None
    level: Level
    rep: str | None
    department: str | None
    region: str | None
    product: str | None
    part_of: Annotated[str | None, names("target")] = None
    axis: Axis | None = None


class TargetChanged(Event):
    from_value: Money
    value: Money
    currency: str | None
    reason: str


class TargetWithdrawn(Event):
    """It does not count any more; set again, it does."""

    reason: str


@dataclass(frozen=True)
class TargetPart:
    target: Annotated[str, names("target")]
    value: Money


class TargetBrokenDown(Event):
    """All its parts by one axis as they are from now on; `gap` is what they lack of the whole.

    `settings` is the version by which they had to agree, or not; None are the defaults.
    """

    axis: Axis
    parts: tuple[TargetPart, ...]
    value: Money
    gap: Money
    currency: str | None
    settings: str | None


class TargetPartChanged(Event):
    """One part is worth something else, or withdrawn (None); `gap` is what the parts lack of the
    whole now.
    """

    axis: Axis
    part: Annotated[str, names("target")]
    value: Money | None
    gap: Money
    currency: str | None


TargetEvent = TargetSet | TargetChanged | TargetWithdrawn | TargetBrokenDown | TargetPartChanged


class PartOfWhole(Refused):
    """Where parts have to agree, one is changed together with the others."""


class PartsMissing(Refused):
    """Nothing is broken down into nothing."""


class Whole(NamedTuple):
    """What a target is now."""

    terms: TargetSet
    value: int


@dataclass(frozen=True)
class Target(Aggregate):
    kind: ClassVar[str] = "target"

    terms: TargetSet | None = None
    value: int = 0
    breakdowns: Mapping[Axis, tuple[TargetPart, ...]] = field(default_factory=dict)
    changed: str | None = None  # why, the last time
    withdrawn: str | None = None  # why, while it lasts

    @property
    def gone(self) -> bool:
        return self.withdrawn is not None

    def set(self, asked: TargetSet) -> Iterator[TargetEvent]:
        if self.gone or not repeats(self.terms, asked):
            yield asked

    def revalue(self, value: int, reason: str) -> Iterator[TargetEvent]:
        now = self.current()
        if value != now.value:
            yield TargetChanged(now.value, value, now.terms.currency, reason)
        elif self.changed is not None:
            refuse_unequal(("reason", self.changed, reason))

    def withdraw(self, reason: str) -> Iterator[TargetEvent]:
        if self.withdrawn is not None:
            refuse_unequal(("reason", self.withdrawn, reason))
            return
        self.current()
        yield TargetWithdrawn(reason)

    def break_down(
        self, axis: Axis, parts: Sequence[TargetPart], settings: str | None
    ) -> Iterator[TargetEvent]:
        now, parts = self.current(), tuple(parts)
        if not parts:
            raise PartsMissing(
                "Say what it is broken down into: name at least one part.",
                "请说明分解为哪些部分：至少填写一项。",
            )
        if parts != self.breakdowns.get(axis):
            gap = now.value - sum(part.value for part in parts)
            yield TargetBrokenDown(axis, parts, now.value, gap, now.terms.currency, settings)

    def change_part(self, part: str, value: int | None) -> Iterator[TargetEvent]:
        now = self.current()
        for axis, parts in self.breakdowns.items():
            known = {one.target: one.value for one in parts}
            if part in known and known[part] != value:
                gap = now.value - sum((known | {part: value or 0}).values())
                yield TargetPartChanged(axis, part, value, gap, now.terms.currency)

    def parts(self) -> Iterator[str]:
        """The ids of all its parts, by whatever axis."""
        for parts in self.breakdowns.values():
            yield from (part.target for part in parts)

    def current(self) -> Whole:
        """Its terms and value; refuses what was never set, or was withdrawn."""
        if self.terms is None or self.gone:
            raise Unknown(
                "There is no such target. Set it first, or check its id.",
                "没有这个目标。请先设定目标，或检查其编号。",
            )
        return Whole(self.terms, self.value)

    @property
    def dimensions(self) -> Mapping[str, str]:
        of = self.terms
        whose = (of.rep or "", of.department or "", of.region or "") if of else ()
        return Assignee(*whose)._asdict()

    def evolve(self, event: TargetEvent) -> Self:
        match event:
            case TargetSet(value=value):
                return type(self)(event, value)
            case TargetChanged(value=value, reason=reason):
                return replace(self, value=value, changed=reason)
            case TargetWithdrawn(reason):
                return replace(self, withdrawn=reason)
            case TargetBrokenDown(axis, parts):
                return replace(self, breakdowns={**self.breakdowns, axis: parts})
            case TargetPartChanged(axis, part, value):
                parts = changed_part(self.breakdowns[axis], part, value)
                return replace(self, breakdowns={**self.breakdowns, axis: parts})


def changed_part(
    parts: Sequence[TargetPart], part: str, value: int | None
) -> tuple[TargetPart, ...]:
    """The parts with one at another value, or without it."""
    if value is None:
        return tuple(one for one in parts if one.target != part)
    return tuple(replace(one, value=value) if one.target == part else one for one in parts)
