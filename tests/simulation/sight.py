"""The views of a world, and the events that its build cannot read until somebody mends it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from zlib import crc32

from infra.events import Recorded
from projections import Change, View, dealer_stock, rankings


class Unreadable(Exception):
    """The view's rule cannot do with this event."""


class Build:
    """What all workers run at the time. `odds` is how many events in a thousand it fails at."""

    odds = 0

    @classmethod
    def fails(cls, recorded: Recorded) -> bool:
        return crc32(recorded.id.encode()) % 1_000 < cls.odds


def _mortal(rows: Callable[[Recorded, Any], Iterable[Change]]) -> Any:
    def wrapped(recorded: Recorded, event: Any) -> Iterable[Change]:
        if Build.fails(recorded):
            raise Unreadable(recorded.id)
        return rows(recorded, event)

    return wrapped


PLAIN: tuple[View, ...] = (dealer_stock.view, rankings.view)
VIEWS: tuple[View, ...] = tuple(replace(view, rows=_mortal(view.rows)) for view in PLAIN)
