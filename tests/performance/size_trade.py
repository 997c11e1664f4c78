"""A trade as long as wanted, of a company that stays the same: only its history grows."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from aggregates.inventory.stock import StockIssued, StockReceived
from infra.clock import micros, new_id
from infra.codec import Codec
from infra.events import Entry, Head, Recorded, chain
from projections.engine import View, rollups
from services.bootstrap import Platform
from tests.performance import workload

HAPPENINGS = 9_973
"""Different events; a longer history repeats them. Prime, so that they fall anywhere."""
EVERY = 20_000_000
"""Microseconds from an event to the next: a longer history takes longer, as in life."""
LATE = 3 * 86_400_000_000
LONGEST = 100_000
TAIL = 160
"""Versions of the long stream after its snapshot, whatever the size."""
SNAPSHOT = 256
STREAM = "stock-WH-00:SKU-LONG"


class Happening(NamedTuple):
    """An event that comes again and again; `late` is how long before its record it happened."""

    entry: Entry
    hex: str
    late: int


class Written(NamedTuple):
    """Lines for COPY, and the head that they lead to."""

    lines: str
    head: Head


def happenings(platform: Platform, count: int = HAPPENINGS) -> list[Happening]:
    """All that happens, and last the two events that the long stream is made of."""
    trade = [*workload.entries(platform, count), *_long(platform.codec)]
    return [Happening(entry, entry.data.hex(), _late(n)) for n, entry in enumerate(trade)]


def _long(codec: Codec) -> Iterator[Entry]:
    """Goods come by the hundred and go piece by piece; they come at every odd version."""
    come = StockReceived("warehouse", 100, "purchase", "PO-LONG", workload.START)
    go = StockIssued("warehouse", 1, "sale", "IS-LONG", workload.START)
    for event in (go, come):
        name, data, at = type(event).__name__, codec.encode(event), micros(workload.START)
        yield Entry(STREAM, 1, name, event.schema, at, "user-1", "", "", None, data)


def _late(number: int) -> int:
    """Most is recorded within the hour, one event of a hundred days later."""
    return number * 7_919 % LATE if number % 100 == 0 else number * 7_919 % 3_600_000_000


def length(events: int) -> int:
    """Of the long stream: a tenth of all, up to its limit, and as far from its snapshot."""
    wanted = min(events // 10, LONGEST)
    return max(wanted - (wanted - TAIL) % SNAPSHOT, TAIL)


def rounded(events: int) -> int:
    """To the middle of a block: what is not closed yet takes part in most answers."""
    return max(events // rollups.BLOCK, 0) * rollups.BLOCK + rollups.BLOCK // 2


class Trade:
    """Makes the events of a log one after another: each valid, each chained to the one before."""

    def __init__(self, pool: Sequence[Happening], log: str, events: int, head: Head) -> None:
        self.pool, self.log, self.events, self.head = pool, log, events, head
        self.different, self.length = len(pool) - 2, length(events)
        self.stride = events // self.length
        self.start = head.now - events * EVERY
        self.versions: dict[str, int] = {}

    def chunks(self, size: int) -> Iterator[Written]:
        for first in range(1, self.events + 1, size):
            yield self._written(range(first, min(first + size, self.events + 1)))

    def _written(self, positions: range) -> Written:
        head, digest, lines = self.head, self.head.digest, []
        for position in positions:
            entry, spelt, late = self._happening(position)
            stream = entry.stream
            if stream.startswith("order-"):  # an order is soon done: later ones are others
                stream = f"{stream}-{position // self.different}"
            version = self.versions[stream] = self.versions.get(stream, 0) + 1
            at, key = self.start + position * EVERY, new_id()
            name = entry.type, entry.schema, at - late, at, entry.actor, key, key
            envelope = (position, stream, version, new_id(), *name, None, head.incarnation)
            digest = chain(digest, self.log, envelope, entry.data)
            words = "\t".join(map(str, envelope[:11]))
            lines.append(f"{words}\t\\N\t{head.incarnation}\t\\\\x{digest.hex()}\t\\\\x{spelt}\n")
        at = self.start + positions[-1] * EVERY
        self.head = Head(positions[-1], digest, at, head.incarnation, head.now)
        return Written("".join(lines), self.head)

    def _happening(self, position: int) -> Happening:
        turn, rest = divmod(position, self.stride)
        if rest == 0 and turn <= self.length:
            return self.pool[self.different + turn % 2]
        return self.pool[position % self.different]


def which(pool: Sequence[Happening]) -> str:
    """Which happening a stored event is, in SQL."""
    different = len(pool) - 2
    long = f"CASE WHEN stream = '{STREAM}' THEN {different} + version % 2"
    return f"{long} ELSE position % {different} END"


def changes(view: View, codec: Codec, pool: Sequence[Happening]) -> Iterator[tuple[Any, ...]]:
    """What each happening changes in a view, by the view's own rule: number, line, change."""
    for number, (entry, _, _) in enumerate(pool):
        named = (0, entry.stream, 1, "", entry.type, entry.schema, 0, 0)
        recorded = Recorded(*named, entry.actor, "", "", None, "", b"", entry.data)
        if recorded.kind in view.kinds:
            event = codec.decode(entry.type, entry.schema, entry.data)
            for line, change in enumerate(view.rows(recorded, event)):
                yield number, line, *change
