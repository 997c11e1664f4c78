"""The log into the views, without Kafka: the standalone way."""

from projections.engine.progress import LOG, StaleCheckpoint
from services.workers.apply import Applier
from services.workers.batch import Delivery


class Follower:
    """Feeds views straight from the log, in its order."""

    def __init__(self, applier: Applier) -> None:
        self.applier = applier
        self.store = applier.store
        self.position = 0

    def start(self) -> None:
        """Begin where the view that is furthest behind stands."""
        self.applier.stand([])
        self.position = self.applier.straight()

    def step(self, most: int = 2_000) -> int:
        """Apply what follows; answers how many events were read."""
        if self.applier.rejoin():
            self.start()
        with self.applier.database.read() as connection:
            events = self.store.read(connection, self.position, most)
        log = self.store.log
        deliveries = [Delivery(LOG, e.position, log, e.position - 1, e) for e in events]
        try:
            if not deliveries:
                self.applier.confirm()
                self.applier.roll_up_due()
                return 0
            self.applier.apply(deliveries)
        except StaleCheckpoint:
            self.start()
            return 0
        self.position = events[-1].position
        return len(events)
