"""When a notice is sent: at once, after quiet hours, or with the others of a day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aggregates.notices.subscription import SubscriptionDetails


def due(details: SubscriptionDetails, now: datetime, zone: str) -> datetime:
    """`zone` is the company's, where the subscription names none."""
    local = now.astimezone(ZoneInfo(details.zone or zone))
    if details.digest_at is not None:
        return _next(local, details.digest_at)
    start, end = details.quiet_from, details.quiet_until
    if start is None or end is None or not _is_quiet(local.hour, start, end):
        return now
    return _next(local, end)


def _is_quiet(hour: int, start: int, end: int) -> bool:
    """From 22 to 7 is over midnight; from an hour to itself is never."""
    return start <= hour < end if start <= end else hour >= start or hour < end


def _next(local: datetime, hour: int) -> datetime:
    """The next time that clocks there show the hour."""
    found = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return found if found > local else found + timedelta(days=1)
