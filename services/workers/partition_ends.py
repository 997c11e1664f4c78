"""How far Kafka has each partition, as a reader comes to it: what a publisher resumes from."""

from collections.abc import Mapping

from infra import cloudevents
from infra.broker import Partition, PartitionReader
from infra.events import Recorded
from projections.engine.progress import Reached, Watermark

Span = tuple[int, int]
"""Offsets of a partition: from the first to before the last."""


class Walk:
    """On from the marked record, if that is still in its place.

    Whatever came after it may have a hole before it, of any age: a broker can forget what had
    filled one. So records after a hole do not count.
    """

    def __init__(self, mark: Watermark | None = None) -> None:
        self.reached = Reached(0, -1)
        self.furthest: Recorded | None = None
        """It need not be the last: from a hole on, all is sent again."""
        self.mark = mark
        """The record to find first; None where it was found, or is not looked for."""

    def take(self, offset: int, got: cloudevents.Received) -> None:
        event = got.event
        if self.mark is not None:
            if offset == self.mark.offset and event.position == self.mark.position:
                self.mark, self.furthest = None, event
                self.reached = Reached(event.position, offset)
            return
        if self.furthest is None or event.position > self.furthest.position:
            self.furthest = event
        if got.previous <= self.reached.position < event.position:  # as a reader takes it
            self.reached = Reached(event.position, offset)


def walked(
    tail: PartitionReader,
    log: str,
    ends: Mapping[Partition, Span],
    marks: Mapping[Partition, Watermark],
) -> dict[Partition, Walk]:
    """All partitions at once; then, from the first, those whose marked record is gone."""
    spans, walks = dict(ends), {partition: Walk() for partition in ends}
    for partition, (first, end) in ends.items():
        mark = marks.get(partition)
        if mark is not None and first <= mark.offset < end:
            spans[partition], walks[partition] = (mark.offset, end), Walk(mark)
    _walk(tail, log, spans, walks)
    lost = {partition: ends[partition] for partition, walk in walks.items() if walk.mark}
    walks |= {partition: Walk() for partition in lost}
    _walk(tail, log, lost, walks)
    return walks


def _walk(
    tail: PartitionReader,
    log: str,
    spans: Mapping[Partition, Span],
    walks: Mapping[Partition, Walk],
) -> None:
    for record in tail.read_all(spans):
        for got in cloudevents.of_log([record], log):
            walks[record.partition].take(record.offset, got)
