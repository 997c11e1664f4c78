"""What a company settles about reminding people of what they have to do."""

from datetime import datetime, timedelta
from typing import Annotated

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
        return earlier(due, now, self.remind_hours)

    def next_overdue(self, due: datetime, now: datetime, times: int) -> datetime | None:
        """When it is overdue again that was so many times; days that were missed are left out."""
        if times > self.repeats:
            return None
        gone = (business_day(now) - business_day(due)).days
        days = gone // self.repeat_days * self.repeat_days
        following = days_later(due, days)
        return following if following > now else days_later(due, days + self.repeat_days)


def earlier(due: datetime, now: datetime, hours: int | None) -> datetime | None:
    """So many hours before; None where there are none, or that has passed already."""
    if hours is None:
        return None
    before = due - timedelta(hours=hours)
    return before if before > now else None
