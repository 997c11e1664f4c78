"""The lots that a member's points lie in, and what was redeemed from them, as the events say."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from aggregates import Event
from aggregates.loyalty.lots import Lot
from aggregates.loyalty.member import (
    Member,
    PointsEarned,
    PointsRedeemed,
    RedemptionReversed,
)
from infra.clock import iso, micros
from infra.events import Recorded

Happened = tuple[Recorded, Event]


class Opened(NamedTuple):
    """A lot with the event that opened it."""

    event: PointsEarned
    recorded: Recorded
    lot: Lot

    @property
    def rank(self) -> tuple[bool, date, int]:
        """What can still be spent first, by what ends first; then what is used up."""
        ends = self.event.expires_on or date.max
        return self.lot.left <= 0, ends if self.lot.left > 0 else date.max, self.recorded.position


def told(history: Iterable[Happened]) -> dict[str, Any]:
    """Of all that happened to a member, in the order of the log."""
    events = list(history)
    state = Member.after(event for _, event in events)
    opened = [
        Opened(event, recorded, state.lots[event.lot])
        for recorded, event in events
        if isinstance(event, PointsEarned)
    ]
    return {
        "lots": [_lot(one) for one in sorted(opened, key=lambda one: one.rank)],
        "redemptions": list(_redemptions(events)),
    }


def _lot(one: Opened) -> dict[str, Any]:
    event, lot = one.event, one.lot
    earned = one.recorded.occurred_at if event.earned_at is None else micros(event.earned_at)
    return {
        "lot": event.lot,
        "purchase": event.purchase,
        "position": one.recorded.position,
        "earned_at": iso(earned),
        "expires_on": None if event.expires_on is None else event.expires_on.isoformat(),
        "points": lot.points,
        "spent": lot.spent,
        "gone": lot.points - lot.left - lot.spent,
        "left": lot.left,
    }


def _redemptions(events: list[Happened]) -> Iterator[dict[str, Any]]:
    """The latest first."""
    given_back = {event.redemption for _, event in events if isinstance(event, RedemptionReversed)}
    for recorded, event in reversed(events):
        if isinstance(event, PointsRedeemed):
            yield {
                "redemption": event.redemption,
                "position": recorded.position,
                "at": iso(recorded.occurred_at),
                "points": event.points,
                "reward": event.reward,
                "amount": event.amount,
                "currency": event.currency,
                "reversed": event.redemption in given_back,
                "lots": [{"lot": one.lot, "points": one.points} for one in event.lots],
            }
