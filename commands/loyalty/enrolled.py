"""Nobody earns, pays in or is promoted before the day on which he became a member; what is spent on
a day was there by its end.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from aggregates import Event
from aggregates.calendar import business_day
from aggregates.loyalty.member import Member
from commands import Command


def since_enrolled(
    command: Command, member: Member, at: datetime, events: Iterable[Event]
) -> Iterator[Event]:
    """The events, which are refused where they are dated before that day, or flagged where that
    was asked for.
    """
    since = member.enrolled_at
    for event in events:
        if since is not None and business_day(at) < business_day(since):
            yield from command.out_of_order(event, at, since)
        yield event


def on_that_day(command: Command, instants: Iterable[datetime]) -> datetime | None:
    """The latest of these that is not after the day that was told; None where it was none."""
    end = command.day_end()
    return max((one for one in instants if end is not None and one <= end), default=None)
