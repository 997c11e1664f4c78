"""How a target is broken down: in time, and from departments to people."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Aggregate, Refused
from aggregates.numbers import LONGEST
from aggregates.organisation.department import Department
from aggregates.organisation.region import Region
from aggregates.plain import Plain
from aggregates.targets import period
from aggregates.targets.breakdown import BreakdownSettings, disagree, shared
from aggregates.targets.period import LENGTHS
from aggregates.targets.target import Axis, Target, TargetPart, TargetSet
from aggregates.words import in_chinese
from commands import Amount, Command, Decision, Id, Load, registers
from commands.authorisation import TREES
from commands.business import assignee
from commands.organisation.rep import placed
from commands.plain import upwards
from commands.settings import in_force
from commands.targets.target import OF_PRODUCTS, Number, maybe_told, withdrawn

SHARE = "Left out, it has its share of what is left."


class NoPart(Refused):
    """A part lies within the whole, and beside the other parts."""


class Part(BaseModel):
    """One part of a target, and what it is to reach."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: Id = Field(description="The period, department, region, person or product.")
    amount: Amount | None = Field(None, description=SHARE)
    number: Number | None = Field(None, description=SHARE)


Parts = Annotated[tuple[Part, ...], Field(max_length=1_000)]


class BreakDownTarget(Command, of=Target, when=lambda target: not target.gone):
    """Break a target down into parts, each a target of its own: into quarters, months or weeks,
    or among departments, regions, people or products. Done again, parts that are left out are
    withdrawn.
    """

    by: Axis
    parts: Parts = Field((), description="Left out, all quarters, months or weeks of its period.")

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Target, self.id
        for part in self.parts:
            yield Target, _id(self.id, self.by, part.of)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Target = load(Target, self.id)
        whole = state.current()
        settings, version = in_force(load, BreakdownSettings, at)
        asked = self.parts or tuple(Part(of=name) for name in self._periods(whole.terms))
        metric = whole.terms.metric
        told = [maybe_told(metric, part.amount, part.number) for part in asked]
        values = shared(whole.value, told)
        if settings.parts == "agree" and asked and sum(values) != whole.value:
            raise disagree(whole.value, sum(values))
        terms = self._terms(load, whole.terms, [part.of for part in asked], values)
        parts = [TargetPart(_id(self.id, self.by, one), terms[one].value) for one in terms]
        before = state.breakdowns.get(self.by, ())
        for event in state.break_down(self.by, parts, version):
            yield self.stream, event
        for one in {part.target for part in before} - {part.target for part in parts}:
            yield from withdrawn(load, one, f"left out: {self.id} by {self.by}")
        for name, term in terms.items():
            yield from _made(load, _id(self.id, self.by, name), term, self.id)

    def _periods(self, whole: TargetSet) -> Iterator[str]:
        length = next((one for one in LENGTHS if one == self.by), None)
        if length is not None:
            yield from (one.name for one in period.within(length, whole.first, whole.last))

    def _terms(
        self, load: Load, whole: TargetSet, names: Sequence[str], values: Sequence[int]
    ) -> dict[str, TargetSet]:
        if len({*names}) < len(names):
            raise NoPart("Name each part once.", "每个部分只能填写一次。")
        if whole.level == "rep" and self.by not in (*LENGTHS, "product"):
            raise NoPart(
                "The target of one person is broken down in time or by product alone.",
                "个人目标只能按时间或产品分解。",
            )
        if self.by in TREES:
            _apart(load, TREES[self.by], getattr(whole, self.by), names)
        found = {}
        for name, value in zip(names, values, strict=True):
            told = vars(whole) | {"value": value, "part_of": self.id, "axis": self.by}
            found[name] = TargetSet(**told | _narrowed(load, whole, self.by, name))
        return found


def _narrowed(load: Load, whole: TargetSet, axis: Axis, name: str) -> dict[str, Any]:
    """What of its terms a part has otherwise than the whole."""
    if axis in LENGTHS:
        return _in_time(whole, axis, name)
    if axis == "product":
        if whole.product is not None or whole.metric not in OF_PRODUCTS:
            raise NoPart(
                "Only a target of amount or quantity of all products is broken down by product.",
                "只有全部产品的销售额或销量目标才能按产品分解。",
            )
        registers.item(load, name)
        return {"product": name}
    if axis == "rep":
        who = assignee(load, name)
        for kind, above, own in (
            (Department, whole.department, who.department),
            (Region, whole.region, who.region),
        ):
            if above is not None and above not in upwards(load, kind, "parent", own):
                raise NoPart(
                    f"{name} works in {own}, not below {above}. Name people from there.",
                    f"{name} 在 {own} 工作，不在 {above} 之下。请指定该处的员工。",
                )
        place = {"department": who.department, "region": who.region}
        return {"level": "rep", "rep": name, **place}
    if axis == "department":
        placed(load, name, None)
        return {"level": "department", "department": name}
    placed(load, None, name)
    return {"level": "department" if whole.department else "region", "region": name}


def _in_time(whole: TargetSet, axis: Axis, name: str) -> dict[str, Any]:
    asked, days = period.period(whole.period), period.period(name)
    shorter = asked is not None and LENGTHS.index(asked.length) < LENGTHS.index(axis)
    if days is None or days.length != axis or not shorter:
        raise NoPart(
            f"{name} is no {axis} within {whole.period}. Name a shorter period, as in 2026-11.",
            f"{name} 不是 {whole.period} 之内的{in_chinese(axis)}。"
            "请填写更短的期间，例如 2026-11。",
        )
    days = days.cut(whole.first, whole.last)
    if days.first > days.last:
        raise NoPart(
            f"{name} lies outside {whole.period}. Name periods within it.",
            f"{name} 不在 {whole.period} 之内。请填写其中的期间。",
        )
    return {"period": name, "first": days.first, "last": days.last}


def _apart(load: Load, kind: type[Plain[Any]], whole: str | None, names: Sequence[str]) -> None:
    """Refuse places that do not lie below the whole's, or that lie below one another."""
    for name in names:
        above = list(upwards(load, kind, "parent", name))[1:]
        if whole is not None and whole not in above:
            raise NoPart(
                f"{name} does not lie below {whole}. Name what does.",
                f"{name} 不在 {whole} 之下。请指定其下级。",
            )
        if twice := {*above} & {*names}:
            other = min(twice)
            raise NoPart(
                f"{name} lies below {other}, and would count twice. Name one of them.",
                f"{name} 在 {other} 之下，会重复计算。请只填写其中之一。",
            )


def _made(load: Load, id: str, terms: TargetSet, whole: str) -> Iterator[Decision]:
    """A part as it is to be: set, or changed where it was there."""
    state: Target = load(Target, id)
    if state.terms is None or state.gone or state.terms.part_of != whole:
        events = state.set(terms)
    elif state.value != terms.value:
        events = state.revalue(terms.value, f"{whole} by {terms.axis}")
    else:
        return
    for event in events:
        yield Target.stream(id), event


def _id(whole: str, axis: Axis, name: str) -> str:
    """The part is called by the whole and by what it is of, as long as that is an id."""
    own = f"{whole}.{name}" if axis in LENGTHS else f"{whole}.{axis}.{name}"
    if len(own) <= LONGEST:
        return own
    return f"{whole[:31]}.{sha256(own.encode()).hexdigest()[:32]}"
