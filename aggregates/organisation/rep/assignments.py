"""What a person will do from a day ahead: planned now, begun by itself when the day comes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Self

from aggregates import Event, Refused, Unknown, refuse_unequal
from aggregates.marks import names


class AssignmentPlanned(Event):
    """Planned once more for the same day, it takes the place of what was planned for it."""

    from_day: date
    department: Annotated[str | None, names("department")]
    region: Annotated[str | None, names("region")]
    position: Annotated[str | None, names("position")]
    main: bool
    gives_up: Annotated[str | None, names("position")]
    reason: str


class PlannedAssignmentCancelled(Event):
    from_day: date
    reason: str


class AssignmentBegan(Event):
    """The day has come; what changes with it follows as events of its own."""

    from_day: date


class AssignmentLapsed(Event):
    """The day has come, and what was planned was not possible then; `reason_zh` is the same in
    Chinese.
    """

    from_day: date
    reason: str
    reason_zh: str


AssignmentEvent = (
    AssignmentPlanned | PlannedAssignmentCancelled | AssignmentBegan | AssignmentLapsed
)


class NotAhead(Refused):
    """What is planned lies ahead."""


class NothingPlanned(Refused):
    """A plan changes something."""


@dataclass(frozen=True)
class Assignments:
    """By day, what is planned, and why what was planned is not any more."""

    planned: Mapping[date, AssignmentPlanned] = field(default_factory=dict)
    cancelled: Mapping[date, str] = field(default_factory=dict)

    def plan(self, wanted: AssignmentPlanned, today: date) -> Iterator[AssignmentEvent]:
        if self.planned.get(wanted.from_day) == wanted:
            return
        if wanted.from_day <= today:
            raise NotAhead(
                f"{wanted.from_day} is not ahead: today is {today}. Name a later day; for what is"
                " so already, ask take-position, leave-position or move-rep.",
                f"{wanted.from_day} 不是将来的日期：今天是 {today}。请填写更晚的日期；"
                "已经发生的变动请用 take-position、leave-position 或 move-rep。",
            )
        if not (wanted.department or wanted.region or wanted.position or wanted.gives_up):
            raise NothingPlanned(
                f"Nothing would change on {wanted.from_day}. Name a department, a region, a"
                " position, or one that is given up.",
                f"{wanted.from_day} 没有任何变动。请填写部门、区域、岗位或卸任的岗位。",
            )
        yield wanted

    def cancel(self, from_day: date, reason: str) -> Iterator[AssignmentEvent]:
        if from_day in self.planned:
            yield PlannedAssignmentCancelled(from_day, reason)
        elif from_day not in self.cancelled:
            days = ", ".join(str(day) for day in sorted(self.planned)) or "no day"
            zh_days = "、".join(str(day) for day in sorted(self.planned)) or "无"
            raise Unknown(
                f"Nothing is planned for {from_day}; for {days} there is. Correct the day.",
                f"{from_day} 没有计划；已有计划的日期：{zh_days}。请更正日期。",
            )
        else:
            refuse_unequal(("reason", self.cancelled[from_day], reason))

    def after(self, event: AssignmentEvent) -> Self:
        day = event.from_day
        rest = {one: plan for one, plan in self.planned.items() if one != day}
        match event:
            case AssignmentPlanned():
                gone = {one: why for one, why in self.cancelled.items() if one != day}
                return replace(self, planned={**rest, day: event}, cancelled=gone)
            case PlannedAssignmentCancelled(reason=reason):
                return replace(self, planned=rest, cancelled={**self.cancelled, day: reason})
            case AssignmentBegan() | AssignmentLapsed():
                return replace(self, planned=rest)
