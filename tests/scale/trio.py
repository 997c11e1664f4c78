"""Three real brokers in one cluster, of which any one may be lost."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaConnectionError
from pace import limit
from servers import log_file
from waiting import until

from services.local.kafka import LocalKafka, new_cluster

NODES = 3
HEAP = "256m"
START_LIMIT = 90.0
SAFE = {
    "offsets.topic.replication.factor": "3",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
    "unclean.leader.election.enable": "false",
    # Sooner than in real life, so that a test need not wait: who is gone, and who is back.
    "replica.lag.time.max.ms": "3000",
    "leader.imbalance.check.interval.seconds": "5",
    "controller.quorum.election.timeout.ms": "500",
    "controller.quorum.fetch.timeout.ms": "1000",
}


class Trio:
    """Each node is broker and controller; two of three make a quorum, and a safe write."""

    def __init__(self, directory: Path) -> None:
        cluster = new_cluster()
        self.brokers = [
            LocalKafka(
                directory / f"{number}",
                log_file(f"trio-{number}"),
                heap=HEAP,
                cluster=cluster,
                temporary=True,
            )
            for number in range(1, NODES + 1)
        ]
        voters = ",".join(f"{n}@127.0.0.1:{b.controller_port}" for n, b in self._numbered())
        for number, broker in self._numbered():
            alone = {"node.id": str(number), "controller.quorum.voters": voters}
            broker.settings |= SAFE | alone

    def _numbered(self) -> Iterable[tuple[int, LocalKafka]]:
        return enumerate(self.brokers, 1)

    @property
    def bootstrap(self) -> str:
        return ",".join(broker.bootstrap for broker in self.brokers)

    def __enter__(self) -> Self:
        try:
            with ThreadPoolExecutor(NODES) as pool:  # none answers before two are there
                list(pool.map(lambda broker: broker.start(limit(START_LIMIT)), self.brokers))
            until(lambda: self._living() == NODES, START_LIMIT, 0.2)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Killed: two that are left could not agree who ends first in time."""
        for broker in self.brokers:
            broker.kill()

    def _living(self) -> int:
        with self._admin() as admin:
            return len(admin.describe_cluster()["brokers"])

    @contextmanager
    def without(self, broker: LocalKafka) -> Iterator[None]:
        broker.kill()
        try:
            yield
        finally:
            broker.start(limit(START_LIMIT))

    @contextmanager
    def _admin(self) -> Iterator[Any]:
        living = [broker.bootstrap for broker in self.brokers if broker.alive]
        admin = KafkaAdminClient(bootstrap_servers=living)
        try:
            yield admin
        finally:
            admin.close()

    def partitions(self, *topics: str) -> list[dict[str, Any]]:
        """What the cluster says of each partition: its leader, its replicas, who is in sync."""
        with self._admin() as admin:
            return [p for topic in admin.describe_topics(topics) for p in topic["partitions"]]

    def coordinator(self) -> LocalKafka:
        """The broker that the consumer groups talk to."""
        [place] = self.partitions("__consumer_offsets")
        return self.brokers[int(place["leader_id"]) - 1]

    def in_sync(self, *topics: str) -> bool:
        return all(len(place["isr_nodes"]) == NODES for place in self.partitions(*topics))

    def lacks_a_leader(self, topic: str) -> bool:
        try:
            return any(place["leader_id"] == -1 for place in self.partitions(topic))
        except KafkaConnectionError:  # asked the one who is gone, whom nobody misses yet
            return False
