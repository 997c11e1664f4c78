"""Reserved goods under other settings: which orders would have lost theirs, and which kept them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from aggregates import Event
from aggregates.inventory.reservations import ReservationSettings
from aggregates.orders.order import (
    OrderApproved,
    OrderCancelled,
    OrderReservationLapsed,
    OrderShipped,
    SalesOrder,
)
from infra.clock import instant, iso, micros
from infra.events import Recorded
from services.bootstrap import Platform
from services.whatif.period import ReplayedPeriod, Trial, Watch, histories, trial, unwatched

MOST = 1_000
"""Orders that are listed one by one."""
Decided = tuple[Recorded, Event]
LAPSED = OrderReservationLapsed.__name__


class End(NamedTuple):
    """The event that ended a reservation, and when; neither where goods are held still."""

    event: str | None = None
    at: int | None = None


HELD = End()


class OtherReservation(NamedTuple):
    """An order whose goods would have been let go, or kept, other than they were."""

    order: str
    customer: str
    quantity: int
    approved_at: str
    was: str | None
    was_at: str | None
    would_be: str | None
    would_be_at: str | None


def report(
    platform: Platform, period: ReplayedPeriod, told: dict[str, Any], watch: Watch = unwatched
) -> dict[str, Any]:
    """Orders approved in the period: how many, and those whose goods had another fate."""
    tried, found = trial(platform, ReservationSettings, told), list[OtherReservation]()
    orders = count = 0
    types = [OrderApproved.__name__]
    for history in histories(platform, period, SalesOrder.kind, types, watch):
        truth = [(recorded, platform.log.event(recorded)) for recorded in history]
        others = list(_others(truth, period, tried))
        orders, count = orders + 1, count + len(others)
        found += others[: MOST - len(found)]
    return {
        "orders": orders,
        "other_reservations": count,
        "reservations": [one._asdict() for one in found],
    }


def _others(
    history: Sequence[Decided], period: ReplayedPeriod, tried: Trial
) -> Iterator[OtherReservation]:
    state = SalesOrder()
    for place, (recorded, event) in enumerate(history):
        state = state.fold(event)
        if isinstance(event, OrderApproved) and recorded.occurred_at in period:
            was = _end(history[place + 1 :])
            would_be = _would_be(was, _held_until(recorded, event, tried), period)
            if would_be != was:
                quantity = sum(line.quantity for line in state.lines)
                approved = state.known().customer, quantity, iso(recorded.occurred_at)
                yield OtherReservation(recorded.key, *approved, *_shown(was), *_shown(would_be))


def _held_until(recorded: Recorded, event: OrderApproved, tried: Trial) -> int | None:
    """As the settings would say, unless it was told with the approval."""
    if event.hold_until is not None and event.settings is None:
        return micros(event.hold_until)
    days = tried.would_be(event.settings).days
    if days is None:
        return None
    return micros(instant(recorded.occurred_at) + timedelta(days=days))


def _end(later: Sequence[Decided]) -> End:
    """What became of the reservation, and when; nothing where goods are held still."""
    for recorded, event in later:
        if isinstance(event, OrderReservationLapsed):
            return End(LAPSED, micros(event.hold_until))
        if isinstance(event, OrderShipped | OrderCancelled):
            return End(type(event).__name__, recorded.occurred_at)
    return HELD


def _would_be(was: End, until: int | None, period: ReplayedPeriod) -> End:
    """Goods are let go at their time, unless they were shipped or the order cancelled by then."""
    kept = HELD if was.event == LAPSED else was
    if until is not None and until < min(period.until, kept.at or period.until):
        return End(LAPSED, until)
    return kept


def _shown(end: End) -> tuple[str | None, str | None]:
    return end.event, None if end.at is None else iso(end.at)
