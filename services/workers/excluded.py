"""What a view is to leave out for good, as the log says it: every worker reads it from there."""

from sqlalchemy import Connection

from aggregates.exclusion import Exclusion, StreamSkipped
from infra.codec import Codec
from infra.store import Store


def excluded(connection: Connection, store: Store, codec: Codec, view: str) -> dict[int, str]:
    """Positions of the store's own log, each with its stream."""
    found: dict[int, str] = {}
    for one in store.history(connection, Exclusion.stream(view)):
        event: StreamSkipped = codec.decode(one.type, one.schema, one.data)
        found.update(dict.fromkeys(event.positions, event.stream))
    return found
