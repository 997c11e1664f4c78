"""What must be true when the storm is over; each finding is a breach of a promise."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from end_to_end.outsider import Seen
from workers.books import Books, kept, recorded
from workers.company import Company

from infra.events import GENESIS, Recorded, verify

Place = tuple[int, str, int, str]
"""Where an envelope says what came before in the partition."""


class Finding(NamedTuple):
    breach: str
    what: str


def lost(what: str) -> Finding:
    return Finding("lost", what)


def doubled(what: str) -> Finding:
    return Finding("doubled", what)


def reordered(what: str) -> Finding:
    return Finding("reordered", what)


def wrong(what: str) -> Finding:
    return Finding("wrong", what)


def by_command(log: Iterable[Recorded]) -> dict[str, list[Place]]:
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for event in log:
        found[event.command_id].append((event.position, event.stream, event.version, event.type))
    return dict(found)


def answered(
    stored: Mapping[str, Sequence[Place]], answers: Mapping[str, Iterable[Place]]
) -> Iterator[Finding]:
    """Each accepted key's events are in the store, once, where the answer said."""
    for key, told in answers.items():
        found = stored.get(key, [])
        if missing := set(told) - set(found):
            yield lost(f"{key} was accepted; {sorted(missing)} is not in the log")
        if len(found) > len(set(told)):
            yield doubled(f"{key} has {sorted(found)} in the log, {sorted(told)} was answered")


def unbroken(log: Sequence[Recorded]) -> Iterator[Finding]:
    """Positions and versions without a gap, every digest upon the one before."""
    versions: Counter[str] = Counter()
    digest = GENESIS
    for number, event in enumerate(log, 1):
        versions[event.stream] += 1
        if event.position != number:
            yield lost(f"position {event.position} stands where {number} should")
        if event.version != versions[event.stream]:
            yield reordered(f"{event.stream} has version {event.version} out of turn")
        if not verify(digest, "main", event):
            yield wrong(f"the digest of {event.position} does not follow")
        digest = event.digest


def published(log: Sequence[Recorded], seen: Sequence[Seen]) -> Iterator[Finding]:
    """Kafka has the stored bytes, and who reads by the rule takes each event once, in order."""
    first: dict[int, Seen] = {}
    for one in seen:
        if _content(first.setdefault(one.position, one)) != _content(one):
            yield wrong(f"Kafka has two events at position {one.position}")
    for event in log:
        there = first.pop(event.position, None)
        if there is None:
            yield lost(f"Kafka lacks position {event.position}, {event.type} of {event.stream}")
        elif _content(there) != (event.stream, event.data.decode(), event.id):
            yield wrong(f"Kafka has another event than the log at position {event.position}")
    for position in first:
        yield wrong(f"Kafka has position {position}, which the log lacks")
    yield from _in_order(log, seen)


def sent_twice(seen: Sequence[Seen]) -> int:
    return len(seen) - len({one.position for one in seen})


def _content(one: Seen) -> tuple[str, str, str]:
    return one.key, one.data, one.told["id"]


def _in_order(log: Sequence[Recorded], seen: Sequence[Seen]) -> Iterator[Finding]:
    homes: dict[str, tuple[str, int]] = {}
    partitions: defaultdict[tuple[str, int], list[Seen]] = defaultdict(list)
    for one in seen:
        home = one.key.partition("-")[0], one.partition
        partitions[home].append(one)
        if homes.setdefault(one.key, home) != home:
            yield reordered(f"{one.key} is in two partitions")
    wanted: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for event in log:
        if event.stream in homes:  # what is missing altogether is told of already
            wanted[homes[event.stream]].append(event.position)
    for home, records in partitions.items():
        if _taken(records) != wanted[home]:
            yield reordered(f"partition {home} does not give its events in order")


def _taken(records: Iterable[Seen]) -> list[int]:
    """The positions that a reader takes who drops what is doubled and never passes a hole."""
    taken = [0]
    for one in sorted(records, key=lambda one: one.offset):
        if int(one.told["previous"]) <= taken[-1] < one.position:
            taken.append(one.position)
    return taken[1:]


def counted(company: Company, log: Sequence[Recorded]) -> Iterator[Finding]:
    """Every view says what another's loop makes of the log, and has each line once."""
    books = Books(log)
    for record in company.platform.records:
        try:
            recorded(company, record, log)
        except AssertionError as error:
            yield wrong(f"{record.name} is not the fold of the log: {error}")
    for view in company.platform.figures:
        totals, lines = kept(company, view)
        for missing in sorted(books.lines[view.name] - lines):
            yield lost(f"{view.name} lacks line {missing}")
        for more in sorted(lines - books.lines[view.name]):
            yield doubled(f"{view.name} has line {more}, which it should not")
        expected = {key: sums for key, sums in books.totals[view.name].items() if any(sums)}
        for key in expected.keys() | totals.keys():
            if expected.get(key) != totals.get(key):
                told, right = totals.get(key), expected.get(key)
                yield wrong(f"{view.name} says {told} of {key}, the log says {right}")
