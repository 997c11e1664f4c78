"""What a company settles about tasks and appointments."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from aggregates.calendar import business_day, days_later
from aggregates.marks import DayCount, between
from aggregates.settings import SettingsModel


class TaskSettings(SettingsModel, id="fieldwork.tasks"):
    """The owner of a task is reminded `remind_hours` before it is due, or not at all. When it is
    due and still open it is overdue, and is again every `repeat_days`, `repeats` times at most.
    """

    remind_hours: Annotated[int | None, between(1, 24 * 90)] = 24
    repeat_days: Annotated[DayCount, between(1, 365)] = 1
    repeats: Annotated[int, between(0, 1_000)] = 30

    def remind_at(self, due: datetime, now: datetime) -> datetime | None:
        """When to remind of it; None where that has passed already."""
        hours = self.remind_hours
        return None if hours is None else _ahead(due - timedelta(hours=hours), now)

    def next_overdue(self, due: datetime, now: datetime, times: int) -> datetime | None:
        """When it is overdue again that was so many times; days that were missed are left out."""
        if times > self.repeats:
            return None
        gone = (business_day(now) - business_day(due)).days
        days = gone // self.repeat_days * self.repeat_days
        following = days_later(due, days)
        return following if following > now else days_later(due, days + self.repeat_days)


class ScheduleSettings(SettingsModel, id="fieldwork.schedule"):
    """People are reminded `remind_minutes` before an appointment, or not at all. One that overlaps
    another of the same person is taken and says so (`warn`), refused, or just taken (`allow`).
    """

    remind_minutes: Annotated[int | None, between(1, 60 * 24 * 30)] = 60
    overlap: Literal["allow", "warn", "refuse"] = "warn"

    def remind_at(self, starts_at: datetime, now: datetime) -> datetime | None:
        """When to remind of it; None where that has passed already."""
        minutes = self.remind_minutes
        return None if minutes is None else _ahead(starts_at - timedelta(minutes=minutes), now)


def _ahead(at: datetime, now: datetime) -> datetime | None:
    return at if at > now else None
