"""Point expiry: the points of a purchase end with their last day, whether or not anybody asks."""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

from aggregates.calendar import business_day, day_after, day_start
from aggregates.loyalty.member import PointsEarned, RedemptionReversed
from commands import Command
from commands.loyalty.member import ExpirePoints
from infra.clock import instant
from infra.events import Recorded
from services.processes import Process, Purpose, Schedule

Heard = PointsEarned | RedemptionReversed


def react(recorded: Recorded, event: Heard) -> Iterator[Command | Schedule]:
    """All points of a member that end on one day go together."""
    match event:
        case PointsEarned(expires_on=date() as last):
            subject = f"{recorded.stream}:{last}"
            over = day_after(last)
            asked = ExpirePoints(id=recorded.key, on=over)
            yield Schedule("expiry", subject, day_start(over), asked)
        case RedemptionReversed():  # points may be back in a lot that has ended meanwhile
            today = business_day(instant(recorded.recorded_at))
            yield ExpirePoints(id=recorded.key, on=today)


def idle(command: Command, state: Any) -> bool:
    return isinstance(command, ExpirePoints) and not _ends(state.lots, command.on)


def _ends(lots: Any, on: date | None) -> bool:
    return on is None or lots.any_ended(on)


process = Process("point_expiry", get_args(Heard), react, idle, [Purpose("expiry", ExpirePoints)])
