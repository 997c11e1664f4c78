"""Who is away for a while, and who stands in: things keep their owner, and others sign for him."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown
from aggregates.calendar import format_instant
from aggregates.marks import names


class AbsenceAnnounced(Event):
    """From `since` on and before `until`; what was announced before counts no more."""

    stand_in: Annotated[str, names("account")]
    since: datetime
    until: datetime
    reason: str | None


class AbsenceEnded(Event):
    """It ended before its time, or was called off."""

    stand_in: Annotated[str, names("account")]


class StandInNamed(Event):
    """The account stands in for an absent one."""

    absent: Annotated[str, names("account")]
    since: datetime
    until: datetime


class StandInReleased(Event):
    absent: Annotated[str, names("account")]


AbsenceEvent = AbsenceAnnounced | AbsenceEnded | StandInNamed | StandInReleased


class NoPeriod(Refused):
    """An absence begins before it ends, and ends in time to come."""


class StandsInForHimself(Refused):
    """Whoever is away does not stand in for himself."""


class AbsencePeriod(NamedTuple):
    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True)
class Absence(Aggregate):
    """The absence of one account that was announced last, and for whom it stands in itself."""

    kind: ClassVar[str] = "absence"

    announced: AbsenceAnnounced | None = None
    stands_in_for: Mapping[str, AbsencePeriod] = field(default_factory=dict)
    began: bool = False

    def announce(self, id: str, asked: AbsenceAnnounced, at: datetime) -> Iterator[AbsenceEvent]:
        if asked == self.announced:
            return
        if asked.stand_in == id:
            raise StandsInForHimself(
                f"{id} cannot stand in for {id}. Name somebody else in stand_in.",
                f"{id} 不能代理 {id} 本人。请在 stand_in 中填写其他人。",
            )
        if asked.until <= max(asked.since, at):
            since, until = format_instant(asked.since), format_instant(asked.until)
            raise NoPeriod(
                f"An absence from {since} to {until} is over, or never begins. Give an end that"
                " lies ahead, and after the beginning.",
                f"从 {since} 到 {until} 的缺勤已结束或没有开始。"
                "请填写晚于开始时间且尚未到来的结束时间。",
            )
        yield asked

    def end(self) -> Iterator[AbsenceEvent]:
        if not self.began:
            raise Unknown(
                "No absence of this account was ever announced. Check its name.",
                "该账号从未登记过缺勤。请检查其名称。",
            )
        if self.announced is not None:
            yield AbsenceEnded(self.announced.stand_in)

    def stand_in_at(self, at: datetime) -> str | None:
        """Who signs in place of this account, if it is away."""
        away = self.announced
        return away.stand_in if away and AbsencePeriod(away.since, away.until).holds(at) else None

    def absent_at(self, at: datetime) -> tuple[str, ...]:
        """For whom this account stands in."""
        return tuple(one for one, period in self.stands_in_for.items() if period.holds(at))

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: AbsenceEvent) -> Self:
        match event:
            case AbsenceAnnounced():
                return replace(self, announced=event, began=True)
            case AbsenceEnded():
                return replace(self, announced=None)
            case StandInNamed(absent, since, until):
                every = {**self.stands_in_for, absent: AbsencePeriod(since, until)}
                return replace(self, stands_in_for=every)
            case StandInReleased(absent):
                left = {n: one for n, one in self.stands_in_for.items() if n != absent}
                return replace(self, stands_in_for=left)
