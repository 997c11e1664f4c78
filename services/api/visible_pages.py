"""A page of what one reader may see, out of rows that tell of things of many."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import Request

from services.api import asking
from services.api.answers import link
from services.api.asking import Cursor

LOOKS = 50
"""Pages that are looked at for what one reader may see."""


R = TypeVar("R")
P = TypeVar("P", bound=tuple[Any, ...])


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


def next_page(request: Request, imprint: str, following: tuple[Any, ...] | None) -> str | None:
    """The address of the page that begins there."""
    if following is None:
        return None
    return link(request, "cursor", asking.write_cursor(Cursor(imprint, following)))
