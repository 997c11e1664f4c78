"""Years, quarters, months and weeks by their names: 2026, 2026-Q4, 2026-11, 2026-W48."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple, cast, get_args

Length = Literal["year", "quarter", "month", "week"]
LENGTHS: tuple[Length, ...] = get_args(Length)
"""From the longest to the shortest."""
NAME = re.compile(r"(2\d{3})(?:-(?:Q([1-4])|W(0[1-9]|[1-4]\d|5[0-3])|(0[1-9]|1[0-2])))?")


class NamedPeriod(NamedTuple):
    """`first` and `last` are its days, both included."""

    name: str
    length: Length
    first: date
    last: date

    def cut(self, first: date, last: date) -> "NamedPeriod":
        """What of it lies between two days: a week may begin in the month before."""
        return self._replace(first=max(first, self.first), last=min(last, self.last))


def period(name: str) -> NamedPeriod | None:
    """The period of that name; None where there is none, as of a 53rd week in most years."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    year, quarter, week, month = (int(one) if one else 0 for one in found.groups())
    if week:
        try:
            monday = date.fromisocalendar(year, week, 1)
        except ValueError:
            return None
        return NamedPeriod(name, "week", monday, monday + timedelta(days=6))
    if month:
        return NamedPeriod(name, "month", *_months(year, month, 1))
    if quarter:
        return NamedPeriod(name, "quarter", *_months(year, quarter * 3 - 2, 3))
    return NamedPeriod(name, "year", *_months(year, 1, 12))


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = year * 12 + month - 1 + count
    return date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def within(length: Length, first: date, last: date) -> Iterator[NamedPeriod]:
    """The periods of that length which some of the days lie in, cut to these days."""
    day = first
    while day <= last:
        found = cast("NamedPeriod", period(NAMES[length](day)))
        yield found.cut(first, last)
        day = found.last + timedelta(days=1)


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


NAMES: dict[Length, Callable[[date], str]] = {
    "year": lambda day: f"{day.year}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "month": lambda day: f"{day.year}-{day.month:02}",
    "week": _week,
}
"""What the period of a day is called."""
