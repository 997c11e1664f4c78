"""A page of what one reader may see, out of rows that tell of things of many."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from infra.states import States
from services.access import visible
from services.access.permissions import Granted

LOOKS = 50
"""Pages that are looked at for what one reader may see."""


class OfStream(Protocol):
    """A row that tells of a thing."""

    @property
    def stream(self) -> str: ...


R = TypeVar("R", bound=OfStream)
P = TypeVar("P")


def visible_rows(states: States, granted: Granted, rows: Sequence[R]) -> list[R]:
    """Those of things that may be seen."""
    streams = visible.streams(states, granted, {row.stream for row in rows})
    return [row for row in rows if row.stream in streams]


def visible_page(
    read: Callable[[P, int], Sequence[R]],
    see: Callable[[Sequence[R]], Sequence[R]],
    place: Callable[[R], P],
    after: P,
    limit: int,
) -> tuple[list[R], P | None]:
    """So many rows behind a place, and where the next page begins; None behind the last one.

    It may have fewer rows and yet a next page, where many in a row may not be seen.
    """
    seen = list[R]()
    for _ in range(LOOKS):
        rows = read(after, limit + 1)
        for row in see(rows[:limit]):
            seen.append(row)
            after = place(row)
            if len(seen) == limit:
                return seen, after if row != rows[-1] else None
        if len(rows) <= limit:
            return seen, None
        after = place(rows[limit - 1])
    return seen, after
