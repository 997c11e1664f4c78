"""Each is waited for by a time of its own, and all times are one value that is handed in."""

from dataclasses import astuple

import pytest

from infra import confluent_readers
from infra.broker import Partition
from infra.confluent_readers import ConfluentTail
from infra.limits import Limits

confluent_kafka = pytest.importorskip("confluent_kafka")
PLACES = [Partition("topic", number) for number in range(3)]


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Slow:
    """A client to which each partition is unknown for ten seconds, beginning with the question."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds = clock, seconds
        self.asked: dict[int, float] = {}

    def get_watermark_offsets(self, place: "confluent_kafka.TopicPartition", _: float) -> object:
        began = self.asked.setdefault(place.partition, self.clock.now)
        self.clock.now += 1
        if self.clock.now < began + self.seconds:
            unknown = confluent_kafka.KafkaError._UNKNOWN_PARTITION
            raise confluent_kafka.KafkaException(confluent_kafka.KafkaError(unknown))
        return 0, place.partition


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(confluent_readers, "time", made)
    return made


def test_each_partition_without_a_leader_has_a_time_of_its_own(clock: Clock) -> None:
    tail = ConfluentTail(Slow(clock, 10.0), Limits(answer=15.0))  # type: ignore[arg-type]
    assert tail.ends(PLACES) == {place: (0, place.number) for place in PLACES}
    assert clock.now > 15


def test_a_partition_whose_leader_does_not_come_back_is_named(clock: Clock) -> None:
    tail = ConfluentTail(Slow(clock, 20.0), Limits(answer=15.0))  # type: ignore[arg-type]
    with pytest.raises(TimeoutError, match=r"number=0.* has no leader that answers"):
        tail.ends(PLACES)


def test_all_limits_grow_together() -> None:
    assert astuple(Limits().times(2)) == tuple(2 * seconds for seconds in astuple(Limits()))


def test_a_frozen_writer_is_given_up_before_whoever_waits_for_his_lock() -> None:
    limits = Limits()
    assert limits.leave < limits.session
    assert limits.idle < limits.lock < limits.statement
