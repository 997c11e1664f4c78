"""What a world runs, and the events that its build cannot read until somebody mends it."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any
from zlib import crc32

from infra.events import Recorded
from projections.customers import customer
from projections.engine import Projection, View
from projections.engine.record import Record
from projections.inventory import dealer_stock, stock, transit
from projections.loyalty import member, points
from projections.opportunities import deals, opportunity
from projections.orders import order
from projections.targets import rankings
from services import bootstrap
from services.bootstrap import PROCESSES
from services.processes import Process


class Unreadable(Exception):
    """The rule of a view or process cannot do with this event."""


class Build:
    """What all workers run at the time. Of a thousand events its views fail at `odds`, and its
    processes at `stuck`.
    """

    odds = 0
    stuck = 0


def _mortal(rule: Callable[[Recorded, Any], Any], odds: Callable[[], int]) -> Any:
    def wrapped(recorded: Recorded, event: Any) -> Any:
        if crc32(recorded.id.encode()) % 1_000 < odds():
            raise Unreadable(recorded.id)
        return rule(recorded, event)

    return wrapped


def _seen(view: View) -> View:
    return replace(view, rows=_mortal(view.rows, lambda: Build.odds))


def _kept(record: Record[Any]) -> Record[Any]:
    def fold(row: Any, recorded: Recorded, event: Any) -> Any:
        kept = _mortal(lambda _, known: record.fold(row, recorded, known), lambda: Build.odds)
        return kept(recorded, event)

    return replace(record, fold=fold)


def _heard(process: Process) -> Process:
    made = copy(process)
    made.react = _mortal(process.react, lambda: Build.stuck)
    return made


PLAIN: tuple[View, ...] = (
    dealer_stock.view,
    rankings.view,
    deals.view,
    transit.view,
    points.view,
)
VIEWS: tuple[View, ...] = tuple(map(_seen, PLAIN))
FOLDS: tuple[Record[Any], ...] = (
    customer.record,
    order.record,
    opportunity.record,
    member.record,
    stock.record,
)
RECORDS: tuple[Record[Any], ...] = tuple(map(_kept, FOLDS))
KINDS = frozenset({"stock", "order", "member", "opportunity", "customer"})
"""What is projected."""
MENTIONS = replace(bootstrap.MENTIONS, kinds=KINDS)
READ: tuple[Projection, ...] = (*VIEWS, *RECORDS, MENTIONS)
HEARING: tuple[Process, ...] = tuple(map(_heard, PROCESSES))
READERS: dict[str, Projection | Process] = {one.name: one for one in (*READ, *HEARING)}
