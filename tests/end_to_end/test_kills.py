"""Whoever is killed, whenever: what was answered is kept, and every figure is exact."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from end_to_end import outsider
from end_to_end.nursery import Nursery
from end_to_end.outsider import Seen
from workers.books import balanced
from workers.company import Company, until

from infra.events import GENESIS, Recorded, verify
from services.local.kafka import LocalKafka

KILLS = 30
BROKER_KILLS = 3
PAUSE = "0.05"


@pytest.mark.timeout(280)
def test_nothing_is_lost_or_doubled_whoever_is_killed(
    company: Company, nursery: Nursery, mortal_kafka: LocalKafka
) -> None:
    seed = int(os.environ.get("DISTRIBUTARY_TEST_SEED", "20260301"))
    print(f"seed {seed}")
    storm(nursery, mortal_kafka, random.Random(seed))
    until(company.is_complete, 60, 0.1)
    log = company.log()
    what_was_answered_is_kept(log, nursery.directory)
    seen = outsider.read(mortal_kafka, f"{company.settings.topic_prefix}.*")
    doubles = kafka_has_the_same(log, seen)
    print(f"{balanced(company)} events, {doubles} sent twice")


@dataclass
class Worker:
    job: str
    pid: int


def storm(nursery: Nursery, kafka: LocalKafka, draw: random.Random) -> None:
    """Clerks work all the while; publisher, projectors and broker are killed at random moments."""
    blows = ["publish", "project"] * KILLS + ["clerk"] * 6 + ["broker"] * BROKER_KILLS
    draw.shuffle(blows)
    living = [Worker(job, nursery.start(job)) for job in ("publish", "project", "project")]
    living += [Worker("clerk", nursery.start("clerk", f"c{n}", PAUSE)) for n in range(3)]
    in_work = 0
    for number, blow in enumerate(blows):
        if blow == "broker":
            kafka.kill()
            time.sleep(draw.random())
            kafka.start()
            continue
        victim = draw.choice([one for one in living if one.job == blow])
        if draw.random() < 0.75:  # the others die while they start
            nursery.wait_for(victim.pid, 3)
        time.sleep(draw.uniform(0, 0.25))
        in_work += nursery.works(victim.pid)
        os.kill(victim.pid, signal.SIGKILL)
        victim.pid = nursery.start(blow, *([f"k{number}", PAUSE] if blow == "clerk" else []))
    for one in living:
        if one.job == "clerk":
            os.kill(one.pid, signal.SIGKILL)
    print(f"{len(blows)} kills, {in_work} of them in the midst of work")


def what_was_answered_is_kept(log: Sequence[Recorded], books: Path) -> None:
    """Each accepted key's events once; dense positions and versions; an unbroken chain."""
    stored: dict[str, set[tuple[int, str, int, str]]] = {}
    for event in log:
        place = (event.position, event.stream, event.version, event.type)
        stored.setdefault(event.command_id, set()).add(place)
    answered = dict(answers(books))
    assert len(answered) > 1_000
    for key, places in answered.items():
        assert stored.get(key, set()) == places, key
    assert [event.position for event in log] == list(range(1, len(log) + 1))
    versions: dict[str, int] = {}
    for event in log:
        assert event.version == versions.get(event.stream, 0) + 1
        versions[event.stream] = event.version
    digests = [GENESIS, *(event.digest for event in log)]
    assert all(verify(before, "main", event) for before, event in zip(digests, log, strict=False))


def answers(books: Path) -> Iterator[tuple[str, set[tuple[int, str, int, str]]]]:
    """A clerk that was killed may have left half a line."""
    known: dict[str, set[tuple[int, str, int, str]]] = {}
    for book in books.glob("*.book"):
        for line in book.read_text().split("\n")[:-1]:
            key, places = json.loads(line)
            answer = {(p[0], p[1], p[2], p[3]) for p in places}
            assert known.setdefault(key, answer) == answer, f"{key} was answered in two ways"
    yield from known.items()


def kafka_has_the_same(log: Sequence[Recorded], seen: Sequence[Seen]) -> int:
    """The stored bytes in their streams' order, once doubles are dropped; answers their number."""
    first: dict[int, Seen] = {}
    for one in seen:
        known = first.setdefault(one.position, one)
        assert (known.key, known.value, known.headers["ce_id"]) == (
            one.key, one.value, one.headers["ce_id"],
        )  # fmt: skip
    assert {(n, s.key, s.value, s.headers["ce_id"]) for n, s in first.items()} == {
        (event.position, event.stream, event.data.decode(), event.id) for event in log
    }
    streams: dict[str, list[Seen]] = {}
    for one in seen:
        streams.setdefault(one.key, []).append(one)
    for records in streams.values():
        assert len({one.partition for one in records}) == 1
        at, news = 0, []
        for one in sorted(records, key=lambda one: one.offset):
            if one.position > at:
                news.append(one.position)
                at = one.position
        assert all(before < after for before, after in pairwise(news))
    return len(seen) - len(first)
