"""What may be asked about targets."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from aggregates import Refused
from aggregates.targets import period
from aggregates.targets.breakdown import BreakdownSettings
from aggregates.targets.numbers import TargetNumbers
from aggregates.targets.target import (
    IN_MONEY,
    Level,
    Metric,
    PartOfWhole,
    Target,
    TargetSet,
)
from aggregates.targets.target_key import TargetKey
from aggregates.words import in_chinese
from commands import Amount, Command, Currency, Decision, Id, Load, Text, Whole, registers
from commands.business import assignee
from commands.fields import fault
from commands.numbers import Numbered
from commands.organisation.rep import placed
from commands.settings import in_force

Number = Annotated[Whole, Field(ge=0, le=1_000_000_000)]
AMOUNT = "What is to be reached of a metric in money."
NUMBER = "What is to be reached of a metric that is a number."


class OtherMeasure(Refused):
    """Money is no number of things, and neither is measured as the other."""


class TargetThere(Refused):
    """Of the same, for the same period, one value is to be reached."""


class OneLevel(Refused):
    """A person is a person wherever he works."""


def _known(name: str) -> str:
    if period.period(name) is None:
        en = "{name} is no period: write 2026, 2026-Q4, 2026-11 or 2026-W48"
        zh = "{name} 不是期间：请写成 2026、2026-Q4、2026-11 或 2026-W48"
        raise fault("period", en, zh, name=name)
    return name


PeriodName = Annotated[str, AfterValidator(_known), Field(max_length=8)]


def _there(target: Target) -> bool:
    return not target.gone


class SetTarget(Numbered, of=Target):
    """Set what is to be reached in a period: by the company, a department and all below it, a
    region and all below it, or one person; of all products, or of one. Each has one target by the
    same metric for the same period, besides the parts of others.
    """

    numbers = TargetNumbers

    metric: Metric
    period: PeriodName = Field(
        description="A year, quarter, month or week: 2026, 2026-Q4, 2026-11, 2026-W48."
    )
    amount: Amount | None = Field(None, description=AMOUNT)
    number: Number | None = Field(None, description=NUMBER)
    currency: Currency | None = Field(None, description="Of an amount; a number has none.")
    rep: Id | None = Field(None, description="The person whose target it is.")
    department: Id | None = None
    region: Id | None = None
    product: Id | None = None

    def begins_in(self) -> Mapping[str, str]:
        """Without a department, a region or a person it is the whole company's, and with one of
        the former it is no single person's.
        """
        if self.rep is not None:
            return {}
        return {"owner": "", "department": self.department or "", "region": self.region or ""}

    def _refuse_unfit(self) -> None:
        if (self.currency is not None) != (self.metric in IN_MONEY):
            raise _other(self.metric)
        if self.rep is not None and (self.department or self.region):
            raise OneLevel(
                "The target of a person is limited to the person: leave department and region out.",
                "个人目标只限于该员工：请不要填写部门和区域。",
            )
        if self.product is not None and self.metric not in OF_PRODUCTS:
            raise OtherMeasure(
                f"{self.metric} is of no product: leave the product out.",
                f"{self.metric} 与产品无关：请不要填写产品。",
            )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        self._refuse_unfit()
        state: Target = load(Target, self.id)
        terms = self._terms(load, state)
        for event in state.set(terms):
            yield from _taken(load, self.id, terms)
            yield self.stream, event

    def _terms(self, load: Load, state: Target) -> TargetSet:
        level, department, region = self._place(load, state)
        days = period.period(self.period)
        assert days is not None, "it was checked"
        if self.product is not None:
            registers.item(load, self.product)
        value = told(self.metric, self.amount, self.number)
        what = self.metric, self.period, days.first, days.last, value, self.currency
        return TargetSet(*what, level, self.rep, department, region, self.product)

    def _place(self, load: Load, state: Target) -> tuple[Level, str | None, str | None]:
        if self.rep is None:
            placed(load, self.department, self.region)
            level: Level = "region" if self.region else "company"
            return "department" if self.department else level, self.department, self.region
        if state.terms is not None and state.terms.rep == self.rep and not state.gone:
            return "rep", state.terms.department, state.terms.region  # as it was set before
        who = assignee(load, self.rep)
        return "rep", who.department, who.region


def _taken(load: Load, id: str, terms: TargetSet) -> Iterator[Decision]:
    """A target takes what it is of; refused while another has it."""
    key = _key(terms)
    state: TargetKey = load(TargetKey, key)
    if state.target and state.target != id:
        other: Target = load(Target, state.target)
        of = other.terms
        if of is not None and not other.gone and of.part_of is None and _key(of) == key:
            raise TargetThere(
                f"{state.target} is the target of this already, for {terms.period}. Change it:"
                " change-target; or withdraw it first: withdraw-target.",
                f"{terms.period} 已有相同的目标 {state.target}。请用 change-target 修改它，"
                "或先用 withdraw-target 撤回。",
            )
    for event in state.take(id):
        yield TargetKey.stream(key), event


def _key(terms: TargetSet) -> str:
    """A person is one wherever he works, so the place counts only where there is none."""
    place = (None, None) if terms.rep is not None else (terms.department, terms.region)
    what = terms.metric, terms.period, terms.currency, terms.product
    return TargetKey.id_of(*what, terms.rep, *place)


OF_PRODUCTS: tuple[Metric, ...] = ("amount", "quantity")


class ChangeTarget(Command, of=Target, when=_there):
    """Give a target another value, for a reason. The target that it is a part of says what its
    parts lack from then on.
    """

    amount: Amount | None = Field(None, description=AMOUNT)
    number: Number | None = Field(None, description=NUMBER)
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Target = load(Target, self.id)
        value = told(state.current().terms.metric, self.amount, self.number)
        for event in state.revalue(value, self.reason):
            part_alone(load, self.id, state, at)
            yield self.stream, event
            yield from told_above(load, self.id, state, value)


class WithdrawTarget(Command, of=Target):
    """Withdraw a target with all its parts, for a reason: they count no more."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Target = load(Target, self.id)
        if not state.gone:
            part_alone(load, self.id, state, at)
        yield from withdrawn(load, self.id, self.reason)
        yield from told_above(load, self.id, state, None)


def told(metric: Metric, amount: int | None, number: int | None) -> int:
    """The one of both that the metric is measured in."""
    value = maybe_told(metric, amount, number)
    if value is None:
        raise _other(metric)
    return value


def maybe_told(metric: Metric, amount: int | None, number: int | None) -> int | None:
    """The same, which may be left out."""
    fits, other = (amount, number) if metric in IN_MONEY else (number, amount)
    if other is not None:
        raise _other(metric)
    return fits


def _other(metric: Metric) -> OtherMeasure:
    if metric in IN_MONEY:
        en, zh = (
            "in money: give an amount with its currency, and no number",
            "金额指标：请填写金额及货币，不填数量",
        )
    else:
        en, zh = (
            "a number: give the number, and neither an amount nor a currency",
            "数量指标：请填写数量，不填金额和货币",
        )
    return OtherMeasure(f"{metric} is {en}.", f"{metric} 是{zh}。")


def withdrawn(load: Load, id: str, reason: str) -> Iterator[Decision]:
    """A target, and all that it was broken down into."""
    state: Target = load(Target, id)
    if not state.gone:
        for part in state.parts():
            if not load(Target, part).gone:
                yield from withdrawn(load, part, reason)
    for event in state.withdraw(reason):
        yield Target.stream(id), event


def part_alone(load: Load, id: str, state: Target, at: datetime) -> None:
    """Refuse to change a part without the others, where parts have to agree."""
    terms = state.current().terms
    settings, _ = in_force(load, BreakdownSettings, at)
    if terms.part_of is None or settings.parts != "agree" or load(Target, terms.part_of).gone:
        return
    raise PartOfWhole(
        f"{id} is a part of {terms.part_of}, which its parts have to come to. Break that down"
        f" anew by {terms.axis}, or let parts differ: change-settings targets.breakdown.",
        f"{id} 是 {terms.part_of} 的一部分，各部分须合计为总目标。"
        f"请按{in_chinese(terms.axis or '')}重新分解，"
        "或在设置 targets.breakdown 中允许不一致。",
    )


def told_above(load: Load, id: str, state: Target, value: int | None) -> Iterator[Decision]:
    """What it is a part of knows what its parts come to."""
    above = state.terms.part_of if state.terms else None
    if above is not None and not load(Target, above).gone:
        for event in load(Target, above).change_part(id, value):
            yield Target.stream(above), event
