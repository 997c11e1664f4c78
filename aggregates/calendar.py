"""Business days: those of the place where the company keeps its books, summer time and all.

Each process names the place once, when it starts; until then it is `DEFAULT`.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT = "Asia/Shanghai"
DAY = 24 * 3_600 * 1_000_000
"""Microseconds of a day."""
EPOCH = date(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)
FIRST, LAST = (d.toordinal() - EPOCH.toordinal() for d in (date(1, 1, 3), date(9999, 12, 29)))
"""Days, counted from 1970-01-01, beyond which a datetime could overflow in some zone."""
LATEST = date(9998, 12, 31)
"""The last day that can be told."""


class _Zone:
    """The zone in use: one for the whole process."""

    here = ZoneInfo(DEFAULT)


def use(name: str) -> None:
    """Keep business days by that zone of the IANA database, such as `Europe/Berlin`."""
    _Zone.here = ZoneInfo(name)
    _offsets.clear()


def zone() -> str:
    """The name of the zone that business days are kept by."""
    return _Zone.here.key


def business_day(at: datetime) -> date:
    """The business day of an instant."""
    return at.astimezone(_Zone.here).date()


def format_instant(at: datetime) -> str:
    """An instant as people of the company read it: to the second, by their clock."""
    return at.astimezone(_Zone.here).isoformat(timespec="seconds")


def moment(day: date, clock: time) -> datetime:
    """The instant, in UTC, at which the company's clock shows that time on that day."""
    return datetime.combine(day, clock, _Zone.here).astimezone(UTC)


def days_later(at: datetime, days: int) -> datetime:
    """The instant, so many days later, at which the company's clock shows the same time."""
    local = at.astimezone(_Zone.here)
    return moment(local.date() + timedelta(days=days), local.time())


def day_start(day: date) -> datetime:
    """The first instant of a business day, which is not midnight where summer time begins then."""
    return moment(day, time())


def day_after(day: date) -> date:
    """The day when what lasts until then is over; what lasts for ever may be until 9999-12-31."""
    return day + timedelta(days=1) if day < LATEST else LATEST


def month_after(month: str) -> str:
    """Of a month as it is written, such as 2026-11."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def day_of(at: int) -> int:
    """The business day, counted from 1970-01-01, of an instant in microseconds since then."""
    offset = _offsets[at // DAY]
    return (at + offset) // DAY if offset is not None else (at + _offset(at)) // DAY


class _Offsets(dict[int, int | None]):
    """By day in UTC, how far the company's clock is ahead; None where that changes in the day.

    Views ask for the day of every event, and a time zone's own answer takes ten times as long.
    """

    def __missing__(self, day: int) -> int | None:
        day = min(max(day, FIRST), LAST)
        first, last = _offset(day * DAY), _offset(day * DAY + DAY - 1)
        offset = self[day] = first if first == last else None
        return offset


def _offset(at: int) -> int:
    ahead = (datetime(1970, 1, 1, tzinfo=UTC) + at * MICROSECOND).astimezone(_Zone.here).utcoffset()
    assert ahead is not None, "a moment with a zone has an offset"
    return ahead // MICROSECOND


_offsets = _Offsets()
