"""Which events of the log a generation of a view has got behind it, taken or left out."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from infra.broker import Partition, partition_of
from infra.events import Recorded
from infra.store import Store
from projections.engine import Projection, progress
from projections.engine.progress import LOG, Checkpoint, CheckpointKey


def processed_up_to(
    connection: Connection,
    store: Store,
    view: Projection,
    stood: Mapping[CheckpointKey, Checkpoint],
) -> Callable[[Recorded], bool]:
    """Tells of an event whether it is heard, and before where these places stand."""
    counts = progress.partitions(connection, store.log)
    by_kind = {topic.rpartition(".")[2]: topic for topic in counts}
    at = {Partition(p.topic, p.partition): s.position for p, s in stood.items()}
    straight = at.get(LOG, 0)

    def is_passed(event: Recorded) -> bool:
        topic = by_kind.get(event.kind, "")
        where = Partition(topic, partition_of(event.stream, counts.get(topic, 1)))
        return event.kind in view.kinds and event.position <= max(straight, at.get(where, 0))

    return is_passed
