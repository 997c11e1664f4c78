"""A batch that cannot be written as a whole: the events that are to blame are found by halves."""

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from infra.database import beyond_64_bits, unwritable
from projections.engine import DecodedEvent, Failed, Projection


class Beyond64Bits(Exception):
    """A figure, or a sum that it counts in, cannot be held."""


class Unwritable(Exception):
    """The database does not take what an event comes to."""


def apply(
    view: Projection, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
) -> list[Failed]:
    """Write what a batch of events changed, as `Projection.apply` does; answers those that could be
    neither read nor written, each with what waits behind it in its stream.

    What cannot be written is undone by a savepoint, and each half is tried by itself.
    """
    if not batch:
        return []
    try:
        with connection.begin_nested():
            return view.apply(connection, generation, batch)
    except Exception as error:
        if not unwritable(error):
            raise
        if len(batch) == 1:
            return [(batch[0], cause(error))]
    half = len(batch) // 2
    failed = apply(view, connection, generation, batch[:half])
    stopped = {heard.recorded.stream: error for heard, error in failed}
    rest = [heard for heard in batch[half:] if heard.recorded.stream not in stopped]
    behind = [heard for heard in batch[half:] if heard.recorded.stream in stopped]
    failed += [(heard, stopped[heard.recorded.stream]) for heard in behind]
    return failed + apply(view, connection, generation, rest)


def cause(error: Exception) -> Exception:
    """Why, without the statement that failed."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
    if beyond_64_bits(error):
        return Beyond64Bits(
            f"a figure, or a sum that it counts in, would be beyond 64 bits ({said}): take the"
            " event back at its source, or skip it"
        )
    return Unwritable(f"{type(error).__name__}: {said}")
