"""Days, weeks, months, quarters and years of business days, and whatever else lies between two."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from aggregates.calendar import EPOCH
from projections.engine.reading import Days

Every = Literal["day", "week", "month", "quarter", "year", "period"]


class Period(NamedTuple):
    """From its first day to its last, both included."""

    first: str
    last: str


def cut(days: Iterable[int], every: Every, asked: Days) -> Mapping[int, Period]:
    """The period of each day; those at the ends are no longer than what was asked for."""
    known = sorted(set(days))
    if not known:
        return {}
    least = known[0] if asked.first is None else asked.first
    most = known[-1] if asked.last is None else asked.last
    found = {}
    for day in known:
        if every == "period":
            first, last = least, most
        else:
            start, end = ENDS[every](EPOCH + timedelta(days=day))
            first, last = (start - EPOCH).days, (end - EPOCH).days
            first = first if asked.first is None else max(first, asked.first)
            last = last if asked.last is None else min(last, asked.last)
        found[day] = Period(iso_day(first), iso_day(last))
    return found


def iso_day(number: int) -> str:
    return (EPOCH + timedelta(days=number)).isoformat()


def day_number(day: str) -> int:
    """The number under which an ISO day is stored."""
    return (date.fromisoformat(day) - EPOCH).days


def between(first: str, last: str) -> Days:
    """From one ISO day to another, both included."""
    return Days(day_number(first), day_number(last))


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _months(number: int) -> Callable[[date], tuple[date, date]]:
    def of(day: date) -> tuple[date, date]:
        first = day.replace(month=(day.month - 1) // number * number + 1, day=1)
        after = (first + timedelta(days=31 * number)).replace(day=1)
        return first, after - timedelta(days=1)

    return of


ENDS: Mapping[str, Callable[[date], tuple[date, date]]] = {
    "day": lambda day: (day, day),
    "week": _week,
    "month": _months(1),
    "quarter": _months(3),
    "year": _months(12),
}


def page(
    rows: Iterable[dict[str, Any]], key: Sequence[str], after: Sequence[Any], limit: int
) -> list[dict[str, Any]]:
    """Rows in the order of their key, those after `after` alone."""
    keyed = sorted(((tuple(row[name] for name in key), row) for row in rows), key=lambda kr: kr[0])
    return [row for place, row in keyed if not after or place > tuple(after)][:limit]
